"""Webhooks: who is told what, where, and with which secret it is signed."""

from __future__ import annotations

from typing import Any, Final

from multimail.contract.webhooks import (
    CreateWebhook,
    DeleteWebhook,
    ListWebhooks,
    RotateWebhookSecret,
    UpdateWebhook,
    WebhookList,
    WebhookSecret,
    WebhookView,
)
from multimail.core import notices
from multimail.core.errors import Problem
from multimail.core.reach import Reach, check_url
from multimail.core.tags import read_tags, written
from multimail.core.text import typed_line
from multimail.core.times import HOUR, to_datetime
from multimail.core.webhooks import health
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.ports.webhooks import Webhook
from multimail.services import access
from multimail.services.context import Call
from multimail.services.convert import moment, shown
from multimail.services.notify_fanout import catch_up

MOST: Final = 100
"""Webhooks of an account. Each is posted to on its own, so this is also how many posts are under way at once."""
_SECRET_BYTES: Final = 32
_TO_STANDARD: Final = str.maketrans("-_", "+/")


def create_webhook(tx: Tx, call: Call, request: CreateWebhook) -> WebhookSecret:
    """A new subscription: it is told what happens from now on. Its secret is in this answer only."""
    access.everything(call.principal)
    if len(tx.webhooks.all()) >= MOST:
        raise Problem(
            "conflict", f"There are {MOST} webhooks already.", advice="Delete one that is not needed."
        )
    webhook = Webhook(
        id=call.new_id("wh"),
        url=_url(tx, request.url),
        events=_events(request.events),
        mailbox_id=access.mailbox(tx, call.principal, request.mailbox).id if request.mailbox else None,
        tags=_tags(request.tags),
        audience=request.audience,
        description=typed_line(request.description.strip(), "description"),
        secret=_new_secret(call),
        position=tx.inbox.position_now(),
        created_at=call.now,
        updated_at=call.now,
    )
    tx.webhooks.insert(webhook)
    note(tx, call, "webhook.created", webhook)
    return WebhookSecret(secret=webhook.secret, **view(tx, webhook).model_dump())


def list_webhooks(tx: Tx, call: Call, request: ListWebhooks) -> WebhookList:
    """All subscriptions, oldest first."""
    access.everything(call.principal)
    views = [view(tx, one) for one in tx.webhooks.all()]
    return WebhookList(webhooks=views, count=len(views))


def update_webhook(tx: Tx, call: Call, request: UpdateWebhook) -> WebhookView:
    """Change what is given, for what happens from now on.

    A paused webhook is told later what happened meanwhile. One that was disabled goes on with what happens from now
    on; its failed deliveries can be replayed.
    """
    old = named(tx, call, request.webhook_id)
    changes = _settings(tx, call, request)
    if request.state is not None and request.state != old.state:
        changes |= {"state": request.state, "reason": ""}
    changed = sorted(name for name, value in changes.items() if getattr(old, name) != value)
    if not changed:
        return view(tx, old)
    position = old.position
    if old.state == "active":
        position = catch_up(tx, call.services, old)
    elif old.state == "disabled":
        position = tx.inbox.position_now()
    failures = 0 if "state" in changed else old.failures
    webhook = old.changed(call.now, **changes, position=position, failures=failures)
    tx.webhooks.save(webhook)
    note(tx, call, "webhook.updated", webhook, settings=changed)
    return view(tx, webhook)


def delete_webhook(tx: Tx, call: Call, request: DeleteWebhook) -> WebhookView:
    """Take it away with all that waits for it; what was posted stays in the log for a while."""
    webhook = named(tx, call, request.webhook_id)
    tx.webhook_deliveries.forget_pending(webhook.id)
    tx.webhooks.save(
        webhook.changed(call.now, deleted_at=call.now, secret="", old_secret=None, old_until=None)
    )
    note(tx, call, "webhook.deleted", webhook)
    return view(tx, webhook).model_copy(update={"deleted": True})


