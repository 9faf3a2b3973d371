"""The form of a webhook: its fields with a sentence each, and the arguments that they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from multimail.contract.administration import MailboxView
from multimail.contract.webhooks import WebhookView
from multimail.surfaces.web.settings.fields import Choice, Field, Section, entries, lines

_AUDIENCE: Final = (
    Choice("agent", "What an agent may see", "Nothing of mail that is held from agents."),
    Choice("reviewer", "What a reviewer may see", "Also mail that waits for a decision. Only for a receiver of yours."),
)  # fmt: skip
EVERY: Final = Choice("", "All mailboxes")
LABELS: Final = {
    "url": "Address",
    "events": "Events",
    "mailbox": "Mailbox",
    "tags": "Tags",
    "audience": "What it is told of",
    "description": "What it is for",
}
EMPTY: Final = dict.fromkeys(LABELS, "") | {"events": "*", "audience": "agent"}
"""A form that nobody wrote in yet."""


def section(boxes: Iterable[MailboxView], title: str) -> Section:
    """The fields, with the mailboxes that can be chosen."""
    places = (EVERY, *(Choice(box.mailbox_id, box.address) for box in boxes))
    return Section("webhook", title, (
        Field("url", LABELS["url"], "Events are posted there, signed: https, or http on this machine.",
              example="https://example.org/hooks/mail", longest=2048, required=True),
        Field("events", LABELS["events"],
              "One on each line: names such as message.received, beginnings such as oversight.*, or * for all.",
              "area"),
        Field("mailbox", LABELS["mailbox"], "Only what happens there.", "select", places),
        Field("tags", LABELS["tags"], "Only what carries all of these. Empty: everything.", longest=1000),
        Field("audience", LABELS["audience"], "", "radio", _AUDIENCE),
        Field("description", LABELS["description"], "For whoever reads this list.", longest=500),
    ))  # fmt: skip


def values(webhook: WebhookView) -> dict[str, str]:
    """Each setting as its control shows it."""
    return {
        "url": webhook.url,
        "events": lines(webhook.events),
        "mailbox": webhook.mailbox_id or "",
        "tags": ", ".join(webhook.tags),
        "audience": webhook.audience,
        "description": webhook.description or "",
    }


def arguments(form: Mapping[str, str]) -> dict[str, Any]:
    """What `create_webhook` and `update_webhook` take: every field, since an empty one means none or all."""
    return {
        "url": form["url"].strip(),
        "events": entries(form["events"]),
        "mailbox": form["mailbox"],
        "tags": entries(form["tags"]),
        "audience": form["audience"],
        "description": form["description"].strip(),
    }
