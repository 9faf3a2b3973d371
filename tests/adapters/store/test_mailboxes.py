"""Mailboxes with all their rules, those that were closed, and the account's settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from multimail.core.model import Caps, Mailbox, Mode
from tests.support.mailroom import NOON, Letter, Mailroom

FULL = Mailbox(
    "mbx_1", "shop@here.example", "Shop", Mode.MONITORED, Mode.AUTONOMOUS, "boss@example.com", ("@a.example",),
    (), ("cc@x.example",), ("bcc@x.example",), 30, "capture", two_person=True, resend_unknown=True,
    caps=Caps(0, 5), metadata={"a": [1, None]}, signature="Bye\nÜ", frozen_at=NOON, catches_all=True, created_at=NOON,
)  # fmt: skip


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


def test_a_mailbox_is_read_back_with_all_its_rules(room: Mailroom) -> None:
    room.tx.mailboxes.insert(FULL)

    assert room.tx.mailboxes.get(FULL.id) == FULL
    assert room.tx.mailboxes.by_address(FULL.address) == FULL
    assert room.tx.mailboxes.catch_all() == FULL


@pytest.mark.parametrize("allowed", [None, (), ("*",), ("a@b.example", "@c.example")])
def test_no_fence_an_empty_one_and_one_for_all_stay_what_they_are(
    room: Mailroom, allowed: tuple[str, ...] | None
) -> None:
    room.tx.mailboxes.insert(FULL)
    room.tx.mailboxes.save(replace(FULL, allowed=allowed))

    found = room.tx.mailboxes.get(FULL.id)

    assert found is not None
    assert found.allowed == allowed


def test_every_rule_can_be_changed(room: Mailroom) -> None:
    room.tx.mailboxes.insert(FULL)
    plain = Mailbox(FULL.id, FULL.address)

    room.tx.mailboxes.save(plain)

    assert room.tx.mailboxes.get(FULL.id) == plain


def test_a_closed_mailbox_is_found_nowhere_and_its_address_stays_taken(room: Mailroom) -> None:
    room.tx.mailboxes.insert(FULL)
    room.tx.mailboxes.delete(FULL.id, NOON)
    boxes = room.tx.mailboxes

    assert (boxes.get(FULL.id), boxes.by_address(FULL.address), boxes.catch_all()) == (None, None, None)
    assert (boxes.all(), boxes.by_oversight("boss@example.com")) == ([], [])
    assert boxes.address_taken(FULL.address)
    assert not boxes.address_taken("other@here.example")


def test_all_are_listed_oldest_first_or_those_that_are_asked_for(room: Mailroom) -> None:
    second = replace(FULL, id="mbx_0", address="new@here.example", created_at=NOON + 1)
    for box in (second, FULL):
        room.tx.mailboxes.insert(box)

    assert [box.id for box in room.tx.mailboxes.all()] == ["mbx_1", "mbx_0"]
    assert [box.id for box in room.tx.mailboxes.all(["mbx_0", "mbx_9"])] == ["mbx_0"]
    assert room.tx.mailboxes.all([]) == []


def test_several_may_be_watched_from_one_address(room: Mailroom) -> None:
    for number in range(2):
        room.tx.mailboxes.insert(replace(FULL, id=f"mbx_{number}", address=f"{number}@here.example"))

    assert [box.id for box in room.tx.mailboxes.by_oversight("boss@example.com")] == ["mbx_0", "mbx_1"]
    assert room.tx.mailboxes.by_oversight("other@example.com") == []


def test_unread_and_held_mail_of_a_mailbox_is_counted(room: Mailroom) -> None:
    box, other = room.mailbox(), room.mailbox("other")
    room.receive(box, Letter())
    room.receive(box, Letter(status="read"))
    room.receive(box, Letter(status="pending_inbound_approval"))
    room.send(box, Letter())
    room.send(box, Letter(status="scheduled"))
    room.receive(other, Letter())

    assert room.tx.mailboxes.unread_and_pending(box.id) == (1, 1)


@pytest.mark.parametrize("value", [0, False, "", [], {"a": {"b": [1, "ü"]}}, 1.5])
def test_a_setting_is_read_back_whatever_it_is(room: Mailroom, value: Any) -> None:
    room.tx.settings.set("name", "old")
    room.tx.settings.set("name", value)

    assert room.tx.settings.get("name") == value


def test_a_setting_of_none_is_not_there(room: Mailroom) -> None:
    room.tx.settings.set("name", 1)
    room.tx.settings.set("name", None)

    assert room.tx.settings.get("name") is None
    assert room.tx.value("SELECT count(*) FROM settings WHERE name = 'name'") == 0
