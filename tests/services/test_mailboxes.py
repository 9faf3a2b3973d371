"""Mailboxes: their rules are an operator's, what is set is checked, what is closed stays closed."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import HOUR
from tests.support.desk import BOX, MAIL, Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


async def shown(desk: Desk, who: str, address: str = BOX) -> Any:
    listed = await desk.call(who, "list_mailboxes")
    return next(one for one in listed.mailboxes if one.address == address)


async def test_a_new_mailbox_holds_what_leaves(desk: Desk) -> None:
    made = await desk.call("operator", "create_mailbox", email="Desk@Localhost", display_name="Front desk")

    assert (made.mailbox.address, made.mailbox.display_name) == ("desk@localhost", "Front desk")
    assert (made.mailbox.oversight_mode, made.mailbox.ceiling) == ("gated_send", "gated_send")
    assert made.changed == ["display_name"]


async def test_an_address_is_never_given_again(desk: Desk) -> None:
    await desk.call("operator", "create_mailbox", address="shop@localhost")
    await desk.call("operator", "delete_mailbox", mailbox="shop@localhost")

    for address in (BOX, "shop@localhost", "SHOP@localhost"):
        problem = await desk.refused("operator", "create_mailbox", address=address)
        assert (problem.code, problem.field) == ("already_exists", "address")


async def test_the_default_moves_the_ceiling_and_a_ceiling_alone_moves_nothing_else(desk: Desk) -> None:
    strict = await desk.set(default_mode="gated_all")
    wide = await desk.set(ceiling="autonomous")

    assert (strict.mailbox.ceiling, strict.changed) == ("gated_all", ["ceiling", "default_mode"])
    assert (wide.mailbox.oversight_mode, wide.mailbox.ceiling) == ("gated_all", "autonomous")


@pytest.mark.parametrize(
    ("settings", "code", "field"),
    [
        ({"default_mode": "autonomous", "ceiling": "gated_send"}, "invalid_setting", "ceiling"),
        ({"default_mode": "monitored"}, "invalid_setting", "oversight_address"),
        ({"ceiling": "monitored"}, "invalid_setting", "oversight_address"),
        ({"oversight_address": "nonsense"}, "invalid_address", "oversight_address"),
        ({"trusted": ["a b"]}, "invalid_address", "trusted"),
        ({"allowed": ["nonsense@"]}, "invalid_address", "allowed"),
        ({"auto_bcc": ["*"]}, "invalid_address", "auto_bcc"),
        ({"display_name": "a\nb"}, "header_injection", "display_name"),
        ({"undo_seconds": 3601}, "invalid", "undo_seconds"),
        ({"deliver": "maybe"}, "invalid", "deliver"),
        ({"color": "red"}, "unknown_field", "color"),
    ],
)
async def test_a_setting_that_makes_no_sense_is_refused_and_changes_nothing(
    desk: Desk, settings: dict[str, Any], code: str, field: str
) -> None:
    before = await shown(desk, "operator")

    problem = await desk.refused("operator", "update_mailbox", mailbox=BOX, **settings)

    assert (problem.code, problem.field) == (code, field)
    assert await shown(desk, "operator") == before


async def test_every_setting_is_kept_as_it_was_given(desk: Desk) -> None:
    given: dict[str, Any] = {
        "display_name": "Desk", "default_mode": "monitored", "ceiling": "autonomous",
        "oversight_address": "boss@example.com", "trusted": ["@example.org"], "allowed": [],
        "auto_cc": ["team@example.com"], "auto_bcc": ["log@example.com"], "undo_seconds": 5, "deliver": "capture",
        "two_person": True, "cap_per_hour": 10, "cap_per_day": 20, "signature": "Bye", "metadata": {"a": 1},
    }  # fmt: skip

    await desk.set(**given)

    view = (await shown(desk, "operator")).model_dump()
    assert {name: view[name] for name in given if name != "default_mode"} == {
        name: value for name, value in given.items() if name != "default_mode"
    }
    assert view["oversight_mode"] == "monitored"


async def test_what_can_be_set_can_be_taken_away(desk: Desk) -> None:
    await desk.set(
        oversight_address="boss@example.com",
        allowed=[],
        cap_per_hour=1,
        metadata={"a": 1, "b": 2},
        trusted=["*"],
    )

    await desk.set(
        oversight_address="", clear_allowed=True, clear_caps=True, metadata={"a": None}, trusted=[]
    )

    view = await shown(desk, "operator")
    assert (view.oversight_address, view.allowed, view.cap_per_hour, view.metadata, view.trusted) == (
        None, None, None, {"b": 2}, [],
    )  # fmt: skip


@pytest.mark.parametrize("who", ["agent", "viewer", "owner"])
async def test_an_agent_does_not_see_who_is_on_which_list(desk: Desk, who: str) -> None:
    await desk.set(
        trusted=["ann@example.org"], allowed=["*@example.org"], oversight_address="boss@example.com"
    )

    view = (await shown(desk, who)).model_dump(exclude_none=True)

    assert "example" not in str(view)
    assert {"oversight_mode", "ceiling", "unread", "pending", "frozen"} <= view.keys()


@pytest.mark.parametrize("who", ["agent", "viewer", "reviewer", "owner", "bot"])
async def test_rules_are_an_operators(desk: Desk, who: str) -> None:
    for operation, given in {
        "create_mailbox": {"address": "x@localhost"},
        "update_mailbox": {"mailbox": BOX, "default_mode": "read_only"},
        "delete_mailbox": {"mailbox": BOX},
    }.items():
        assert (await desk.refused(who, operation, **given)).code == "forbidden"


async def test_closing_a_mailbox_withdraws_what_waits_and_keeps_the_history(desk: Desk, sink: Sink) -> None:
    held = await desk.send(tags=["spring"])
    due = await desk.send(subject="Due", scheduled_at=desk.at(HOUR))
    await desk.decide(due.message_id)
    free = await desk.send(subject="Free")
    await desk.decide(free.message_id)

    closed = await desk.call("operator", "delete_mailbox", mailbox=BOX)
    desk.later(2 * HOUR)

    assert closed.deleted
    assert {await desk.status(one.message_id) for one in (held, due, free)} == {"cancelled"}
    assert (await desk.timers(), await desk.step(sink), await desk.contact_tags()) == (0, 0, ())
    history = await desk.call("operator", "get_message_history", message_id=held.message_id)
    assert history.status == "cancelled"
    assert (await desk.refused("agent", "send_email", **MAIL, mailbox=BOX)).code == "unknown_mailbox"


async def test_the_mailbox_that_keeps_the_rest_cannot_be_closed(desk: Desk) -> None:
    assert (await desk.refused("operator", "delete_mailbox", mailbox="capture@localhost")).code == "conflict"


async def test_the_record_names_the_settings_and_not_their_values(desk: Desk) -> None:
    await desk.set(trusted=["ann@example.org"])

    event = (await desk.events())[-1]

    assert (event.kind, event.data) == ("mailbox.updated", {"settings": ["trusted"]})


async def test_unread_and_held_mail_is_counted(desk: Desk) -> None:
    await desk.receive()
    await desk.send()

    view = await shown(desk, "agent")

    assert (view.unread, view.pending) == (1, 1)
