"""The log of a contact: figures beside it, what is hidden, and what a reader of some mailboxes sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail.core.model import Mailbox
from multimail.ports.contacts import ContactSearch
from multimail.ports.reading import Contact, Interaction, Sight
from tests.support.mailroom import NOON, Letter, Mailroom

EVERYTHING = Sight(see_hidden=True)


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.fixture
def box(room: Mailroom) -> Mailbox:
    return room.mailbox()


@pytest.fixture
def ann(room: Mailroom) -> str:
    return room.tx.contacts.ensure("contact_ann", "ann@example.org", "Ann", NOON).id


def facts(room: Mailroom, *boxes: Mailbox) -> Contact:
    sight = Sight(tuple(box.id for box in boxes) or None)
    return room.tx.contacts.search(ContactSearch(sight=sight))[0]


def log(room: Mailroom, ann: str, *lines: Interaction) -> None:
    for line in lines:
        room.tx.contacts.interacted(ann, line)


def test_the_figures_follow_the_log(room: Mailroom, box: Mailbox, ann: str) -> None:
    thread = room.send(box, Letter(status="sent")).thread_id
    log(room, ann, Interaction("sent", NOON, box.id, "m1", thread))
    assert not facts(room).replied

    log(
        room, ann,
        Interaction("received", NOON + 2, box.id, "m2", thread),
        Interaction("replied", NOON + 1, box.id, "m3", "thread_2"),
        Interaction("read", NOON + 3, box.id, "m4", "thread_3"),
    )  # fmt: skip
    found = facts(room)

    assert (found.last_contacted, found.last_inbound) == (NOON + 1, NOON + 2)
    assert (found.interaction_count, found.thread_count, found.latest_thread_id) == (4, 3, "thread_2")
    assert found.replied


def test_mail_that_answers_nothing_of_ours_is_no_reply(room: Mailroom, box: Mailbox, ann: str) -> None:
    theirs = room.receive(box, Letter()).thread_id
    log(
        room, ann,
        Interaction("sent", NOON, box.id, "m1", room.send(box, Letter(status="sent")).thread_id),
        Interaction("received", NOON, box.id, "m2", theirs),
    )  # fmt: skip

    assert not facts(room).replied


def test_a_reader_of_one_mailbox_is_told_of_that_one_only(room: Mailroom, box: Mailbox, ann: str) -> None:
    other, empty = room.mailbox("other"), room.mailbox("empty")
    log(
        room, ann,
        Interaction("sent", NOON, box.id, "m1", "t1"),
        Interaction("received", NOON + 1, box.id, "m2", "t1"),
        Interaction("sent", NOON + 5, other.id, "m3", "t2"),
    )  # fmt: skip
    mine, theirs, nothing = facts(room, box), facts(room, other), facts(room, empty)

    assert (mine.last_contacted, mine.last_inbound, mine.replied) == (NOON, NOON + 1, True)
    assert (mine.interaction_count, mine.thread_count, mine.latest_thread_id) == (2, 1, "t1")
    assert (theirs.last_contacted, theirs.last_inbound, theirs.replied) == (NOON + 5, None, False)
    assert (nothing.last_contacted, nothing.interaction_count, nothing.latest_thread_id) == (None, 0, None)
    assert facts(room, box, other).interaction_count == 3
    assert [one.message_id for one in room.tx.contacts.interactions(ann, 9, Sight((other.id,)))] == ["m3"]


def test_a_line_about_held_mail_changes_nothing_until_it_is_revealed(
    room: Mailroom, box: Mailbox, ann: str
) -> None:
    before = facts(room)
    log(room, ann, Interaction("received", NOON + 1, box.id, "m1", "t1", hidden=True))

    assert facts(room) == before
    assert room.tx.contacts.interactions(ann, 9, Sight()) == []
    assert len(room.tx.contacts.interactions(ann, 9, EVERYTHING)) == 1

    room.tx.contacts.reveal("m1")
    room.tx.contacts.reveal("m1")

    assert (facts(room).last_inbound, facts(room).interaction_count) == (NOON + 1, 1)
    assert len(room.tx.contacts.interactions(ann, 9, Sight())) == 1


def test_revealing_makes_a_contact_known_that_only_held_mail_knew(room: Mailroom, box: Mailbox) -> None:
    eve = room.tx.contacts.ensure("contact_eve", "eve@x.example", "", NOON, hidden=True)
    log(room, eve.id, Interaction("received", NOON, box.id, "m1", "t1", hidden=True))

    room.tx.contacts.reveal("m1")

    assert not facts(room).hidden


def test_lines_come_newest_first_and_say_when_their_mailbox_was_closed(
    room: Mailroom, box: Mailbox, ann: str
) -> None:
    other = room.mailbox("other")
    log(
        room, ann, Interaction("sent", NOON, box.id, "m1", "t1"), Interaction("read", NOON, other.id, "m2", "t2")
    )  # fmt: skip
    room.tx.mailboxes.delete(other.id, NOON)

    assert room.tx.contacts.interactions(ann, 9, Sight()) == [
        Interaction("read", NOON, other.id, "m2", "t2", mailbox_deleted=True),
        Interaction("sent", NOON, box.id, "m1", "t1"),
    ]
    assert len(room.tx.contacts.interactions(ann, 1, Sight())) == 1
