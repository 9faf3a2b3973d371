"""The operation `search_audit`: events and calls, newest first, as far as the caller may know them.

Who is confined to some mailboxes sees what happened in those and nothing else. Rules, keys and sessions are for
operators; calls are the account's, so only for operators of all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import merge
from itertools import islice
from typing import Any, Final

from multimail.contract import registry, streams
from multimail.contract.audit import AuditFilter, AuditPage, AuditRow, SearchAudit
from multimail.core import notices
from multimail.core.errors import Problem
from multimail.core.events import KINDS
from multimail.core.ids import prefix_of
from multimail.core.model import Principal, Scope
from multimail.core.text import nearest
from multimail.core.times import from_datetime, to_datetime
from multimail.ports.audit import CallRow, Place, Wanted
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import access, convert, cursors
from multimail.services.context import Call

_FOR_REVIEWERS: Final = ("message.", "oversight.", "freeze.", "thread.", "tags.", "contact.", "notice.")
_LAST: Final = 2**62
"""Behind every line of the same moment."""
_TARGETS: Final = {"msg": "message_id", "thread": "thread_id", "contact": "contact_id", "mbx": "mailbox_id"}
Line = tuple[int, int, int]
"""When, 1 for events and 0 for calls, and the place: the order in which lines are shown, backwards."""


def search_audit(tx: Tx, call: Call, request: SearchAudit) -> AuditPage:
    """A page of lines; the cursor goes on behind the last of them."""
    chosen = chosen_by(tx, call.principal, request)
    lines = list(islice(_lines(tx, chosen, _behind(tx, request), request.limit + 1), request.limit + 1))
    page = lines[: request.limit]
    rows = Rows(tx)
    return AuditPage(
        lines=[rows.row(one) for _, one in page],
        count=len(page),
        cursor=_cursor(request, page[-1][0]) if len(lines) > request.limit else None,
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is read: events, calls or both."""

    events: Wanted | None
    calls: Wanted | None


def chosen_by(tx: Tx, principal: Principal, request: AuditFilter) -> Chosen:
    """What the caller asked for and may see; refuses what the caller may not."""
    kinds, operations = _kinds(request.kinds)
    wants_calls = request.calls or bool(operations) or request.outcome is not None
    if wants_calls:
        _check_calls(principal, request)
    _check_filters(request)
    ids = access.mailbox_ids(tx, principal, request.mailbox)
    wanted = Wanted(
        principal_id=request.principal,
        message_id=request.message_id,
        since=from_datetime(request.since) if request.since else None,
        until=from_datetime(request.until) if request.until else None,
    )
    events = replace(wanted, kinds=_open_to(principal, kinds), mailbox_ids=ids)
    calls = replace(wanted, kinds=operations, outcome=request.outcome)
    return Chosen(
        events=None if request.outcome is not None or kinds == () else events,
        calls=calls if wants_calls and operations != () else None,
    )


def _check_filters(request: AuditFilter) -> None:
    """What can find nothing is a slip, and a page without lines would not say so."""
    if request.message_id is not None and prefix_of(request.message_id) != "msg":
        raise Problem(
            "invalid", "This is not the id of a mail.", field="message_id", advice="One looks like msg_0123456789abcd."
        )  # fmt: skip
    if request.since and request.until and request.until <= request.since:
        raise Problem("invalid", "It ends before it begins.", field="until", advice="Give a later time.")


def _check_calls(principal: Principal, request: AuditFilter) -> None:
    if Scope.ADMIN not in principal.scopes or principal.mailboxes is not None:
        raise Problem("forbidden", "Calls are for operators of all mailboxes.", field="calls")
    if request.mailbox is not None:
        raise Problem(
            "contradiction",
            "Calls do not belong to a mailbox.",
            field="calls",
            advice="Ask for one of the two.",
        )


