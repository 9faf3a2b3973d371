"""The queue of the review desk and its order: what waits, each mail with its risk, riskiest or oldest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from multimail.ports.desk import Examined, QueueSearch, Waiting
from multimail.ports.store import Tx
from multimail.services import cautions
from multimail.services.context import Call

UNDECIDED: Final = ("pending_approval", "escalated", "pending_inbound_approval")
"""What wants a decision now."""
ALL: Final = (*UNDECIDED, "changes_requested", "scheduled")
"""All that waits: also for its author, or for its time."""
_UNSEEN: Final = 101
"""Where a mail stands that was not examined yet: before everything, so that it is examined next."""
EXAMINED_AT_ONCE: Final = 100


def queue(tx: Tx, call: Call, search: QueueSearch) -> list[Waiting]:
    """All that waits, oldest first. What nobody has examined yet is examined now, if it is not too much at once, and
    what is found is kept after the answer."""
    waiting = tx.desk.waiting(search)
    found = {
        one.id: _examined(tx, call, one.id)
        for one in [one for one in waiting if one.risk is None][:EXAMINED_AT_ONCE]
    }
    if not found:
        return waiting
    return [
        one._replace(risk=made.risk, sketch=made.sketch if search.with_sketches else b"")
        if (made := found.get(one.id)) is not None
        else one
        for one in waiting
    ]


def _examined(tx: Tx, call: Call, message_id: str) -> Examined | None:
    message = tx.messages.get(message_id)
    if message is None:
        return None
    made = cautions.examine(tx, message).kept(message)
    call.after.append(lambda writing: writing.desk.keep(made, call.now))
    return made


def arranged(waiting: Sequence[Waiting], order: str, keys: Mapping[str, str] | None = None) -> list[Waiting]:
    """The queue in its order. With keys, groups stand where their first mail would."""
    places = sorted(waiting, key=lambda one: place(one, order))
    if not keys:
        return places
    first: dict[str, int] = {}
    for number, one in enumerate(places):
        first.setdefault(keys[one.id], number)
    # Sorting is stable: within a group the order stays.
    return sorted(places, key=lambda one: first[keys[one.id]])


def place(one: Waiting, order: str) -> tuple[int, ...]:
    """What a mail is sorted by: the lower, the earlier."""
    if order == "risk":
        return (-(_UNSEEN if one.risk is None else one.risk), one.seq)
    return (one.seq,) if order == "oldest" else (-one.seq,)
