"""Whom suppression keeps mail from: which reason bars which class of mail. One table, asked at every way out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from multimail.core.model import MessageClass

REASONS: Final = ("erasure", "hard_bounce", "complaint", "manual", "soft_bounce", "unsubscribe")
"""Why somebody is suppressed, gravest first."""

_ALL: Final = frozenset({None, *MessageClass})
_NOT_SYSTEM: Final = _ALL - {MessageClass.SYSTEM}
BARRED: Final[dict[str, frozenset[MessageClass | None]]] = {
    "erasure": _ALL,
    "hard_bounce": _ALL,
    "complaint": _NOT_SYSTEM,
    "manual": _NOT_SYSTEM,
    "soft_bounce": _NOT_SYSTEM,
    "unsubscribe": frozenset({None, MessageClass.COMMERCIAL}),
}
"""The classes of mail that a reason bars; None is mail whose class nobody named."""


def bars(reason: str, message_class: MessageClass | None) -> bool:
    """Whether a reason keeps mail of this class from somebody."""
    return message_class in BARRED[reason]


def barring(reasons: Iterable[str], message_class: MessageClass | None) -> str:
    """The gravest of the reasons that bars mail of this class, or ""."""
    given = set(reasons)
    return next((one for one in REASONS if one in given and bars(one, message_class)), "")
