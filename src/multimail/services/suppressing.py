"""Whom suppression records keep mail from: asked for the facts of every mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from multimail.core.model import Mailbox
from multimail.core.times import Micros
from multimail.ports.store import Tx


def reasons(
    tx: Tx, box: Mailbox, topic: str, addresses: Sequence[str], now: Micros
) -> Mapping[str, tuple[str, ...]]:
    """The reasons that cover mail of this mailbox about this topic, by normalised address."""
    return {}
