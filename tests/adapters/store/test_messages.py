"""Message rows: what is written is read back, and a move needs the row to be as it was when it was looked at."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from multimail.core.errors import Problem
from multimail.core.model import AttachmentMeta, Mailbox, Recipient, RecipientKind
from multimail.ports.records import StoredMessage
from tests.support.mailroom import NOON, Letter, Mailroom

FILE = AttachmentMeta(1, "plan.txt", "text/plain", 4, "a" * 64, inline=True)


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.fixture
def box(room: Mailroom) -> Mailbox:
    return room.mailbox()


@pytest.fixture
def held(room: Mailroom, box: Mailbox) -> StoredMessage:
    return room.send(box, Letter(subject="Monday"))


def found(room: Mailroom, text: str) -> list[int]:
    rows = room.tx.all("SELECT rowid FROM search WHERE search MATCH :text", text=text)
    return [row[0] for row in rows]


def test_what_is_written_is_read_back(room: Mailroom, box: Mailbox) -> None:
    more = {
        "sender_name": "Desk", "reply_to": "x@y.example", "in_reply_to": "<1@x>", "header_refs": "<1@x> <2@x>",
        "message_class": "commercial", "mode": "gated_send", "requested_mode": "autonomous", "size": 5,
        "operation": "send_email", "principal_id": "key_1", "answers": "msg_0", "metadata": {"a": [1]},
        "problems": ("odd",), "hidden_text": {"bidi": 1}, "authentication": {"spf": "pass"}, "new_sender": True,
        "verdict": {"hits": [["a", "b"]]}, "scheduled_at": 5, "undo_until": 6, "expires_at": 7, "content_hash": "h",
        "delivery": "stored",
    }  # fmt: skip

    stored = room.send(box, Letter(more=more))

    assert {name: getattr(stored, name) for name in more} == more
    assert (stored.status, stored.direction, stored.updated_at) == (
        "pending_approval",
        "outbound",
        stored.created_at,
    )
    assert room.tx.messages.get("msg_nothing") is None


def test_recipients_keep_their_order_and_can_be_replaced(room: Mailroom, held: StoredMessage) -> None:
    new = [
        Recipient("b@x.example", RecipientKind.BCC, automatic=True),
        Recipient("a@x.example", RecipientKind.TO, "Ann"),
    ]

    room.tx.messages.replace_recipients(held.seq, new)

    assert room.tx.messages.recipients(held.seq) == new


def test_attachments_come_by_position_and_can_be_replaced(room: Mailroom, box: Mailbox) -> None:
    message = room.send(box, Letter(files=(replace(FILE, position=2), FILE)))
    assert [one.position for one in room.tx.messages.attachments(message.id)] == [1, 2]

    room.tx.messages.replace_attachments(message.id, [FILE])

    assert room.tx.messages.attachments(message.id) == [FILE]


def test_a_move_gives_back_the_row_as_it_is_now(room: Mailroom, held: StoredMessage) -> None:
    moved = room.tx.messages.move(held, "escalated", NOON + 5, expires_at=None, verdict={"a": 1})

    assert (moved.status, moved.updated_at, moved.expires_at, moved.verdict) == (
        "escalated",
        NOON + 5,
        None,
        {"a": 1},
    )
    assert room.tx.messages.get(held.id) == moved


@pytest.mark.parametrize("change", [{"status": "escalated"}, {"revision": 7}])
def test_a_row_that_is_no_longer_as_it_was_seen_is_a_conflict(
    room: Mailroom, held: StoredMessage, change: dict[str, object]
) -> None:
    seen = replace(held, **change)  # type: ignore[arg-type]

    for act in (
        room.tx.messages.move,
        lambda *given, **more: room.tx.messages.change(given[0], given[2], **more),
    ):
        with pytest.raises(Problem) as caught:
            act(seen, "queued", NOON, delivery="x")
        assert caught.value.code == "conflict"
    assert room.tx.messages.get(held.id) == held


def test_a_change_is_no_move(room: Mailroom, held: StoredMessage) -> None:
    changed = room.tx.messages.change(held, NOON + 5, subject="Tuesday", revision=2, digest="e")

    assert (changed.status, changed.subject, changed.revision, changed.digest) == (
        "pending_approval",
        "Tuesday",
        2,
        "e",
    )


def test_what_has_no_business_changing_cannot_be_changed(room: Mailroom, held: StoredMessage) -> None:
    for name in ("sender", "principal_id", "mailbox_id", "id", "seq"):
        with pytest.raises(ValueError, match="not changeable"):
            room.tx.messages.change(held, NOON, **{name: "x"})


@pytest.mark.parametrize(
    "column", ["sender", "principal_id", "mailbox_id", "direction", "header_id", "created_at"]
)
def test_the_file_itself_keeps_what_is_written_once(room: Mailroom, held: StoredMessage, column: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=f"conflict:messages.{column}"):
        room.tx.run(f"UPDATE messages SET {column} = 'other' WHERE id = :id", id=held.id)


def test_a_reply_is_noted_on_what_it_answers(room: Mailroom, box: Mailbox, held: StoredMessage) -> None:
    other = room.send(box, Letter())

    room.tx.messages.mark_answered([held.id])

    answered = [room.tx.messages.get(one.id) for one in (held, other)]
    assert [one is not None and one.has_replies for one in answered] == [True, False]


def test_after_an_edit_a_mail_is_found_by_its_new_text_and_not_by_its_old(
    room: Mailroom, box: Mailbox
) -> None:
    message = room.send(box, Letter(subject="Monday", body="strawberries"))
    people = "desk@here.example  ann@example.org "

    room.tx.messages.reindex(
        message.seq, ("Monday", people, "raspberries"), ("Monday", people, "strawberries")
    )

    assert (found(room, "raspberries"), found(room, "strawberries")) == ([message.seq], [])
