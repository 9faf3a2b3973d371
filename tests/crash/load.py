"""The load, a process that is never killed: peers that send mail in, an agent that sends mail out, a reviewer.

Each works off one thing after the other and writes down what it was promised. It ends when standard input does,
after what is under way has been promised, too.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.crash.plan import FREE, HELD, INBOX, Plan
from tests.support.peers import SmtpPeer, ToolCaller

_NEVER_APPROVED: Final = 20
_A_CONNECTION: Final = 20
"""How many mails a peer gives to one connection."""
_BETWEEN: Final = 0.004
"""Seconds between two things of one worker: the machine belongs to the resident."""


class Ledger:
    """One line a promise, written in one piece before anything else happens."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, kind: str, token: str, **more: Any) -> None:
        os.write(self._file, json.dumps({"kind": kind, "token": token, **more}).encode() + b"\n")


class Load:
    """All workers; `stopping` is set when nothing new is to begin."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._ledger = Ledger(plan.ledger)
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for number in range(self._plan.peers):
                tasks.create_task(self._mail_in(f"in{number}"))
            for number, work in enumerate((self._free, self._free, self._approved, self._local, self._held)):
                tasks.create_task(self._agent(f"out{number}", work))

    async def _mail_in(self, name: str) -> None:
        peer = SmtpPeer(self._plan.smtp_port)
        for number in itertools.count():
            if self.stopping.is_set():
                break
            token = f"{name}-{number}"
            recipients = (INBOX, HELD) if number % 3 == 0 else (INBOX,)
            raw = (
                f"From: {token}@load.test\r\nTo: {INBOX}\r\nMessage-ID: <{token}@load.test>\r\n"
                f"Subject: {token}\r\n\r\nThis is {token}.\r\n"
            )
            await peer.deliver(f"{token}@load.test", recipients, raw.encode())
            self._ledger.note("in", token, to=recipients)
            if number % _A_CONNECTION == 0:
                await peer.close()
            await asyncio.sleep(_BETWEEN)
        await peer.close()

    async def _agent(self, name: str, work: Callable[[ToolCaller, ToolCaller, str], Any]) -> None:
        agent = ToolCaller(self._plan.http_port, self._plan.agent_key)
        reviewer = ToolCaller(self._plan.http_port, self._plan.reviewer_key)
        for number in itertools.count():
            if self.stopping.is_set() or (work == self._held and number >= _NEVER_APPROVED):
                break
            await work(agent, reviewer, f"{name}-{number}")
            await asyncio.sleep(_BETWEEN)
        await agent.close()
        await reviewer.close()

    async def _free(self, agent: ToolCaller, _: ToolCaller, token: str) -> None:
        """Leaves at once, now and then to two people."""
        to = [f"{token}@out.test"] + ([f"{token}@two.test"] if token.endswith("0") else [])
        await self._send(agent, token, FREE, to)
        self._ledger.note("out", token, to=to)

    async def _approved(self, agent: ToolCaller, reviewer: ToolCaller, token: str) -> None:
        """Leaves when a reviewer has approved it."""
        to = [f"{token}@out.test"]
        held = await self._send(agent, token, HELD, to)
        await reviewer.call(
            "decide_email", message_id=held["message_id"], decision="approve", digest=held["digest"]
        )
        self._ledger.note("out", token, to=to)

    async def _local(self, agent: ToolCaller, _: ToolCaller, token: str) -> None:
        """Goes to a mailbox of this server, and out."""
        to = [INBOX, f"{token}@out.test"]
        await self._send(agent, token, FREE, to)
        self._ledger.note("out", token, to=to)

    async def _held(self, agent: ToolCaller, _: ToolCaller, token: str) -> None:
        """Never leaves."""
        await self._send(agent, token, HELD, [f"{token}@out.test"])
        self._ledger.note("held", token)

    async def _send(self, agent: ToolCaller, token: str, mailbox: str, to: list[str]) -> dict[str, Any]:
        return await agent.call(
            "send_email",
            mailbox=mailbox,
            to=to,
            subject=token,
            body=f"This is {token}.",
            idempotency_key=token,
        )


async def main(plan: Plan) -> None:
    load = Load(plan)
    asyncio.get_running_loop().add_reader(0, load.stopping.set)
    await load.run()


if __name__ == "__main__":
    asyncio.run(main(Plan.read(Path(sys.argv[1]))))
