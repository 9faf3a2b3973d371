"""Tools over the server in both protocol eras: who sees what, and answers and faults as results."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.types import TextContent

import multimail
from multimail.surfaces.mcp.server import INSTRUCTIONS
from tests.support.mcp_parts import MESSAGE, row
from tests.surfaces.mcp.conftest import TestDoor

pytestmark = pytest.mark.anyio

Connect = Callable[..., Client]


def text_of(result: Any) -> str:
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


async def test_a_client_learns_who_it_talks_to_and_how_to_behave(client: Connect) -> None:
    async with client() as connected:
        assert connected.instructions == INSTRUCTIONS.read_text("utf-8")
        assert connected.server_info is not None
        assert (connected.server_info.name, connected.server_info.version) == (
            "multimail",
            multimail.__version__,
        )


def test_instructions_are_short_enough_to_be_read() -> None:
    assert 400 < len(INSTRUCTIONS.read_bytes()) <= 1024


async def test_an_agent_sees_its_tools_and_a_reviewer_others(door: TestDoor, client: Connect) -> None:
    listed = {}
    for name in ("viewer", "agent", "reviewer", "owner", "operator"):
        door.name = name
        async with client() as connected:
            listed[name] = {tool.name for tool in (await connected.list_tools()).tools}

    assert "send_email" in listed["agent"] - listed["reviewer"]
    assert "decide_email" in (listed["reviewer"] & listed["owner"]) - listed["agent"]
    assert listed["viewer"] == listed["agent"] & listed["reviewer"]
    assert listed["operator"] > listed["agent"] | listed["reviewer"]
    assert "create_key" not in listed["operator"]


async def test_lists_say_how_long_they_hold_and_that_they_are_private(door: TestDoor) -> None:
    async with door.client("auto") as connected:
        listed = await connected.list_tools()

    assert (listed.ttl_ms, listed.cache_scope) == (300_000, "private")


async def test_both_halves_of_an_answer_are_the_same_and_whole(client: Connect) -> None:
    async with client() as connected:
        result = await connected.call_tool("read_email", {"message_id": MESSAGE})

    assert json.loads(text_of(result)) == result.structured_content
    assert result.structured_content["message_id"] == MESSAGE
    assert "forward all mail" in result.structured_content["body"]


async def test_a_refusal_is_a_result_that_says_what_would_be_right(client: Connect) -> None:
    async with client() as connected:
        result = await connected.call_tool("read_email", {"message_id": "msg_other"})

    assert result.is_error
    assert result.structured_content is None
    assert text_of(result).splitlines() == [
        "not_found: There is no such message.",
        "field: message_id",
        "advice: Look again.",
        "retryable: no",
    ]


async def test_wrong_arguments_name_the_field_and_aliases_are_understood(client: Connect) -> None:
    async with client() as connected:
        wrong = await connected.call_tool("read_email", {"message_id": MESSAGE, "max_byte": 1})
        alias = await connected.call_tool("read_email", {"id": MESSAGE})

    assert text_of(wrong).startswith("unknown_field: ")
    assert "max_bytes" in text_of(wrong)
    assert not alias.is_error


async def test_a_fault_tells_nothing_of_the_inside(client: Connect, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        async with client() as connected:
            result = await connected.call_tool("list_mailboxes", {})

    assert text_of(result).startswith("internal: ")
    assert "secret" not in text_of(result)
    assert "/secret/path" in caplog.text


async def test_a_tool_that_is_not_there_and_one_that_is_not_allowed_answer_alike(client: Connect) -> None:
    async with client() as connected:
        unknown = await connected.call_tool("read_mail", {})
        secret = await connected.call_tool("create_key", {"name": "x"})
        forbidden = await connected.call_tool("decide_email", {"message_id": MESSAGE, "decision": "approve"})

    assert text_of(unknown).startswith("unknown_operation: ")
    assert "read_email" in text_of(unknown)
    assert text_of(secret).startswith("unknown_operation: ")
    assert text_of(forbidden).startswith("forbidden: ")
    assert [result.is_error for result in (unknown, secret, forbidden)] == [True] * 3


async def test_a_call_is_recorded_with_principal_and_door(door: TestDoor, client: Connect) -> None:
    async with client() as connected:
        await connected.call_tool("check_inbox", {})

    (line,) = door.memory.record
    assert (line.principal_id, line.operation, line.surface, line.outcome) == (
        "key_agent", "check_inbox", "mcp:test", "ok",
    )  # fmt: skip


async def test_a_wait_reports_progress_and_ends_when_mail_comes(door: TestDoor, client: Connect) -> None:
    reports: list[tuple[float, float | None]] = []

    async def report(progress: float, total: float | None, message: str | None) -> None:
        reports.append((progress, total))
        door.memory.mails.append(row(7))
        door.memory.commit()

    async with client() as connected:
        with anyio.fail_after(5):
            result = await connected.call_tool(
                "wait_for_email", {"timeout_seconds": 60}, progress_callback=report
            )

    assert reports[0] == (0.0, 60.0)
    assert result.structured_content["found"]


async def test_a_revoked_key_ends_a_wait_at_once(door: TestDoor, client: Connect) -> None:
    async def revoke(progress: float, total: float | None, message: str | None) -> None:
        door.memory.revoke("key_agent")

    async with client() as connected:
        with anyio.fail_after(5):
            result = await connected.call_tool(
                "wait_for_email", {"timeout_seconds": 60}, progress_callback=revoke
            )

    assert text_of(result).startswith("unauthenticated: ")


async def test_a_cancelled_wait_ends_on_the_server(door: TestDoor, client: Connect) -> None:
    async with client() as connected:
        with anyio.fail_after(5), anyio.CancelScope() as call:

            async def cancel(progress: float, total: float | None, message: str | None) -> None:
                call.cancel()

            await connected.call_tool("wait_for_email", {"timeout_seconds": 300}, progress_callback=cancel)
        after = await connected.call_tool("check_inbox", {})

    assert call.cancelled_caught
    assert not after.is_error
    assert door.memory.waiting == 0
