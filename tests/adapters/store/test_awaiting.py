"""What waits is known to the data file itself, whoever moves the mail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, opened

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as made:
        await made.set(oversight_address="boss@example.com")
        yield made


async def waiting(desk: Desk) -> list[str]:
    box = await desk.read(lambda tx: tx.mailboxes.by_address(desk.box))
    assert box is not None
    return await desk.read(lambda tx: tx.awaiting.listed(box.id, 100))


async def test_a_mail_waits_from_its_first_held_state_to_its_last(desk: Desk) -> None:
    first = (await desk.send()).message_id
    desk.later(1)
    second = (await desk.send(subject="Another")).message_id
    assert await waiting(desk) == [first, second]

    await desk.decide(first, "escalate")
    assert set(await waiting(desk)) == {first, second}
    await desk.decide(first, who="second")
    await desk.call("agent", "cancel_message", message_id=second)

    assert await waiting(desk) == []


async def test_the_time_of_the_first_that_nobody_was_told_of_is_kept_for_each_watched_mailbox(
    desk: Desk,
) -> None:
    box = await desk.read(lambda tx: tx.mailboxes.by_address(desk.box))
    assert box is not None
    began = desk.clock.now()
    await desk.send()
    desk.later(5)
    await desk.send(subject="Another")
    assert await desk.read(lambda tx: tx.awaiting.untold()) == {box.id: began}

    await desk.write(lambda tx: tx.awaiting.told(box.id, began + 9))
    assert await desk.read(lambda tx: tx.awaiting.untold()) == {}
    known = await desk.read(lambda tx: tx.awaiting.of(box.id))
    assert known is not None
    assert (known.untold, known.total, known.oldest_at, known.arrivals) == (0, 2, began, 0)

    await desk.write(lambda tx: tx.awaiting.again((tx.awaiting.listed(box.id, 1))[0], began + 10))
    assert await desk.read(lambda tx: tx.awaiting.untold()) == {box.id: began + 10}


async def test_mail_that_waited_before_notices_were_known_waits_after_it(desk: Desk) -> None:
    """The migration's own statement, on rows as an older version left them."""
    held = (await desk.send()).message_id
    await desk.sql("DELETE FROM awaiting")
    script = (Path("src/multimail/adapters/store/migrations") / "0007_keeping.sql").read_text("utf-8")
    (fill,) = [
        one
        for one in script.split(";")
        if "insert into awaiting (message_id, mailbox_id, since) select" in one
    ]

    await desk.sql(fill)

    assert await waiting(desk) == [held]
