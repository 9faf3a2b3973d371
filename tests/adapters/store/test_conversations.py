"""Conversations of a folder: each once, by its newest mail, whatever else is asked for and however they are paged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from multimail.core.lifecycle import INBOUND
from multimail.core.model import AttachmentMeta, Mailbox
from multimail.core.query import parse_query
from multimail.ports.conversations import Conversation, ConversationSearch
from multimail.ports.reading import MailSearch
from tests.support.mailroom import NOON, Letter, Mailroom

INBOX = ("pending_inbound_approval", "read", "unread")


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.fixture
def box(room: Mailroom) -> Mailbox:
    return room.mailbox()


def page(room: Mailroom, query: str = "", **asked: Any) -> list[Conversation]:
    more = {name: asked.pop(name) for name in ("as_of_seq", "captured", "catching", "wider") if name in asked}
    parsed = parse_query(query, NOON) if query else None
    mail = replace(MailSearch(statuses=INBOX, see_held=True, query=parsed), **asked)
    return room.tx.conversations.page(ConversationSearch(mail, **more))


def newest(found: list[Conversation]) -> list[str]:
    return [one.latest.subject for one in found]


def test_a_conversation_is_there_once_by_its_newest_mail(room: Mailroom, box: Mailbox) -> None:
    for subject, thread in (("a1", "thread_a"), ("b1", "thread_b"), ("a2", "thread_a"), ("b2", "thread_b")):
        room.receive(box, Letter(subject=subject, thread=thread))
    room.receive(box, Letter(subject="a3", thread="thread_a", status="spam"))

    assert newest(page(room)) == ["b2", "a2"]
    assert [one.mails for one in page(room)] == [2, 2]
    assert newest(page(room, statuses=("spam",))) == ["a3"]


def test_a_row_tells_how_many_who_and_what(room: Mailroom, box: Mailbox) -> None:
    file = AttachmentMeta(1, "a.pdf", "application/pdf", 1, "0")
    room.receive(box, Letter(thread="t", files=(file,), tags=("vip",), more={"sender_name": "Ann"}))
    room.receive(box, Letter(thread="t", sender="bob@example.org", status="read"))
    room.send(box, Letter(thread="t", status="sent"))

    [row] = page(room)

    assert (row.mails, row.unread, row.has_attachments, row.has_outbound) == (3, 1, True, True)
    assert (row.people, row.tags) == (("Ann", "bob@example.org"), ("vip",))


def test_what_is_held_from_agents_is_in_no_figure_of_theirs(room: Mailroom, box: Mailbox) -> None:
    room.receive(box, Letter(subject="seen", thread="t"))
    room.receive(
        box, Letter(subject="held", thread="t", sender="eve@example.org", status="pending_inbound_approval")
    )
    room.receive(box, Letter(subject="kept", thread="u", status="pending_inbound_approval"))
    room.send(box, Letter(subject="notice", thread="t", status="sent", more={"message_class": "system"}))
    every = tuple(sorted(INBOUND.states))

    [row] = page(room, statuses=every, see_held=False)

    assert (row.latest.subject, row.mails, row.people, row.has_outbound) == (
        "seen",
        1,
        ("ann@example.org",),
        False,
    )
    assert newest(page(room, statuses=every)) == ["kept", "held"]
    assert room.tx.conversations.count(None, every, see_held=False) == 1
    assert room.tx.conversations.count((box.id,), every, see_held=True) == 3


def test_other_mailboxes_show_nothing_of_this_one(room: Mailroom, box: Mailbox) -> None:
    other = room.mailbox("other")
    room.receive(box, Letter(subject="ours", tags=("ours",)))
    room.receive(other, Letter(subject="theirs", tags=("theirs",)))

    assert newest(page(room, mailbox_ids=(other.id,))) == ["theirs"]
    assert newest(page(room, mailbox_ids=(other.id, box.id))) == ["theirs", "ours"]
    assert page(room, mailbox_ids=()) == []
    assert room.tx.conversations.tags("", (other.id,), True, 9) == ["theirs"]
    assert room.tx.conversations.count((other.id,), ("unread",), see_held=True) == 1


@pytest.mark.parametrize("boxes", [1, 3, 70])
@pytest.mark.parametrize(
    "query", ["", "word", "from:ann", "tag:half", "word -tag:half", "-nothing", "is:unread"]
)
def test_pages_follow_each_other_whatever_arrives_meanwhile(room: Mailroom, boxes: int, query: str) -> None:
    made = [room.mailbox(f"b{n}") for n in range(boxes)]
    for number in range(60):
        tags = ("half",) if number % 2 else ()
        letter = Letter(subject=str(number), body="word", thread=f"thread_{number % 14}", tags=tags)
        room.receive(made[number % 14 % boxes], letter)
    whole = newest(page(room, query, limit=100))
    found: list[Conversation] = []
    as_of = None
    while part := page(
        room, query, limit=4, before_seq=found[-1].latest.seq if found else None, as_of_seq=as_of
    ):
        as_of = as_of or part[0].latest.seq
        found += part
        for thread in ("thread_1", "thread_8", "thread_new"):
            room.receive(made[0], Letter(subject="later", body="word", thread=thread, tags=("half",)))

    assert newest(found) == whole
    assert len({one.latest.thread_id for one in found}) == len(found) >= 7


def test_one_endless_conversation_hides_no_other(room: Mailroom, box: Mailbox) -> None:
    room.receive(box, Letter(subject="before"))
    for number in range(60):
        room.receive(box, Letter(subject=f"loop {number}", thread="thread_loop"))
    room.receive(box, Letter(subject="after"))

    assert newest(page(room, limit=3)) == ["after", "loop 59", "before"]
    assert newest(page(room, "loop", limit=3)) == ["loop 59"]


def test_kept_mail_is_what_did_not_leave_and_what_came_for_nobody(room: Mailroom, box: Mailbox) -> None:
    capture = room.mailbox("capture", catches_all=True)
    room.receive(box, Letter(subject="ours"))
    room.receive(capture, Letter(subject="for nobody"))
    for subject, delivery in (("kept", "captured"), ("left", "relayed")):
        sent = room.send(box, Letter(subject=subject, status="sent"))
        room.tx.messages.change(sent, NOON, delivery=delivery)
    statuses = ("delivered", "read", "sent", "unread")

    asked: dict[str, Any] = {"statuses": statuses, "captured": True, "catching": (capture.id,)}
    assert newest(page(room, **asked)) == ["kept", "for nobody"]
    assert newest(page(room, "is:outbound", **asked)) == ["kept"]


def test_a_query_may_name_states_only_where_the_folder_is_all(room: Mailroom, box: Mailbox) -> None:
    room.receive(box, Letter(subject="junk", status="spam"))

    assert page(room, "is:spam") == []
    assert newest(page(room, "is:spam", wider=True)) == ["junk"]


def test_words_are_found_in_small_folders_and_large_ones(room: Mailroom, box: Mailbox) -> None:
    for number in range(400):
        status = "archived" if number % 2 else "spam" if number % 100 == 0 else ""
        room.receive(
            box, Letter(subject=f"{number}", body="zebra" if number in (0, 1, 2) else "horse", status=status)
        )

    for statuses, expected in ((INBOX, ["2"]), (("archived",), ["1"]), (("spam",), ["0"])):
        assert newest(page(room, "zebra", statuses=statuses)) == expected
        assert len(page(room, "horse", statuses=statuses, limit=500)) > 2


def test_what_is_before_a_moment_is_found_without_what_came_after(room: Mailroom, box: Mailbox) -> None:
    for hour in range(6):
        room.clock.advance(3_600_000_000)
        room.receive(box, Letter(subject=str(hour)))

    assert newest(page(room, "before:2026-03-02T15:30:00Z")) == ["2", "1", "0"]
    assert newest(page(room, "before:1901-01-01")) == []
    assert len(page(room, "before:2200-01-01")) == 6


def test_tags_are_listed_by_name_from_a_beginning_on(room: Mailroom, box: Mailbox) -> None:
    room.receive(box, Letter(tags=("vip", "spring=1", "sprint")))
    room.receive(box, Letter(tags=("vip",)))
    room.receive(box, Letter(tags=("secret",), status="pending_inbound_approval"))

    tags = room.tx.conversations.tags
    assert tags("", None, True, 9) == ["secret", "spring", "sprint", "vip"]
    assert tags("", None, False, 9) == ["spring", "sprint", "vip"]
    assert tags("spr", None, True, 1) == ["spring"]
    assert tags("x", None, True, 9) == []
