"""Listing and opening mail: what a reader sees, in which order, and along which index."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from multimail.core.lifecycle import INBOUND
from multimail.core.model import Mailbox
from multimail.ports.reading import Listed, MailSearch
from multimail.ports.records import Event
from tests.support.mailroom import NOON, Letter, Mailroom


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.fixture
def box(room: Mailroom) -> Mailbox:
    return room.mailbox()


def subjects(found: list[Listed]) -> list[str]:
    return [one.subject for one in found]


def test_a_list_shows_inbound_and_what_left_or_will_newest_first(room: Mailroom, box: Mailbox) -> None:
    room.receive(box, Letter(subject="in"))
    room.send(box, Letter(subject="held"))
    room.send(box, Letter(subject="gone", status="sent"))
    room.receive(box, Letter(subject="junk", status="spam"))

    assert subjects(room.tx.inbox.search(MailSearch((box.id,)))) == ["gone", "held", "in"]


def test_a_row_carries_recipients_in_order_and_tags_with_their_values(room: Mailroom, box: Mailbox) -> None:
    room.receive(
        box, Letter(to=("b@x.example", "a@x.example"), cc=("c@x.example",), tags=("plan=pro", "vip"))
    )

    row = room.tx.inbox.search(MailSearch())[0]

    assert (row.to, row.tags) == (("b@x.example", "a@x.example"), ("plan=pro", "vip"))
    assert (row.has_attachments, row.metadata, row.direction) == (False, {}, "inbound")


def test_held_mail_and_system_mail_are_not_there_for_agents(room: Mailroom, box: Mailbox) -> None:
    room.receive(box, Letter(subject="held", status="pending_inbound_approval"))
    room.receive(box, Letter(subject="kept", more={"held_from_agents": True}))
    room.send(box, Letter(subject="notice", status="sent", more={"message_class": "system"}))
    every_state = tuple(INBOUND.states)

    assert room.tx.inbox.search(MailSearch()) == []
    assert room.tx.inbox.search(MailSearch(statuses=every_state)) == []
    assert subjects(room.tx.inbox.search(MailSearch(see_held=True))) == ["notice", "kept", "held"]


def test_other_mailboxes_and_no_mailboxes_show_nothing_of_this_one(room: Mailroom, box: Mailbox) -> None:
    other = room.mailbox("other")
    room.receive(box, Letter(subject="ours"))
    room.receive(other, Letter(subject="theirs"))

    assert subjects(room.tx.inbox.search(MailSearch((other.id,)))) == ["theirs"]
    assert subjects(room.tx.inbox.search(MailSearch((other.id, box.id)))) == ["theirs", "ours"]
    assert room.tx.inbox.search(MailSearch(())) == []


def test_many_mailboxes_are_one_list(room: Mailroom) -> None:
    boxes = [room.mailbox(f"b{n}") for n in range(20)]
    for box in boxes:
        room.receive(box, Letter(subject=box.address))
    ids = tuple(box.id for box in boxes[:-1])

    assert subjects(room.tx.inbox.search(MailSearch(ids))) == [box.address for box in reversed(boxes[:-1])]


def test_pages_follow_each_other_without_gap_or_repeat(room: Mailroom, box: Mailbox) -> None:
    for number in range(7):
        room.receive(box, Letter(subject=str(number)))
    found: list[Listed] = []
    while page := room.tx.inbox.search(MailSearch(before_seq=found[-1].seq if found else None, limit=3)):
        found += page

    assert subjects(found) == ["6", "5", "4", "3", "2", "1", "0"]


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_states_are_found_when_asked_for(room: Mailroom, box: Mailbox, direction: str) -> None:
    put: dict[str, Callable[[], object]] = {
        "inbound": lambda: room.receive(box, Letter(status="spam")),
        "outbound": lambda: room.send(box, Letter(status="failed")),
    }
    put[direction]()
    wanted = {"inbound": "spam", "outbound": "failed"}[direction]

    assert len(room.tx.inbox.search(MailSearch(statuses=(wanted,)))) == 1
    assert len(room.tx.inbox.search(MailSearch(statuses=(wanted,), exclude_statuses=(wanted,)))) == 0
    assert room.tx.inbox.search(MailSearch()) == []


def test_mail_after_a_message_includes_what_was_released_since(room: Mailroom, box: Mailbox) -> None:
    held = room.receive(box, Letter(subject="held", status="pending_inbound_approval"))
    known = room.receive(box, Letter(subject="known"))
    later = room.receive(box, Letter(subject="later"))
    search = MailSearch((box.id,), after=known.id)
    assert subjects(room.tx.inbox.search(search)) == ["later"]

    room.tx.messages.move(held, "unread", NOON, held_from_agents=0)
    room.tx.events.add(Event("oversight.approved", NOON, box.id, held.id))

    assert subjects(room.tx.inbox.search(search)) == ["later", "held"]
    arrived = room.tx.inbox.arrived(search, room.tx.inbox.position_of(known.id))
    assert subjects(arrived) == ["later", "held"]
    assert subjects(room.tx.inbox.arrived(search, room.tx.inbox.position_of(later.id))) == ["held"]
    assert room.tx.inbox.arrived(search, room.tx.inbox.position_of(held.id)) == []


def test_a_position_is_that_of_the_newest_event_before_a_moment(room: Mailroom, box: Mailbox) -> None:
    assert room.tx.inbox.position_at(NOON) == 0
    first = room.receive(box, Letter())
    room.receive(box, Letter())

    assert room.tx.inbox.position_at(first.created_at + 1) == room.tx.inbox.position_of(first.id)
    assert room.tx.inbox.position_of("msg_00000000000000") == 0


def test_an_opened_message_has_its_newest_body_and_people(room: Mailroom, box: Mailbox) -> None:
    first = room.send(box, Letter(body="one", to=("a@x.example",), bcc=("b@x.example",), tags=("vip",)))
    second = room.receive(box, Letter(body="two"))

    opened = room.tx.inbox.open([second, first])

    assert [one.body for one in opened] == ["two", "one"]
    assert [one.address for one in opened[1].recipients] == ["a@x.example", "b@x.example"]
    assert (opened[1].tags, opened[1].attachments, opened[0].tags) == (("vip",), (), ())


def test_a_thread_is_what_a_reader_sees_of_it(room: Mailroom, box: Mailbox) -> None:
    first = room.receive(box, Letter(subject="Question", bcc=("secret@x.example",)))
    held = Letter(sender="eve@x.example", thread=first.thread_id, status="pending_inbound_approval")
    room.receive(box, held)
    facts = room.tx.inbox.thread_facts(first.thread_id, see_held=False)
    all_of_it = room.tx.inbox.thread_facts(first.thread_id, see_held=True)

    assert facts is not None
    assert all_of_it is not None
    assert facts.participants == ("ann@example.org", box.address)
    assert (facts.message_count, all_of_it.message_count) == (1, 2)
    assert "eve@x.example" in all_of_it.participants
    assert [one.id for one in room.tx.inbox.thread(first.thread_id, False, 0, 10)] == [first.id]
    assert room.tx.inbox.thread_facts("thread_x", see_held=True) is None


def test_inbound_is_unanswered_until_a_reply_left_or_will(room: Mailroom, box: Mailbox) -> None:
    thread = room.receive(box, Letter()).thread_id

    def unanswered() -> bool:
        facts = room.tx.inbox.thread_facts(thread, see_held=False)
        assert facts is not None
        return facts.has_unanswered_inbound

    assert unanswered()
    room.send(box, Letter(thread=thread, status="failed"))
    assert unanswered()
    room.send(box, Letter(thread=thread))
    assert not unanswered()
    room.receive(box, Letter(thread=thread))
    assert unanswered()


def test_a_merged_thread_is_found_by_its_old_id(room: Mailroom, box: Mailbox) -> None:
    old, new = room.receive(box, Letter()), room.receive(box, Letter())
    room.tx.threads.merge(new.thread_id, [old.thread_id])

    facts = room.tx.inbox.thread_facts(old.thread_id, see_held=False)

    assert facts is not None
    assert (facts.thread_id, facts.message_count) == (new.thread_id, 2)


def test_a_thread_of_binned_mail_is_there_with_nothing_in_it(room: Mailroom, box: Mailbox) -> None:
    binned = room.receive(box, Letter(status="deleted"))

    facts = room.tx.inbox.thread_facts(binned.thread_id, see_held=False)

    assert facts is not None
    assert (facts.message_count, facts.has_unanswered_inbound, facts.participants) == (0, False, ())
    assert room.tx.inbox.thread(binned.thread_id, False, 0, 10) == []
