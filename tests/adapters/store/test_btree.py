"""Which bytes of a page mean nothing: never one that a row needs, whatever the page looks like."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from multimail.adapters.store import btree
from multimail.adapters.store.btree import Shape

SHAPE = Shape(4096, 4096, mapped=False, first_free=0)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[int]:
    """Trees of every kind, short and long rows, holes and free pages."""
    pick = random.Random(7)
    path = tmp_path / "any.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("PRAGMA page_size = 1024")
        made.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, value TEXT, other TEXT)")
        made.execute("CREATE INDEX i ON t (value)")
        made.execute("CREATE TABLE w (id TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        for number in range(2_000):
            made.execute("INSERT INTO t VALUES (?, ?, 'x')", (number**3, "a" * pick.randrange(3_000)))
            made.execute("INSERT INTO w VALUES (?, ?)", (pick.randbytes(8).hex(), "b" * pick.randrange(600)))
        made.execute("DELETE FROM t WHERE id % 3 = 0")
        made.execute("DELETE FROM w WHERE length(value) % 4 = 0")
        made.commit()
    number = os.open(path, os.O_RDWR)
    yield number
    os.close(number)


def test_a_file_whose_unused_bytes_are_noise_is_the_same_file(file: int, tmp_path: Path) -> None:
    shape = Shape.of(file)
    assert shape is not None
    with closing(sqlite3.connect(tmp_path / "any.db")) as look:
        before = [look.execute(f"SELECT * FROM {name}").fetchall() for name in "tw"]
    free = btree.free_pages(file, shape)
    spans = 0
    for number in range(1, os.fstat(file).st_size // shape.size + 1):
        at = (number - 1) * shape.size
        for start, end in btree.unused(os.pread(file, shape.size, at), number, shape, free):
            os.pwrite(file, b"\xa5" * (end - start), at + start)
            spans += end > start

    with closing(sqlite3.connect(tmp_path / "any.db")) as look:
        assert look.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert [look.execute(f"SELECT * FROM {name}").fetchall() for name in "tw"] == before
        look.execute("DELETE FROM t WHERE id % 2 = 0")
        look.execute("UPDATE w SET value = value || value")
        assert look.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert free
    assert spans > 500


def test_a_page_with_one_byte_that_is_not_accounted_for_is_left_alone(file: int) -> None:
    shape = Shape.of(file)
    assert shape is not None
    count = os.fstat(file).st_size // shape.size
    pages = [(one, os.pread(file, shape.size, (one - 1) * shape.size)) for one in range(2, count + 1)]
    number, page = next((n, p) for n, p in pages if p[0] in btree._HEADS and btree.unused(p, n, shape, {}))
    loose = bytearray(page)
    loose[7] += 1

    assert btree.unused(bytes(loose), number, shape, {}) == []


@pytest.mark.parametrize(
    "page",
    [
        bytes(4096),
        b"\x0d\x00\x00\xff\xff\x0f\x00\x00" + bytes(4088),
        b"\x0d\x00\x00\x00\x01\x0f\x00\x00\x00\x01" + bytes(4086),
        b"\x0d\x0f\x02\x00\x00\x0e\x00\x00" + bytes(4088),
        b"\x05\x00\x00\x00\x01\x0f\x00" + b"\xff" * 4089,
        b"\x07" + bytes(4095),
        b"\x0d" + bytes(511),
    ],
)
def test_a_page_that_is_not_as_it_should_be_is_left_alone(page: bytes) -> None:
    assert btree.unused(page, 2, SHAPE, {}) == []


def test_a_chain_of_free_blocks_that_makes_no_sense_is_left_alone() -> None:
    page = bytearray(4096)
    page[0:8] = b"\x0d\x0f\x00\x00\x00\x0e\x00\x00"
    page[0x0F00:0x0F04] = b"\x0f\x02\x00\x08"

    assert btree.unused(bytes(page), 2, SHAPE, {}) == []


@pytest.mark.parametrize("size", [512, 4096, 65536])
def test_the_page_of_the_locks_and_the_map_are_never_touched(size: int) -> None:
    locks = (1 << 30) // size + 1
    shape = Shape(size, size, mapped=True, first_free=0)
    each = size // 5 + 1

    assert shape.is_apart(locks)
    assert {n for n in range(1, 3 * each) if shape.is_apart(n)} - {locks} == {2, 2 + each, 2 + 2 * each}
    assert not Shape(size, size, mapped=False, first_free=0).is_apart(2)


@pytest.mark.parametrize("content", [b"", b"no database" * 20, b"SQLite format 3\0" + bytes(200)])
def test_what_is_no_data_file_has_no_shape(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    number = os.open(path, os.O_RDONLY)
    try:
        assert Shape.of(number) is None
    finally:
        os.close(number)
