"""Gathering mails that come together: nobody waits alone, nobody waits for long, nobody is forgotten."""

from __future__ import annotations

import asyncio

import pytest

from multimail.services import inbound_batch
from multimail.services.inbound_batch import MOST, Batches, Waiting
from multimail.services.inbound_mail import Arrival, read
from tests.support.letters import envelope, letter

pytestmark = pytest.mark.anyio

MAIL = read(envelope(letter()))


class Filed:
    """Files at once, or at the gate; remembers the sizes of the batches."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.gate: asyncio.Event | None = None

    async def __call__(self, batch: list[Waiting]) -> None:
        self.sizes.append(len(batch))
        if self.gate is not None:
            await self.gate.wait()
        for one in batch:
            one.settle(None)


@pytest.fixture
def filed() -> Filed:
    return Filed()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for somebody who does not come waits longer than any test."""
    monkeypatch.setattr(inbound_batch, "_GAP", 60.0)
    monkeypatch.setattr(inbound_batch, "_LONGEST", 60.0)
    monkeypatch.setattr(inbound_batch, "_LIKELY", 60.0)


async def add(batches: Batches, count: int = 1, arrival: Arrival = MAIL) -> None:
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(batches.add(arrival, 0, announced=True))


@pytest.mark.usefixtures("patient")
async def test_who_comes_alone_waits_for_nobody(filed: Filed) -> None:
    batches = Batches(filed)
    for _ in range(3):
        batches.announce()
        await add(batches)

    assert filed.sizes == [1, 1, 1]


@pytest.mark.usefixtures("patient")
async def test_those_who_were_announced_are_filed_together(filed: Filed) -> None:
    batches = Batches(filed)
    for _ in range(5):
        batches.announce()
    first = asyncio.create_task(add(batches, 2))
    await asyncio.sleep(0.01)
    assert not first.done()
    await add(batches, 3)
    await first

    assert filed.sizes == [5]


async def test_who_was_announced_and_does_not_come_holds_nobody_up(filed: Filed) -> None:
    batches = Batches(filed)
    batches.announce()
    batches.announce()
    await add(batches)

    assert filed.sizes == [1]


@pytest.mark.usefixtures("patient")
async def test_peers_with_more_to_send_are_waited_for(filed: Filed) -> None:
    batches, filed.gate = Batches(filed), asyncio.Event()
    one = asyncio.create_task(add(batches))
    await asyncio.sleep(0)
    two = asyncio.create_task(add(batches))
    await asyncio.sleep(0.01)
    filed.gate.set()
    await one
    batches.announce()
    await asyncio.gather(two, add(batches))

    assert filed.sizes == [1, 2]


@pytest.mark.usefixtures("patient")
async def test_a_full_batch_goes_at_once(filed: Filed) -> None:
    batches = Batches(filed)
    for _ in range(MOST + 50):
        batches.announce()
    await add(batches, MOST)

    assert filed.sizes == [MOST]


async def test_large_mails_are_not_all_in_one_transaction(
    filed: Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbound_batch, "MOST_BYTES", 2 * len(MAIL.envelope.raw))
    await add(Batches(filed), 5)

    assert filed.sizes == [2, 2, 1]


async def test_each_hears_of_his_own_outcome() -> None:
    async def half(batch: list[Waiting]) -> None:
        for number, one in enumerate(batch):
            one.settle(ValueError(str(number)) if number % 2 else None)

    batches = Batches(half)
    outcomes = await asyncio.gather(
        *(batches.add(MAIL, 0, announced=True) for _ in range(4)), return_exceptions=True
    )
    assert [str(one) for one in outcomes] == ["None", "1", "None", "3"]
