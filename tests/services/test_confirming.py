"""Which calls ask a signed-in person once more: those that let mail leave or change rules, and no others."""

from __future__ import annotations

import pytest

from multimail.contract.registry import OPERATIONS
from multimail.services.confirming import needed


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("decide_email", {"decision": "approve"}),
        ("decide_email", {"decision": "approved"}),
        ("decide_emails", {"decision": "approve"}),
        ("unfreeze", {}),
        ("release_message", {}),
        ("create_key", {}),
        ("update_mailbox", {"ceiling": "autonomous"}),
        ("update_mailbox", {"ceiling": "autonomous", "dry_run": False}),
        ("create_key", {"dry_run": True}),
        ("decide_email", {"decision": "approve", "dry_run": True}),
        ("create_approval_rule", {}),
        ("create_webhook", {}),
        ("send_email", {}),
        ("reply_email", {}),
        ("forward_email", {}),
        ("decide_email", {"decision": "a verb that is made tomorrow"}),
        ("decide_emails", {"decisions": [{"decision": "reject"}, {"decision": "approve"}]}),
        ("tag_email", {"tags": ["asked"], "remove": ["suppressed"]}),
        ("tag_email", {"remove": ["asked, Unsubscribed"]}),
        ("record_consent", {"email": "ann@example.org"}),
        ("set_preferences", {"topics": {"offers": False, "news": True}}),
        ("set_preferences", {"channels": {"email": True}}),
        ("manage_contacts", {"action": "upsert", "metadata": {"region": "US"}}),
        ("manage_contacts", {"action": "delete"}),
    ],
)
def test_what_lets_mail_go_or_changes_rules_asks(name: str, arguments: dict[str, object]) -> None:
    assert needed(name, arguments)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("decide_email", {"decision": "reject"}),
        ("decide_email", {"decision": "request_changes"}),
        ("decide_emails", {"decision": "cancel"}),
        ("freeze", {}),
        ("revoke_key", {}),
        ("list_keys", {}),
        ("decide_emails", {"decisions": [{"decision": "reject"}]}),
        ("cancel_message", {}),
        ("mark_email", {}),
        ("tag_email", {"tags": ["suppressed"], "remove": ["asked"]}),
        ("update_mailbox", {"ceiling": "autonomous", "dry_run": True}),
        ("tag_email", {"remove": ["="]}),
        ("withdraw_consent", {"email": "ann@example.org"}),
        ("set_preferences", {"topics": {"offers": False}, "channels": {}}),
        ("set_preferences", {}),
        ("manage_contacts", {"action": "update", "name": "Ann", "metadata": {"plan": "pro"}}),
    ],
)
def test_what_looks_refuses_or_stops_does_not(name: str, arguments: dict[str, object]) -> None:
    assert not needed(name, arguments)


def test_every_decision_that_an_operation_takes_is_known_here() -> None:
    for row in OPERATIONS:
        field = row.request.model_fields.get("decision")
        if field is not None:
            approving = {verb for verb in ("approve", "approved") if needed(row.name, {"decision": verb})}
            assert approving == {"approve", "approved"}, row.name
