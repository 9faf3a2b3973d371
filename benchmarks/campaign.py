"""What the rules about whom to write to cost: a campaign with all of them, against the same sends without any.

Commercial mail to people in the EU who agreed to it, one of ten others suppressed, a cap on how often, breakers,
campaign figures, and a link and an envelope sender for each recipient. Sixteen calls are in flight over REST, and time
runs until the last mail is with the next hop.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx2

from benchmarks import campaign_server, servers
from benchmarks.ingest import listening
from benchmarks.plan import Plan
from benchmarks.table import Pair, Row
from multimail.commands import lock
from multimail.config import Settings
from multimail.services import dispatch
from multimail.services.context import Caller
from multimail.services.first_start import first_operator
from multimail.wiring.account import opened

AT_MOST: Final = 1.6
_AT_ONCE: Final = 16
_WARM: Final = 100
_BOX: Final[dict[str, Any]] = {
    "address": "news@example.com",
    "default_mode": "autonomous",
    "metadata": {"region": "EU", "physical_address": "Example Ltd, 1 High Street, Springfield"},
}
_MAIL: Final[dict[str, Any]] = {
    "mailbox": _BOX["address"],
    "message_class": "commercial",
    "topic": "newsletter",
    "tags": ["campaign=spring"],
    "body": "This is what we have made since we last wrote to you.\n\n" * 10,
}
_OPEN: Final = "SELECT count(*) FROM deliveries WHERE status IN ('queued', 'claimed', 'sending')"
_SENT: Final = "SELECT count(*) FROM deliveries WHERE status = 'sent'"


def measure(plan: Plan) -> list[Row]:
    """One line: milliseconds for a mail, from its call to the next hop, with everything that goes on beside."""
    pairs = []
    for _ in range(plan.size.runs):
        took: dict[str, float] = {}
        for kind in random.sample(["", campaign_server.BARE], 2):
            with tempfile.TemporaryDirectory(dir=plan.place) as name:
                took[kind] = _run(Path(name), plan.size.mails, kind) * 1_000
        pairs.append(Pair(took[""], took[campaign_server.BARE]))
    what = "campaign, REST, 16 calls in flight: the same without its rules"
    return [Row(what, "ms/mail", pairs, at_most=AT_MOST)]


def _run(folder: Path, mails: int, kind: str) -> float:
    """Seconds for each mail."""
    key = asyncio.run(_account(folder, mails + _WARM))
    with listening("benchmarks.ingest_sink") as port, _server(folder, port, kind) as place:
        _campaign(place.base_url, key, folder, range(_WARM))
        began = time.perf_counter()
        _campaign(place.base_url, key, folder, range(_WARM, _WARM + mails))
        return (time.perf_counter() - began) / mails


@contextmanager
def _server(folder: Path, port: int, kind: str) -> Iterator[lock.Resident]:
    settings = {"RELAY": f"smtp+insecure://127.0.0.1:{port}", "RATE_PER_MINUTE": "100000000"}
    command = [sys.executable, "-m", "benchmarks.campaign_server", "serve", kind or "whole"]
    with (folder / "bench.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=servers.environment(folder, **settings), stdout=log, stderr=log
        )
    try:
        yield servers.answering(folder, process)
    finally:
        process.terminate()
        process.wait()


def _campaign(base_url: str, key: str, folder: Path, people: range) -> None:
    """Send to all of them and wait until every mail has left; one that does not makes the run worthless."""
    asyncio.run(_send(base_url, key, people))
    with closing(sqlite3.connect(f"file:{folder / 'multimail.db'}?mode=ro", uri=True)) as file:
        while file.execute(_OPEN).fetchone()[0]:
            time.sleep(0.01)
        if file.execute(_SENT).fetchone()[0] != people.stop:
            raise RuntimeError("not every mail left")


async def _send(base_url: str, key: str, people: range) -> None:
    waiting = iter(people)
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(base_url=base_url, headers=headers, timeout=60) as client:

        async def agent() -> None:
            for person in waiting:
                mail = _MAIL | {"to": [_address(person)], "subject": f"News for {person}"}
                answer = await client.post("/v1/send_email", json=mail)
                answer.raise_for_status()

        async with asyncio.TaskGroup() as agents:
            for _ in range(_AT_ONCE):
                agents.create_task(agent())


async def _account(folder: Path, people: int) -> str:
    """People who agreed, others who are suppressed, and a cap; the agent's key."""
    async with opened(Settings(data=folder)) as services:
        now = services.clock.now()
        operator, _ = await services.store.write(lambda tx: first_operator(tx, services.ids, now))

        async def call(operation: str, **arguments: Any) -> Any:
            return await dispatch.call(services, Caller(operator, "cli"), operation, arguments)

        await call("create_mailbox", **_BOX)
        await call("set_pace", topic="newsletter", per_week=3)
        for person in range(people):
            await call(
                "record_consent", email=_address(person), topic="newsletter", region="EU", source="form"
            )
            if person % 10 == 0:
                await call("suppress_address", address=f"no-{_address(person)}", reason="manual")
        return str((await call("create_key", name="agent", role="agent")).key)


def _address(person: int) -> str:
    return f"person{person}@example.org"
