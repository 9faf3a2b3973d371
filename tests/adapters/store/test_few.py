"""What only few mails meet: all that a search can mean is among it, and what is much is given up."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail.adapters.store import few
from multimail.core.model import AttachmentMeta, Mailbox, Recipient, RecipientKind
from multimail.core.query import parse_query
from tests.support.mailroom import NOON, Letter, Mailroom

FILE = AttachmentMeta(1, "a.pdf", "application/pdf", 1, "0")


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.fixture
def box(room: Mailroom) -> Mailbox:
    return room.mailbox()


def meeting(room: Mailroom, query: str) -> list[str] | None:
    """The subjects of the mails, oldest first."""
    found = few.meeting(room.tx, parse_query(query, NOON))
    if found is None:
        return None
    rows = room.tx.all("SELECT seq, subject FROM messages ORDER BY seq")
    return [row["subject"] for row in rows if row["seq"] in found]


def people(room: Mailroom) -> list[tuple[str, str, int]]:
    return [tuple(row) for row in room.tx.all("SELECT address, name, places FROM people ORDER BY 1, 2")]


@pytest.fixture
def letters(room: Mailroom, box: Mailbox) -> Mailroom:
    room.receive(box, Letter(subject="a", sender="ann@example.org", more={"sender_name": "Ann"}))
    room.receive(
        box, Letter(subject="b", sender="bob@example.com", more={"sender_name": "Bob"}, files=(FILE,))
    )
    room.receive(box, Letter(subject="c", sender="ann@example.org", more={"sender_name": "The Desk"}))
    return room


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from:nn", ["a", "c"]),
        ("from:desk", ["c"]),
        ("from:ANN@example.org", ["a", "c"]),
        ("from:zzz", []),
        ("-from:example.org", ["b"]),
        ("from:zzz OR from:bob", ["b"]),
        ("from:ann -from:desk", ["a", "c"]),
        ("has:attachment", ["b"]),
        ("is:replied", []),
        ("subject:b OR from:desk", ["b", "c"]),
        ("to:zzz", []),
        ("cc:zzz", []),
    ],
)
def test_all_that_can_be_meant_is_among_it(letters: Mailroom, query: str, found: list[str]) -> None:
    assert meeting(letters, query) == found


@pytest.mark.parametrize(
    "query", ["is:unread", "-how", "-to:ann", "from:ann OR is:unread", "before:2030-01-01"]
)
def test_what_no_index_answers_is_not_guessed(letters: Mailroom, query: str) -> None:
    assert meeting(letters, query) is None


def test_much_is_given_up(letters: Mailroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(few, "RARE", 1)

    assert meeting(letters, "from:ann") is None
    assert meeting(letters, "from:ann from:desk") == ["c"]
    assert meeting(letters, "from:ann OR from:bob") is None


def test_recipients_are_told_apart_by_how_they_got_it(room: Mailroom, box: Mailbox) -> None:
    seq = room.send(box, Letter(subject="a", status="sent")).seq
    room.tx.messages.replace_recipients(seq, [Recipient("cleo@example.org", RecipientKind.CC, "Cleo")])

    assert meeting(room, "cc:cleo") == meeting(room, "to:cleo") == ["a"]
    room.tx.messages.replace_recipients(seq, [Recipient("dora@example.org", RecipientKind.TO, "Dora")])
    assert (meeting(room, "cc:dora"), meeting(room, "to:dora"), meeting(room, "to:cleo")) == ([], ["a"], [])


def test_who_is_in_no_mail_any_more_is_forgotten(letters: Mailroom) -> None:
    before = {one[:2] for one in people(letters)}
    letters.tx.run("PRAGMA defer_foreign_keys = ON")
    letters.tx.run(
        "DELETE FROM recipients WHERE message_seq IN (SELECT seq FROM messages WHERE subject = 'c')"
    )
    letters.tx.run("DELETE FROM messages WHERE subject = 'c'")
    after = {one[:2] for one in people(letters)}

    assert before - after == {("ann@example.org", "The Desk")}
    assert all(places > 0 for _, _, places in people(letters))
