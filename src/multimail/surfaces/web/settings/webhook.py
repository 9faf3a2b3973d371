"""One webhook: how its receiver does, its settings, and the log of what was posted, with posting again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from multimail.contract.webhooks import (
    ReplayResult,
    WebhookDeliveryList,
    WebhookList,
    WebhookSecret,
    WebhookView,
)
from multimail.core.errors import Problem
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings import asking, secrets, webhook_fields
from multimail.surfaces.web.settings.fields import filled, kept
from multimail.surfaces.web.settings.secrets import Shown
from multimail.surfaces.web.settings.webhook_fields import LABELS
from multimail.surfaces.web.settings.webhooks import AT, TOLD, USE, boxes
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

_PAGE: Final = 25
_STATUSES: Final = ("pending", "delivered", "failed")
_LABELS: Final = LABELS | {"since": "Since", "overlap_hours": "Overlap"}
_DONE: Final = {
    "saved": "Saved.",
    "tested": "A trial event is on its way. What came back appears in the log.",
    "active": "It goes on.",
    "paused": "It is paused. What happens meanwhile is told later.",
}


async def show(visit: Visit) -> Response:
    """How it stands, and what was posted, newest first."""
    return await _page(visit)


async def save(visit: Visit) -> Response:
    """Change where it posts to and what."""
    webhook = await _webhook(visit)
    texts = kept(visit.form, [webhook_fields.section(await boxes(visit), "")])
    if asking.wants_back(visit):
        return await _page(visit, None, texts)
    try:
        filled(texts, "url")
        if texts["audience"] == "reviewer" != webhook.audience and not asking.is_sure(visit):
            return await asking.ask(visit, TOLD)
        await visit.call(
            "update_webhook", webhook_fields.arguments(texts) | {"webhook_id": webhook.webhook_id}
        )
    except Problem as problem:
        return await _page(visit, problem, texts)
    return go(f"{_place(webhook)}?done=saved")


async def switch(visit: Visit) -> Response:
    """Pause it, or let it go on."""
    return await _do(visit, "update_webhook", {"state": visit.form.get("state", "")})


async def test(visit: Visit) -> Response:
    """Post a trial event."""
    return await _do(visit, "test_webhook", {})


async def replay(visit: Visit) -> Response:
    """Post one delivery again, or all that were given up since a time."""
    webhook = await _webhook(visit)
    wanted: dict[str, Any] = {"webhook_id": webhook.webhook_id}
    if visit.form.get("delivery_id"):
        wanted["delivery_id"] = visit.form["delivery_id"]
    else:
        wanted["since"] = visit.form.get("since", "").strip() or webhook.created_at
    try:
        done = await visit.call("replay_webhook", wanted)
    except Problem as problem:
        return await _page(visit, problem)
    assert isinstance(done, ReplayResult)
    return go(f"{_place(webhook)}?replayed={done.replayed}{'&more=1' if done.more else ''}")


async def rotate(visit: Visit) -> Response:
    """A new secret, shown once."""
    webhook = await _webhook(visit)
    try:
        wanted = {"webhook_id": webhook.webhook_id, "idempotency_key": secrets.once(visit)}
        hours = visit.form.get("overlap_hours", "").strip()
        made = await visit.call("rotate_webhook_secret", wanted | ({"overlap_hours": hours} if hours else {}))
    except Problem as problem:
        return await _page(visit, problem)
    assert isinstance(made, WebhookSecret)
    title = "The new secret"
    return await secrets.page(
        visit, Shown(title, f"Secret of {made.url}", made.secret, USE, _place(made), "To the webhook")
    )


async def deleting(visit: Visit) -> Response:
    """What is lost with it."""
    return await asking.page(visit, "webhook_delete", webhook=await _webhook(visit))


async def delete(visit: Visit) -> Response:
    """Take it away."""
    await visit.call("delete_webhook", {"webhook_id": (await _webhook(visit)).webhook_id})
    return go(AT)


def _place(webhook: WebhookView) -> str:
    return f"{AT}/{webhook.webhook_id}"


async def _do(visit: Visit, operation: str, more: dict[str, Any]) -> Response:
    webhook = await _webhook(visit)
    try:
        await visit.call(operation, {"webhook_id": webhook.webhook_id} | more)
    except Problem as problem:
        return await _page(visit, problem)
    return go(f"{_place(webhook)}?done={more.get('state', 'tested')}")


async def _webhook(visit: Visit) -> WebhookView:
    listed = await visit.call("list_webhooks", {})
    assert isinstance(listed, WebhookList)
    wanted = visit.request.path_params["webhook_id"]
    found = next((one for one in listed.webhooks if one.webhook_id == wanted), None)
    if found is None:
        raise Problem("not_found")
    return found


async def _log(visit: Visit, webhook: WebhookView) -> tuple[str, WebhookDeliveryList]:
    asked = visit.request.query_params
    status = asked.get("status", "")
    wanted: dict[str, Any] = {"webhook_id": webhook.webhook_id, "limit": _PAGE}
    wanted |= {"status": status} if status in _STATUSES else {}
    wanted |= {"cursor": asked["cursor"]} if asked.get("cursor") else {}
    listed = await visit.call("list_webhook_deliveries", wanted)
    assert isinstance(listed, WebhookDeliveryList)
    return status if status in _STATUSES else "", listed


async def _page(
    visit: Visit, problem: Problem | None = None, texts: Mapping[str, str] | None = None
) -> Response:
    webhook = await _webhook(visit)
    status, log = await _log(visit, webhook)
    asked = visit.request.query_params
    return await asking.page(
        visit,
        "webhook",
        problem,
        (_LABELS, {}),
        webhook=webhook,
        section=webhook_fields.section(await boxes(visit), "Settings"),
        form=texts if texts is not None else webhook_fields.values(webhook),
        written=visit.form,
        chosen=status,
        log=log,
        once=secrets.anew(visit),
        done=_DONE.get(asked.get("done", ""), ""),
        replayed=asked.get("replayed", "") if asked.get("replayed", "").isdecimal() else "",
        more="more" in asked,
    )


_ONE: Final = f"{AT}/{{webhook_id}}"
PAGES: Final = (
    PageRoute(_ONE, show),
    PageRoute(_ONE, save, "POST"),
    PageRoute(f"{_ONE}/switch", switch, "POST"),
    PageRoute(f"{_ONE}/test", test, "POST"),
    PageRoute(f"{_ONE}/replay", replay, "POST"),
    PageRoute(f"{_ONE}/rotate", rotate, "POST"),
    PageRoute(f"{_ONE}/delete", deleting),
    PageRoute(f"{_ONE}/delete", delete, "POST"),
)
