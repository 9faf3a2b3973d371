"""Tags in the store: times, values, and what a mail brings and takes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail.core.model import Mailbox
from multimail.ports.reading import Tag
from multimail.ports.records import StoredMessage
from tests.support.mailroom import NOON, Letter, Mailroom


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.fixture
def box(room: Mailroom) -> Mailbox:
    return room.mailbox()


@pytest.fixture
def ann(room: Mailroom) -> str:
    return room.tx.contacts.ensure("contact_ann", "ann@example.org", "Ann", NOON).id


def names(room: Mailroom, kind: str, target: str) -> list[str]:
    return [tag.tag for tag in room.tx.tags.of(kind, target)]


def drip(
    room: Mailroom, box: Mailbox, ann: str, spelt: str = "ann@example.org", status: str = ""
) -> StoredMessage:
    """A mail to Ann that brings her contact and its thread the tag."""
    mail = room.send(box, Letter(to=(spelt,), tags=("drip",), status=status))
    room.tx.tags.add("contact", ann, ["drip"], "", NOON, origin=mail.id)
    room.tx.tags.add("thread", mail.thread_id, ["drip"], "", NOON, origin=mail.id)
    return mail


def test_tags_come_by_name_with_the_time_they_were_first_given(room: Mailroom) -> None:
    assert room.tx.tags.add("message", "m", ["vip", "plan=pro"], "key", 1) == ["vip", "plan"]
    assert room.tx.tags.add("message", "m", {"plan": "free", "vip": "", "new": ""}, "key", 2) == ["new"]

    assert room.tx.tags.of("message", "m") == [Tag("new", 2), Tag("plan", 1, "free"), Tag("vip", 1)]
    assert room.tx.tags.of("thread", "m") == []


def test_removing_says_what_was_there(room: Mailroom) -> None:
    room.tx.tags.add("contact", "c", ["a=1", "b", "c"], "", 1)

    assert room.tx.tags.remove("contact", "c", ["c", "x", "a=2"]) == ["c", "a"]
    assert names(room, "contact", "c") == ["b"]


def test_a_mail_that_never_leaves_takes_its_tags_back(room: Mailroom, box: Mailbox, ann: str) -> None:
    mail = drip(room, box, ann)
    room.tx.tags.add("contact", ann, ["vip"], "", NOON)
    room.tx.messages.move(mail, "rejected", NOON)

    assert len(room.tx.tags.withdraw(mail.id)) == 2
    assert names(room, "contact", ann) == ["vip"]
    assert names(room, "thread", mail.thread_id) == []
    assert names(room, "message", mail.id) == ["drip"]


def test_a_tag_stays_once_its_mail_left_or_somebody_gave_it_for_good(
    room: Mailroom, box: Mailbox, ann: str
) -> None:
    left, given = drip(room, box, ann), room.send(box, Letter())
    room.tx.tags.add("contact", ann, ["hot"], "", NOON, origin=given.id)
    room.tx.tags.confirm(left.id)
    room.tx.tags.add("contact", ann, ["hot"], "key", NOON)

    assert room.tx.tags.withdraw(left.id) == room.tx.tags.withdraw(given.id) == []
    assert names(room, "contact", ann) == ["drip", "hot"]


@pytest.mark.parametrize("spelt", ["ann@example.org", "Ann@example.org"])
def test_a_tag_that_two_mails_bring_goes_with_the_last_of_them(
    room: Mailroom, box: Mailbox, ann: str, spelt: str
) -> None:
    first, second = drip(room, box, ann, spelt), drip(room, box, ann, spelt)
    for mail, there in ((first, ["drip"]), (second, [])):
        room.tx.messages.move(mail, "cancelled", NOON)
        room.tx.tags.withdraw(mail.id)
        assert names(room, "contact", ann) == there


def test_a_tag_that_another_mail_left_with_stays_for_good(room: Mailroom, box: Mailbox, ann: str) -> None:
    waiting = drip(room, box, ann)
    sent = drip(room, box, ann, status="sent")
    room.tx.tags.confirm(sent.id)
    room.tx.messages.move(waiting, "expired", NOON)
    room.tx.tags.withdraw(waiting.id)

    assert names(room, "contact", ann) == ["drip"]
    assert room.tx.tags.withdraw(sent.id) == []


def test_no_origin_is_nobodys_to_withdraw_or_confirm(room: Mailroom) -> None:
    room.tx.tags.add("contact", "c", ["a"], "", 1)
    room.tx.tags.confirm("")

    assert room.tx.tags.withdraw("") == []
    assert names(room, "contact", "c") == ["a"]
