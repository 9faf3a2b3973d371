"""Admissions are kept as they were, and strangers are told from those the mailbox knew."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail.ports.figures import Admission
from tests.support.mailroom import NOON, Letter, Mailroom


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.mark.parametrize(
    ("tags", "known"), [(None, None), ((("vip",), ()), True), (((), ("unsubscribed", "x")), False)]
)
def test_an_admission_comes_back_as_it_was(
    room: Mailroom, tags: tuple[tuple[str, ...], ...] | None, known: bool | None
) -> None:
    mail = room.send(room.mailbox(), Letter())
    kept = Admission(mail.id, "held", ("gated_send", "placeholder"), tags, known)
    room.tx.figures.admit(kept)

    assert room.tx.figures.admissions([mail.id, "msg_other"]) == {mail.id: kept}


def test_an_admission_goes_with_its_mail(room: Mailroom) -> None:
    assert any(
        row["table"] == "messages" and row["on_delete"] == "CASCADE"
        for row in room.tx.all("PRAGMA foreign_key_list(admissions)")
    )


def test_strangers_are_who_neither_wrote_nor_was_written_to_before(room: Mailroom) -> None:
    box, other = room.mailbox(), room.mailbox("other")
    room.receive(box, Letter(sender="ann@example.org"))
    room.receive(other, Letter(sender="carl@example.org"))
    room.send(box, Letter(to=("bob@example.org",), status="delivered"))
    sent = {
        name: room.send(box, Letter(to=(f"{name}@example.org",))).id
        for name in ("ann", "bob", "carl", "dora")
    }
    both = room.send(box, Letter(to=("ann@example.org", "dora@example.org"))).id

    assert room.tx.figures.unknown([*sent.values(), both]) == {sent["carl"], sent["dora"], both}


def test_what_arrived_and_what_was_written_in_a_time(room: Mailroom) -> None:
    box = room.mailbox()
    room.receive(box, Letter())
    room.receive(box, Letter(status="spam"))
    late = room.send(box, Letter())
    room.send(box, Letter(more={"message_class": "system"}))

    assert room.tx.figures.arrived(box.id, NOON) == 1
    assert [one.id for one in room.tx.figures.outgoing(box.id, NOON, 10)] == [late.id]
    assert room.tx.figures.outgoing(box.id, room.clock.now() + 1, 10) == []
