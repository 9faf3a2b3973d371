"""Every name that an answer carries is in its schema, and every answer fits it."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from multimail.surfaces.http.openapi import document
from tests.support.desk import Desk
from tests.support.rest import Front

pytestmark = pytest.mark.anyio


def closed(node: Any) -> Any:
    """The same schemas, where an object with named fields has no others."""
    if isinstance(node, list):
        return [closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    found = {key: closed(value) for key, value in node.items()}
    return found | {"additionalProperties": False} if isinstance(node.get("properties"), dict) else found


def faults(operation: str, answer: dict[str, Any]) -> list[str]:
    node = document()["paths"][f"/v1/{operation}"]["post"]["responses"]["200"]
    schema = node["content"]["application/json"]["schema"]
    checked = Draft202012Validator({**schema, "components": closed(document()["components"])})
    return [
        f"{operation} {error.instance_path}: {error.message[:200]}" for error in checked.iter_errors(answer)
    ]


async def test_no_answer_has_a_name_that_its_schema_has_not(api: Front, desk: Desk) -> None:
    await desk.set(oversight_address="staff@example.org")
    arrived = await desk.receive(body="How much?")
    mail: dict[str, Any] = {
        "mailbox": desk.box,
        "body": "Ten.",
        "tags": ["spring=1"],
        "metadata": {"plan": "pro"},
    }
    held = await api.call("reply_email", message_id=arrived, **mail)
    other = await api.call(
        "send_email", to=["a@b.test", "c@d.test"], subject="Hi", scheduled_at="2030-01-01", **mail
    )
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("list_pending", "reviewer", {}),
        ("get_thread", "agent", {"thread_id": held["thread_id"]}),
        ("read_email", "agent", {"message_id": arrived}),
        ("read_email", "agent", {"message_id": held["message_id"]}),
        ("wait_for_email", "agent", {"timeout_seconds": 0}),
        ("tag_email", "agent", {"message_id": arrived, "tags": ["a"]}),
        ("tag_email", "agent", {"email": "ann@example.org", "tags": ["b=2"]}),
        ("tag_email", "agent", {"thread_id": held["thread_id"], "tags": ["c"]}),
        ("manage_contacts", "agent", {"action": "upsert", "email": "ann@example.org"}),
        ("search_contacts", "agent", {"include_interactions": True}),
        ("decide_email", "reviewer", {"message_id": held["message_id"], "decision": "approve"}),
        ("wait_for_decision", "agent", {"message_id": held["message_id"], "timeout_seconds": 0}),
        ("get_message_history", "reviewer", {"message_id": held["message_id"]}),
        ("cancel_message", "agent", {"message_id": other["message_id"]}),
        ("check_inbox", "agent", {}),
        ("list_mailboxes", "operator", {}),
        ("list_events", "operator", {}),
    ]
    answers = [(name, await api.call(name, who, **given)) for name, who, given in calls]

    wrong = [fault for name, answer in [*answers, ("reply_email", held), ("send_email", other)]
             for fault in faults(name, answer)]  # fmt: skip
    assert wrong == []


def test_a_name_that_is_missing_is_found() -> None:
    assert faults("list_keys", {"keys": [], "count": 0}) == []
    assert faults("list_keys", {"keys": [], "count": 0, "items": []}) != []
