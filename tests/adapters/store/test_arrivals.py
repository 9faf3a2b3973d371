"""Filing batches: every row of every mail, joined right; repeats; what is kept aside."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from multimail.core.model import AttachmentMeta, Mailbox, Recipient, RecipientKind
from multimail.ports.contacts import ContactSearch
from multimail.ports.intake import Filed, Identity, SetAside, Thread
from multimail.ports.reading import Contact, Interaction, MailSearch, Sight
from multimail.ports.records import NewMessage, StoredRevision
from tests.support.mailroom import Letter, Mailroom

ANN, BOB = "ann@example.org", "bob@example.org"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Mailroom]:
    made = Mailroom(tmp_path)
    yield made
    made.tx.run("ROLLBACK")


@pytest.fixture
def box(room: Mailroom) -> Mailbox:
    return room.mailbox()


def mail(box: Mailbox, number: int, author: str = ANN, thread: str = "", **more: Any) -> Filed:
    """One mail; in a thread of its own unless one is named. `more` are fields of its message."""
    thread_id = thread or f"thread_{number}"
    to = Recipient(box.address, RecipientKind.TO)
    message = NewMessage(
        f"msg_{number}", box.id, thread_id, "inbound", "unread", author, "A \"subject\"\n'ü'", f"<{number}@x>",
        number, recipients=(to, Recipient(BOB, RecipientKind.CC, "Bob ☺")), digest="d", **more,
    )  # fmt: skip
    new = None if thread else Thread(thread_id, box.id, message.subject, "base", number, number)
    revision = StoredRevision(
        message.id, 0, "d", "", message.subject, f"text {number}", {"helo": "x"}, number
    )
    return Filed(message, revision, zlib.compress(b"raw"), new, (author,), (), author, f"contact_{number}")


def contact(room: Mailroom, address: str = ANN) -> Contact | None:
    found = room.tx.contacts.search(ContactSearch(email=address, sight=Sight(see_hidden=True)))
    return found[0] if found else None


def found(room: Mailroom, box: Mailbox, query: str) -> list[str]:
    seqs = room.tx.all("SELECT rowid FROM search WHERE search MATCH :query ORDER BY 1", query=query)
    by_seq = {one.seq: one.id for one in room.tx.inbox.search(MailSearch((box.id,), see_held=True))}
    return [by_seq[row[0]] for row in seqs]


def test_a_batch_becomes_messages_with_all_that_belongs_to_them(room: Mailroom, box: Mailbox) -> None:
    meta = AttachmentMeta(1, "ä.txt", "text/plain", 3, "abc", inline=True)
    first, second = (
        mail(box, 1, problems=("bad_date",), hidden_text={"bidi": 2}),
        mail(box, 2, attachments=(meta,)),
    )
    room.tx.arrivals.file([first, second])

    one, two = (room.tx.messages.get(f"msg_{n}") for n in (1, 2))
    assert one is not None
    assert two is not None
    assert (one.seq < two.seq, one.subject, one.problems, one.hidden_text) == (
        True, first.message.subject, ("bad_date",), {"bidi": 2},
    )  # fmt: skip
    assert room.tx.messages.recipients(two.seq) == list(second.message.recipients)
    assert (two.has_attachments, room.tx.messages.attachments(two.id)) == (True, [meta])
    assert room.tx.revisions.get(one.id, 0) == first.revision
    assert room.tx.revisions.raw(one.id, 0) == b"raw"
    assert [(e.kind, e.message_id, e.thread_id) for e in room.tx.events.after(0, 10)] == [
        ("message.received", "msg_1", "thread_1"),
        ("message.received", "msg_2", "thread_2"),
    ]


def test_each_mail_of_a_batch_is_found_by_its_own_words_and_people(room: Mailroom, box: Mailbox) -> None:
    room.tx.arrivals.file([mail(box, 1), mail(box, 2, author="cat@example.org")])

    assert found(room, box, "body : 2") == ["msg_2"]
    assert found(room, box, "people : cat") == ["msg_2"]
    assert found(room, box, "subject : subject") == ["msg_1", "msg_2"]


def test_the_log_of_a_contact_counts_every_mail_of_a_batch(room: Mailroom, box: Mailbox) -> None:
    room.tx.arrivals.file([mail(box, 1), mail(box, 2, sender_name="Ann"), mail(box, 3, sender_name="Other")])

    who = contact(room)
    assert who is not None
    assert (who.id, who.name, who.interaction_count, who.last_inbound) == ("contact_1", "Ann", 3, 3)
    assert who.latest_thread_id == "thread_3"
    log = room.tx.contacts.interactions(who.id, 10, Sight())
    assert [(one.kind, one.message_id) for one in log] == [("received", f"msg_{n}") for n in (3, 2, 1)]


def test_mail_held_from_agents_leaves_a_hidden_contact_without_figures(room: Mailroom, box: Mailbox) -> None:
    held: dict[str, Any] = {"held_from_agents": True}
    room.tx.arrivals.file([mail(box, 1, **held)])
    who = contact(room)
    assert who is not None
    assert (who.hidden, who.interaction_count, who.last_inbound, who.latest_thread_id) == (
        True,
        0,
        None,
        None,
    )

    room.tx.arrivals.file([mail(box, 2)])
    room.tx.arrivals.file([mail(box, 3, **held)])
    who = contact(room)
    assert who is not None
    assert (who.hidden, who.interaction_count, who.last_inbound) == (False, 1, 2)
    assert [one.hidden for one in room.tx.contacts.interactions(who.id, 10, Sight(see_hidden=True))] == [
        True, False, True,
    ]  # fmt: skip


def test_who_answers_what_was_sent_has_replied(room: Mailroom, box: Mailbox) -> None:
    sent = room.send(box, Letter(status="delivered", thread="thread_s"))
    who = room.tx.contacts.ensure("contact_0", ANN, "", 0)
    room.tx.contacts.interacted(who.id, Interaction("sent", 0, box.id, sent.id, "thread_s"))
    room.tx.arrivals.file([mail(box, 1)])
    assert (contact(room) or who).replied is False

    room.tx.arrivals.file([replace(mail(box, 2, thread="thread_s"), answered=sent.id)])
    assert (contact(room) or who).replied is True
    answered = room.tx.messages.get(sent.id)
    assert answered is not None
    assert answered.has_replies


def test_who_gets_no_contact_gets_none(room: Mailroom, box: Mailbox) -> None:
    room.tx.arrivals.file([replace(mail(box, 1), contact_id="")])

    assert contact(room) is None


def test_a_mail_can_join_a_thread_that_begins_in_the_same_batch(room: Mailroom, box: Mailbox) -> None:
    second = replace(mail(box, 2, BOB, thread="thread_1"), ancestors=("<0@x>", "<1@x>"))
    room.tx.arrivals.file([mail(box, 1), second])

    assert room.tx.threads.participants("thread_1") == [ANN, BOB]
    assert room.tx.threads.candidates(["thread_1"])[0].last_at == 2
    named = {
        one.header_id: one.message_id for one in room.tx.threads.named(box.id, ("<0@x>", "<1@x>", "<2@x>"))
    }
    assert named == {"<0@x>": None, "<1@x>": "msg_1", "<2@x>": "msg_2"}


def test_tags_of_the_thread_are_taken_over_where_that_is_said(room: Mailroom, box: Mailbox) -> None:
    room.tx.arrivals.file([mail(box, 1)])
    room.tx.tags.add("thread", "thread_1", {"vip": "", "order": "17"}, "", 1)
    heir, stranger = mail(box, 2, thread="thread_1"), mail(box, 3, thread="thread_1")
    room.tx.arrivals.file([replace(heir, inherits=True), stranger])

    assert [(one.tag, one.value) for one in room.tx.tags.of("message", "msg_2")] == [
        ("order", "17"),
        ("vip", ""),
    ]
    assert room.tx.tags.of("message", "msg_3") == []


def test_a_mail_is_remembered_once_whoever_offers_it(room: Mailroom, box: Mailbox) -> None:
    remember, seen = room.tx.arrivals.remember, room.tx.arrivals.seen
    both = [Identity(box.id, "<a@x>", "hash", "msg_1"), Identity(box.id, "<a@x>", "hash", "msg_2")]

    assert remember(both) == {"msg_1"}
    assert remember([Identity(box.id, "<a@x>", "other", "msg_3"), both[1]]) == {"msg_3"}
    assert (seen(box.id, "<a@x>", "hash"), seen(box.id, "<b@x>", "hash")) == ("msg_1", None)
    assert remember([]) == set()


def test_what_is_kept_aside_comes_back_whole_and_newest_first(room: Mailroom) -> None:
    items = [SetAside(f"msg_{n}", n, "filing", {"sender": "ä"}, bytes(range(256))) for n in (1, 2, 3)]
    for item in items:
        room.tx.arrivals.set_aside(item)

    assert room.tx.arrivals.kept_aside(2) == items[:0:-1]
