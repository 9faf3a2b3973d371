"""A process that is killed while it erases somebody: the next one ends it, and nothing is left."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from signal import SIGKILL
from typing import Final

import pytest

from multimail.adapters.store.eraser import Eraser
from multimail.adapters.store.purge import Purge
from multimail.core.times import HOUR
from multimail.services import erasing, erasing_slices
from tests.services.test_purging_killed import dies
from tests.support import remains
from tests.support.desk import opened
from tests.support.warm import start

pytestmark = pytest.mark.anyio

ANN: Final = "ann.quuxley@example.org"
PERSON: Final = remains.Person((ANN, "Annabella Quuxley"), ("quuxley", "annabella"))
MAILS: Final = 7
MOMENTS: Final = {
    "mail": (Purge, "erase", 3), "rows": (Eraser, "scrub", 1), "index": (Eraser, "merge_index", 1),
}  # fmt: skip


async def dying(moment: str, folder: Path) -> None:
    erasing_slices.MAILS = 2  # type: ignore[misc]
    dies(*MOMENTS[moment])
    async with opened(folder) as desk:
        await desk.call("operator", "erase_person", email=ANN, confirm_email=ANN)


@pytest.mark.parametrize("moment", MOMENTS)
async def test_after_a_kill_the_server_ends_what_was_begun(tmp_path: Path, moment: str) -> None:
    async with opened(tmp_path) as desk:
        for number in range(MAILS):
            await desk.receive("Hello", From=f"Annabella Quuxley <{ANN}>", Message_ID=f"<{number}@x.org>")
        await desk.receive(f"{ANN} rang", From="bob@example.org", Message_ID="<bob@x.org>")
        await desk.call("operator", "create_template", name="A", subject="Hi", body=f"Ask {ANN}")

    with start(["-m", __name__, moment, str(tmp_path)]) as child:
        assert await asyncio.to_thread(child.wait, 60) == -SIGKILL

    async with opened(tmp_path) as desk:
        desk.later(HOUR)
        assert await erasing.step(desk.services) == 1
        (done,) = (await desk.call("operator", "list_erasures")).erasures
        assert done.state == "erased"
        assert len([one for one in await desk.events() if one.kind == "contact.erased"]) == 1
        assert remains.find(tmp_path, PERSON) == {}
        assert (await desk.send(to=[ANN])).status == "suppressed"
    with closing(sqlite3.connect(tmp_path / "mail.db")) as connection:
        connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


if __name__ == "__main__":
    asyncio.run(dying(sys.argv[1], Path(sys.argv[2])))
