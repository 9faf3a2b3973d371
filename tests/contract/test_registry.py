"""The registry: every operation by its name, and who may call what."""

from __future__ import annotations

import pytest

from multimail.contract.operation import MCP, Toolset
from multimail.contract.registry import BY_NAME, OPERATIONS, operation
from multimail.core.errors import Problem
from multimail.core.model import ROLE_SCOPES, Role, Scope


def test_an_operation_is_found_by_its_name() -> None:
    assert len(BY_NAME) == len(OPERATIONS)
    assert all(operation(row.name) is row for row in OPERATIONS)


def test_a_name_that_there_is_not_is_a_problem_and_not_repeated_at_length() -> None:
    with pytest.raises(Problem) as caught:
        operation("x" * 500)

    assert (caught.value.code, caught.value.field) == ("unknown_operation", "operation")
    assert len(caught.value.message) < 120


def test_what_changes_rules_is_an_operators() -> None:
    admin = {row.name for row in OPERATIONS if row.scope is Scope.ADMIN}

    assert admin == {
        "create_mailbox", "update_mailbox", "delete_mailbox", "create_key", "list_keys", "revoke_key", "unfreeze",
        "release_message", "create_approval_rule", "list_approval_rules", "delete_approval_rule",
        "create_template", "delete_template",
        "create_webhook", "list_webhooks", "update_webhook", "delete_webhook", "rotate_webhook_secret",
        "list_webhook_deliveries", "replay_webhook", "test_webhook", "empty_mailbox", "delete_messages",
        "erase_person", "list_erasures", "get_register", "export_person",
        "trust_recipient", "set_breakers", "resume_sending", "set_warm_up",
        "list_suppressions", "suppress_address", "unsuppress_address",
        "set_pace", "delete_pace", "set_time_zone",
    }  # fmt: skip


def test_deciding_and_freezing_need_oversight_and_an_agent_has_none() -> None:
    assert {row.name for row in OPERATIONS if row.scope is Scope.OVERSIGHT} == {
        "decide_email", "decide_emails", "freeze", "list_frozen", "get_oversight_figures", "simulate_oversight",
        "search_audit", "list_reviews", "review_email", "unsubscribe_figures",
    }  # fmt: skip
    assert Scope.OVERSIGHT not in ROLE_SCOPES[Role.AGENT]


def test_an_agents_list_holds_what_an_agent_may_call_and_nothing_else() -> None:
    listed = {row.name for row in OPERATIONS if row.toolset is Toolset.AGENT}
    callable_ = {row.name for row in OPERATIONS if row.scope in ROLE_SCOPES[Role.AGENT]}

    assert listed == callable_
    assert len({name for name in listed if MCP in BY_NAME[name].surfaces}) <= 25
