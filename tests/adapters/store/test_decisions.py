"""Decisions in order, kept as they were made; and first answers to idempotency keys."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from multimail.ports.records import Remembered, StoredDecision
from tests.support.mailroom import NOON, Letter, Mailroom

FIRST = Remembered("send_email", "f1", "msg_1", {"status": "queued", "tags": ["ü"]}, NOON)


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


def decision(room: Mailroom) -> StoredDecision:
    message = room.send(room.mailbox(), Letter())
    return StoredDecision(
        "dec_2", message.id, 1, "d", "key_1", "approve", "fine", "web", "a host", "--- a\n+++ b", NOON
    )


def test_decisions_come_in_the_order_in_which_they_were_made(room: Mailroom) -> None:
    one = decision(room)
    before, same_moment = replace(one, id="dec_3", at=NOON - 1), replace(one, id="dec_1")
    for each in (one, before, same_moment):
        room.tx.decisions.add(each)

    assert room.tx.decisions.of(one.message_id) == [before, same_moment, one]
    assert room.tx.decisions.of("msg_nothing") == []


@pytest.mark.parametrize(
    "column", ["decision", "digest", "principal_id", "revision", "via", "host", "at", "message_id"]
)
def test_who_decided_what_cannot_be_changed(room: Mailroom, column: str) -> None:
    room.tx.decisions.add(decision(room))

    with pytest.raises(sqlite3.IntegrityError, match=f"conflict:decisions.{column}"):
        room.tx.run(f"UPDATE decisions SET {column} = 'x'")


def test_what_people_wrote_in_it_can_be_erased(room: Mailroom) -> None:
    one = decision(room)
    room.tx.decisions.add(one)

    room.tx.run("UPDATE decisions SET note = '', diff = ''")

    assert room.tx.decisions.of(one.message_id) == [replace(one, note="", diff="")]


def test_an_answer_is_remembered_for_its_principal_and_key_and_not_longer_than_asked(room: Mailroom) -> None:
    keys = room.tx.idempotency
    keys.put("key_1", "k", FIRST)

    assert keys.get("key_1", "k", NOON) == FIRST
    assert keys.get("key_1", "k", NOON + 1) is None
    assert keys.get("key_2", "k", 0) is None
    assert keys.get("key_1", "other", 0) is None


def test_an_answer_that_is_over_makes_place_for_another(room: Mailroom) -> None:
    keys, second = room.tx.idempotency, replace(FIRST, fingerprint="f2", at=NOON + 5)
    keys.put("key_1", "k", FIRST)
    keys.put("key_1", "k", second)

    assert keys.get("key_1", "k", 0) == second
    assert (keys.prune(NOON + 5), keys.prune(NOON + 6)) == (0, 1)
