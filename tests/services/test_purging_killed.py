"""A process that is killed while it deletes or tells: whole slices are gone or there, and nothing is told twice."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from multimail.adapters.store.awaiting import Awaiting
from multimail.adapters.store.purge import Purge
from multimail.core.times import DAY, HOUR, MINUTE
from multimail.services import purging, review_notices
from tests.support.desk import Desk, opened
from tests.support.sink import Sink
from tests.support.warm import start

pytestmark = pytest.mark.anyio

MAILS: Final = 9


def dies(owner: Any, name: str, times: int) -> None:
    """Let the method work, and end this process by SIGKILL when it has worked so often, before the commit."""
    method, worked = getattr(owner, name), [0]

    def deadly(*args: Any, **named: Any) -> Any:
        result = method(*args, **named)
        worked[0] += 1
        if worked[0] == times:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, deadly)


async def emptying(folder: Path) -> None:
    purging.SLICE = 2  # type: ignore[misc]
    dies(Purge, "erase", 3)
    async with opened(folder) as desk:
        await desk.call("operator", "empty_mailbox", mailbox=desk.box)


async def telling(folder: Path) -> None:
    dies(Awaiting, "told", 1)
    async with opened(folder) as desk:
        desk.later(2 * MINUTE)
        await review_notices.step(desk.services)


async def killed(what: str, folder: Path) -> None:
    """Do it in a process of its own, which is killed."""
    with start(["-m", __name__, what, str(folder)]) as child:
        assert await asyncio.to_thread(child.wait, 60) == -signal.SIGKILL


async def test_after_a_kill_whole_slices_are_gone_and_the_server_ends_what_was_begun(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        for _ in range(MAILS):
            await desk.receive()
        held = await desk.send()

    await killed("emptying", tmp_path)

    async with opened(tmp_path) as desk:
        assert len(await desk.inbound()) == MAILS - 4
        found = await desk.call("operator", "check_inbox", query="much")
        assert found.count == MAILS - 4
        desk.later(HOUR)
        await purging.step(desk.services)
        assert await desk.inbound() == []
        assert await desk.status(held.message_id) == "pending_approval"
        (emptied,) = [one for one in await desk.events() if one.kind == "mailbox.emptied"]
        assert emptied.data == {"deleted": MAILS, "kept": 1, "reason": "asked"}
    with closing(sqlite3.connect(tmp_path / "mail.db")) as connection:
        connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


async def test_after_a_kill_a_notice_is_made_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        await desk.set(oversight_address="boss@example.com")
        await desk.send()

    await killed("telling", tmp_path)

    async with opened(tmp_path) as desk:
        desk.later(2 * MINUTE)
        assert await review_notices.step(desk.services) == 1
        desk.later(DAY)
        assert await review_notices.step(desk.services) == 0


async def test_mail_that_leaves_while_its_mailbox_is_emptied_leaves_once(tmp_path: Path) -> None:
    with Sink() as sink:
        async with opened(tmp_path) as desk:
            await desk.set(default_mode="autonomous")
            for number in range(MAILS):
                await desk.send(subject=f"No {number}")
                await asyncio.gather(
                    desk.step(sink), empty(desk), desk.receive(Message_ID=f"<{number}@x.org>")
                )
            await desk.step(sink)
            await empty(desk)
            left = await desk.call("operator", "check_inbox")

        assert sorted(mail.message_id for mail in sink.mails) == sorted({m.message_id for m in sink.mails})
        assert (len(sink.mails), left.count) == (MAILS, 0)


async def empty(desk: Desk) -> None:
    await desk.call("operator", "empty_mailbox", mailbox=desk.box)


if __name__ == "__main__":
    asyncio.run({"emptying": emptying, "telling": telling}[sys.argv[1]](Path(sys.argv[2])))
