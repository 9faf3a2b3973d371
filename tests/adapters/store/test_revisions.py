"""Revisions: numbered, never changed, with their bytes exactly; and which one a principal was last shown."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.adapters.store.revisions import pack
from multimail.ports.records import StoredMessage, StoredRevision
from tests.support.mailroom import NOON, Letter, Mailroom


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.fixture
def message(room: Mailroom) -> StoredMessage:
    return room.send(room.mailbox(), Letter(body="first"))


def second(message: StoredMessage, raw: bytes = b"second") -> tuple[StoredRevision, bytes]:
    envelope = {"recipients": [["to", "ann@example.org", "Änn", False]], "class": None}
    return StoredRevision(message.id, 2, "d2", "key_1", "Subject", "second", envelope, NOON), raw


def test_a_revision_is_read_back_as_it_was_written(room: Mailroom, message: StoredMessage) -> None:
    revision, raw = second(message, bytes(range(256)) * 500)

    room.tx.revisions.add(revision, raw)

    assert room.tx.revisions.get(message.id, 2) == revision
    assert room.tx.revisions.raw(message.id, 2) == raw
    assert [one.number for one in room.tx.revisions.all(message.id)] == [0, 2]


def test_what_is_not_there_is_nothing(room: Mailroom, message: StoredMessage) -> None:
    assert room.tx.revisions.get(message.id, 9) is None
    assert room.tx.revisions.raw(message.id, 9) is None
    assert room.tx.revisions.all("msg_nothing") == []


def test_a_number_is_given_once(room: Mailroom, message: StoredMessage) -> None:
    room.tx.revisions.add(*second(message))

    with pytest.raises(sqlite3.IntegrityError):
        room.tx.revisions.add(*second(message))


@pytest.mark.parametrize("column", ["number", "digest", "author", "subject", "body", "envelope", "raw"])
def test_nothing_of_a_revision_can_be_changed(room: Mailroom, message: StoredMessage, column: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=f"conflict:revisions.{column}"):
        room.tx.run(f"UPDATE revisions SET {column} = 'x' WHERE message_id = :id", id=message.id)


def test_the_bytes_of_a_revision_can_be_erased(room: Mailroom, message: StoredMessage) -> None:
    room.tx.run("UPDATE revisions SET raw = NULL WHERE message_id = :id", id=message.id)

    assert room.tx.revisions.raw(message.id, message.revision) is None


@given(st.binary(max_size=2000) | st.binary(min_size=1, max_size=4).map(lambda piece: piece * 20_000))
def test_bytes_come_back_whatever_their_size(raw: bytes) -> None:
    import zlib

    assert zlib.decompress(pack(raw)) == raw


def test_what_a_principal_was_shown_last_is_remembered(room: Mailroom, message: StoredMessage) -> None:
    room.tx.revisions.serve("key_1", message.id, 1, "d1", NOON)
    room.tx.revisions.serve("key_1", message.id, 2, "d2", NOON + 1)

    assert room.tx.revisions.served("key_1", message.id) == (2, "d2")
    assert room.tx.revisions.served("key_2", message.id) is None
