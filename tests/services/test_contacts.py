"""Managing contacts: upsert by address, data that merges, and a log that everybody sees their part of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from multimail.contract.contacts import ContactView, ManageContacts
from multimail.core.errors import Problem
from multimail.core.model import Principal, Role
from multimail.ports.reading import Interaction
from multimail.services.contacts import only_reads
from tests.support.mailroom import NOON, Mailroom

ANN = "ann@example.org"


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.fixture
def agent(room: Mailroom) -> Principal:
    return room.principal()


def manage(room: Mailroom, who: Principal, action: str, **arguments: Any) -> ContactView:
    done = room.do(who, "manage_contacts", action=action, **arguments)
    assert (done.action, done.count) == (action, 1)
    found = done.contacts[0]
    assert isinstance(found, ContactView)
    return found


def refused(room: Mailroom, who: Principal, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(Problem) as caught:
        room.do(who, "manage_contacts", **arguments)
    return caught.value.code, caught.value.field


def kinds(room: Mailroom) -> list[str]:
    return [event.kind for event in room.tx.events.after(0, 99)]


def test_an_upsert_makes_a_contact_and_then_changes_it(room: Mailroom, agent: Principal) -> None:
    made = manage(room, agent, "upsert", email="Ann@Example.org", metadata={"plan": "free", "n": [1]})
    again = manage(room, agent, "upsert", address=ANN, name="Ann", metadata={"plan": "pro"}, tags=["vip"])

    assert (made.email, made.name, made.metadata) == (ANN, "ann", {"plan": "free", "n": [1]})
    assert (again.contact_id, again.name, again.tags) == (made.contact_id, "Ann", ["vip"])
    assert again.metadata == {"plan": "pro", "n": [1]}
    assert kinds(room) == ["contact.created", "tags.changed", "contact.updated"]


def test_the_name_beside_an_address_is_taken(room: Mailroom, agent: Principal) -> None:
    assert manage(room, agent, "add", email="Ann Smith <ann@example.org>").name == "Ann Smith"


def test_data_merges_keeps_its_types_and_null_clears(room: Mailroom, agent: Principal) -> None:
    data = {"int": 1, "float": 1.5, "yes": True, "list": ["a", 2], "object": {"deep": None}, "text": "1"}
    manage(room, agent, "upsert", email=ANN, metadata={"gone": 1, **data})

    after = manage(room, agent, "update", email=ANN, metadata={"gone": None, "never": None, "new": 2})

    assert after.metadata == {**data, "new": 2}
    assert after.metadata["yes"] is True


def test_an_update_that_changes_nothing_is_no_event(room: Mailroom, agent: Principal) -> None:
    manage(room, agent, "upsert", email=ANN, name="Ann")
    manage(room, agent, "update", email=ANN, name="Ann", metadata={})

    assert kinds(room) == ["contact.created"]


def test_adding_twice_and_changing_nobody_are_refused(room: Mailroom, agent: Principal) -> None:
    manage(room, agent, "add", email=ANN)

    assert refused(room, agent, action="add", email="ANN@example.org") == ("already_exists", "email")
    assert refused(room, agent, action="update", email="bob@x.example") == ("not_found", "email")
    assert refused(room, agent, action="delete", contact_id="contact_x") == ("not_found", "contact_id")
    assert refused(room, agent, action="get") == ("invalid", "email")
    assert refused(room, agent, action="add") == ("invalid", "email")
    assert refused(room, agent, action="upsert", email="nonsense") == ("invalid_address", "email")


def test_an_id_and_an_address_have_to_name_one_contact(room: Mailroom, agent: Principal) -> None:
    ann = manage(room, agent, "add", email=ANN).contact_id

    assert refused(room, agent, action="delete", contact_id=ann, email="bob@x.example") == (
        "contradiction",
        "email",
    )
    assert manage(room, agent, "get", contact_id=ann, email="ANN@example.org").email == ANN


def test_a_name_is_one_line(room: Mailroom, agent: Principal) -> None:
    for name in ("Ann\r\nBcc: eve@x.example", "Ann\x1b[31m"):
        assert refused(room, agent, action="upsert", email=ANN, name=name) == ("header_injection", "name")


def nested(depth: int) -> list[Any]:
    return [nested(depth - 1)] if depth else []


@pytest.mark.parametrize(
    "metadata",
    [
        {"big": "x" * 66_000},
        {"nan": float("nan")},
        {"surrogate": "\ud800"},
        {"deep": nested(25)},
        {f"key{n}": "y" * 100 for n in range(700)},
    ],
)
def test_data_that_cannot_be_kept_changes_nothing(
    room: Mailroom, agent: Principal, metadata: dict[str, Any]
) -> None:
    manage(room, agent, "upsert", email=ANN, metadata={"a": 1})

    assert refused(room, agent, action="update", email=ANN, metadata=metadata) == ("invalid", "metadata")
    assert manage(room, agent, "get", email=ANN).metadata == {"a": 1}


def test_deleting_forgets_everything_but_that_somebody_opted_out(room: Mailroom, agent: Principal) -> None:
    manage(room, agent, "upsert", email=ANN, name="Ann", metadata={"a": 1}, tags=["vip", "unsubscribed"])
    done = room.do(agent, "manage_contacts", action="delete", email=ANN)

    assert (done.deleted, done.contacts, done.action) == (True, [], "delete")
    assert refused(room, agent, action="get", email=ANN) == ("not_found", "email")
    assert room.do(agent, "search_contacts", tag="unsubscribed").contacts == []
    again = manage(room, agent, "add", email=ANN)
    assert (again.tags, again.metadata) == (["unsubscribed"], {})


def test_an_agent_gives_no_trust_with_a_contact(room: Mailroom, agent: Principal) -> None:
    assert refused(room, agent, action="upsert", email=ANN, tags=["trusted:all"]) == ("forbidden", "tags")


def test_the_flag_of_the_rest_form_means_upsert(room: Mailroom, agent: Principal) -> None:
    for _ in range(2):
        assert room.do(agent, "manage_contacts", action="add", upsert=True, email=ANN).action == "upsert"


def test_searching_is_the_default_and_pages_by_cursor(room: Mailroom, agent: Principal) -> None:
    for number in range(5):
        manage(room, agent, "add", email=f"c{number}@x.example")
    manage(room, agent, "add", email="other@y.example")
    seen: list[str] = []
    cursor = None
    while True:
        page = room.do(agent, "manage_contacts", domain="x.example", limit=2, cursor=cursor)
        seen += [one.email for one in page.contacts]
        cursor = page.cursor
        if cursor is None:
            break

    assert seen == [f"c{number}@x.example" for number in range(5)]
    first = room.do(agent, "search_contacts", limit=2)
    assert refused(room, agent, limit=2, domain="y.example", cursor=first.cursor) == (
        "invalid_cursor",
        "cursor",
    )


def test_the_log_is_shown_when_asked_for_and_as_far_as_the_caller_sees(room: Mailroom) -> None:
    mine, other = room.mailbox(), room.mailbox("other")
    clerk, operator = room.principal(Role.AGENT, mine), room.principal(Role.OPERATOR)
    ann = manage(room, clerk, "add", email=ANN).contact_id
    for line in (
        Interaction("sent", NOON, mine.id, "msg_1", "thread_1"),
        Interaction("received", NOON, other.id, "msg_2", "thread_2"),
        Interaction("received", NOON, mine.id, "msg_3", "thread_3", hidden=True),
    ):
        room.tx.contacts.interacted(ann, line)

    def told(who: Principal) -> tuple[list[str | None], int]:
        one = room.do(who, "search_contacts", email=ANN, include_interactions=True).contacts[0]
        return [line.message_id for line in one.interactions], one.interaction_count

    assert told(clerk) == (["msg_1"], 1)
    assert told(operator) == (["msg_3", "msg_2", "msg_1"], 2)
    assert room.do(clerk, "search_contacts", email=ANN).contacts[0].interactions is None


def test_contacts_of_held_mail_are_not_there_for_agents(room: Mailroom, agent: Principal) -> None:
    eve = room.tx.contacts.ensure("contact_eve", "eve@x.example", "Eve", NOON, hidden=True)

    assert room.do(agent, "search_contacts").contacts == []
    assert refused(room, agent, action="get", email=eve.address) == ("not_found", "email")
    assert room.do(room.principal(Role.OPERATOR), "search_contacts").contacts[0].email == eve.address
    assert manage(room, agent, "add", email=eve.address).contact_id == eve.id
    assert room.do(agent, "search_contacts").count == 1


@pytest.mark.parametrize(
    ("arguments", "reads"),
    [
        ({}, True),
        ({"action": "get", "email": ANN}, True),
        ({"email": ANN, "upsert": True}, False),
        ({"action": "upsert", "email": ANN}, False),
        ({"action": "delete", "email": ANN}, False),
    ],
)
def test_what_changes_nothing_is_known_beforehand(arguments: dict[str, Any], reads: bool) -> None:
    request = ManageContacts.parse(arguments)
    assert isinstance(request, ManageContacts)

    assert only_reads(request) is reads
