"""Conversations in the data file: header ids that name them, merging, what the rules of threading are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from multimail.adapters.store.repositories import Transaction
from multimail.core.model import Mailbox
from multimail.ports.intake import Named, Thread
from multimail.ports.reading import Interaction
from tests.support.mailroom import Letter, Mailroom

ANN, BOB = "ann@example.org", "bob@example.org"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Mailroom]:
    made = Mailroom(tmp_path)
    yield made
    made.tx.run("ROLLBACK")


@pytest.fixture
def tx(room: Mailroom) -> Transaction:
    return room.tx


@pytest.fixture
def box(room: Mailroom) -> Mailbox:
    return room.mailbox()


def thread(tx: Transaction, box: Mailbox, name: str, subject: str = "one", at: int = 10) -> Thread:
    made = Thread(f"thread_{name}", box.id, subject, subject, at, at)
    tx.threads.insert(made)
    return made


def test_a_header_id_names_the_thread_that_knew_it_first(tx: Transaction, box: Mailbox) -> None:
    one, two = thread(tx, box, "one"), thread(tx, box, "two")
    tx.threads.know(one, "<a@x>", "msg_a", ("<r@x>",))
    tx.threads.know(two, "<r@x>", "msg_r", ("<a@x>", "<new@x>"))

    assert sorted(tx.threads.named(box.id, ("<a@x>", "<r@x>", "<new@x>", "<none@x>"))) == [
        Named("<a@x>", one.id, "msg_a"),
        Named("<new@x>", two.id, None),
        Named("<r@x>", one.id, "msg_r"),
    ]


def test_a_thousand_mails_with_one_message_id_are_one_look_up(tx: Transaction, box: Mailbox) -> None:
    for number in range(1_000):
        tx.threads.know(thread(tx, box, f"{number:04}"), "<same@x>", f"msg_{number}", ())

    assert tx.threads.named(box.id, ("<same@x>",)) == [Named("<same@x>", "thread_0000", "msg_0")]


def test_header_ids_of_other_mailboxes_say_nothing(room: Mailroom, tx: Transaction, box: Mailbox) -> None:
    tx.threads.know(thread(tx, box, "one"), "<a@x>", "msg_a", ())

    assert tx.threads.named(room.mailbox("other").id, ("<a@x>",)) == []


def test_candidates_carry_what_the_rules_look_at(tx: Transaction, box: Mailbox) -> None:
    one = thread(tx, box, "one", "room", at=5)
    tx.threads.touch(one, 9, [ANN, BOB])
    touched = tx.threads.get(one.id)
    assert touched is not None
    tx.threads.touch(touched, 7, [ANN])

    (found,) = tx.threads.candidates([one.id, "thread_none"])
    assert (found.thread_id, found.created_at, found.last_at) == (one.id, 5, 9)
    assert (found.base_subject, found.participants) == ("room", frozenset({ANN, BOB}))


def test_alike_are_the_newest_of_one_subject_in_which_somebody_takes_part(
    tx: Transaction, box: Mailbox
) -> None:
    for number in range(30):
        tx.threads.touch(thread(tx, box, f"{number:02}", "room", at=number), number, [ANN])
    tx.threads.touch(thread(tx, box, "other", "desk", at=99), 99, [ANN])
    tx.threads.touch(thread(tx, box, "bob", "room", at=99), 99, [BOB])

    found = [one.last_at for one in tx.threads.alike(box.id, "room", ANN, since=20)]
    assert found == list(range(29, 19, -1))
    assert len(tx.threads.alike(box.id, "room", ANN, since=0)) == 20


def test_threads_without_a_subject_are_alike_to_none(tx: Transaction, box: Mailbox) -> None:
    tx.threads.touch(thread(tx, box, "one", ""), 10, [ANN])

    assert tx.threads.alike(box.id, "", ANN, since=0) == []


def test_merging_leaves_nothing_behind_and_old_ids_work(
    room: Mailroom, tx: Transaction, box: Mailbox
) -> None:
    first, second, third = (thread(tx, box, name, name, at) for name, at in (("a", 1), ("b", 9), ("c", 5)))
    mail = room.receive(box, Letter(thread=second.id))
    tx.threads.know(second, "<b@x>", mail.id, ())
    tx.threads.touch(second, 9, [BOB])
    tx.tags.add("thread", second.id, ["vip"], "", 1)
    contact = tx.contacts.ensure("contact_1", ANN, "", 1)
    tx.contacts.interacted(contact.id, Interaction("received", 1, box.id, mail.id, second.id))
    tx.threads.merge(second.id, [third.id])
    tx.threads.merge(first.id, [second.id])

    assert {tx.threads.get(one).id for one in (first.id, second.id, third.id)} == {first.id}  # type: ignore[union-attr]
    stored = tx.messages.get(mail.id)
    assert stored is not None
    assert stored.thread_id == first.id
    assert tx.threads.named(box.id, ["<b@x>"])[0].thread_id == first.id
    assert (tx.threads.participants(first.id), tx.threads.candidates([first.id])[0].last_at) == ([BOB], 9)
    assert [one.tag for one in tx.tags.of("thread", first.id)] == ["vip"]
    merged = tx.contacts.get(contact.id)
    assert merged is not None
    assert merged.latest_thread_id == first.id
    assert tx.threads.alike(box.id, "b", BOB, 0) == []


def test_only_the_newest_arrivals_of_a_thread_are_counted(
    room: Mailroom, tx: Transaction, box: Mailbox
) -> None:
    mails = [room.receive(box, Letter(thread="thread_x")) for _ in range(6)]
    room.send(box, Letter(thread="thread_x"))

    assert tx.threads.inbound_since("thread_x", mails[2].created_at, 100) == 4
    assert tx.threads.inbound_since("thread_x", 0, 3) == 2
    assert tx.threads.inbound_since("thread_y", 0, 100) == 0
