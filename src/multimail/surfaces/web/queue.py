"""The queue: what waits for a decision, in the order, the groups and the part that the reviewer asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from multimail.contract.administration import MailboxList
from multimail.contract.desk import ReviewGroup, ReviewList, ReviewRow
from multimail.contract.reviews import PendingItem, PendingList
from multimail.core.errors import Problem
from multimail.services import reviewing
from multimail.surfaces.web import faults
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import Visit
from multimail.surfaces.web.trail import GROUPS, ORDERS, STATUSES, Trail

if TYPE_CHECKING:
    from starlette.responses import Response

_PER_PAGE: Final = 50
_SHORTEST: Final = 1_024
_ASKED: Final = frozenset({"mailbox", "tag", "tags", "order", "group", "status", "group_key"})
"""Fields of the form above the list; what is wrong with one of them is said beside it."""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that belong together; `more` of the group are not on this page."""

    group: ReviewGroup | None
    rows: list[ReviewRow]

    @property
    def more(self) -> int:
        """How many of the group stand on other pages."""
        return max(0, self.group.count - len(self.rows)) if self.group else 0


async def show(visit: Visit) -> Response:
    """What waits, as it was asked for; a fault of the asking is named and everything else kept."""
    query = visit.request.query_params
    trail = Trail.read(query)
    problem: Problem | None = None
    page = None
    try:
        page = await _page(visit, trail, query.get("cursor", ""))
    except Problem as fault:
        if fault.field not in _ASKED:
            raise
        problem = fault
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    return await visit.page(
        "queue.html",
        faults.status(problem),
        trail=trail,
        page=page,
        sections=_sections(page) if page else [],
        boxes=boxes.mailboxes,
        first=not query.get("cursor"),
        decides=reviewing.may(visit.visitor.principal, "decide_email"),
        orders=ORDERS,
        groups=GROUPS,
        statuses=STATUSES,
        **faults.told(visit, problem),
    )


async def _page(visit: Visit, trail: Trail, cursor: str) -> ReviewList:
    """Who may look but not decide sees the same list without what is worked out for deciding."""
    if not reviewing.may(visit.visitor.principal, "list_reviews"):
        return await _only_looked_at(visit, trail, cursor)
    more = {"cursor": cursor} if cursor else {}
    page = await visit.call("list_reviews", {**trail.arguments(), "limit": _PER_PAGE, **more})
    assert isinstance(page, ReviewList)
    return page


async def _only_looked_at(visit: Visit, trail: Trail, cursor: str) -> ReviewList:
    asked: dict[str, Any] = {"limit": _PER_PAGE, "max_bytes": _SHORTEST}
    asked |= {"status": "pending_approval" if trail.status == "undecided" else trail.status}
    asked |= {"mailbox": trail.mailbox} if trail.mailbox else {}
    asked |= {"tags": [trail.tag]} if trail.tag else {}
    page = await visit.call("list_pending", asked | ({"cursor": cursor} if cursor else {}))
    assert isinstance(page, PendingList)
    rows = [_row(one) for one in page.pending]
    return ReviewList(reviews=rows, count=len(rows), total=len(rows), totals_by_status={}, cursor=page.cursor)


def _row(item: PendingItem) -> ReviewRow:
    shared = {name: getattr(item, name) for name in _SHARED}
    return ReviewRow(
        **shared,
        recipients_count=len(item.to) + len(item.cc) + len(item.bcc),
        bcc_count=len(item.bcc),
        preview=item.body[:120],
        risk=0,
        risk_level="low",
        warnings=[],
        attachments_count=len(item.attachments),
    )


_SHARED: Final = tuple(name for name in ReviewRow.model_fields if name in PendingItem.model_fields)


def _sections(page: ReviewList) -> list[Section]:
    """The rows under their groups, each where its first row stands."""
    known = {group.key: group for group in page.groups}
    found: dict[str, list[ReviewRow]] = {}
    for row in page.reviews:
        found.setdefault(row.group_key or "", []).append(row)
    return [Section(known.get(key), rows) for key, rows in found.items()]


PAGES: Final = (PageRoute("/review", show),)
