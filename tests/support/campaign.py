"""A campaign over REST as an agent's program runs it: 16 calls in flight, while some of its people say no.

People are numbered. Of every fifty five are out before it begins, each in another way, and one leaves while it runs,
by the link in a mail that came earlier. What became of each is read at the next hop.
"""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2

from multimail.core.own_link import LENGTH
from tests.support.tally_sink import Arrival, TallySink

NEWS: Final = "news@here.test"
HELLO: Final = "hello@here.test"
BOXES: Final[dict[str, dict[str, Any]]] = {
    NEWS: {
        "default_mode": "autonomous",
        "metadata": {"region": "US", "physical_address": "Example Ltd, 1 High Street, Springfield"},
    },
    HELLO: {"default_mode": "autonomous"},
}
"""News is commercial, where nothing but the way out is asked for; hello finds out which addresses are dead."""
AT_ONCE: Final = 16
OUT: Final = (
    "tag unsubscribed",
    "tag suppressed",
    "suppression manual",
    "hard bounce",
    "one-click unsubscribe",
)
LEAVES: Final = "leaves while it runs"
_EVERY: Final = 50
_TEXT: Final = "Hello {person},\n\n" + "this is what we have made since we last wrote. " * 8
_PATIENCE: Final = 60.0


def way_of(person: int) -> str:
    """How somebody is out, or LEAVES, or nothing."""
    place = person % _EVERY
    return (*OUT, LEAVES)[place] if place <= len(OUT) else ""


def address(person: int) -> str:
    """The next hop refuses those that begin with `gone`."""
    return f"{'gone' if way_of(person) == 'hard bounce' else 'p'}{person}@out.test"


