"""The record: appended to in order, never changed, and every call of an operation beside it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from multimail.ports.records import Event, StoredCall
from tests.support.mailroom import NOON, Mailroom

SENT = Event("message.sent", NOON, "mbx_1", "msg_1", "thread_1", "contact_1", "key_1", {"codes": [250]})


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


def test_events_come_in_the_order_in_which_they_were_added(room: Mailroom) -> None:
    other = Event("freeze.started", NOON - 5)
    for event in (SENT, other, replace(SENT, kind="message.delivered", data={})):
        room.tx.events.add(event)

    log = room.tx.events.after(0, 10)

    assert [one.kind for one in log] == ["message.sent", "freeze.started", "message.delivered"]
    assert replace(log[0], seq=0) == SENT
    assert replace(log[1], seq=0) == other
    assert room.tx.events.after(log[0].seq, 1) == [log[1]]


def test_those_of_a_message_are_found_by_it_and_bounded(room: Mailroom) -> None:
    for _ in range(3):
        room.tx.events.add(SENT)
    room.tx.events.add(replace(SENT, message_id="msg_2"))

    assert len(room.tx.events.of_message("msg_1", 10)) == 3
    assert len(room.tx.events.of_message("msg_1", 2)) == 2
    assert room.tx.events.of_message("msg_3", 10) == []


def test_a_kind_that_is_not_in_the_table_is_not_written(room: Mailroom) -> None:
    with pytest.raises(ValueError, match="no kind of event"):
        room.tx.events.add(replace(SENT, kind="message.lost"))

    assert room.tx.events.after(0, 10) == []


@pytest.mark.parametrize("column", ["kind", "at", "data", "message_id", "principal_id"])
def test_an_event_cannot_be_changed(room: Mailroom, column: str) -> None:
    room.tx.events.add(SENT)

    with pytest.raises(sqlite3.IntegrityError, match=f"conflict:events.{column}"):
        room.tx.run(f"UPDATE events SET {column} = 5")


def test_calls_are_read_newest_first_of_one_principal_or_of_all(room: Mailroom) -> None:
    mine = StoredCall(NOON, "key_1", "send_email", "mcp:stdio", "ok", "msg_1")
    theirs = StoredCall(NOON + 1, "key_2", "list_keys", "rest", "forbidden")
    for call in (mine, theirs):
        room.tx.events.call(call)

    assert room.tx.events.calls(None, 10) == [theirs, mine]
    assert room.tx.events.calls("key_1", 10) == [mine]
    assert room.tx.events.calls(None, 1) == [theirs]
