"""What was posted to webhooks or will be: the log, posting again, and trying a webhook out."""

from __future__ import annotations

from collections import Counter
from typing import Final

from multimail.contract.webhooks import (
    ListWebhookDeliveries,
    ReplayResult,
    ReplayWebhook,
    TestWebhook,
    TryRow,
    WebhookDelivery,
    WebhookDeliveryList,
)
from multimail.core import notices
from multimail.core.errors import Problem
from multimail.core.times import MILLISECOND, from_datetime, to_datetime
from multimail.ports.store import Tx
from multimail.ports.webhooks import HookDelivery, NewDelivery, Try, Webhook
from multimail.services import access, cursors
from multimail.services.context import Call
from multimail.services.convert import moment, shown
from multimail.services.webhooks import named, note

BATCH: Final = 1_000
"""Deliveries that one call replays."""


def list_webhook_deliveries(tx: Tx, call: Call, request: ListWebhookDeliveries) -> WebhookDeliveryList:
    """A page, newest first."""
    access.everything(call.principal)
    if request.webhook_id:
        named(tx, call, request.webhook_id)
    before = None
    if last_id := cursors.last_id(request, "whd"):
        last = tx.webhook_deliveries.get(last_id)
        if last is None:
            raise cursors.refused()
        before = last.seq
    found = tx.webhook_deliveries.page(request.webhook_id, request.status, before, request.limit + 1)
    page = found[: request.limit]
    return WebhookDeliveryList(
        deliveries=[delivery_view(one) for one in page],
        count=len(page),
        cursor=cursors.after(request, page[-1].id) if len(found) > len(page) else None,
    )


def replay_webhook(tx: Tx, call: Call, request: ReplayWebhook) -> ReplayResult:
    """Post again, with all tries ahead and the body of the first time while that is kept."""
    access.everything(call.principal)
    chosen = _chosen(tx, call, request)
    page = chosen[:BATCH]
    failed = Counter(one.webhook_id for one in page if one.status == "failed")
    ids = tx.webhook_deliveries.replay([one.id for one in page], call.now)
    for webhook_id in sorted({one.webhook_id for one in page}):
        webhook = _ready(named(tx, call, webhook_id))
        left = max(webhook.failed - failed[webhook_id], 0)
        tx.webhooks.save(webhook.changed(webhook.updated_at, failed=left))
        note(tx, call, "webhook.replayed", webhook, count=sum(one.webhook_id == webhook_id for one in page))
    return ReplayResult(replayed=len(ids), delivery_ids=ids, more=True if len(chosen) > len(page) else None)


def _chosen(tx: Tx, call: Call, request: ReplayWebhook) -> list[HookDelivery]:
    if (request.delivery_id is None) == (request.since is None):
        raise Problem(
            "invalid", "Give either delivery_id or since.", field="delivery_id",
            advice="list_webhook_deliveries names deliveries; since replays all that failed from then on.",
        )  # fmt: skip
    if request.webhook_id:
        _ready(named(tx, call, request.webhook_id))
    if request.since is not None:
        since = from_datetime(request.since)
        found = tx.webhook_deliveries.failed_since(request.webhook_id, since, BATCH + 1)
        return [one for one in found if _is_ready(tx, one.webhook_id)]
    one = tx.webhook_deliveries.get(request.delivery_id or "")
    if (
        one is None
        or tx.webhooks.get(one.webhook_id) is None
        or request.webhook_id not in {None, one.webhook_id}
    ):
        raise Problem(
            "not_found", f"There is no delivery {(request.delivery_id or '')[:40]!r} of a webhook that is still there.",
            field="delivery_id", advice="list_webhook_deliveries names them.",
        )  # fmt: skip
    return [one]


def _is_ready(tx: Tx, webhook_id: str) -> bool:
    webhook = tx.webhooks.get(webhook_id)
    return webhook is not None and webhook.state != "disabled"


def _ready(webhook: Webhook) -> Webhook:
    if webhook.state == "disabled":
        raise Problem(
            "conflict", f"{webhook.id} is disabled: {webhook.reason}.", field="webhook_id",
            advice="update_webhook with state active lets it go on.",
        )  # fmt: skip
    return webhook


def test_webhook(tx: Tx, call: Call, request: TestWebhook) -> WebhookDelivery:
    """A trial event, posted like any other to this webhook and to no other."""
    webhook = named(tx, call, request.webhook_id)
    if webhook.state != "active":
        raise Problem(
            "conflict", f"{webhook.id} is {webhook.state}.", field="webhook_id",
            advice="update_webhook with state active lets it go on.",
        )  # fmt: skip
    note(tx, call, "webhook.tested", webhook)
    event_seq = tx.inbox.position_now()
    tx.webhook_deliveries.add(
        [NewDelivery(call.new_id("whd"), webhook.id, event_seq, notices.TEST)], call.now
    )
    made = tx.webhook_deliveries.of_event(webhook.id, event_seq)
    assert made is not None
    return delivery_view(made)


def delivery_view(delivery: HookDelivery) -> WebhookDelivery:
    """A delivery with all its tries."""
    last = delivery.tries[-1] if delivery.tries else None
    waits = delivery.status == "pending"
    return WebhookDelivery(
        delivery_id=delivery.id,
        webhook_id=delivery.webhook_id,
        event_id=notices.event_id(delivery.event_seq),
        event=delivery.event,
        status=delivery.status,
        attempts=delivery.attempts,
        response_status=last.status if last else None,
        duration_ms=last.took // MILLISECOND if last else None,
        detail=(shown(last.detail) or None) if last else None,
        next_try_at=to_datetime(delivery.due_at) if waits else None,
        created_at=to_datetime(delivery.created_at),
        delivered_at=moment(delivery.done_at) if delivery.status == "delivered" else None,
        tries=[_try_row(one) for one in delivery.tries],
    )


def _try_row(one: Try) -> TryRow:
    return TryRow(
        at=to_datetime(one.at),
        duration_ms=one.took // MILLISECOND,
        response_status=one.status,
        detail=shown(one.detail) or None,
    )
