"""Backing an account up and bringing it back, as an operator does it: nobody who was erased comes back with it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from multimail.commands import lock
from tests.support import remains
from tests.support.program import operator_key, run, serving

PERSON = remains.Person(("ann.quuxley@example.org", "Annabella Quuxley"), ("quuxley",))
UPSERT = (
    "manage-contacts",
    "--action",
    "upsert",
    "--email",
    "ann.quuxley@example.org",
    "--name",
    "Annabella Quuxley",
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    done = run(folder, *UPSERT)
    assert done.returncode == 0, done.stderr
    return folder


def contacts(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "multimail.db")) as connection:
        return [row[0] for row in connection.execute("SELECT address FROM contacts")]


def backed_up(folder: Path, *more: str, key: str = "") -> Path:
    done = run(folder, "backup", *more, MULTIMAIL_KEY=key or operator_key(folder))
    assert done.returncode == 0, done.stderr
    (made,) = (line for line in done.stdout.splitlines() if line.startswith("Written: "))
    return Path(made.removeprefix("Written: ").rpartition(" (")[0])


def test_a_restored_backup_is_without_whoever_was_erased_since(data: Path, tmp_path: Path) -> None:
    key = operator_key(data)
    copy = backed_up(data, key=key)
    away = tmp_path / "away.db"
    shutil.copy(copy, away)
    address = "ann.quuxley@example.org"
    done = run(data, "erase-person", address, address, MULTIMAIL_KEY=key)
    assert (done.returncode, "erased" in done.stdout) == (0, True), done.stderr
    assert remains.find(away.parent, PERSON).keys() >= {"row", "page"}

    restored = run(data, "restore", str(away))

    assert restored.returncode == 0, restored.stderr
    assert "Erasures looked for: 1." in restored.stdout
    assert contacts(data) == []
    copy.unlink()
    away.unlink()
    assert remains.find(data, PERSON) == {}


def test_an_account_that_was_lost_comes_back_with_the_list_beside_the_backup(
    data: Path, tmp_path: Path
) -> None:
    copy = backed_up(data, "--to", str(tmp_path / "elsewhere"), "--keep", "2")
    shutil.rmtree(data)

    restored = run(data, "restore", str(copy), cold=True)

    assert restored.returncode == 0, restored.stderr
    assert contacts(data) == ["ann.quuxley@example.org"]
    assert (data / "multimail.db").stat().st_mode & 0o777 == 0o600


def test_what_was_there_is_kept_unless_it_is_to_be_discarded(data: Path) -> None:
    copy = backed_up(data)

    kept = run(data, "restore", str(copy))
    number = len(list((data / "backups").glob("*.db")))
    discarded = run(data, "restore", str(copy), "--discard")

    assert (kept.returncode, discarded.returncode, number) == (0, 0, 2)
    assert "What was there:" in kept.stdout
    assert len(list((data / "backups").glob("*.db"))) == 2


def test_what_cannot_be_restored_changes_nothing_and_agents_make_no_backups(
    data: Path, tmp_path: Path
) -> None:
    (tmp_path / "odd.db").write_bytes(b"no database")
    (tmp_path / "odd.json").write_bytes(b"{}")
    copy = backed_up(data)
    before = (data / "multimail.db").read_bytes()

    refused = [
        run(data, "restore", str(tmp_path / "odd.db")),
        run(data, "restore", str(tmp_path / "none.db")),
        run(data, "restore", str(copy), "--erasures", str(tmp_path / "odd.json")),
    ]

    assert [one.returncode for one in refused] == [2, 2, 2]
    assert (data / "multimail.db").read_bytes() == before
    with lock.held(data):
        assert "already" in run(data, "restore", str(copy)).stderr
    assert run(data, "backup", cold=True).returncode == 3


def test_what_a_killed_restore_left_behind_is_gone_once_a_server_runs(data: Path) -> None:
    left = [data / f".multimail.db.restored{ending}" for ending in ("", "-wal")]
    for one in left:
        shutil.copy(data / "multimail.db", one)

    with serving(data) as server:
        server.until("is running")

        assert not any(one.exists() for one in left)
