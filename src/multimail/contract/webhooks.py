"""Requests and answers about webhooks: subscriptions, their deliveries, and trying both out."""

from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from multimail.contract.fields import Limit, Moment, OnceKey
from multimail.contract.shapes import Request, View
from multimail.core.reach import LONGEST

Audience = Literal["agent", "reviewer"]
DeliveryStatus = Literal["pending", "delivered", "failed"]
Names = Annotated[list[str], Field(max_length=50)]
_ID: Final[dict[str, tuple[str, ...]]] = {"webhook_id": ("id", "webhook")}


class CreateWebhook(Request):
    """Arguments of `create_webhook`."""

    ALIASES: ClassVar = {
        "url": ("webhook_url", "endpoint"), "events": ("event", "event_types"), "tags": ("tag",),
        "mailbox": ("mailbox_id",),
    }  # fmt: skip
    LISTS: ClassVar = frozenset({"events", "tags"})
    WORDS: ClassVar = LISTS
    url: str = Field(
        max_length=LONGEST, description="Where events are posted to: https, or http on this machine."
    )
    events: Names = Field(
        default=["*"],
        description="Names such as message.received, contact.*, message.status_changed, or * for all.",
    )
    mailbox: str | None = Field(
        default=None, description="Only of this mailbox, by id or address; all if left out."
    )
    tags: Names = Field(default=[], description="Only what carries all of these tags.")
    audience: Audience = Field(
        default="agent", description="agent: what an agent may see; reviewer: mail held from agents too."
    )
    description: str = Field(default="", max_length=500, description="What it is for.")
    idempotency_key: OnceKey = None


class ListWebhooks(Request):
    """Arguments of `list_webhooks`: none."""


class UpdateWebhook(Request):
    """Arguments of `update_webhook`; what is left out stays."""

    ALIASES: ClassVar = _ID | {
        "url": ("webhook_url", "endpoint"), "events": ("event", "event_types"), "tags": ("tag",), "state": ("status",),
        "mailbox": ("mailbox_id",),
    }  # fmt: skip
    LISTS: ClassVar = frozenset({"events", "tags"})
    WORDS: ClassVar = LISTS
    webhook_id: str = Field(description="The webhook's id.")
    url: str | None = Field(default=None, max_length=LONGEST, description="Another place to post to.")
    events: Names | None = Field(default=None, description="Other events instead.")
    mailbox: str | None = Field(
        default=None, description="Another mailbox by id or address; an empty text means all."
    )
    tags: Names | None = Field(default=None, description="Other tags instead; [] for none.")
    audience: Audience | None = Field(default=None, description="agent or reviewer.")
    description: str | None = Field(default=None, max_length=500, description="What it is for.")
    state: Literal["active", "paused"] | None = Field(
        default=None,
        description="paused keeps what happens for later; active goes on, and revives a disabled one.",
    )


class DeleteWebhook(Request):
    """Arguments of `delete_webhook`."""

    ALIASES: ClassVar = _ID
    webhook_id: str = Field(description="The webhook's id.")


class RotateWebhookSecret(Request):
    """Arguments of `rotate_webhook_secret`."""

    ALIASES: ClassVar = _ID
    webhook_id: str = Field(description="The webhook's id.")
    overlap_hours: float = Field(
        default=24.0,
        ge=0,
        le=720,
        allow_inf_nan=False,
        description="Hours in which the old secret signs beside the new one.",
    )
    idempotency_key: OnceKey = None


class WebhookView(View):
    """A subscription and how its receiver does; never its secret."""

    webhook_id: str
    url: str
    events: list[str]
    mailbox: str | None = None
    mailbox_id: str | None = None
    tags: list[str]
    audience: str
    description: str | None = None
    state: str
    reason: str | None = None
    health: str
    delivered: int
    failed: int
    pending: int
    failures_in_a_row: int
    last_delivered_at: Moment | None = None
    last_failed_at: Moment | None = None
    last_failure: str | None = None
    previous_secret_until: Moment | None = None
    created_at: Moment
    updated_at: Moment
    deleted: bool | None = None


class WebhookSecret(WebhookView):
    """A subscription with its secret: only in the answer to making one. A repeat of the call has it empty."""

    SHOWN_ONCE: ClassVar = "secret"
    secret: str


class WebhookList(View):
    """All subscriptions, oldest first."""

    webhooks: list[WebhookView]
    count: int


class ListWebhookDeliveries(Request):
    """Arguments of `list_webhook_deliveries`."""

    ALIASES: ClassVar = _ID | {"status": ("state",)}
    webhook_id: str | None = Field(default=None, description="Only of this webhook.")
    status: DeliveryStatus | None = Field(default=None, description="pending, delivered or failed.")
    limit: Limit = 20
    cursor: str | None = Field(default=None, description="From the last page.")


class TryRow(View):
    """One try: when, how long it took, and what came back."""

    at: Moment
    duration_ms: int
    response_status: int | None = None
    detail: str | None = None


class WebhookDelivery(View):
    """An event on its way to a receiver. `failed` is given up, and can be replayed."""

    delivery_id: str
    webhook_id: str
    event_id: str
    event: str
    status: str
    attempts: int
    response_status: int | None = None
    duration_ms: int | None = None
    detail: str | None = None
    next_try_at: Moment | None = None
    created_at: Moment
    delivered_at: Moment | None = None
    tries: list[TryRow]


class WebhookDeliveryList(View):
    """A page of deliveries, newest first."""

    deliveries: list[WebhookDelivery]
    count: int
    cursor: str | None = None


class ReplayWebhook(Request):
    """Arguments of `replay_webhook`: one delivery, or all failed ones since a time."""

    ALIASES: ClassVar = _ID
    delivery_id: str | None = Field(default=None, description="This delivery, whatever became of it.")
    webhook_id: str | None = Field(default=None, description="Only of this webhook.")
    since: Moment | None = Field(default=None, description="All that failed since then.")


class ReplayResult(View):
    """What is posted again."""

    replayed: int
    delivery_ids: list[str]
    more: bool | None = None


class TestWebhook(Request):
    """Arguments of `test_webhook`."""

    ALIASES: ClassVar = _ID
    webhook_id: str = Field(description="The webhook's id.")
