"""All mailboxes: the list, a new one, and closing one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multimail.contract.administration import MailboxList, MailboxResult
from multimail.core.errors import Problem
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings import asking
from multimail.surfaces.web.settings.fields import Field, Section, filled, given, kept, names
from multimail.surfaces.web.settings.mailbox import details
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

_NEW: Final = Section("new", "New mailbox", (
    Field("address", "Address", "Where it gets mail. An address is never given a second time.",
          example="desk@example.org", longest=320, required=True),
    Field("display_name", "Display name", "Stands beside the address in what it sends.", longest=200),
))  # fmt: skip
_LABELS: Final = {one.name: one.label for one in _NEW.fields}
_CLOSING: Final = {"confirm": "Its address"}


async def show(visit: Visit) -> Response:
    """Every mailbox open to this person, with the form of a new one."""
    return await _page(visit, dict.fromkeys(names([_NEW]), ""), None)


async def create(visit: Visit) -> Response:
    """A new mailbox; its settings are the next page."""
    texts = kept(visit.form, [_NEW])
    try:
        filled(texts, "address")
        made = await visit.call("create_mailbox", given(**texts))
    except Problem as problem:
        return await _page(visit, texts, problem)
    assert isinstance(made, MailboxResult)
    return go(f"/settings/mailboxes/{made.mailbox.mailbox_id}")


async def closing(visit: Visit) -> Response:
    """What is lost when a mailbox is closed, and a field to show that it is meant."""
    return await _closing(visit, None)


async def close(visit: Visit) -> Response:
    """Close it, if its address was typed."""
    box = await details(visit)
    try:
        if visit.form.get("confirm", "").strip().casefold() != box.address:
            advice = f"Type {box.address} to close it."
            raise Problem("invalid", "That is not its address.", field="confirm", advice=advice)
        await visit.call("delete_mailbox", {"mailbox": box.mailbox_id})
    except Problem as problem:
        return await _closing(visit, problem)
    return go("/settings/mailboxes")


async def _page(visit: Visit, texts: dict[str, str], problem: Problem | None) -> Response:
    listed = await visit.call("list_mailboxes", {})
    assert isinstance(listed, MailboxList)
    return await asking.page(
        visit,
        "mailboxes",
        problem,
        (_LABELS, {}),
        boxes=listed.mailboxes,
        section=_NEW,
        form=texts,
    )


async def _closing(visit: Visit, problem: Problem | None) -> Response:
    return await asking.page(
        visit,
        "mailbox_close",
        problem,
        (_CLOSING, {}),
        box=await details(visit),
        form=visit.form,
    )


_AT: Final = "/settings/mailboxes"
_ONE: Final = "/settings/mailboxes/{mailbox_id}/close"
PAGES: Final = (
    PageRoute(_AT, show),
    PageRoute(_AT, create, "POST"),
    PageRoute(_ONE, closing),
    PageRoute(_ONE, close, "POST"),
)
