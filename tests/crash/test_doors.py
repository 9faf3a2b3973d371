"""A door killed in the middle of a call: whoever calls again, with the same key, gets one mail."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from pathlib import Path

import pytest
from mcp import Client, MCPError
from mcp.client.stdio import stdio_client

from multimail.core.failpoints import FAILPOINTS
from tests.support.account import account
from tests.support.doors import answer, door, parameters

pytestmark = pytest.mark.anyio

DESK = "desk@here.test"
MAIL = {"mailbox": DESK, "to": ["ann@out.test"], "subject": "Once", "body": "Hi", "idempotency_key": "k"}
OFTEN = {"store.before_commit", "store.after_commit"}
POINTS = [
    pytest.param(name, marks=() if name in OFTEN else pytest.mark.soak)
    for name in FAILPOINTS
    if name.startswith("store.")
]
COMMITTED = {"store.after_commit", "store.before_answer"}


async def killed_while_sending(data: Path, failpoint: str) -> None:
    """A door that dies there; its client hears nothing more."""
    with tempfile.TemporaryFile("w+") as complaints:
        armed = parameters(data, MULTIMAIL_FAILPOINT=failpoint)
        async with asyncio.timeout(20), Client(stdio_client(armed, errlog=complaints)) as client:
            with pytest.raises(MCPError, match="closed"):
                await client.call_tool("send_email", MAIL)


def mails(data: Path) -> int:
    with sqlite3.connect(data / "multimail.db") as file:
        (count,) = file.execute("SELECT count(*) FROM messages WHERE direction = 'outbound'").fetchone()
    file.close()
    return int(count)


@pytest.mark.parametrize("failpoint", POINTS)
async def test_a_call_that_is_made_again_is_made_once(failpoint: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    await asyncio.to_thread(account, data, {DESK: {}})
    await killed_while_sending(data, failpoint)
    after_the_crash = mails(data)

    async with door(data) as client:
        again = answer(await client.call_tool("send_email", MAIL))

    assert after_the_crash == (failpoint in COMMITTED)
    assert again["status"] == "pending_approval"
    assert bool(again.get("repeated")) is (failpoint in COMMITTED)
    assert mails(data) == 1
