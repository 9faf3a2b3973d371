"""How requests to get no more mail were honoured: how many, by which way, and how long each took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multimail.contract.administration import MailboxList
from multimail.contract.suppression import UnsubscribeReport
from multimail.core.errors import Problem
from multimail.surfaces.web.routes import PageRoute

if TYPE_CHECKING:
    from starlette.responses import Response

    from multimail.surfaces.web.site import Visit

AT: Final = "/people/unsubscribes"
_SPANS: Final = (("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("3650", "ten years"))
_DAYS: Final = "90"
_WAYS: Final = {
    "one_click": "one click in the mail program",
    "page": "the page behind the link",
    "mail": "a mail that asks",
}


async def show(visit: Visit) -> Response:
    """The figures, of one mailbox or all."""
    query, problem = visit.request.query_params, None
    asked = {name: query[name] for name in ("mailbox", "days") if query.get(name)}
    try:
        found = await visit.call("unsubscribe_figures", asked)
    except Problem as refused:
        problem = refused
        found = await visit.call("unsubscribe_figures", {})
    assert isinstance(found, UnsubscribeReport)
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    addresses = {box.mailbox_id: box.address for box in boxes.mailboxes}
    return await visit.page(
        "people/unsubscribes.html",
        problem.row.http if problem else 200,
        figures=found,
        ways=_WAYS,
        addresses=addresses,
        asked={"mailbox": query.get("mailbox", ""), "days": query.get("days", _DAYS)},
        spans=_SPANS,
        boxes=[("", "All mailboxes"), *addresses.items()],
        problem=problem,
    )


PAGES: Final = (PageRoute(AT, show),)
