"""Reading: pages, one mail, a conversation; what is not to be seen is not there, and what was cut is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from multimail.contract.reading import CheckInbox
from multimail.core.errors import Problem
from multimail.core.model import Mailbox, Principal, Role
from multimail.services.reading import is_search
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


def refused(room: Mailroom, who: Principal, operation: str, **arguments: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        room.do(who, operation, **arguments)
    return caught.value


def subjects(room: Mailroom, who: Principal, **arguments: Any) -> list[str]:
    return [row.subject for row in room.do(who, "check_inbox", **arguments).messages]


def test_pages_follow_by_cursor_while_mail_keeps_arriving(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    for number in range(5):
        room.receive(box, Letter(subject=str(number)))
    first = room.do(agent, "check_inbox", limit=2)
    room.receive(box, Letter(subject="new"))
    second = room.do(agent, "check_inbox", limit=2, cursor=first.cursor)
    third = room.do(agent, "check_inbox", limit=2, cursor=second.cursor)

    assert [row.subject for page in (first, second, third) for row in page.messages] == [
        "4",
        "3",
        "2",
        "1",
        "0",
    ]
    assert (first.count, third.count, third.cursor) == (2, 1, None)


def test_an_empty_mailbox_is_an_empty_page(room: Mailroom, agent: Principal) -> None:
    page = room.do(agent, "check_inbox")

    assert (page.messages, page.count, page.cursor) == ([], 0, None)


def test_a_cursor_of_another_filter_or_of_hidden_mail_is_refused(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    operator = room.principal(Role.OPERATOR)
    for _ in range(3):
        room.receive(box, Letter(status="pending_inbound_approval"))
        room.receive(box, Letter())
    theirs = room.do(operator, "check_inbox", limit=2).cursor

    assert refused(room, agent, "check_inbox", limit=2, cursor=theirs).code == "invalid_cursor"
    assert refused(room, operator, "check_inbox", filter="unread", cursor=theirs).code == "invalid_cursor"


def test_the_conversation_with_one_address_is_found_in_both_directions(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    room.send(box, Letter(to=("member@x.example",), subject="renewal", status="sent"))
    room.receive(box, Letter(sender="member@x.example", subject="Re: renewal"))
    room.receive(box, Letter(subject="unrelated"))
    query = "from:member@x.example OR to:member@x.example"

    assert subjects(room, agent, query=query, since="2026-03-02", limit=10) == ["Re: renewal", "renewal"]
    assert subjects(room, agent, query=query, since="2026-03-03") == []


def test_held_mail_is_absent_from_every_reading_door_of_agents(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    held = room.receive(box, Letter(subject="secret", status="pending_inbound_approval"))
    rejected = room.receive(box, Letter(subject="secret", status="rejected"))
    for status in (None, "pending", "rejected", "pending_inbound_approval"):
        assert subjects(room, agent, status=status) == []
    for query in ("secret", "is:pending", f"id:{held.id}", f"thread:{held.thread_id}", "-nothing"):
        assert subjects(room, agent, query=query) == []
    for mail in (held, rejected):
        assert refused(room, agent, "read_email", message_id=mail.id).code == "not_found"
        assert refused(room, agent, "get_thread", thread_id=mail.thread_id).code == "not_found"
        assert refused(room, agent, "download_attachment", message_id=mail.id, position=1).code == "not_found"
    assert subjects(room, room.principal(Role.OPERATOR), status="pending_inbound_approval") == ["secret"]


def test_foreign_hidden_and_missing_mail_get_one_answer(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    foreign = room.receive(room.mailbox("other"), Letter())
    held = room.receive(box, Letter(status="pending_inbound_approval"))
    for operation, name, ids in (
        ("read_email", "message_id", [foreign.id, held.id, "msg_0000000000000x"]),
        ("get_thread", "thread_id", [foreign.thread_id, held.thread_id, "thread_0000000000000x"]),
    ):
        problems = [refused(room, agent, operation, **{name: one}) for one in ids]
        assert (
            len({problem.message.replace(one, "") for problem, one in zip(problems, ids, strict=True)}) == 1
        )
        assert {(problem.code, problem.field) for problem in problems} == {("not_found", name)}


def test_reading_marks_mail_once_and_logs_every_look(room: Mailroom, box: Mailbox, agent: Principal) -> None:
    contact = room.tx.contacts.ensure("contact_ann", "ann@example.org", "Ann", 1)
    mail = room.receive(box, Letter(body="Hi", sender="Ann@example.org"))
    first, second = (room.do(agent, "read_email", message_id=mail.id) for _ in range(2))

    assert (first.body, first.status, second.status) == ("Hi", "unread", "read")
    assert [event.kind for event in room.tx.events.of_message(mail.id, 9)] == [
        "message.received",
        "message.read",
    ]
    view = room.do(agent, "search_contacts", include_interactions=True).contacts[0]
    assert [(line.kind, line.message_id) for line in view.interactions] == [("read", mail.id)] * 2
    assert view.contact_id == contact.id


def test_only_the_first_look_is_a_write_that_others_wait_for(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    mail = room.receive(box, Letter())
    looks = []
    for _ in range(2):
        call, _view = room.begin(agent, "read_email", message_id=mail.id)
        looks.append((len(call.after), len(call.later)))
        for work in (*call.after, *call.later):
            work(room.tx)

    assert looks == [(1, 0), (0, 1)]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER])
def test_who_may_only_read_leaves_mail_unread(room: Mailroom, box: Mailbox, role: Role) -> None:
    mail, reader = room.receive(box, Letter()), room.principal(role)
    room.do(reader, "read_email", message_id=mail.id)

    assert room.do(reader, "read_email", message_id=mail.id).status == "unread"


def test_mail_stays_unread_when_asked_and_when_marked_meanwhile(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    mail = room.receive(box, Letter())
    room.do(agent, "read_email", message_id=mail.id, mark_read=False)
    call, view = room.begin(agent, "read_email", message_id=mail.id)
    room.do(agent, "mark_email", message_id=mail.id, mark="archived")
    for work in call.after:
        work(room.tx)

    assert view.status == "unread"
    assert room.do(agent, "read_email", message_id=mail.id).status == "archived"


def test_outgoing_mail_says_what_became_of_each_recipient(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    mail = room.send(box, Letter(to=("a@x.example",), bcc=("b@x.example",)))

    view = room.do(agent, "read_email", message_id=mail.id)

    assert view.recipients == [
        {"address": "a@x.example", "kind": "to", "status": "pending_approval"},
        {"address": "b@x.example", "kind": "bcc", "status": "pending_approval"},
    ]


@pytest.mark.parametrize(("size", "served"), [(100, True), (5_000, False)])
def test_a_reviewer_has_seen_the_draft_that_was_shown_whole(
    room: Mailroom, box: Mailbox, agent: Principal, size: int, served: bool
) -> None:
    reviewer, mail = room.principal(Role.REVIEWER), room.send(box, Letter(body="x" * size))
    for who in (agent, reviewer):
        room.do(who, "read_email", message_id=mail.id, max_bytes=1_000)

    assert (room.tx.revisions.served(reviewer.id, mail.id) == (0, "d")) is served
    assert room.tx.revisions.served(agent.id, mail.id) is None


def test_a_conversation_is_read_oldest_first_within_its_budget(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    first = room.receive(box, Letter(subject="Plan", body="short"))
    for body in ("a" * 3_000, "b" * 2_000, "ü" * 300):
        room.receive(box, Letter(body=body, thread=first.thread_id))
    room.tx.tags.add("thread", first.thread_id, ["open"], "", 1)

    thread = room.do(agent, "get_thread", id=first.thread_id, max_bytes=2_000)
    sizes = [len(one.body.encode()) for one in thread.messages]

    assert (thread.subject, thread.tags, thread.message_count) == ("Plan", ["open"], 4)
    assert sizes == [5, 697, 697, 600]
    assert [one.body_cut for one in thread.messages] == [None, 2_303, 1_303, None]
    assert thread.cut == 3_606
    assert sum(sizes) <= 2_000


def test_a_long_conversation_comes_in_pages(room: Mailroom, box: Mailbox, agent: Principal) -> None:
    first = room.receive(box, Letter(body="0"))
    for number in range(1, 5):
        room.receive(box, Letter(body=str(number), thread=first.thread_id))
    bodies, cursor = [], None
    while True:
        page = room.do(agent, "get_thread", thread_id=first.thread_id, limit=2, cursor=cursor)
        bodies += [one.body for one in page.messages]
        cursor = page.cursor
        if cursor is None:
            break

    assert bodies == ["0", "1", "2", "3", "4"]
    assert (page.message_count, page.cut) == (5, None)


@pytest.mark.parametrize(
    ("arguments", "searches"),
    [
        ({}, False),
        ({"filter": "unread", "limit": 5}, False),
        ({"filter": {"unread": True}}, False),
        ({"filter": "unread", "query": "x"}, True),
        ({"filter": {"tags": ["x"]}}, True),
        ({"query": "x"}, True),
    ],
)
def test_what_may_take_long_is_known_beforehand(arguments: dict[str, Any], searches: bool) -> None:
    request = CheckInbox.parse(arguments)
    assert isinstance(request, CheckInbox)

    assert is_search(request) is searches


def test_reading_old_mail_brings_nobody_back_who_was_forgotten(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    ann = {"email": "ann@example.org"}
    mail = room.receive(box, Letter(sender=ann["email"]))
    room.do(agent, "tag_email", **ann, tags=["unsubscribed"])
    room.do(agent, "manage_contacts", action="delete", **ann)

    room.do(agent, "read_email", message_id=mail.id)

    assert room.do(agent, "search_contacts").contacts == []
    assert room.tx.value("SELECT count(*) FROM interactions") == 0


def test_after_the_first_of_all_ids_comes_everything(room: Mailroom, box: Mailbox, agent: Principal) -> None:
    room.receive(box, Letter(subject="in"))
    room.send(box, Letter(subject="out", status="sent"))

    assert subjects(room, agent, since_id="msg_00000000000000") == ["out", "in"]
