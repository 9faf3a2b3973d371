"""A webhook's settings as text in a form, and back as arguments."""

from __future__ import annotations

from datetime import UTC, datetime

from multimail.contract.webhooks import UpdateWebhook, WebhookView
from multimail.surfaces.web.settings.webhook_fields import EMPTY, LABELS, arguments, section, values

HOOK = WebhookView(
    webhook_id="wh_00000000000000", url="https://example.com/x", events=["message.received", "contact.*"],
    mailbox_id="mbx_00000000000000", tags=["vip", "from=shop"], audience="reviewer", description="Shop",
    state="active", health="ok", delivered=0, failed=0, pending=0, failures_in_a_row=0,
    created_at=datetime(2026, 3, 2, tzinfo=UTC), updated_at=datetime(2026, 3, 2, tzinfo=UTC),
)  # fmt: skip


def test_every_field_has_a_label_and_begins_empty() -> None:
    assert [one.name for one in section([], "New").fields] == list(LABELS)
    assert set(EMPTY) == set(LABELS)


def test_settings_go_a_round() -> None:
    asked = UpdateWebhook.parse(arguments(values(HOOK)) | {"webhook_id": HOOK.webhook_id})

    for name in ("url", "events", "tags", "audience", "description"):
        assert getattr(asked, name) == getattr(HOOK, name)
    assert asked.mailbox == HOOK.mailbox_id


def test_an_empty_field_means_none_or_all() -> None:
    assert arguments(EMPTY) == {
        "url": "", "events": ["*"], "mailbox": "", "tags": [], "audience": "agent", "description": "",
    }  # fmt: skip
