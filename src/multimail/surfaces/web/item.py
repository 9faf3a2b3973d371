"""One mail on the desk: everything a decision is about, gathered for the page, or what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from multimail.contract.desk import Leaving, ReviewList, ReviewView
from multimail.contract.inspection import LinkView, MessageInspection
from multimail.contract.reading import MessageList, MessageRow
from multimail.contract.reviews import HistoryView, PendingItem, PendingList
from multimail.core.diff import Content, unified
from multimail.core.errors import Problem
from multimail.core.times import SECOND
from multimail.services import reviewing
from multimail.services.pending import WAITING
from multimail.surfaces.web import faults
from multimail.surfaces.web.trail import Trail, mail_id

if TYPE_CHECKING:
    from starlette.responses import Response

    from multimail.surfaces.web.site import Visit

WHOLE: Final = 1_048_576
_WAITING: Final = frozenset({*WAITING, "pending_inbound_approval"})
_NEAR: Final = 200
"""Rows in which the neighbours of a mail are looked for, where it is not the usual way through the queue."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The mail as its recipients will get it."""

    headers: tuple[tuple[str, str], ...]
    text: str
    cut: int = 0
    html: bool = False

    def header(self, name: str) -> str:
        """The value of the first line of this name, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class Look:
    """A mail that waits. `review` is what helps deciding: None for who may only look."""

    item: PendingItem
    paper: Paper | None
    review: ReviewView | None = None

    @property
    def whole(self) -> bool:
        """Whether every word of it is shown, which an approval needs."""
        return not self.item.body_cut and not (self.paper and self.paper.cut)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail stands in the queue that somebody goes through."""

    previous: str = ""
    next: str = ""
    number: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Before:
    """The mail that was decided on just before this page."""

    message_id: str
    subject: str
    status: str
    digest: str
    undo_until: datetime | None


async def look(visit: Visit, message_id: str) -> Look | None:
    """The mail as it is now, or None where it does not wait any more."""
    if not reviewing.may(visit.visitor.principal, "review_email"):
        return await _only_looked_at(visit, message_id)
    try:
        view = await visit.call("review_email", {"message_id": message_id, "max_bytes": WHOLE})
    except Problem as problem:
        if problem.code != "conflict":
            raise
        return None
    assert isinstance(view, ReviewView)
    return Look(view.item, _paper(view.leaving) if view.leaving else None, view)


def _paper(leaving: Leaving) -> Paper:
    headers = tuple((one.name, one.value) for one in leaving.headers)
    return Paper(headers, leaving.text, leaving.text_cut or 0, leaving.html_available)


async def _only_looked_at(visit: Visit, message_id: str) -> Look | None:
    page = await visit.call("list_pending", {"message_id": message_id, "max_bytes": WHOLE})
    assert isinstance(page, PendingList)
    if not page.pending:
        return None
    item = page.pending[0]
    leaving = await reviewing.leaving(
        visit.site.services, visit.visitor.caller(), item.message_id, item.digest
    )
    return Look(item, Paper(leaving.headers, leaving.text) if leaving else None)


async def page(visit: Visit, found: Look, problem: Problem | None) -> Response:
    """The mail as it is now, with what the person was about to do if that was refused."""
    item, who = found.item, visit.visitor.principal
    changed = problem is not None and problem.code == "changed"
    history = await history_of(visit, item.message_id)
    trail = trail_of(visit)
    return await visit.page(
        "review.html",
        faults.status(problem),
        look=found,
        item=item,
        paper=found.paper,
        review=found.review,
        links=await _links(visit, item),
        since=await _since(visit, item),
        lines=len(found.paper.text.splitlines()) if found.paper else 0,
        choices=reviewing.choices(who, item),
        somebody_else=reviewing.needs_somebody_else(who, item),
        stoppable=reviewing.may_withdraw(who, item.status),
        undo_until=await reviewing.undo_until(visit.site.services, visit.visitor.caller(), item.message_id),
        late=is_late(visit, item),
        moved=_difference(history, visit.form.get("digest", ""), item.digest) if changed else None,
        decisions=history.decisions,
        revised=_revised(history, item.digest),
        trail=trail,
        place=await _place(visit, found, trail),
        before=await _before(visit),
        **faults.told(visit, problem),
    )


async def outcome(visit: Visit, problem: Problem | None) -> Response:
    """What became of a mail that waits for nobody, as a receipt, and the way to the next one."""
    history = await history_of(visit, visit.message_id)
    who, trail = visit.visitor.principal, trail_of(visit)
    following = mail_id(visit.request.query_params.get("next", "") or visit.form.get("next", ""))
    return await visit.page(
        "outcome.html",
        faults.status(problem),
        history=history,
        stoppable=reviewing.may_withdraw(who, history.status),
        undo_until=await reviewing.undo_until(visit.site.services, visit.visitor.caller(), visit.message_id),
        trail=trail,
        following=following,
        waiting=await waiting(visit, trail),
        **faults.told(visit, problem),
    )