def rotate_webhook_secret(tx: Tx, call: Call, request: RotateWebhookSecret) -> WebhookSecret:
    """A new secret. For the overlap the old one signs as well, in headers of its own."""
    old = named(tx, call, request.webhook_id)
    until = call.now + round(request.overlap_hours * HOUR)
    overlap: dict[str, Any] = {"old_secret": None, "old_until": None}
    if until > call.now:
        overlap = {"old_secret": old.secret, "old_until": until}
    webhook = old.changed(call.now, secret=_new_secret(call), **overlap)
    tx.webhooks.save(webhook)
    note(tx, call, "webhook.rotated", webhook)
    return WebhookSecret(secret=webhook.secret, **view(tx, webhook).model_dump())


def named(tx: Tx, call: Call, webhook_id: str) -> Webhook:
    """The subscription, or `not_found`."""
    access.everything(call.principal)
    found = tx.webhooks.get(webhook_id)
    if found is None:
        raise Problem(
            "not_found", f"There is no webhook {webhook_id[:40]!r}.", field="webhook_id",
            advice="list_webhooks names them.",
        )  # fmt: skip
    return found


def note(tx: Tx, call: Call, kind: str, webhook: Webhook, **data: Any) -> None:
    """Write down what was done with a webhook."""
    about = {"webhook": webhook.id, **data}
    tx.events.add(
        Event(kind, call.now, mailbox_id=webhook.mailbox_id, principal_id=call.principal.id, data=about)
    )


def view(tx: Tx, webhook: Webhook) -> WebhookView:
    """A subscription without its secret."""
    box = tx.mailboxes.get(webhook.mailbox_id) if webhook.mailbox_id else None
    return WebhookView(
        webhook_id=webhook.id,
        url=webhook.url,
        events=list(webhook.events),
        mailbox=box.address if box else None,
        mailbox_id=webhook.mailbox_id,
        tags=list(webhook.tags),
        audience=webhook.audience,
        description=webhook.description or None,
        state=webhook.state,
        reason=webhook.reason or None,
        health=health(webhook.failures, webhook.delivered, webhook.failed),
        delivered=webhook.delivered,
        failed=webhook.failed,
        pending=tx.webhook_deliveries.pending(webhook.id),
        failures_in_a_row=webhook.failures,
        last_delivered_at=moment(webhook.last_delivered_at),
        last_failed_at=moment(webhook.last_failed_at),
        last_failure=shown(webhook.last_failure) or None,
        previous_secret_until=moment(webhook.old_until),
        created_at=to_datetime(webhook.created_at),
        updated_at=to_datetime(webhook.updated_at),
    )


def _settings(tx: Tx, call: Call, request: UpdateWebhook) -> dict[str, Any]:
    new: dict[str, Any] = {}
    if request.url is not None:
        new["url"] = _url(tx, request.url)
    if request.events is not None:
        new["events"] = _events(request.events)
    if request.mailbox is not None:
        given = request.mailbox.strip()
        new["mailbox_id"] = access.mailbox(tx, call.principal, given).id if given else None
    if request.tags is not None:
        new["tags"] = _tags(request.tags)
    if request.audience is not None:
        new["audience"] = request.audience
    if request.description is not None:
        new["description"] = typed_line(request.description.strip(), "description")
    return new


def _url(tx: Tx, given: str) -> str:
    """The URL, if it can be known to be in reach. What the running server may reach stands in its settings."""
    known = (tx.settings.get("server") or {}).get("webhooks")
    reach = Reach(**known) if known else Reach(loopback=True, private=True)
    url = given.strip()
    check_url(url, reach)
    return url


def _events(given: list[str]) -> tuple[str, ...]:
    """What it is told; nothing at all is a mistake that nobody would notice."""
    if not given:
        raise Problem(
            "invalid", "It would be told nothing.", field="events",
            advice="Name events, leave it out for all, or pause it with update_webhook and state paused.",
        )  # fmt: skip
    return notices.patterns(given)


def _tags(given: list[str]) -> tuple[str, ...]:
    return tuple(written(name, value) for name, value in read_tags(given).items())


def _new_secret(call: Call) -> str:
    """As Standard Webhooks writes secrets: the standard alphabet of base 64, with its padding."""
    secret = call.services.ids.secret(_SECRET_BYTES).translate(_TO_STANDARD)
    return f"whsec_{secret}{'=' * (-len(secret) % 4)}"
