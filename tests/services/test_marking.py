"""Marking: received mail moves along its table, and saying it twice is saying it once."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from multimail.core.errors import Problem
from multimail.core.model import Mailbox, Principal, Role
from tests.support.mailroom import Letter, Mailroom


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.fixture
def box(room: Mailroom) -> Mailbox:
    return room.mailbox()


@pytest.fixture
def agent(room: Mailroom, box: Mailbox) -> Principal:
    return room.principal(Role.AGENT, box)


def test_marks_follow_one_another_and_leave_an_event_each(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    mail = room.receive(box, Letter())
    way = ["unread", "read", "archived", "deleted", "unread", "spam"]
    for old, new in pairwise(way):
        done = room.do(agent, "mark_email", message_id=mail.id, mark=new)
        assert (done.previous_status, done.status) == (old, new)
    events = [event for event in room.tx.events.of_message(mail.id, 99) if event.kind == "message.marked"]

    assert [(event.data["old"], event.data["new"]) for event in events] == list(pairwise(way))
    assert {event.principal_id for event in events} == {agent.id}


def test_saying_it_twice_is_the_same_answer_and_no_event(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    mail = room.receive(box, Letter())
    room.do(agent, "mark_email", id=mail.id, status="archived")
    before = room.tx.events.of_message(mail.id, 99)

    again = room.do(agent, "mark_email", message_id=mail.id, mark="archived")

    assert (again.previous_status, again.status) == ("archived", "archived")
    assert room.tx.events.of_message(mail.id, 99) == before


def test_not_spam_brings_spam_back_and_leaves_the_rest_alone(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    spam, read = room.receive(box, Letter(status="spam")), room.receive(box, Letter(status="read"))

    assert room.do(agent, "mark_email", message_id=spam.id, mark="not_spam").status == "unread"
    assert room.do(agent, "mark_email", message_id=read.id, mark="not_spam").status == "read"


@pytest.mark.parametrize(
    ("status", "mark", "advice"), [("spam", "archived", "not_spam"), ("deleted", "spam", "unread")]
)
def test_a_move_the_table_lacks_is_a_conflict_that_says_the_way(
    room: Mailroom, box: Mailbox, agent: Principal, status: str, mark: str, advice: str
) -> None:
    mail = room.receive(box, Letter(status=status))
    with pytest.raises(Problem) as caught:
        room.do(agent, "mark_email", message_id=mail.id, mark=mark)

    assert caught.value.code == "conflict"
    assert advice in caught.value.advice


def test_outgoing_mail_is_not_marked(room: Mailroom, box: Mailbox, agent: Principal) -> None:
    with pytest.raises(Problem, match="only received mail") as caught:
        room.do(agent, "mark_email", message_id=room.send(box, Letter()).id, mark="read")

    assert caught.value.code == "conflict"


def test_held_mail_is_decided_on_and_not_marked(room: Mailroom, box: Mailbox, agent: Principal) -> None:
    held = room.receive(box, Letter(status="pending_inbound_approval"))

    with pytest.raises(Problem, match="no such message"):
        room.do(agent, "mark_email", message_id=held.id, mark="read")
    with pytest.raises(Problem, match="held") as caught:
        room.do(room.principal(Role.OPERATOR), "mark_email", message_id=held.id, mark="read")
    assert caught.value.code == "conflict"