async def state(visit: Visit) -> Response:
    """Whether the mail is still what somebody has before them, for a page that follows it; no look is recorded."""
    history = await history_of(visit, visit.message_id)
    last = history.revisions[-1] if history.revisions else None
    seen = visit.request.query_params.get("digest", "")
    return await visit.page(
        "state.html",
        history=history,
        gone=history.status not in _WAITING,
        changed=last is not None and last.digest != seen,
    )


async def waiting(visit: Visit, trail: Trail) -> ReviewList | None:
    """The first of what still waits on this trail."""
    if not reviewing.may(visit.visitor.principal, "list_reviews"):
        return None
    try:
        found = await visit.call("list_reviews", trail.arguments() | {"group": "none", "limit": 1})
    except Problem:
        return None  # An address that somebody wrote by hand: then there is no way on, only back.
    assert isinstance(found, ReviewList)
    return found


async def _place(visit: Visit, found: Look, trail: Trail) -> Place:
    if found.review is None:
        return Place()
    if trail.whole:
        near = found.review.position
        return Place(near.previous or "", near.next or "", near.number or 0, near.total)
    try:
        rows = await visit.call("list_reviews", trail.arguments() | {"limit": _NEAR})
    except Problem:
        return Place()
    assert isinstance(rows, ReviewList)
    ids = [row.message_id for row in rows.reviews]
    if found.item.message_id not in ids:
        return Place(next=ids[0] if ids else "", total=rows.total)
    at = ids.index(found.item.message_id)
    return Place(ids[at - 1] if at else "", ids[at + 1] if at + 1 < len(ids) else "", at + 1, rows.total)


async def _before(visit: Visit) -> Before | None:
    """Named in the address by the page of that mail; one that this person may not see is not named."""
    message_id = mail_id(visit.request.query_params.get("after", ""))
    if not message_id:
        return None
    try:
        history = await history_of(visit, message_id)
    except Problem:
        return None
    last = history.revisions[-1] if history.revisions else None
    undo = await reviewing.undo_until(visit.site.services, visit.visitor.caller(), message_id)
    return Before(message_id, last.subject if last else "", history.status, last.digest if last else "", undo)


async def _links(visit: Visit, item: PendingItem) -> list[LinkView]:
    """Where the links of the draft lead."""
    asked = {"message_id": item.message_id, "include": ["links"]}
    view = await visit.call("inspect_message", asked)
    assert isinstance(view, MessageInspection)
    return view.links or []


async def _since(visit: Visit, item: PendingItem) -> list[MessageRow]:
    """What came into the conversation after the draft was written: it may have been overtaken."""
    asked = {"thread_id": item.thread_id, "since": item.created_at.isoformat(), "direction": "inbound"}
    found = await visit.call("check_inbox", asked)
    assert isinstance(found, MessageList)
    return [one for one in found.messages if one.received_at > item.created_at]


def _revised(history: HistoryView, digest: str) -> str | None:
    """What the author made of the draft since the last decision on it, which is what a reviewer who asked for changes
    comes back to see."""
    last = history.decisions[-1].digest if history.decisions else digest
    return _difference(history, last, digest) if last != digest else None


def _difference(history: HistoryView, before: str, now: str) -> str | None:
    """What differs in subject and text between the revision somebody looked at and the one there is now."""
    revisions = {one.digest: one for one in history.revisions}
    seen, current = revisions.get(before), revisions.get(now)
    if seen is None or current is None:
        return None
    return unified(Content(seen.subject, seen.body), Content(current.subject, current.body))


def trail_of(visit: Visit) -> Trail:
    """The way through the queue that brought somebody here."""
    if "trail" in visit.form:
        return Trail.written(visit.form["trail"])
    return Trail.read(visit.request.query_params)


def is_late(visit: Visit, item: PendingItem) -> bool:
    """Whether sending it now needs a word of the reviewer."""
    return (item.late_seconds or 0) * SECOND > visit.site.services.limits.late_after


async def digest_of(visit: Visit, message_id: str) -> str:
    """Of a mail as it is now, for what is done with it whatever it says."""
    revisions = (await history_of(visit, message_id)).revisions
    return revisions[-1].digest if revisions else ""


async def history_of(visit: Visit, message_id: str) -> HistoryView:
    """What happened to a mail so far."""
    history: Any = await visit.call("get_message_history", {"message_id": message_id})
    assert isinstance(history, HistoryView)
    return history
