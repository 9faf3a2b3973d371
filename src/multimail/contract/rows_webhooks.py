"""Operation rows: webhooks, for operators."""

from __future__ import annotations

from typing import Final

from multimail.contract import webhooks
from multimail.contract.operation import Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

_WEBHOOK: Final = {"webhook_id": "wh_00000000000000"}

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="create_webhook",
        title="Create a webhook",
        description="Post events to a URL as they happen, signed. The secret is shown once.",
        request=webhooks.CreateWebhook,
        view=webhooks.WebhookSecret,
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        toolset=Toolset.ADMIN,
        secret=True,
        problems=(*COMMON, "unknown_mailbox", "header_injection", "conflict"),
        examples=(
            Example("Everything", {"url": "https://example.com/hooks"}),
            Example("New mail", {"url": "https://example.com/in", "events": ["message.received"]}),
            Example(
                "Reviews", {"url": "https://example.com/r", "events": ["oversight.*"], "audience": "reviewer"}
            ),
        ),
        positional=("url",),
    ),
    Operation(
        name="list_webhooks",
        title="List webhooks",
        description="All webhooks: where they post to, what, their state and how their receivers do.",
        request=webhooks.ListWebhooks,
        view=webhooks.WebhookList,
        scope=Scope.ADMIN,
        effect=Effect.READ,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=COMMON,
        examples=(Example("All", {}),),
    ),
    Operation(
        name="update_webhook",
        title="Change a webhook",
        description="Change where a webhook posts to and what; pause it or let it go on.",
        request=webhooks.UpdateWebhook,
        view=webhooks.WebhookView,
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "not_found", "unknown_mailbox", "header_injection"),
        examples=(Example("Pause", {**_WEBHOOK, "state": "paused"}),),
        positional=("webhook_id",),
    ),
    Operation(
        name="delete_webhook",
        title="Delete a webhook",
        description="Take a webhook away; what it has not posted yet is never posted.",
        request=webhooks.DeleteWebhook,
        view=webhooks.WebhookView,
        scope=Scope.ADMIN,
        effect=Effect.REMOVE,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "not_found"),
        examples=(Example("Delete", _WEBHOOK),),
        positional=("webhook_id",),
    ),
    Operation(
        name="rotate_webhook_secret",
        title="Rotate a webhook's secret",
        description="Give a webhook a new secret, shown once; the old one signs beside it for a while.",
        request=webhooks.RotateWebhookSecret,
        view=webhooks.WebhookSecret,
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        toolset=Toolset.ADMIN,
        secret=True,
        problems=(*COMMON, "not_found"),
        examples=(Example("Rotate", _WEBHOOK),),
        positional=("webhook_id",),
    ),
    Operation(
        name="list_webhook_deliveries",
        title="List webhook deliveries",
        description="What was posted or will be: tries, answers, durations and the next try. Newest first.",
        request=webhooks.ListWebhookDeliveries,
        view=webhooks.WebhookDeliveryList,
        scope=Scope.ADMIN,
        effect=Effect.READ,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "not_found", "invalid_cursor"),
        examples=(Example("What was given up", {"status": "failed"}),),
        positional=("webhook_id",),
    ),
    Operation(
        name="replay_webhook",
        title="Replay webhook deliveries",
        description="Post again: one delivery by its id, or all that failed since a time.",
        request=webhooks.ReplayWebhook,
        view=webhooks.ReplayResult,
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        toolset=Toolset.ADMIN,
        problems=(*COMMON, "not_found", "invalid_time", "conflict"),
        examples=(Example("All of a day", {"since": "2027-03-01"}),),
    ),
    Operation(
        name="test_webhook",
        title="Try a webhook out",
        description="Post a trial event to a webhook; list_webhook_deliveries tells what came back.",
        request=webhooks.TestWebhook,
        view=webhooks.WebhookDelivery,
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        toolset=Toolset.ADMIN,
        problems=(*COMMON, "not_found", "conflict"),
        examples=(Example("Try", _WEBHOOK),),
        positional=("webhook_id",),
    ),
)
