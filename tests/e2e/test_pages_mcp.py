"""Tool calls as hosts elsewhere make them: the same names and arguments, over the stdio door of a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client

from tests.support.doors import answer, door
from tests.support.office import AUDITOR, Office, office

pytestmark = pytest.mark.anyio

BOX = "care@house.example"


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as one:
        one.mailbox(
            BOX,
            default_mode="monitored",
            ceiling="monitored",
            oversight_address=AUDITOR,
            undo_seconds=0,
        )
        yield one


def opened(firm: Office, **settings: Any) -> Any:
    """A door with a key that may send and decide."""
    return door(firm.folder / "data", MULTIMAIL_KEY=firm.key("agent", self_approving=True, **settings))


async def use(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    return answer(await client.call_tool(tool, arguments))


async def arrived(client: Client, **conditions: Any) -> dict[str, Any]:
    """The newest mail that meets the conditions: what a server took over SMTP is there to be read."""
    found = await use(client, "check_inbox", mailbox=BOX, **conditions)
    mail: dict[str, Any] = found["messages"][0]
    return mail


async def test_an_inbound_mail_is_answered_approved_by_its_own_id_and_tagged(firm: Office) -> None:
    firm.arrive(BOX, "How do I leave?", "I want to end my plan.\n", sender="alex@example.com")
    async with opened(firm) as client:
        mail = await arrived(client, filter="unread")
        thread = await use(client, "get_thread", thread_id=mail["thread_id"])
        read = await use(client, "read_email", message_id=mail["message_id"])
        reply = await use(
            client,
            "reply_email",
            message_id=mail["message_id"],
            body="Under Settings, choose **Leave**. It ends with the month.",
            oversight_mode="gated_send",
        )
        waiting = await use(client, "list_pending", mailbox_id=BOX)
        decided = await use(client, "decide_email", message_id=mail["message_id"], decision="approve")
        tagged = await use(client, "tag_email", message_id=mail["message_id"], tags=["resolved"])

    assert "end my plan" in thread["messages"][0]["body"]
    assert "end my plan" in read["body"]
    assert [one["message_id"] for one in waiting["pending"]] == [reply["message_id"]]
    assert decided["message_id"] == reply["message_id"]
    assert tagged["tags"] == ["resolved"]
    left = (await anyio.to_thread.run_sync(firm.left, "alex@example.com"))[0]
    assert left["Subject"] == "Re: How do I leave?"


async def test_answers_to_a_tagged_mail_are_found_by_its_tag_and_told_apart(firm: Office) -> None:
    async with opened(firm) as client:
        asked = await use(
            client,
            "send_email",
            mailbox=BOX,
            to="sara@example.com",
            subject="How was your first month?",
            body="Dear Sara,\n\nwhat was good, and what was not?",
            tags=["survey", "group_b"],
        )
        original = (await anyio.to_thread.run_sync(firm.left, "sara@example.com"))[0]
        nothing = await use(
            client, "check_inbox", mailbox=BOX, filter={"tags": ["survey"], "has_replies": True}
        )
        firm.arrive(
            BOX, "Re: How was your first month?", "Great, thank you.\n", sender="sara@example.com",
            In_Reply_To=str(original["Message-ID"]),
        )  # fmt: skip
        found = await arrived(client, filter={"tags": ["survey"], "has_replies": True})
        thread = await use(client, "get_thread", mailbox=BOX, thread_id=found["thread_id"])
        reply = next(one for one in thread["messages"] if one["direction"] == "inbound")
        tagged = await use(client, "tag_email", message_id=reply["message_id"], tags=["answered", "happy"])

    assert nothing["messages"] == []
    assert found["thread_id"] == asked["thread_id"]
    assert "Great, thank you." in reply["body"]
    assert {"answered", "happy"} <= set(tagged["tags"])


async def test_two_waiting_answers_to_one_mail_are_not_decided_by_its_id(firm: Office) -> None:
    firm.arrive(BOX, "Twice", "Hello?\n", sender="alex@example.com")
    inbound = firm.call("check_inbox", filter="unread")["messages"][0]["message_id"]
    async with opened(firm) as one, opened(firm, cap_per_day=9) as other:
        held = {"message_id": inbound, "oversight_mode": "gated_send"}
        await use(one, "reply_email", **held, body="First.")
        second = await other.call_tool("reply_email", {**held, "body": "Second."})
        decided = await use(one, "decide_email", message_id=inbound, decision="approve")

    assert second.is_error
    assert decided["decision"] == "approve"
