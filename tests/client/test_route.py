"""What may be made twice: reads, what is the same the second time, and what carries a key."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.client import routes
from multimail.client.route import Route
from multimail.contract.operation import REST, Effect
from multimail.contract.registry import OPERATIONS

TABLE: dict[str, Route[Any]] = {
    route.name: route for route in vars(routes).values() if isinstance(route, Route)
}


def test_every_operation_over_http_has_its_route() -> None:
    assert set(TABLE) == {row.name for row in OPERATIONS if REST in row.surfaces}


def test_nothing_that_sends_may_be_repeated_without_a_key() -> None:
    sending = [row.name for row in OPERATIONS if row.effect is Effect.SEND and REST in row.surfaces]

    assert [name for name in sending if TABLE[name].may_be_repeated({})] == []
    assert TABLE["send_email"].may_be_repeated({"idempotency_key": "1"})


def test_a_key_that_the_operation_does_not_know_protects_nothing() -> None:
    assert not TABLE["edit_pending"].may_be_repeated({"idempotency_key": "1"})


@pytest.mark.parametrize(
    ("name", "given", "may"),
    [
        ("check_inbox", {}, True),
        ("read_email", {"message_id": "m"}, True),
        ("wait_for_email", {}, True),
        ("tag_email", {"tags": ["a"]}, True),
        ("tag_email", {"tags": ["a"], "only_if_absent": True}, False),
        ("decide_email", {"decision": "approve"}, False),
        ("create_key", {}, False),
        ("manage_contacts", {}, True),
        ("manage_contacts", {"action": "get"}, True),
        ("manage_contacts", {"action": "upsert"}, False),
        ("manage_contacts", {"upsert": True}, False),
        ("manage_contacts", {"action": "delete"}, False),
    ],
)
def test_what_may_be_repeated(name: str, given: dict[str, Any], may: bool) -> None:
    assert TABLE[name].may_be_repeated(given) is may
