"""Backups: whole copies, only so many of them, without whoever was erased, also those that were carried away."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from multimail.adapters.store.engine import Store
from multimail.core.times import MINUTE
from multimail.services import backups
from tests.support import remains
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

ANN: Final = "ann.quuxley@example.org"
PERSON: Final = remains.Person((ANN, "Annabella Quuxley"), ("quuxley", "annabella"))


@pytest.fixture
def folder(desk: Desk) -> Path:
    return desk.path.parent / "backups"


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def known(desk: Desk) -> None:
    await desk.receive("zebras", From="Annabella Quuxley <Ann.Quuxley@example.org>", Message_ID="<a@x.org>")
    await desk.receive("lions", From="bob@example.org", Message_ID="<b@x.org>")


async def erase(desk: Desk) -> Any:
    return await desk.call("operator", "erase_person", email=ANN, confirm_email=ANN)


async def test_a_backup_is_a_whole_account_of_its_owner_alone(desk: Desk, folder: Path) -> None:
    await known(desk)

    made = await backups.make(desk.services, folder, keep=3)

    copy = folder / made.name
    assert files(folder) == {made.name, "erasures.json"}
    assert (copy.stat().st_mode & 0o777, copy.stat().st_size) == (0o600, made.size)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (2,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_only_so_many_backups_are_kept_and_nothing_else_is_touched(desk: Desk, folder: Path) -> None:
    shutil.copytree(desk.path.parent, folder, ignore=lambda *_: {"mail.db", "mail.db-wal", "mail.db-shm"})
    shutil.copy(desk.path, folder / "mine.db")
    made = []
    for _ in range(4):
        made.append(await backups.make(desk.services, folder, keep=2))
        desk.later(MINUTE)

    assert [one.removed for one in made] == [(), (), (made[0].name,), (made[1].name,)]
    assert files(folder) >= {made[2].name, made[3].name, "mine.db"}
    assert not files(folder) & {made[0].name, made[1].name}


async def test_two_backups_of_one_second_are_two(desk: Desk, folder: Path) -> None:
    first = await backups.make(desk.services, folder, keep=9)
    second = await backups.make(desk.services, folder, keep=9)

    assert first.name != second.name
    assert await backups.step(desk.services) == 0


async def test_who_is_erased_is_erased_in_the_backups(desk: Desk, folder: Path) -> None:
    await known(desk)
    made = await backups.make(desk.services, folder, keep=9)
    assert remains.find(folder, PERSON).keys() >= {"row", "search", "page"}

    await erase(desk)
    assert await backups.step(desk.services) == 1

    assert remains.find(desk.path.parent, PERSON) == {}
    with closing(sqlite3.connect(folder / made.name)) as connection:
        assert connection.execute("SELECT sender FROM messages").fetchall() == [("bob@example.org",)]
    (one,) = (await desk.call("operator", "list_erasures")).erasures
    assert one.backups_at is not None
    assert await backups.step(desk.services) == 0


async def test_a_backup_that_cannot_be_opened_is_tried_again(desk: Desk, folder: Path) -> None:
    await known(desk)
    made = await backups.make(desk.services, folder, keep=9)
    whole = (folder / made.name).read_bytes()
    (folder / made.name).write_bytes(b"SQLite format 3\0 and nothing more" * 200)
    await erase(desk)

    assert await backups.step(desk.services) == 0
    assert (await desk.call("operator", "list_erasures")).erasures[0].backups_at is None
    (folder / made.name).write_bytes(whole)
    assert await backups.step(desk.services) == 1
    assert remains.find(folder, PERSON) == {}


async def test_a_backup_that_was_carried_away_is_brought_up_to_date_by_the_list(
    desk: Desk, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    await known(desk)
    made = await backups.make(desk.services, folder, keep=9)
    away = tmp_path_factory.mktemp("away")
    shutil.copy(folder / made.name, away / "mail.db")
    await erase(desk)
    await desk.call("operator", "erase_person", email="never@example.net", confirm_email="never@example.net")
    proofs = await desk.read(lambda tx: tx.erasures.proofs())
    assert remains.find(away, PERSON).keys() >= {"row"}

    store = Store.open(away / "mail.db")
    restored = replace(desk.services, store=store)
    assert await backups.replay(restored, proofs)
    assert await backups.replay(restored, proofs)
    again = await store.read(lambda tx: tx.erasures.proofs())
    barred = await store.read(lambda tx: [tx.suppressions.unlifted(bytes.fromhex(one.key)) for one in again])
    await store.close()

    assert remains.find(away, PERSON) == {}
    assert {one.id for one in again} == {one.id for one in proofs}
    assert [[record.reason for record in records] for records in barred] == [["erasure"], ["erasure"]]


async def test_an_erasure_waits_for_a_backup_that_is_being_made(desk: Desk, folder: Path) -> None:
    await known(desk)
    made = await backups.make(desk.services, folder, keep=3)
    partly = folder / f".{made.name}.partly"
    shutil.copy(folder / made.name, partly)
    with partly.open("rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        await erase(desk)

        assert await backups.step(desk.services) == 0
        partly.rename(folder / "mail-20200101T000000Z.db")

    assert await backups.step(desk.services) == 1
    assert remains.find(folder, PERSON) == {}


async def test_what_a_killed_backup_left_behind_is_removed(desk: Desk, folder: Path) -> None:
    await known(desk)
    made = await backups.make(desk.services, folder, keep=3)
    shutil.copy(folder / made.name, folder / f".{made.name}.partly")
    (folder / f".{made.name}.partly-wal").touch()
    await erase(desk)

    assert await backups.step(desk.services) == 1

    assert not [name for name in files(folder) if "partly" in name]
    assert remains.find(folder, PERSON) == {}


async def test_mail_that_was_on_its_way_when_a_backup_was_made_is_not_waited_for(
    desk: Desk, folder: Path
) -> None:
    await desk.set(default_mode="autonomous")
    sent = await desk.send(to=[ANN])
    now, ids = desk.clock.now(), [(await desk.deliveries(sent.message_id))[ANN].id]
    await desk.write(lambda tx: tx.deliveries.claim("x", now, now + MINUTE, 1))
    await desk.write(lambda tx: tx.deliveries.move(ids, "claimed", "sending", now))
    await backups.make(desk.services, folder, keep=3)
    await desk.write(lambda tx: tx.deliveries.move(ids, "sending", "sent", now))
    await erase(desk)

    assert await backups.step(desk.services) == 1
    assert remains.find(folder, PERSON) == {}
