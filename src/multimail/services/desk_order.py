"""The queue of the review desk and its order: what waits, each mail with its risk, riskiest or oldest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from multimail.core.times import Micros
from multimail.ports.desk import Examined, QueueSearch, Waiting
from multimail.ports.store import Tx
from multimail.services import cautions
from multimail.services.context import Call

UNDECIDED: Final = ("pending_approval", "escalated", "pending_inbound_approval")
"""What wants a decision now."""
ALL: Final = (*UNDECIDED, "changes_requested", "scheduled")
"""All that waits: also for its author, or for its time."""
_UNSEEN: Final = 101
"""Where a mail stands that was not examined yet: before everything, so that somebody looks."""
EXAMINED_AT_ONCE: Final = 5
BYTES_AT_ONCE: Final = 100_000
"""A page waits for no more; the rest is examined behind it (`cautions_backlog`)."""


def queue(tx: Tx, call: Call, search: QueueSearch, known: Sequence[Examined] = ()) -> list[Waiting]:
    """All that waits, oldest first, each with its risk. `known` was examined a moment ago."""
    return examined(tx, call, tx.desk.waiting(search), known)[0]


def examined(
    tx: Tx, call: Call, waiting: list[Waiting], known: Sequence[Examined] = ()
) -> tuple[list[Waiting], dict[str, Examined]]:
    """What nobody has examined yet is examined now, unless it is too much at once, and what is found is kept after the
    answer: all that waits, and what was found now, by id."""
    found = {one.message_id: one for one in known}
    new = [one.id for one in waiting if one.risk is None and one.id not in found]
    found |= {one.message_id: one for one in _examined(tx, call, new)}
    if not found:
        return waiting, found
    made = (found.get(one.id) for one in waiting)
    return [
        one if here is None else one._replace(risk=here.risk, sketch=here.sketch)
        for one, here in zip(waiting, made, strict=True)
    ], found


def _examined(tx: Tx, call: Call, ids: Sequence[str]) -> Iterator[Examined]:
    left = BYTES_AT_ONCE
    for message_id in ids[:EXAMINED_AT_ONCE]:
        message = tx.messages.get(message_id)
        left -= message.size if message else 0
        if message is None or left < 0:
            return
        made = cautions.examine(tx, message).kept(message)
        call.after.append(partial(_keep, made=made, now=call.now))
        yield made


def _keep(tx: Tx, made: Examined, now: Micros) -> None:
    tx.desk.keep(made, now)


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
