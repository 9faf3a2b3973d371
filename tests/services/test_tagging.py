"""Tagging: one target, one step; reserved tags are an operator's to take away, trust is an operator's to give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from multimail.contract.reading import TagEmail
from multimail.core.errors import Problem
from multimail.core.model import Mailbox, Principal, Role
from multimail.ports.records import StoredMessage
from multimail.services.tagging import only_reads
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


@pytest.fixture
def mail(room: Mailroom, box: Mailbox) -> StoredMessage:
    return room.receive(box, Letter())


def refused(room: Mailroom, who: Principal, **arguments: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        room.do(who, "tag_email", **arguments)
    return caught.value


def test_adding_and_removing_is_one_step_with_one_event(
    room: Mailroom, agent: Principal, mail: StoredMessage
) -> None:
    room.do(agent, "tag_email", message_id=mail.id, tags=["new", "hot"])
    done = room.do(agent, "tag_email", message_id=mail.id, tags="resolved, plan=pro", remove="new")

    assert (done.target, done.tags) == (mail.id, ["hot", "plan=pro", "resolved"])
    assert (sorted(done.added), done.removed) == (["plan", "resolved"], ["new"])
    assert done.tag_times["resolved"] > done.tag_times["hot"]
    event = room.tx.events.of_message(mail.id, 99)[-1]
    assert (event.kind, event.data) == ("tags.changed", {"added": ["resolved", "plan"], "removed": ["new"]})


@pytest.mark.parametrize(
    ("arguments", "tags"),
    [
        ({"tags": ["b"]}, ["a", "b"]),
        ({"tag": "b"}, ["a", "b"]),
        ({"tags": {"b": "1"}}, ["a", "b=1"]),
        ({"tags": '["b", "c"]'}, ["a", "b", "c"]),
        ({"tags": '{"b": "1"}'}, ["a", "b=1"]),
        ({"tags": ["b"], "action": "set"}, ["b"]),
        ({"tags": [], "action": "set"}, []),
        ({"tags": ["a"], "action": "remove"}, []),
        ({"key": "a", "action": "delete"}, []),
        ({"remove": ["a", "nothing"]}, []),
        ({"action": "get"}, ["a"]),
        ({"action": "get", "tags": ["ignored"], "remove": ["a"]}, ["a"]),
    ],
)
def test_every_way_of_saying_it(
    room: Mailroom, agent: Principal, mail: StoredMessage, arguments: dict[str, Any], tags: list[str]
) -> None:
    room.do(agent, "tag_email", id=mail.id, tags=["a"])

    assert room.do(agent, "tag_email", id=mail.id, **arguments).tags == tags


def test_threads_and_contacts_are_tagged_too(room: Mailroom, agent: Principal, mail: StoredMessage) -> None:
    thread = room.do(agent, "tag_email", thread_id=mail.thread_id, tags=["open"])
    contact = room.do(agent, "tag_email", email="New Person <New@x.example>", tags=["vip"])
    again = room.do(agent, "tag_email", contact_id=contact.target, tags=["hot"])

    assert (thread.target, thread.tags) == (mail.thread_id, ["open"])
    assert again.tags == ["hot", "vip"]
    made = room.tx.contacts.by_address("new@x.example")
    assert made is not None
    assert (made.id, made.name) == (contact.target, "New Person")


def test_looking_or_removing_makes_no_contact(room: Mailroom, agent: Principal) -> None:
    for arguments in ({"action": "get"}, {"remove": ["a"]}, {"action": "remove", "tags": ["a"]}):
        assert refused(room, agent, email="new@x.example", **arguments).code == "not_found"

    assert room.tx.contacts.by_address("new@x.example") is None


def test_a_contact_known_from_held_mail_only_is_made_known_by_tagging(
    room: Mailroom, agent: Principal
) -> None:
    room.tx.contacts.ensure("contact_eve", "eve@x.example", "Eve", 1, hidden=True)

    assert refused(room, agent, contact_id="contact_eve", tags=["a"]).code == "not_found"
    assert refused(room, agent, email="eve@x.example", action="get").code == "not_found"
    assert room.do(agent, "tag_email", email="eve@x.example", tags=["a"]).target == "contact_eve"
    assert room.do(agent, "tag_email", contact_id="contact_eve", action="get").tags == ["a"]


def test_a_claim_is_won_once(room: Mailroom, agent: Principal, mail: StoredMessage) -> None:
    room.do(agent, "tag_email", message_id=mail.id, tags=["claimed=one"], only_if_absent=True)

    lost = refused(room, agent, message_id=mail.id, tags=["other", "claimed=two"], only_if_absent=True)

    assert (lost.code, lost.field) == ("conflict", "tags")
    assert room.do(agent, "tag_email", message_id=mail.id, action="get").tags == ["claimed=one"]


def test_tags_that_are_expected_are_compared_before_any_is_set(
    room: Mailroom, agent: Principal, mail: StoredMessage
) -> None:
    room.do(agent, "tag_email", message_id=mail.id, tags=["stage=1", "lead"])
    moved = room.do(agent, "tag_email", message_id=mail.id, tags=["stage=2"], expect=["stage=1", "lead"])

    for expected in (["stage=1"], ["nothing"], ["lead", "stage=3"]):
        lost = refused(room, agent, message_id=mail.id, tags=["stage=9"], remove=["lead"], expect=expected)
        assert (lost.code, lost.field) == ("conflict", "expect")
    assert moved.tags == ["lead", "stage=2"]
    assert room.do(agent, "tag_email", message_id=mail.id, action="get").tags == ["lead", "stage=2"]


def test_reserved_tags_are_given_by_anybody_and_taken_by_operators_only(
    room: Mailroom, agent: Principal
) -> None:
    operator = room.principal(Role.OPERATOR)
    who = {"email": "ann@x.example"}
    room.do(agent, "tag_email", **who, tags=["Unsubscribed", "suppressed", "vip"])

    for arguments in ({"remove": ["UNSUBSCRIBED"]}, {"action": "remove", "tags": ["vip", "suppressed"]}):
        assert refused(room, agent, **who, **arguments).code == "forbidden"
    assert room.do(agent, "tag_email", **who, action="set", tags=["x"]).tags == [
        "suppressed",
        "unsubscribed",
        "x",
    ]
    assert room.do(operator, "tag_email", **who, remove=["suppressed"]).tags == ["unsubscribed", "x"]
    assert room.do(operator, "tag_email", **who, action="set", tags=["y"]).tags == ["y"]


def test_trust_is_an_operators_to_give_and_take(room: Mailroom, agent: Principal) -> None:
    operator = room.principal(Role.OPERATOR)
    for tags in (["trusted:all"], ["TRUSTED:x=1"], {"trusted:": "1"}):
        assert refused(room, agent, email="ann@x.example", tags=tags).code == "forbidden"
    room.do(operator, "tag_email", email="ann@x.example", tags=["trusted:all"])

    assert refused(room, agent, email="ann@x.example", remove=["trusted:all"]).code == "forbidden"
    assert room.do(agent, "tag_email", email="ann@x.example", action="set").tags == ["trusted:all"]


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({}, "invalid", "message_id"),
        ({"message_id": "msg_1", "email": "a@x.example"}, "invalid", "email"),
        ({"email": "nonsense", "tags": ["a"]}, "invalid_address", "email"),
        ({"email": "a@x.example", "tags": ["a"], "remove": ["a"]}, "contradiction", "remove"),
        ({"email": "a@x.example", "tags": ["a\nb"]}, "invalid", "tags"),
        ({"email": "a@x.example", "remove": ["a" * 65]}, "invalid", "remove"),
        ({"contact_id": "contact_nobody", "tags": ["a"]}, "not_found", "contact_id"),
        ({"thread_id": "thread_nowhere", "tags": ["a"]}, "not_found", "thread_id"),
        ({"email": "a@x.example", "mailbox": "nobody@x.example"}, "unknown_mailbox", "mailbox"),
    ],
)
def test_what_cannot_be_done_is_refused(
    room: Mailroom, agent: Principal, arguments: dict[str, Any], code: str, field: str
) -> None:
    problem = refused(room, agent, **arguments)

    assert (problem.code, problem.field) == (code, field)


def test_a_mailbox_may_be_named_beside_the_target_that_is_in_it(
    room: Mailroom, agent: Principal, box: Mailbox, mail: StoredMessage
) -> None:
    elsewhere = room.principal(Role.AGENT, box, room.mailbox("other"))

    for target in ({"message_id": mail.id}, {"thread_id": mail.thread_id}, {"email": "ann@x.example"}):
        assert room.do(agent, "tag_email", mailbox_id=box.address, tags=["a"], **target).tags == ["a"]
    wrong = refused(room, elsewhere, message_id=mail.id, mailbox="other@here.example", tags=["b"])
    assert (wrong.code, wrong.field) == ("contradiction", "mailbox")


def test_a_target_carries_a_bounded_number_of_tags(
    room: Mailroom, agent: Principal, mail: StoredMessage
) -> None:
    for start in range(0, 200, 50):
        room.do(agent, "tag_email", message_id=mail.id, tags=[f"t{n}" for n in range(start, start + 50)])

    assert refused(room, agent, message_id=mail.id, tags=["one more"]).code == "invalid"


def test_foreign_held_and_missing_targets_get_one_answer(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    foreign = room.receive(room.mailbox("other"), Letter())
    held = room.receive(box, Letter(status="pending_inbound_approval"))
    for name, ids in {
        "message_id": [foreign.id, held.id, "msg_0000000000000x"],
        "thread_id": [foreign.thread_id, held.thread_id, "thread_0000000000000x"],
    }.items():
        problems = [refused(room, agent, **{name: one}, tags=["a"]) for one in ids]
        words = {
            problem.message.replace(one, "") + problem.advice
            for problem, one in zip(problems, ids, strict=True)
        }
        assert {problem.code for problem in problems} == {"not_found"}
        assert len(words) == 1


@pytest.mark.parametrize(
    ("action", "reads"), [("get", True), ("add", False), ("remove", False), ("set", False)]
)
def test_only_looking_changes_nothing(action: str, reads: bool) -> None:
    request = TagEmail.parse({"message_id": "msg_1", "action": action})
    assert isinstance(request, TagEmail)

    assert only_reads(request) is reads
