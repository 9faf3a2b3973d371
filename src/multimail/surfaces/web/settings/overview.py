"""The overview of the settings: each room with a sentence, and how things stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multimail.contract.administration import KeyList, MailboxList
from multimail.contract.approvals import ApprovalRuleList
from multimail.contract.webhooks import WebhookList
from multimail.core.errors import Problem
from multimail.core.model import Scope
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings import asking, rooms

if TYPE_CHECKING:
    from starlette.responses import Response

    from multimail.surfaces.web.site import Visit


async def show(visit: Visit) -> Response:
    """Where to go from here."""
    found = rooms.open_to(visit.visitor.principal)
    figures = {room.path: await _figure(visit, room.path) for room in found}
    return await asking.page(visit, "overview", rooms=found, figures=figures)


async def _figure(visit: Visit, path: str) -> str:
    """How many there are; nothing where a key is limited to some mailboxes and may not know."""
    operation = _COUNTED.get(path)
    if operation is None or (path != "/settings/mailboxes" and not _sees_all(visit)):
        return ""
    try:
        view = await visit.call(operation, {})
    except Problem:
        return ""
    match view:
        case MailboxList():
            return _many(view.count, "mailbox", "es")
        case KeyList():
            return _many(view.count, "key")
        case ApprovalRuleList():
            return _many(view.count, "rule")
        case WebhookList():
            ill = sum(one.health != "ok" for one in view.webhooks)
            return _many(view.count, "webhook") + (f", {ill} with failures" if ill else "")
    return ""


def _sees_all(visit: Visit) -> bool:
    who = visit.visitor.principal
    return who.mailboxes is None and Scope.ADMIN in who.scopes


def _many(count: int, what: str, plural: str = "s") -> str:
    return f"{count or 'no'} {what}{plural if count != 1 else ''}"


_COUNTED: Final = {
    "/settings/mailboxes": "list_mailboxes",
    "/settings/rules": "list_approval_rules",
    "/settings/keys": "list_keys",
    "/settings/webhooks": "list_webhooks",
}
PAGES: Final = (PageRoute("/settings", show),)
