"""A week of an agent's, by the clock of the test kit: schedules, expiries and decisions, over every door it may use."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

import multimail
from multimail.testing.asynchronous import async_server
from multimail.testing.serving import Server, server

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
PATIENCE = 300


class Agent:
    """Answers what comes in, follows up two days later, and takes that back when the other side was first.

    It knows nothing of the kit: a client, the moment, and operations that wait.
    """

    def __init__(self, client: multimail.Client, mailbox: str) -> None:
        self.client, self.mailbox = client, mailbox
        self.follow_ups: dict[str, str] = {}
        self.outcomes: list[str] = []

    def work(self, now: datetime) -> None:
        """Deal with what is unread, once there is something."""
        rows = self.client.check_inbox(mailbox=self.mailbox, filter="unread").messages
        if not rows:
            found = self.client.wait_for_email(mailbox=self.mailbox, timeout_seconds=PATIENCE)
            rows = found.messages
        for row in rows:
            waiting = self.follow_ups.pop(row.thread_id, None)
            if waiting is not None:
                self.client.cancel_message(message_id=waiting, reason="they were first")
            self._answer(self.client.read_email(message_id=row.message_id), now + timedelta(days=2))

    def _answer(self, mail: Any, later: datetime) -> None:
        draft = self.client.reply_email(message_id=mail.message_id, body=f"About {mail.subject}: ten euros.")
        found = self.client.wait_for_decision(message_id=draft.message_id, timeout_seconds=PATIENCE)
        self.outcomes.append(found.decision.decision if found.decision else "nobody decided")
        if self.outcomes[-1] == "approve":
            follow_up = self.client.reply_email(
                thread_id=mail.thread_id, body="Any questions?", scheduled_at=later.isoformat()
            )
            self.follow_ups[mail.thread_id] = follow_up.message_id


def ask(mail: Server, subject: str, answers: str = "") -> None:
    headers = {"In-Reply-To": answers, "References": answers} if answers else {}
    mail.receive("ann@outside.test", subject=subject, body="How much is it?", headers=headers)


def test_a_follow_up_leaves_in_its_time_unless_the_other_side_was_first() -> None:
    with server(MONDAY, flow=True) as mail:
        box = mail.mailbox("sales@here.test", mode="gated_send")
        mail.reviewer(approve_after=180)
        agent = Agent(mail.client(timeout=60), box)
        for subject in ("Chairs", "Tables"):
            ask(mail, subject)
            agent.work(mail.clock.now)
        assert [one.subject for one in mail.sent] == ["Re: Chairs", "Re: Tables"]
        mail.clock.advance(days=1)
        ask(mail, "Re: Chairs", str(mail.sent[0].headers["Message-ID"]))
        agent.work(mail.clock.now)

        mail.clock.advance(days=5)

        left = [(one.at - MONDAY, one.subject, one.text.splitlines()[0]) for one in mail.sent]
    days = [(length.days, subject, text) for length, subject, text in left]
    assert days == [
        (0, "Re: Chairs", "About Chairs: ten euros."),
        (0, "Re: Tables", "About Tables: ten euros."),
        (1, "Re: Chairs", "About Re: Chairs: ten euros."),
        (2, "Re: Tables", "Any questions?"),
        (3, "Re: Chairs", "Any questions?"),
    ]
    assert left[0][0] == timedelta(seconds=180)
    assert agent.outcomes == ["approve"] * 3


def test_what_nobody_decides_expires_and_what_is_refused_is_learnt() -> None:
    with server(MONDAY, flow=True) as mail:
        box = mail.mailbox("sales@here.test", mode="gated_send")
        agent = Agent(mail.client(timeout=60), box)
        ask(mail, "Chairs")
        agent.work(mail.clock.now)
        with mail.reviewer(reject_if="tables", note="Sold out."):
            ask(mail, "Tables")
            agent.work(mail.clock.now)

        waited = mail.clock.now - MONDAY
        mail.clock.advance(days=7)

        history = mail.call("check_inbox", mailbox=box, direction="outbound", status="expired")
    assert waited == timedelta(seconds=PATIENCE)
    assert agent.outcomes == ["nobody decided", "reject"]
    assert [row["subject"] for row in history["messages"]] == ["Re: Chairs"]
    assert agent.follow_ups == {}


def test_the_next_hop_is_away_and_the_scheduled_mail_is_late_but_once() -> None:
    with server(MONDAY) as mail:
        box = mail.mailbox("sales@here.test", mode="gated_send")
        mail.reviewer(approve_after=60)
        headers = {"Authorization": f"Bearer {mail.key()}"}
        body = {"mailbox": box, "to": "ann@outside.test", "subject": "Offer", "body": "x"}
        at = MONDAY + timedelta(days=1)
        answer = httpx2.post(
            f"{mail.base_url}/v1/send_email", json=body | {"scheduled_at": at.isoformat()}, headers=headers
        )
        assert answer.json()["status"] == "pending_approval"

        with mail.faults.refused_connection(mailbox=box), mail.faults.lost_webhooks():
            mail.clock.set(at + timedelta(minutes=30))
        mail.wait_for(deadline=timedelta(hours=3))
        mail.clock.advance(days=6)

        assert [one.subject for one in mail.sent] == ["Offer"]
        assert timedelta(minutes=30) < mail.sent[0].at - at < timedelta(hours=2)


@pytest.mark.anyio
async def test_an_agent_at_an_mcp_host_waits_by_the_same_clock() -> None:
    async with async_server(MONDAY) as mail, asyncio.timeout(60):
        box = await mail.mailbox("support@here.test")
        mail.reviewer(approve_after=30)
        headers = {"Authorization": f"Bearer {await mail.key()}"}
        async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
            transport = streamable_http_client(f"{mail.base_url}/mcp", http_client=http)
            async with Client(transport) as host:
                waiting = asyncio.create_task(
                    host.call_tool("wait_for_email", {"mailbox": box, "timeout_seconds": 50})
                )
                await mail.clock.until_waiting()
                await mail.clock.advance(seconds=20)
                message_id = await mail.receive("ann@outside.test", box, "Chairs", "How much?")
                found = (await waiting).structured_content
                reply = {"message_id": message_id, "body": "Ten."}
                sent = (await host.call_tool("reply_email", reply)).structured_content
                assert await mail.sent() == []
                await mail.clock.advance(seconds=30)
                decision = {"message_id": sent["message_id"], "timeout_seconds": 0}
                decided = (await host.call_tool("wait_for_decision", decision)).structured_content

        assert (found["messages"][0]["message_id"], found["waited_seconds"]) == (message_id, 20.0)
        assert decided["decided"]
        assert [one.subject for one in await mail.sent()] == ["Re: Chairs"]
