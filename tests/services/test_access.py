"""Who sees what: foreign ids and random ids get the very same answer."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.errors import Problem
from tests.support.desk import BOX, MAIL, Desk

pytestmark = pytest.mark.anyio

RANDOM = "msg_00000000000000"
BY_MESSAGE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("read_email", {}),
    ("reply_email", {"body": "Yes."}),
    ("forward_email", {"to": ["bob@example.org"]}),
    ("edit_pending", {"body": "Changed."}),
    ("cancel_message", {}),
    ("mark_email", {"mark": "read"}),
    ("tag_email", {"tags": ["x"]}),
    ("download_attachment", {"position": 1}),
    ("wait_for_decision", {"timeout_seconds": 0}),
    ("get_message_history", {}),
    ("list_pending", {}),
)


def said(problem: Problem, message_id: str) -> tuple[str, str, str, str]:
    """Everything a caller can tell from a problem, with the id taken out."""
    return problem.code, problem.message.replace(message_id, "ID"), problem.field, problem.advice


@pytest.fixture
async def limited(desk: Desk) -> str:
    """An agent that may only use a mailbox of its own."""
    await desk.call("operator", "create_mailbox", address="shop@localhost")
    key = await desk.call("operator", "create_key", name="limited", mailboxes=["shop@localhost"])
    return str(key.key_id)


@pytest.mark.parametrize(("operation", "more"), BY_MESSAGE, ids=[name for name, _ in BY_MESSAGE])
async def test_a_foreign_mail_is_not_told_from_one_that_does_not_exist(
    desk: Desk, limited: str, operation: str, more: dict[str, Any]
) -> None:
    foreign = (await desk.send()).message_id

    theirs = await desk.refused(limited, operation, message_id=foreign, **more)
    nobodys = await desk.refused(limited, operation, message_id=RANDOM, **more)

    assert said(theirs, foreign) == said(nobodys, RANDOM)
    assert theirs.code == "not_found"


async def test_held_arrivals_are_not_told_from_mail_that_does_not_exist(desk: Desk) -> None:
    await desk.set(default_mode="gated_all")
    held = await desk.receive()

    for operation, more in BY_MESSAGE:
        hidden = await desk.refused("agent", operation, message_id=held, **more)
        nobodys = await desk.refused("agent", operation, message_id=RANDOM, **more)
        assert said(hidden, held) == said(nobodys, RANDOM), operation


async def test_a_foreign_mailbox_is_not_told_from_one_that_does_not_exist(desk: Desk, limited: str) -> None:
    theirs = await desk.refused(limited, "send_email", **MAIL, mailbox=BOX)
    nobodys = await desk.refused(limited, "send_email", **MAIL, mailbox="nobody@localhost")

    assert theirs.message.replace(BOX, "X") == nobodys.message.replace("nobody@localhost", "X")
    assert {theirs.code, nobodys.code} == {"unknown_mailbox"}


async def test_a_foreign_thread_is_not_told_from_one_that_does_not_exist(desk: Desk, limited: str) -> None:
    foreign = (await desk.send()).thread_id
    random = "thread_00000000000000"

    theirs = await desk.refused(limited, "reply_email", thread_id=foreign, body="Yes.")
    nobodys = await desk.refused(limited, "reply_email", thread_id=random, body="Yes.")

    assert said(theirs, foreign) == said(nobodys, random)


async def test_the_only_mailbox_needs_no_name_and_several_do(desk: Desk) -> None:
    assert (await desk.call("agent", "send_email", **MAIL)).status == "pending_approval"
    desk.later(1)
    await desk.call("operator", "create_mailbox", address="shop@localhost")

    problem = await desk.refused("agent", "send_email", **MAIL)

    assert (problem.code, problem.field) == ("mailbox_required", "mailbox")
    assert "agent@localhost, shop@localhost" in problem.advice


async def test_a_mailbox_goes_by_its_id_as_well(desk: Desk) -> None:
    box = await desk.read(lambda tx: tx.mailboxes.by_address(BOX))
    assert box is not None

    assert (await desk.send(mailbox=box.id)).status == "pending_approval"


async def test_a_key_with_no_mailbox_left_is_sent_to_the_operator(desk: Desk, limited: str) -> None:
    await desk.call("operator", "delete_mailbox", mailbox="shop@localhost")

    problem = await desk.refused(limited, "send_email", **MAIL)

    assert (problem.code, problem.advice) == ("mailbox_required", "Ask the operator.")


@pytest.mark.parametrize("operation", ["freeze", "unfreeze", "list_keys", "create_mailbox", "create_key"])
async def test_what_concerns_all_mailboxes_is_not_for_keys_of_some(desk: Desk, operation: str) -> None:
    key = await desk.call("operator", "create_key", name="local", role="operator", mailboxes=[BOX])
    given = {"create_mailbox": {"address": "x@localhost"}, "create_key": {"name": "x"}}.get(operation, {})

    assert (await desk.refused(key.key_id, operation, **given)).code == "forbidden"


async def test_held_arrivals_are_there_for_those_who_oversee(desk: Desk) -> None:
    await desk.set(default_mode="gated_all")
    held = await desk.receive()

    assert (await desk.call("reviewer", "read_email", message_id=held)).status == "pending_inbound_approval"
    assert (await desk.refused("owner", "read_email", message_id=held)).code == "not_found"
    assert (await desk.refused("viewer", "read_email", message_id=held)).code == "not_found"


@pytest.mark.parametrize("operation", ["read_email", "get_thread", "download_attachment"])
async def test_a_mailbox_beside_an_id_has_to_be_the_ids(desk: Desk, operation: str) -> None:
    found = await desk.message(await desk.receive())
    await desk.call("operator", "create_mailbox", address="shop@localhost")
    given = {"thread_id": found.thread_id} if operation == "get_thread" else {"message_id": found.id}

    nowhere = await desk.refused("agent", operation, mailbox="nobody@localhost", **given)
    elsewhere = await desk.refused("agent", operation, mailbox="shop@localhost", **given)

    assert (nowhere.code, nowhere.field) == ("unknown_mailbox", "mailbox")
    assert (elsewhere.code, elsewhere.field) == ("contradiction", "mailbox")
    if operation != "download_attachment":
        assert await desk.call("agent", operation, mailbox_id=BOX, **given)


async def test_a_search_of_contacts_beside_an_unknown_mailbox_is_refused(desk: Desk) -> None:
    problem = await desk.refused("agent", "search_contacts", mailbox="nobody@localhost")

    assert (problem.code, problem.field) == ("unknown_mailbox", "mailbox")
    assert await desk.call("agent", "search_contacts", mailbox=BOX)
