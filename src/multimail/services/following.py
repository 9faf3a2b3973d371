"""What happened, from a place in the log on, as far as the caller may know it: `list_events` and the event stream.

The log is in commit order, so going on from the last place that was looked at misses nothing and repeats nothing.
"""

from __future__ import annotations

from typing import Any, Final

from multimail.contract.events import NOW, EventList, FollowEvents, ListEvents
from multimail.contract.shapes import View
from multimail.core import notices
from multimail.core.errors import Problem
from multimail.core.events import KINDS
from multimail.core.model import Principal, Scope
from multimail.ports.reading import Sight
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import access, payloads
from multimail.services.contact_filters import sight_of
from multimail.services.context import Call
from multimail.services.payloads import Notice

_BATCH: Final = 200
_MOST: Final = 5_000
"""Lines of the log that one look goes through, whether the caller may see them or not."""
_ABOUT_RULES: Final = "mailbox."
_ABOUT_KEYS: Final = ("key.", "session.", "webhook.")


def look(tx: Tx, call: Call, request: ListEvents) -> tuple[bool, EventList]:
    """Whether there is something to tell, and the first of it."""
    if "position" not in call.notes:
        call.notes["position"] = start(tx, request)
    view = page(tx, call, request, call.notes["position"])
    call.notes["position"] = notices.seq_of(view.cursor) or 0
    return bool(view.events or view.more), view


def finish(view: View, waited: float) -> View:
    """The answer; how long it took stands in no field."""
    return view


def start(tx: Tx, request: FollowEvents) -> int:
    """The place in the log that the caller names, the beginning if it names none."""
    if request.after is None:
        return 0
    if request.after == NOW:
        return tx.events.newest()
    seq = notices.seq_of(request.after)
    if seq is None or seq > tx.events.newest():
        raise Problem(
            "invalid_cursor",
            f"{request.after!a} is no place in this log.",
            field="after",
            advice="Use the id of an event, or a cursor as it came.",
        )
    return seq


def check(tx: Tx, call: Call, request: FollowEvents) -> None:
    """Refuse what cannot be followed, before anything is."""
    _Chosen(tx, call, request)


def page(tx: Tx, call: Call, request: ListEvents, position: int) -> EventList:
    """What the caller may see after `position`: at most so many events, and not much more text than asked for."""
    chosen = _Chosen(tx, call, request)
    bodies: list[dict[str, Any]] = []
    text = looked_at = 0
    at_end = False
    while not at_end and looked_at < _MOST:
        batch = tx.events.after(position, _BATCH)
        for event in batch:
            if len(bodies) >= request.limit or text >= request.max_bytes:
                return _list(bodies, position, more=True)
            position = event.seq
            body = chosen.body(event)
            if body is not None:
                bodies.append(body)
                text += len(body["body_text"] or "")
        looked_at += len(batch)
        at_end = len(batch) < _BATCH
    return _list(bodies, position, more=not at_end)


def _list(bodies: list[dict[str, Any]], position: int, *, more: bool) -> EventList:
    cursor = notices.event_id(position)
    return EventList(events=bodies, count=len(bodies), cursor=cursor, more=more or None)


class _Chosen:
    """Which events one caller asked for and may see."""

    def __init__(self, tx: Tx, call: Call, request: FollowEvents) -> None:
        self._tx = tx
        self._principal = call.principal
        ids = access.mailbox_ids(tx, call.principal, request.mailbox)
        self._sight = Sight(ids, see_hidden=sight_of(call).see_hidden)
        self._mailbox_id = ids[0] if request.mailbox and ids else None
        self._patterns = patterns(request.kinds)

    def body(self, event: Event) -> dict[str, Any] | None:
        """What the event says to this caller, or None."""
        if self._mailbox_id is not None and event.mailbox_id != self._mailbox_id:
            return None
        seen = self._notice(event)
        if seen is None or not notices.matches(self._patterns, seen.name):
            return None
        return payloads.body(self._tx, seen, self._sight)

    def _notice(self, event: Event) -> Notice | None:
        """Rules of mailboxes are for operators, and so are keys and sessions, of which nobody else hears at all."""
        if event.kind.startswith((_ABOUT_RULES, *_ABOUT_KEYS)) and not _operates(self._principal):
            return None
        if event.kind.startswith(_ABOUT_KEYS):
            return Notice(event, event.kind)
        return payloads.notice(self._tx, event, self._sight)


def _operates(principal: Principal) -> bool:
    return Scope.ADMIN in principal.scopes and principal.mailboxes is None


def patterns(kinds: list[str]) -> tuple[str, ...]:
    """Names and patterns as they are compared; all events where none are named."""
    of_keys = [one for one in kinds if one in KINDS and one.startswith(_ABOUT_KEYS)]
    told = notices.patterns([one for one in kinds if one not in of_keys], field="kinds")
    return (*told, *of_keys) or (notices.EVERYTHING,)
