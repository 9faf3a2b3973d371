"""Copies of the data file: whole or not there, opened like the original, put back at once."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from multimail.adapters.store import backup
from multimail.adapters.store.engine import Store
from multimail.core.errors import Problem
from multimail.ports.erasure import Proof

pytestmark = pytest.mark.anyio

NAME = "mail-20260302T120000Z.db"
PROOFS = [Proof("era_1", "ab" * 16, 5), Proof("era_2", "cd" * 16, 6)]


def left(copies: backup.Copies) -> list[str]:
    return [one.name for one in Path(copies.folder).iterdir() if one.name.startswith(NAME)]


@pytest.fixture
async def copies(tmp_path: Path) -> backup.Copies:
    await Store.open(tmp_path / "mail.db").close()
    return backup.Copies(tmp_path / "mail.db", tmp_path / "backups", Store.open)


async def test_a_copy_is_opened_as_a_store_and_removed_with_all_that_belongs_to_it(
    copies: backup.Copies,
) -> None:
    assert copies.names() == []
    size = await copies.make(NAME)
    store = copies.opened(NAME)
    await store.write(lambda tx: tx.settings.set("x", 1))
    assert await store.read(lambda tx: tx.settings.get("x")) == 1
    await store.close()

    assert (copies.names(), size > 0) == ([NAME], True)
    copies.remove(NAME)
    assert copies.names() == []
    assert not left(copies)


async def test_only_what_is_named_like_a_backup_is_one(copies: backup.Copies) -> None:
    await copies.make(NAME)
    with closing(sqlite3.connect(f"{copies.folder}/other.db")) as other:
        other.execute("CREATE TABLE t (x)")

    assert copies.names() == [NAME]
    with pytest.raises(Problem):
        copies.opened("other.db")
    with pytest.raises(ValueError, match="no name"):
        await copies.make("../mail.db")


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, copies: backup.Copies) -> None:
    inside_a_file = backup.Copies(tmp_path / "mail.db", tmp_path / "mail.db" / "x", Store.open)

    with pytest.raises(Problem) as refused:
        await inside_a_file.make(NAME)

    assert (refused.value.code, refused.value.field) == ("storage_failed", "to")


async def test_the_list_beside_the_copies_is_read_as_it_was_written(copies: backup.Copies) -> None:
    await copies.make(NAME)

    assert copies.proofs() == []
    copies.list_proofs(PROOFS)
    copies.list_proofs(PROOFS)

    assert copies.proofs() == PROOFS


@pytest.mark.parametrize(
    "content", ["", "{}", "[1]", '[{"id": "era_1"}]', '[{"id": "x", "key": "y", "asked_at": "z"}]']
)
def test_what_is_no_list_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "list.json").write_text(content)

    with pytest.raises(Problem) as refused:
        backup.read_proofs(tmp_path / "list.json")

    assert (refused.value.code, refused.value.field) == ("invalid", "erasures")


def test_a_file_is_told_from_an_account_without_being_changed(tmp_path: Path) -> None:
    (tmp_path / "text").write_text(json.dumps({}))
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE t (x)")

    found = [backup.is_account(tmp_path / name) for name in ("text", "other.db", "none", ".")]

    assert found == [False] * 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.db", "text"]


async def test_what_is_put_back_is_what_the_copy_and_its_log_held(
    tmp_path: Path, copies: backup.Copies
) -> None:
    await copies.make(NAME)
    copy = Path(copies.folder) / NAME
    with closing(sqlite3.connect(copy, isolation_level=None)) as somebody:
        somebody.execute("PRAGMA wal_autocheckpoint = 0")
        somebody.execute("INSERT INTO settings VALUES ('late', '1')")
        backup.put_back(copy, tmp_path / "mail.db")

    with closing(sqlite3.connect(tmp_path / "mail.db")) as found:
        assert found.execute("SELECT value FROM settings WHERE name = 'late'").fetchone() == ("1",)
    assert backup.is_account(tmp_path / "mail.db")