def _kinds(given: Sequence[str]) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Kinds of events and names of operations; None is all of them, where nothing was named."""
    if not given:
        return None, None
    kinds: dict[str, None] = {}
    operations: dict[str, None] = {}
    for one in (text.strip().casefold() for text in given):
        found = [kind for kind in KINDS if one in (kind, notices.EVERYTHING) or _begins(one, kind)]
        kinds |= dict.fromkeys(found)
        if one in registry.BY_NAME or one in streams.BY_NAME:
            operations[one] = None
        elif not found:
            raise _unknown(one)
    return tuple(kinds), tuple(operations)


def _begins(pattern: str, kind: str) -> bool:
    return pattern.endswith(".*") and kind.startswith(pattern[:-1])


def _unknown(name: str) -> Problem:
    near = nearest(name, (*KINDS, *registry.BY_NAME))
    return Problem(
        "invalid", f"{name[:60]!a} is neither an event nor an operation.", field="kinds",
        advice=f"Did you mean {' or '.join(near)}?" if near else "Use a beginning such as oversight.*",
    )  # fmt: skip


def _open_to(principal: Principal, kinds: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if Scope.ADMIN in principal.scopes:
        return kinds
    return tuple(one for one in kinds or KINDS if one.startswith(_FOR_REVIEWERS))


def _lines(tx: Tx, chosen: Chosen, behind: Line | None, limit: int) -> Iterator[tuple[Line, Event | CallRow]]:
    events = tx.audit.events(chosen.events, _place(behind, 1), limit) if chosen.events else []
    calls = tx.audit.calls(chosen.calls, _place(behind, 0), limit) if chosen.calls else []
    of_events: list[tuple[Line, Event | CallRow]] = [((one.at, 1, one.seq), one) for one in events]
    of_calls: list[tuple[Line, Event | CallRow]] = [((one.call.at, 0, one.seq), one) for one in calls]
    return iter(merge(of_events, of_calls, key=lambda line: line[0], reverse=True))


def _place(behind: Line | None, kind: int) -> Place | None:
    """Where one kind of line goes on behind a line of either: of one moment, events come before calls."""
    if behind is None:
        return None
    at, of, seq = behind
    return Place(at, seq if of == kind else _LAST if of > kind else 0)


def _cursor(request: SearchAudit, last: Line) -> str:
    _, kind, seq = last
    return cursors.after(request, notices.event_id(seq), notices.event_id(kind))


def _behind(tx: Tx, request: SearchAudit) -> Line | None:
    found = cursors.ids(request, "evt", 2)
    if not found:
        return None
    seq, kind = (notices.seq_of(one) for one in found)
    if seq is None or kind not in {0, 1}:
        raise cursors.refused()
    place = tx.audit.place_of_event(seq) if kind else tx.audit.place_of_call(seq)
    if place is None:
        raise cursors.refused()
    return place.at, kind, seq


@dataclass(slots=True)
class Rows:
    """Lines as they are shown. Names are looked up once for each."""

    tx: Tx
    _names: dict[str, str] = field(default_factory=dict)
    _boxes: dict[str, str | None] = field(default_factory=dict)

    def row(self, line: Event | CallRow) -> AuditRow:
        """The line, with who and which mailbox in words."""
        return self._event(line) if isinstance(line, Event) else self._call(line)

    def _event(self, event: Event) -> AuditRow:
        return AuditRow(
            id=notices.event_id(event.seq),
            at=to_datetime(event.at),
            what="event",
            kind=event.kind,
            meaning=KINDS.get(event.kind, ""),
            by=self._name(event.principal_id),
            principal_id=event.principal_id,
            mailbox=self._mailbox(event.mailbox_id),
            mailbox_id=event.mailbox_id,
            message_id=event.message_id,
            thread_id=event.thread_id,
            contact_id=event.contact_id,
            detail=event.data,
        )

    def _call(self, row: CallRow) -> AuditRow:
        call = row.call
        target: dict[str, Any] = {}
        if call.target:
            name = _TARGETS.get(prefix_of(call.target))
            target = {name: call.target} if name else {"detail": {"target": call.target}}
        known = registry.BY_NAME.get(call.operation) or streams.BY_NAME.get(call.operation)
        return AuditRow(
            id=f"call_{row.seq:014d}",
            at=to_datetime(call.at),
            what="call",
            kind=call.operation,
            meaning=f"{known.title}." if known else "",
            by=self._name(call.principal_id),
            principal_id=call.principal_id,
            mailbox=self._mailbox(target.get("mailbox_id")),
            surface=call.surface,
            outcome=call.outcome,
            **target,
        )

    def _name(self, principal_id: str | None) -> str | None:
        if not principal_id:
            return None
        if principal_id not in self._names:
            stored = self.tx.principals.get(principal_id)
            self._names[principal_id] = convert.shown(stored.principal.name) if stored else principal_id
        return self._names[principal_id]

    def _mailbox(self, mailbox_id: str | None) -> str | None:
        if not mailbox_id:
            return None
        if mailbox_id not in self._boxes:
            box = self.tx.mailboxes.get(mailbox_id)
            self._boxes[mailbox_id] = box.address if box else None
        return self._boxes[mailbox_id]
