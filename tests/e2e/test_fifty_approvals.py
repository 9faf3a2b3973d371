"""Fifty approvals of one mail at once, from two processes on one data folder: one mail leaves."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from multimail.commands import lock
from tests.support.account import account
from tests.support.doors import door
from tests.support.peers import Refused, call
from tests.support.program import serving
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio
DESK = "desk@here.test"
EACH = 25


async def test_one_mail_leaves(tmp_path: Path) -> None:
    data = tmp_path / "data"
    keys = await asyncio.to_thread(account, data, {DESK: {}}, "agent", "reviewer", "operator")
    with Sink() as sink, serving(data, MULTIMAIL_RELAY=sink.url) as server:
        server.until("Ctrl-C")
        resident = lock.find(data)
        assert resident is not None
        port = resident.http_port
        mail = {"mailbox": DESK, "to": ["ann@out.test"], "subject": "Once", "body": "Hi"}
        held = await call(port, keys["agent"], "send_email", **mail)
        decision = {"message_id": held["message_id"], "decision": "approve", "digest": held["digest"]}

        async def over_http() -> str:
            try:
                return str((await call(port, keys["operator"], "decide_email", **decision))["status"])
            except Refused as refused:
                return str(refused).split(":")[1].strip()

        async def through(client: Any) -> str:
            result = await client.call_tool("decide_email", decision)
            if result.is_error:
                return str(result.content[0].text).partition(":")[0]
            return str(result.structured_content["status"])

        async with door(data, MULTIMAIL_KEY=keys["reviewer"]) as client:
            await client.list_tools()
            outcomes = await asyncio.gather(
                *(ask for _ in range(EACH) for ask in (over_http(), through(client)))
            )
        sink.wait_for(1)
        history = await call(port, keys["agent"], "get_message_history", message_id=held["message_id"])
        server.stop()

    counts = Counter(outcomes)
    assert set(counts) <= {"queued", "sending", "delivered", "conflict"}
    # Whoever was first gets the same answer each time; the other one came too late each time.
    assert counts["conflict"] == EACH
    assert len(sink.mails) == 1
    assert sum(one["event"] == "oversight.approved" for one in history["events"]) == 1
