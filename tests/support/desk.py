"""An account with principals of every role on a real data file, and hands to work it: calls, steps, arriving mail.

Time stands still until a test moves it, and nothing runs by itself: the outbox and the timers take a step when a
test says so. The account is made once for all tests and copied for each.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import random
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final, TypeVar

from multimail.adapters.store.engine import Store
from multimail.adapters.system import Ids, VirtualClock
from multimail.adapters.transport.capture import CaptureTransport
from multimail.adapters.transport.relay import RelayTransport
from multimail.adapters.transport.relay_url import parse_relay_url
from multimail.core.envelope import Envelope
from multimail.core.errors import Problem
from multimail.core.times import Micros, from_datetime, to_rfc3339
from multimail.ports.records import Event, StoredDecision, StoredDelivery, StoredMessage
from multimail.ports.store import Tx
from multimail.ports.transport import Transport
from multimail.services import dispatch, first_start, upkeep
from multimail.services.context import Asserted, Caller, Limits, Services
from multimail.services.inbound import Inbound
from multimail.services.outbox import Outbox
from tests.support.sink import Sink

T = TypeVar("T")

NOON: Final = from_datetime(datetime(2026, 3, 2, 12, tzinfo=UTC))
MAIL: Final[dict[str, Any]] = {
    "to": ["ann@example.org"],
    "subject": "Monday",
    "body": "See you on **Monday**.",
}
BOX: Final = first_start.READY_MAILBOX
LAWFUL: Final = {"physical_address": "Example Ltd\n1 High Street, Leeds", "region": "US"}
"""What an operator says of a mailbox that may send commercial mail to whoever did not opt out."""
SERVER: Final = {"base_url": "http://127.0.0.1:8025", "transport": "relay"}
KEYS: Final[tuple[dict[str, Any], ...]] = (
    {"name": "agent", "role": "agent"},
    {"name": "other", "role": "agent"},
    {"name": "reviewer", "role": "reviewer"},
    {"name": "second", "role": "reviewer"},
    {"name": "viewer", "role": "viewer"},
    {"name": "owner", "role": "owner"},
    {"name": "bot", "role": "agent", "kind": "program", "self_approving": True},
)


@cache
def _made() -> tuple[Path, dict[str, str]]:
    """The account every desk begins with, and the ids of its principals by name."""
    folder = Path(mkdtemp(prefix="desk-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder / "mail.db", asyncio.run(_make(folder / "mail.db"))


async def _make(path: Path) -> dict[str, str]:
    services = Services(Store.open(path), VirtualClock(NOON), Ids(random.Random(7).getrandbits))

    def begin(tx: Tx) -> str:
        first_start.prepare(tx, services.ids, NOON)
        tx.settings.set("server", SERVER)
        return first_start.first_operator(tx, services.ids, NOON)[0]

    names = {"operator": await services.store.write(begin)}
    for key in KEYS:
        made: Any = await dispatch.call(services, Caller(names["operator"], "cli"), "create_key", key)
        names[key["name"]] = made.key_id
    await services.store.close()
    return names


@dataclass
class Desk:
    """One process on the account; `who` maps names of principals to their ids."""

    path: Path
    services: Services
    clock: VirtualClock
    who: dict[str, str]
    box: str = BOX
    ways_out: dict[str, Transport] = field(default_factory=dict)

    async def call(
        self, who: str, operation: str, /, surface: str = "mcp:stdio", asserted: str = "", **arguments: Any
    ) -> Any:
        """Carry out an operation. `asserted` is the digest that the host says a person was shown."""
        person = Asserted("a host", asserted) if asserted else None
        caller = Caller(self.who.get(who, who), surface, asserted=person)
        return await dispatch.call(self.services, caller, operation, arguments)

    async def refused(self, who: str, operation: str, /, **arguments: Any) -> Problem:
        """The problem that the operation ends with."""
        try:
            view = await self.call(who, operation, **arguments)
        except Problem as problem:
            return problem
        raise AssertionError(f"{operation} was not refused: {view}")

    async def send(self, who: str = "agent", **changes: Any) -> Any:
        """A mail to a stranger, unless said otherwise."""
        return await self.call(who, "send_email", **{"mailbox": self.box} | MAIL | changes)

    async def decide(
        self, message_id: str, decision: str = "approve", who: str = "reviewer", **more: Any
    ) -> Any:
        return await self.call(who, "decide_email", message_id=message_id, decision=decision, **more)

    async def set(self, **settings: Any) -> Any:
        """Change the mailbox as the operator."""
        return await self.call("operator", "update_mailbox", mailbox=self.box, **settings)

    async def receive(self, body: str = "How much is it?", **headers: str) -> str:
        """A mail comes in from outside; its id."""
        number = len(await self.inbound())
        given = {
            "From": "ann@example.org", "To": self.box, "Subject": "A question",
            "Message-ID": f"<{number}@example.org>",
        } | {name.replace("_", "-"): value for name, value in headers.items()}  # fmt: skip
        text = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        raw = f"{text}\r\n{body}\r\n".encode()
        envelope = Envelope("ann@example.org", (self.box,), raw, "127.0.0.1", "example.org", smtputf8=False)
        await Inbound(self.services).accept(envelope)
        return (await self.inbound())[-1].id

    async def inbound(self) -> list[StoredMessage]:
        states = ("unread", "read", "pending_inbound_approval", "spam", "archived", "deleted", "rejected")
        found = await self.read(lambda tx: tx.messages.of_mailbox(None, states))
        return [one for one in found if one.direction == "inbound"]

    async def step(self, sink: Sink | None = None, owner: str = "desk") -> int:
        """The outbox hands over what is due; without a sink, mail is captured."""
        key = sink.url if sink else "capture"
        if key not in self.ways_out:
            relay = parse_relay_url(key) if sink else None
            self.ways_out[key] = RelayTransport(relay, "here.test") if relay else CaptureTransport()
        return await Outbox(self.services, self.ways_out[key], owner, jitter=lambda: 0.5).step()

    async def timers(self) -> int:
        """What time brings is done."""
        return await upkeep.step(self.services)

    def later(self, by: Micros) -> None:
        self.clock.advance(by)

    def at(self, offset: Micros) -> str:
        """A moment as callers write it, so far from now."""
        return to_rfc3339(self.clock.now() + offset)

    async def read(self, work: Callable[[Tx], T]) -> T:
        return await self.services.store.read(work)

    async def write(self, work: Callable[[Tx], T]) -> T:
        return await self.services.store.write(work)

    async def message(self, message_id: str) -> StoredMessage:
        found = await self.read(lambda tx: tx.messages.get(message_id))
        assert found is not None
        return found

    async def status(self, message_id: str) -> str:
        return (await self.message(message_id)).status

    async def deliveries(self, message_id: str) -> dict[str, StoredDelivery]:
        """The newest delivery of each address."""
        return {one.address: one for one in await self.read(lambda tx: tx.deliveries.of(message_id))}

    async def decisions(self, message_id: str) -> list[StoredDecision]:
        return await self.read(lambda tx: tx.decisions.of(message_id))

    async def events(self, message_id: str = "") -> list[Event]:
        found = await self.read(lambda tx: tx.events.after(0, 100_000))
        return [one for one in found if not message_id or one.message_id == message_id]

    async def kinds(self, message_id: str) -> list[str]:
        """What happened to a mail, in order."""
        return [one.kind for one in await self.events(message_id)]

    async def contact_tags(self, address: str = "ann@example.org") -> Sequence[str]:
        return (await self.read(lambda tx: tx.contacts.tags_of_addresses([address]))).get(address, ())

    async def sql(self, statement: str, **params: Any) -> int:
        """Reach into the file behind everybody's back."""
        run: Any = await self.write(lambda tx: tx.run(statement, **params))  # type: ignore[attr-defined]
        return int(run)

    async def reopen(self) -> None:
        """Close the account, which writes whatever was left for later, and open it again."""
        await self.services.store.close()
        self.services = replace(self.services, store=Store.open(self.path))

    def limit(self, **limits: Any) -> None:
        """Other bounds than the usual ones."""
        self.services = replace(self.services, limits=replace(self.services.limits, **limits))


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Desk]:
    """A desk on its own copy of the account."""
    made, who = await asyncio.to_thread(_made)
    path = folder / "mail.db"
    if not path.exists():
        shutil.copyfile(made, path)
    clock = VirtualClock(NOON)
    ids = Ids(random.Random(str(folder)).getrandbits)
    desk = Desk(path, Services(Store.open(path), clock, ids, Limits()), clock, dict(who))
    try:
        yield desk
    finally:
        for way_out in desk.ways_out.values():
            await way_out.close()
        await desk.services.store.close()


async def _crowd(folder: Path, message_id: str, count: int, url: str) -> None:
    """Many approvals at once, then a sender, as another process would do it. Prints how the approvals ended."""
    async with opened(folder) as desk:
        tries = [desk.decide(message_id, who=("reviewer", "second")[number % 2]) for number in range(count)]
        ends = await asyncio.gather(*tries, return_exceptions=True)
        relay = RelayTransport(parse_relay_url(url), "here.test")
        desk.ways_out[url] = relay
        await Outbox(desk.services, relay, f"process {os.getpid()}").step()
    for end in ends:
        print(
            end.code
            if isinstance(end, Problem)
            else "repeated"
            if getattr(end, "repeated", None)
            else "approved"
        )


if __name__ == "__main__":
    asyncio.run(_crowd(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]))
