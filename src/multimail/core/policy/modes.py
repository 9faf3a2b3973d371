"""The lattice of oversight modes: their order, and what a call's wish comes to under a mailbox's ceiling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from multimail.core.model import Mode

ORDER: Final[tuple[Mode, ...]] = tuple(Mode)
"""Strict to free."""

MEANING: Final[dict[Mode, str]] = {
    Mode.READ_ONLY: "nothing leaves",
    Mode.GATED_ALL: "everything that leaves is held for a person, and arriving mail too",
    Mode.GATED_SEND: "everything that leaves is held for a person, unless all its recipients are trusted",
    Mode.MONITORED: "mail leaves, with a copy to the oversight address",
    Mode.AUTONOMOUS: "mail leaves, and is recorded",
}


def freedom(mode: Mode) -> int:
    """How free a mode is: 0 is the strictest."""
    return ORDER.index(mode)


def stricter(one: Mode, other: Mode) -> Mode:
    """The one that allows less."""
    return min(one, other, key=freedom)


@dataclass(frozen=True, slots=True)
class EffectiveMode:
    """What was asked for, what holds, and why they differ (empty when they do not)."""

    requested: Mode | None
    effective: Mode
    reason: str = ""


def effective(requested: Mode | None, default: Mode, ceiling: Mode) -> EffectiveMode:
    """The requested mode, or the default, capped at the ceiling. Asking for more is no error."""
    wanted = requested if requested is not None else default
    if freedom(wanted) <= freedom(ceiling):
        return EffectiveMode(requested, wanted)
    reason = f"{wanted} was asked for; this mailbox allows at most {ceiling}, so {ceiling} holds."
    return EffectiveMode(requested, ceiling, reason)
