"""The main job, whole: mail comes in, an agent answers over MCP, a person approves, exactly that leaves, once."""

from __future__ import annotations

import email
import email.policy
import json
import smtplib
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from playwright.async_api import expect

from multimail.commands.lock import Resident
from tests.support.browser import launched
from tests.support.program import (
    LIMIT_S,
    PROJECT,
    environment,
    operator_key,
    resident_of,
    run,
    serving,
    terminal,
)
from tests.support.sink import Sink

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

WAYS = ["stdio legacy", "stdio 2026-07-28", "http legacy", "http 2026-07-28", "sse legacy", "sse 2026-07-28"]


@dataclass(frozen=True)
class House:
    """A server that all doors lead to, and the next hop. Each test has a conversation of its own by its subject."""

    data: Path
    resident: Resident
    operator: str
    agent: str
    sink: Sink

    def left(self, subject: str) -> list[email.message.EmailMessage]:
        """The answers in this conversation that left."""
        mails = [
            email.message_from_bytes(one.raw, policy=email.policy.default) for one in list(self.sink.mails)
        ]
        return [mail for mail in mails if mail["Subject"] == f"Re: {subject}"]

    async def leaves(self, subject: str) -> None:
        await anyio.to_thread.run_sync(self.sink.wait_until, lambda: bool(self.left(subject)))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    data, key_file = folder / "data", folder / "agent.key"
    with Sink() as sink, serving(data, limit_s=LIMIT_S * 4, MULTIMAIL_RELAY=sink.url) as server:
        server.until("Ctrl-C")
        operator = operator_key(data)
        run(data, "keys", "create", "agent", "--write-to", str(key_file), MULTIMAIL_KEY=operator)
        yield House(data, resident_of(data), operator, key_file.read_text("utf-8").strip(), sink)


def customer_writes(port: int, subject: str) -> str:
    """An ordinary SMTP client; returns once the server said 250."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Ann <ann@example.com>", "agent@localhost", subject
    mail["Message-ID"] = f"<{subject.replace(' ', '.')}@example.com>"
    mail.set_content("Is the room free on Thursday?\n")
    with smtplib.SMTP("127.0.0.1", port, timeout=LIMIT_S) as client:
        assert client.send_message(mail) == {}
    return str(mail["Message-ID"])


@asynccontextmanager
async def connected(way: str, house: House) -> AsyncIterator[Client]:
    """A real client: over stdio as `mcp.json` says, or over HTTP with an agent's key."""
    transport, era = way.split()
    if transport == "stdio":
        entry = json.loads((PROJECT / "mcp.json").read_text("utf-8"))["mcpServers"]["multimail"]
        parameters = StdioServerParameters(
            command=sys.executable, args=entry["args"], env=environment(house.data), cwd=PROJECT
        )
        async with Client(parameters, mode=era) as client:
            yield client
        return
    base_url, headers = house.resident.base_url, {"Authorization": f"Bearer {house.agent}"}
    if transport == "sse":
        async with Client(sse_client(f"{base_url}/sse", headers=headers), mode=era) as client:
            yield client
        return
    async with (
        httpx2.AsyncClient(headers=headers, timeout=LIMIT_S) as http,
        Client(streamable_http_client(f"{base_url}/mcp", http_client=http), mode=era) as client,
    ):
        yield client


async def use(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    answer: dict[str, Any] = result.structured_content
    return answer


async def answer(client: Client, subject: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the agent does: find the mail, read it, answer it."""
    found = (await use(client, "check_inbox", query=f'subject:"{subject}" is:unread'))["messages"]
    assert [one["subject"] for one in found] == [subject]
    mail = await use(client, "read_email", message_id=found[0]["message_id"])
    assert "Is the room free on Thursday?" in mail["body"]
    reply = await use(
        client, "reply_email", message_id=mail["message_id"], body="It is. It costs **20** euros."
    )
    return mail, reply


@pytest.mark.parametrize("way", WAYS)
async def test_every_door_reads_mail_at_250_and_has_its_answer_held_and_decided(
    house: House, way: str
) -> None:
    subject = f"Room {way}"
    original = customer_writes(house.resident.smtp_port, subject)
    async with connected(way, house) as client:
        mail, reply = await answer(client, subject)
        assert (reply["status"], reply["thread_id"]) == ("pending_approval", mail["thread_id"])
        assert house.left(subject) == []
        approved = run(
            house.data, "decide", reply["message_id"], "approve", "--revised-body", "It is. It is **free**.",
            MULTIMAIL_KEY=house.operator,
        )  # fmt: skip
        assert approved.returncode == 0, approved.stderr
        outcome = await use(client, "wait_for_decision", message_id=reply["message_id"], timeout_seconds=30)
        await house.leaves(subject)
        history = await settled(client, reply["message_id"])
        tools = (await client.list_tools()).tools

    assert "+It is. It is **free**." in outcome["decision"]["diff"]
    [sent] = house.left(subject)
    body = sent.get_body(("plain",))
    assert (sent["In-Reply-To"], sent["To"]) == (original, "ann@example.com")
    assert body is not None
    assert "It is. It is **free**." in body.get_content()
    assert len(tools) <= 25
    told(history)


async def settled(client: Client, message_id: str) -> dict[str, Any]:
    """The history once the outcome is written down, which is after the next hop has the mail."""
    history: dict[str, Any] = {}
    with anyio.fail_after(LIMIT_S):
        while history.get("status") != "delivered":
            history = await use(client, "get_message_history", message_id=message_id)
    return history


def told(history: dict[str, Any]) -> None:
    """Draft, rule, decision, difference and attempt are all there."""
    assert history["rules"][0] == "gated_send"
    assert [one["revision"] for one in history["revisions"]] == [1, 2]
    assert "+It is. It is **free**." in history["revisions"][1]["diff"]
    assert [one["decision"] for one in history["decisions"]] == ["approve"]
    kinds = [one["event"] for one in history["events"]]
    assert {"message.pending_approval", "oversight.approved", "message.attempted"} <= set(kinds)


async def test_a_person_at_the_page_decides_on_what_an_agent_at_a_host_wrote(
    house: House, chromium: str
) -> None:
    subject = "At the page"
    customer_writes(house.resident.smtp_port, subject)
    async with connected("stdio 2026-07-28", house) as client, launched(chromium) as browser:
        _, reply = await answer(client, subject)
        page = await browser.new_page()
        with terminal(house.data, "sign-in", MULTIMAIL_KEY=house.operator) as screen:
            screen.finish()
        link = next(word for word in screen.shown.split() if "sign-in?token=" in word)
        await page.goto(link)
        await page.get_by_role("button", name="Sign in").click()
        await page.goto(reply["review_url"])
        await page.get_by_text("Edit and approve", exact=True).click()
        await page.get_by_label("Text, in markdown").fill("It is. It costs **10** euros.")
        await page.get_by_role("button", name="Show the difference").click()
        assert house.left(subject) == []
        await page.get_by_role("button", name="Approve with these changes").click()
        await page.get_by_label("Your passphrase or key").fill(house.operator)
        await page.get_by_role("button", name="Go on").click()
        await expect(page.get_by_role("heading", name="Decided")).to_be_visible()
        outcome = await use(client, "wait_for_decision", message_id=reply["message_id"], timeout_seconds=30)
        await house.leaves(subject)

    assert "+It is. It costs **10** euros." in outcome["decision"]["diff"]
    assert ["It costs **10** euros." in mail.as_string() for mail in house.left(subject)] == [True]
