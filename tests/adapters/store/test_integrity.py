"""A damaged data file is found, a sound one is not blamed, and looking changes nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from multimail.adapters.store.integrity import faults


def made(path: Path) -> Path:
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (parent REFERENCES parent(id), text);"
        "CREATE INDEX by_text ON child (text);"
    )
    connection.executemany("INSERT INTO child VALUES (NULL, ?)", [("x" * 200,)] * 500)
    connection.commit()
    connection.close()
    return path


def test_a_sound_file_has_no_faults(tmp_path: Path) -> None:
    path = made(tmp_path / "sound.db")
    before = path.read_bytes()

    assert faults(path) == []
    assert path.read_bytes() == before


def test_a_damaged_page_is_found(tmp_path: Path) -> None:
    path = made(tmp_path / "damaged.db")
    content = bytearray(path.read_bytes())
    content[3 * 4096 : 3 * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)

    assert faults(path) != []


def test_a_row_that_refers_to_nothing_is_found(tmp_path: Path) -> None:
    path = made(tmp_path / "dangling.db")
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO child VALUES (7, 'lost')")
    connection.commit()
    connection.close()

    assert faults(path) == ["a row of child refers to nothing"]


def test_what_is_no_database_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("This is no database. " * 100, "utf-8")

    assert "not a database" in faults(path)[0]
