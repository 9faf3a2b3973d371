"""The list of what waits, and the freeze."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from multimail.contract.administration import MailboxList
from multimail.contract.reviews import PendingList
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

SECTIONS: Final = {
    "pending_approval": "Waiting for a decision",
    "escalated": "Passed on: somebody else should decide",
    "pending_inbound_approval": "Arrived, and not shown to any agent yet",
    "changes_requested": "Sent back: the author is asked for changes",
    "scheduled": "Approved, waiting for its time",
}
"""What waits, in the order in which it needs somebody."""
_PER_SECTION: Final = 50
_SHORTEST: Final = 1_024


async def show(visit: Visit) -> Response:
    """Everything that waits; with `?status=…&cursor=…` the rest of one section."""
    wanted = visit.request.query_params.get("status", "")
    cursor = visit.request.query_params.get("cursor")
    statuses = [wanted] if wanted in SECTIONS else list(SECTIONS)
    pages = [await _section(visit, status, cursor if wanted in SECTIONS else None) for status in statuses]
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    sections = [(SECTIONS[status], status, page) for status, page in zip(statuses, pages, strict=True)]
    shown = [one for one in sections if one[2].pending]
    frozen = {box.mailbox_id for box in boxes.mailboxes if box.frozen}
    everywhere = visit.visitor.principal.mailboxes is None
    return await visit.page(
        "queue.html",
        sections=shown,
        boxes=boxes.mailboxes,
        frozen=frozen,
        everywhere=everywhere,
        part=bool(wanted),
    )


async def _section(visit: Visit, status: str, cursor: str | None) -> PendingList:
    arguments: dict[str, Any] = {"status": status, "limit": _PER_SECTION, "max_bytes": _SHORTEST}
    page = await visit.call("list_pending", arguments | ({"cursor": cursor} if cursor else {}))
    assert isinstance(page, PendingList)
    return page


async def freeze(visit: Visit) -> Response:
    """Stop one mailbox, or everything."""
    return await _set(visit, "freeze")


async def unfreeze(visit: Visit) -> Response:
    """Let approved mail leave again."""
    return await _set(visit, "unfreeze")


async def _set(visit: Visit, operation: str) -> Response:
    given = {name: visit.form[name] for name in ("mailbox", "reason") if visit.form.get(name)}
    await visit.call(operation, given)
    return go("/review")


PAGES: Final = (
    PageRoute("/review", show),
    PageRoute("/freeze", freeze, "POST"),
    PageRoute("/unfreeze", unfreeze, "POST"),
)
