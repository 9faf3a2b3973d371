"""What the ingest benchmark measures: the receiver with everything behind it, on a data folder of its own.

Policy, threading, contacts, search and a durable commit before each 250, on the product's own event loop; only the
doors for agents are missing. Prints the port it listens on, then serves until its standard input is closed.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from multimail.commands import event_loop, garbage
from multimail.config import Settings
from multimail.core.model import Mailbox
from multimail.wiring.account import opened
from multimail.wiring.system import receiving

ADDRESS = "agent@example.com"


async def serve(folder: Path) -> None:
    """Listen on a free port of loopback until whoever started this process lets go."""
    settings = Settings(data=folder, smtp_port=0)
    async with opened(settings) as services:
        now = services.clock.now()
        box = Mailbox(services.ids.new("mbx", now), ADDRESS, created_at=now)
        await services.store.write(lambda tx: tx.mailboxes.insert(box))
        server = await receiving(services, settings, free_ports=True)
        print(server.port, flush=True)
        await asyncio.to_thread(sys.stdin.read)
        await server.stop()


if __name__ == "__main__":
    garbage.look_seldom()
    with tempfile.TemporaryDirectory() as name:
        event_loop.run(serve(Path(name) / "data"))
