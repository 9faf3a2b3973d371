"""Which parts of the pages are out of date: topics, taken from the events after a place in the log.

A topic says that there is something to look at again, never what: looking is an operation, as ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from multimail.core.model import Principal, Scope
from multimail.core.times import Micros
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import access

TOPICS: Final[dict[str, tuple[str, ...]]] = {
    "inbox": ("message.", "tags.", "thread.", "mailbox.", "oversight."),
    "review": ("message.", "oversight.", "freeze.", "mailbox."),
    "freeze": ("freeze.", "mailbox."),
}
"""What pages may follow, and how the kinds of events begin that concern it."""
_NEEDS: Final = {"inbox": Scope.READ, "review": Scope.OVERSIGHT}
_PAGE: Final = 200
_RECENT: Final = 200
"""Events looked back at when a page that was made a moment ago begins to follow."""


def permitted(principal: Principal, wanted: Iterable[str]) -> frozenset[str]:
    """The topics among those wanted that this principal may follow."""
    return frozenset(
        one for one in wanted if one in TOPICS and (one not in _NEEDS or _NEEDS[one] in principal.scopes)
    )


def since(tx: Tx, principal: Principal, wanted: frozenset[str], moment: Micros) -> tuple[frozenset[str], int]:
    """The topics that changed at that moment or later, and the place to go on from.

    Of very many events the last ones only are asked, and that is said as a change of everything.
    """
    newest = tx.events.newest()
    recent = tx.events.after(max(newest - _RECENT, 0), _RECENT)
    later = [one for one in recent if one.at >= moment]
    if len(later) == _RECENT:
        return wanted, newest
    return _of(tx, principal, wanted, later), newest


def after(tx: Tx, principal: Principal, wanted: frozenset[str], place: int) -> tuple[frozenset[str], int]:
    """The topics that changed after a place, and the place to go on from; it looks no further than it has to."""
    found: frozenset[str] = frozenset()
    while batch := tx.events.after(place, _PAGE):
        place = batch[-1].seq
        found |= _of(tx, principal, wanted, batch)
        if found == wanted:
            return found, tx.events.newest()
        if len(batch) < _PAGE:
            break
    return found, place


def _of(tx: Tx, principal: Principal, wanted: frozenset[str], events: Iterable[Event]) -> frozenset[str]:
    seen = [one for one in events if _concerns(tx, principal, one)]
    return frozenset(topic for topic in wanted if any(one.kind.startswith(TOPICS[topic]) for one in seen))


def _concerns(tx: Tx, principal: Principal, event: Event) -> bool:
    """Mail that does not exist for somebody does not change their pages either."""
    if event.mailbox_id is not None and not principal.may_use(event.mailbox_id):
        return False
    if event.message_id is None or not principal.is_agent:
        return True
    return access.sees(principal, tx.messages.get(event.message_id))