@dataclass
class Campaign:
    """One run. `said` are the answers to its sends by person, `left` when somebody's POST was answered."""

    url: str
    operator: str
    agent: str
    sink: TallySink
    data: Path
    people: int
    said: dict[int, str] = field(default_factory=dict)
    left: dict[int, int] = field(default_factory=dict)
    before: set[int] = field(default_factory=set)
    links: dict[int, str] = field(default_factory=dict)
    client: httpx2.AsyncClient = field(init=False)

    async def run(self) -> float:
        """All of it; returns the seconds from the first call to the last mail."""
        limits = httpx2.Limits(max_connections=AT_ONCE + 4)
        async with httpx2.AsyncClient(base_url=self.url, timeout=_PATIENCE, limits=limits) as client:
            self.client = client
            await self.set_out()
            began = time.monotonic()
            await at_once(AT_ONCE, map(self._send_to, range(self.people)))
            await self._until_all_left()
            return time.monotonic() - began

    async def set_out(self) -> None:
        """Make one in ten unreachable, each in its own way."""
        groups = {way: [one for one in range(self.people) if way_of(one) == way] for way in (*OUT, LEAVES)}
        linked = [*groups["one-click unsubscribe"], *groups[LEAVES]]
        # Nothing but dead addresses: what a breaker is there to stop.
        await self.call("set_breakers", key=self.operator, mailbox=HELLO, enabled=False)
        await at_once(AT_ONCE, (self._welcome(HELLO, one) for one in groups["hard bounce"]))
        await at_once(AT_ONCE, (self._welcome(NEWS, one) for one in linked))
        for way, tag in (("tag unsubscribed", "unsubscribed"), ("tag suppressed", "suppressed")):
            await at_once(AT_ONCE, (self._tag(one, tag) for one in groups[way]))
        await at_once(AT_ONCE, (self._suppress(one) for one in groups["suppression manual"]))
        await self.until(lambda: len(self._welcomed()) >= len(linked))
        self.links = {int(one.person): one.link for one in self._welcomed()}
        await at_once(AT_ONCE, (self._leave(one) for one in groups["one-click unsubscribe"]))
        await at_once(AT_ONCE, (self._until_bounced(one) for one in groups["hard bounce"]))
        self.left.clear()

    def arrived(self) -> list[Arrival]:
        """The campaign's mails at the next hop."""
        return [one for one in self.sink.arrivals() if one.campaign == "spring"]

    def became(self) -> dict[str, str]:
        """What became of the campaign's deliveries, by address, as the server knows it."""
        with closing(sqlite3.connect(f"file:{self.data / 'multimail.db'}?mode=ro", uri=True)) as file:
            rows = file.execute(
                "SELECT d.address, d.status FROM deliveries d JOIN messages m ON m.id = d.message_id"
                " WHERE m.subject = 'News, spring'"
            )
            return dict(rows.fetchall())

    def wrong(self) -> list[str]:
        """Whatever must not be: nothing, if all promises are kept."""
        arrived = self.arrived()
        times = Counter(int(one.person) for one in arrived)
        found = [f"{one.recipient} got the mail of {one.person}" for one in arrived
                 if one.recipient != address(int(one.person))]  # fmt: skip
        found += [f"{person} has {count} mails" for person, count in times.items() if count > 1]
        for person in range(self.people):
            way = way_of(person)
            if way in OUT and (times[person] or self.said[person] != "suppressed"):
                found.append(f"{person} ({way}) was told {self.said[person]} and has {times[person]} mails")
            if not way and times[person] != 1:
                found.append(f"{person} was told {self.said[person]} and has no mail")
        sent = {one for one, status in self.became().items() if status == "sent"}
        found += [
            f"of {one} server and next hop disagree" for one in sent ^ {one.recipient for one in arrived}
        ]
        found += [
            f"{one.person} left, and was written to afterwards" for one in arrived if self._too_late(one)
        ]
        tokens = Counter(one.link[-LENGTH:] for one in arrived)
        senders = Counter(one.sender for one in arrived)
        found += [f"{count} mails share {what}" for what, count in (tokens | senders).items() if count > 1]
        return found

    def _too_late(self, one: Arrival) -> bool:
        """Who was named after his POST had its answer must have got nothing: the mark comes after the naming."""
        person = int(one.person)
        return person in self.before or (person in self.left and one.named_at > self.left[person])

    async def call(self, operation: str, *, key: str = "", **arguments: Any) -> dict[str, Any]:
        """The answer; a problem ends the run."""
        headers = {"Authorization": f"Bearer {key or self.agent}"}
        answer = await self.client.post(f"/v1/{operation}", json=arguments, headers=headers)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()
        return result

    async def _send_to(self, person: int) -> None:
        """Who leaves does so before his mail is asked for, at the same time, or while it may be on its way."""
        turn = person // _EVERY % 3 if way_of(person) == LEAVES else -1
        if turn == 0:
            await self._leave(person)
            self.before.add(person)
        sending = self._mail(NEWS, "spring", person)
        if turn == 1:
            _, answer = await asyncio.gather(self._leave(person), sending)
        else:
            answer = await sending
        self.said[person] = answer["status"]
        if turn == 2:
            await self._leave(person)

    async def _mail(self, box: str, campaign: str, person: int) -> dict[str, Any]:
        tags = [f"campaign={campaign}"]
        news: dict[str, Any] = {"message_class": "commercial", "topic": "newsletter", "tags": tags}
        return await self.call(
            "send_email", mailbox=box, to=[address(person)], subject=f"News, {campaign}",
            body=_TEXT.format(person=person), headers={"X-Campaign": campaign, "X-Person": str(person)},
            **(news if box == NEWS else {}),
        )  # fmt: skip

    async def _welcome(self, box: str, person: int) -> None:
        await self._mail(box, "welcome", person)

    def _welcomed(self) -> list[Arrival]:
        return [one for one in self.sink.arrivals() if one.campaign == "welcome"]

    async def _tag(self, person: int, tag: str) -> None:
        there = await self.call("manage_contacts", key=self.operator, action="add", email=address(person))
        contact_id = there["contacts"][0]["contact_id"]
        await self.call("tag_email", key=self.operator, contact_id=contact_id, tags=[tag])

    async def _suppress(self, person: int) -> None:
        await self.call("suppress_address", key=self.operator, address=address(person), reason="manual")

    async def _leave(self, person: int) -> None:
        """As a mailbox provider posts it (RFC 8058 section 3.2)."""
        answer = await self.client.post(self.links[person], data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200, answer.text
        self.left[person] = time.monotonic_ns()

    async def _until_bounced(self, person: int) -> None:
        about = {"address": address(person), "mailbox": NEWS}
        for _ in range(int(_PATIENCE / 0.05)):
            if (await self.call("check_suppression", key=self.operator, **about))["suppressed"]:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{about} never bounced")

    async def _until_all_left(self) -> None:
        """Nothing waits any more and nothing is under way."""
        await self.until(lambda: not {*self.became().values()} & {"queued", "claimed", "sending"})

    async def until(self, true: Callable[[], bool]) -> None:
        """As long as anything moves, and a while longer."""
        seen, since = -1, time.monotonic()
        while not true():
            if len(self.sink.arrivals()) != seen:
                seen, since = len(self.sink.arrivals()), time.monotonic()
            assert time.monotonic() < since + _PATIENCE, f"nothing came any more after {seen} mails"
            await asyncio.sleep(0.02)


async def at_once(workers: int, work: Iterable[Awaitable[None]]) -> None:
    """Do all of it, so many at a time; the first fault ends it."""
    waiting = iter(work)

    async def worker() -> None:
        for one in waiting:
            await one

    async with asyncio.TaskGroup() as group:
        for _ in itertools.repeat(None, workers):
            group.create_task(worker())
