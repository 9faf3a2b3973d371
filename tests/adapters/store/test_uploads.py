"""Files that wait: kept as they came, counted for their principal, forgotten when their time is over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from multimail.ports.uploads import StoredUpload
from tests.support.mailroom import NOON, Mailroom

ONE = StoredUpload("upload_1", "key_1", "ü.pdf", "application/pdf", 3, "d", NOON, NOON + 10)


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.mark.parametrize("content", [b"\x00\xffx", bytearray(b"\x00\xffx")])
def test_a_file_comes_back_as_it_was(room: Mailroom, content: bytes | bytearray) -> None:
    room.tx.uploads.add(ONE, content)

    assert room.tx.uploads.get(ONE.id) == ONE
    assert room.tx.uploads.content(ONE.id) == b"\x00\xffx"
    assert (room.tx.uploads.get("upload_2"), room.tx.uploads.content("upload_2")) == (None, None)


def test_files_are_counted_for_their_principal_while_they_wait(room: Mailroom) -> None:
    others: list[dict[str, Any]] = [{}, {"size": 7}, {"principal_id": "key_2"}, {"expires_at": NOON}]
    for number, more in enumerate(others):
        room.tx.uploads.add(replace(ONE, id=f"upload_{number}", **more), b"abc")

    assert room.tx.uploads.held("key_1", NOON) == (2, 10)
    assert room.tx.uploads.held("key_3", NOON) == (0, 0)


def test_what_is_over_is_forgotten_the_oldest_first_and_only_so_many_at_once(room: Mailroom) -> None:
    for number in range(4):
        room.tx.uploads.add(replace(ONE, id=f"upload_{number}", expires_at=NOON + number), b"abc")

    assert room.tx.uploads.prune(NOON + 2, limit=2) == 2
    assert [room.tx.uploads.get(f"upload_{number}") is None for number in range(4)] == [
        True, True, False, False,
    ]  # fmt: skip
    assert (room.tx.uploads.prune(NOON + 2, 2), room.tx.uploads.prune(NOON + 2, 2)) == (1, 0)
