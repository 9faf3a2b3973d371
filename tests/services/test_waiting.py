"""Waiting for mail: what appears after the call began, nothing lost between one wait and the next."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from multimail.contract.reading import WaitForEmail, WaitResult
from multimail.core.errors import Problem
from multimail.core.model import Mailbox, Principal, Role
from multimail.ports.records import Event
from multimail.services import waiting
from multimail.services.context import Call, Caller
from multimail.services.searching import START
from tests.support.desk import Desk
from tests.support.mailroom import Letter, Mailroom


class Waiter:
    """A wait under way; each look is one of its looks."""

    def __init__(self, room: Mailroom, who: Principal, **arguments: Any) -> None:
        self.room, self.who, self.notes = room, who, {"began": room.clock.now() + 1}
        self.request = WaitForEmail.parse(arguments)

    def look(self) -> WaitResult:
        call = Call(
            self.who, Caller(self.who.id, "cli"), self.room.clock.now(), self.room.services, notes=self.notes
        )
        assert isinstance(self.request, WaitForEmail)
        done, view = waiting.look(self.room.tx, call, self.request)
        assert done is view.found
        return view

    def subjects(self) -> list[str]:
        return [row.subject for row in self.look().messages]


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.fixture
def box(room: Mailroom) -> Mailbox:
    return room.mailbox()


@pytest.fixture
def agent(room: Mailroom, box: Mailbox) -> Principal:
    return room.principal(Role.AGENT, box)


def test_mail_from_before_the_call_is_not_new(room: Mailroom, box: Mailbox, agent: Principal) -> None:
    old = room.receive(box, Letter(subject="old"))
    wait = Waiter(room, agent)
    nothing = wait.look()
    room.send(box, Letter(status="sent"))
    room.receive(room.mailbox("other"), Letter())
    assert wait.subjects() == []
    room.receive(box, Letter(subject="new"))

    assert (nothing.found, nothing.last_id) == (False, old.id)
    assert wait.subjects() == ["new"]


def test_mail_that_came_between_the_call_and_its_first_look_is_new(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    wait = Waiter(room, agent)
    room.receive(box, Letter(subject="new"))

    assert wait.subjects() == ["new"]


def test_waits_in_a_row_lose_nothing_and_repeat_nothing(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    last = Waiter(room, agent).look().last_id
    assert last == START
    seen: list[str] = []
    for number in range(25):
        room.receive(box, Letter(subject=str(number)))
    for _ in range(2):
        view = Waiter(room, agent, since_id=last).look()
        seen += [row.subject for row in view.messages]
        last = view.last_id

    assert seen == [str(number) for number in range(25)]
    assert Waiter(room, agent, since_id=last).look().last_id == last


def test_held_mail_appears_when_it_is_released_and_once(
    room: Mailroom, box: Mailbox, agent: Principal
) -> None:
    wait = Waiter(room, agent)
    held = room.receive(box, Letter(subject="held", status="pending_inbound_approval"))
    later = room.receive(box, Letter(subject="later"))
    assert wait.subjects() == ["later"]
    after = Waiter(room, agent, since_id=later.id)
    assert after.subjects() == []

    room.tx.messages.move(held, "unread", room.clock.now(), held_from_agents=0)
    room.tx.events.add(Event("oversight.approved", room.clock.now(), box.id, held.id))

    view = after.look()
    assert ([row.subject for row in view.messages], view.last_id) == (["held"], held.id)
    assert Waiter(room, agent, since_id=held.id).subjects() == []


@pytest.mark.parametrize(
    ("arguments", "subjects"),
    [
        ({"query": "from:bob@x.example"}, ["two"]),
        ({"query": "invoice"}, ["one"]),
        ({"filter": {"sender": "bob"}}, ["two"]),
        ({"filter": {"subject_contains": "ONE"}}, ["one"]),
        ({"tags": ["vip"]}, ["two"]),
        ({"filter": "unread"}, ["one", "two"]),
    ],
)
def test_a_wait_filters_as_the_inbox_does(
    room: Mailroom, box: Mailbox, agent: Principal, arguments: dict[str, Any], subjects: list[str]
) -> None:
    wait = Waiter(room, agent, **arguments)
    room.receive(box, Letter(subject="one", body="an invoice"))
    room.receive(box, Letter(sender="bob@x.example", subject="two", tags=("vip",)))

    assert wait.subjects() == subjects


@pytest.mark.parametrize(("arguments", "moves"), [({}, True), ({"tags": ["vip"]}, False)])
def test_a_look_goes_on_from_the_last_unless_mail_may_still_come_to_fit(
    room: Mailroom, box: Mailbox, agent: Principal, arguments: dict[str, Any], moves: bool
) -> None:
    wait = Waiter(room, agent, **arguments)
    wait.look()
    before = wait.notes["position"]
    late = room.receive(room.mailbox("other") if moves else box, Letter(subject="late"))
    assert wait.subjects() == []
    room.tx.tags.add("message", late.id, ["vip"], "", 1)

    assert (wait.notes["position"] > before) is moves
    assert wait.subjects() == ([] if moves else ["late"])


def test_what_does_not_arrive_cannot_be_waited_for(room: Mailroom, agent: Principal) -> None:
    for arguments, code in (
        ({"filter": "outbound"}, "invalid"),
        ({"since_id": "msg_x"}, "not_found"),
        ({"query": "((("}, "invalid_query"),
    ):
        with pytest.raises(Problem) as caught:
            Waiter(room, agent, **arguments).look()
        assert caught.value.code == code


@pytest.mark.anyio
async def test_a_wait_that_may_not_take_time_looks_once(desk: Desk) -> None:
    known = await desk.receive()
    desk.later(1)

    view = await desk.call("agent", "wait_for_email", timeout_seconds=0)

    assert (view.found, view.messages, view.waited_seconds, view.last_id) == (False, [], 0.0, known)


@pytest.mark.anyio
async def test_a_wait_ends_when_mail_arrives(desk: Desk) -> None:
    waits = asyncio.create_task(
        desk.call("agent", "wait_for_email", query="from:ann@example.org", timeout_seconds=60)
    )
    await asyncio.sleep(0)
    arrived = await desk.receive(Subject="Here it is")

    async with asyncio.timeout(10):
        view = await waits

    assert (view.found, view.last_id) == (True, arrived)
    assert [row.subject for row in view.messages] == ["Here it is"]


@pytest.mark.anyio
async def test_reading_is_seen_by_the_next_call_of_the_process(desk: Desk) -> None:
    mail = await desk.receive()

    first = await desk.call("agent", "read_email", message_id=mail)
    unread = await desk.call("agent", "check_inbox", filter="unread")

    assert (first.status, unread.messages) == ("unread", [])
    assert await desk.status(mail) == "read"
