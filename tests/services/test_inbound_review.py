"""Held arrivals: no agent sees them on any door until a person lets them through, and then all of them do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import Desk
from tests.support.letters import ANN, came, letter, sent_to

pytestmark = pytest.mark.anyio


@pytest.fixture
async def held(desk: Desk) -> str:
    await desk.set(default_mode="gated_all")
    return await desk.receive()


async def seen(desk: Desk, who: str = "agent") -> list[str]:
    return [one.message_id for one in (await desk.call(who, "check_inbox")).messages]


async def test_until_decided_it_is_absent_from_every_door_of_an_agent(desk: Desk, held: str) -> None:
    thread = (await desk.message(held)).thread_id

    assert await seen(desk) == []
    assert (await desk.call("agent", "search_contacts")).count == 0
    assert (await desk.refused("agent", "get_thread", thread_id=thread)).code == "not_found"
    assert (await desk.refused("agent", "reply_email", thread_id=thread, body="x")).code == "not_found"
    assert not (await desk.call("agent", "wait_for_email", timeout_seconds=0)).found
    [box] = [
        one for one in (await desk.call("agent", "list_mailboxes")).mailboxes if one.unread or one.pending
    ] or [None]
    assert box is None


async def test_let_through_it_is_there_for_everybody(desk: Desk, held: str) -> None:
    view = await desk.decide(held)

    assert (view.status, view.decision, await seen(desk)) == ("unread", "approve", [held])
    assert [one.email for one in (await desk.call("agent", "search_contacts")).contacts] == [
        "ann@example.org"
    ]
    assert "oversight.approved" in await desk.kinds(held)


async def test_kept_back_it_stays_hidden_from_agents_and_can_be_looked_at_by_reviewers(
    desk: Desk, held: str
) -> None:
    view = await desk.decide(held, "reject", note="spam")

    assert (view.status, await seen(desk)) == ("rejected", [])
    assert (await desk.call("reviewer", "read_email", message_id=held)).status == "rejected"


async def test_deciding_the_same_again_is_the_same_answer_and_the_other_way_a_conflict(
    desk: Desk, held: str
) -> None:
    await desk.decide(held, "reject")

    assert (await desk.decide(held, "reject")).repeated
    assert (
        await desk.refused("reviewer", "decide_email", message_id=held, decision="approve")
    ).code == "conflict"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"decision": "request_changes", "note": "n"}, "invalid"),
        ({"decision": "escalate"}, "invalid"),
        ({"decision": "cancel"}, "invalid"),
        ({"decision": "approve", "revised_body": "x"}, "invalid"),
        ({"decision": "approve", "revised_subject": "x"}, "invalid"),
        ({"decision": "approve", "digest": "0" * 40}, "changed"),
    ],
)
async def test_it_can_be_let_through_or_kept_as_it_is_and_nothing_else(
    desk: Desk, held: str, given: dict[str, Any], code: str
) -> None:
    assert (await desk.refused("reviewer", "decide_email", message_id=held, **given)).code == code
    assert await desk.status(held) == "pending_inbound_approval"


async def test_loosening_the_mailbox_lets_nothing_through(desk: Desk, held: str) -> None:
    await desk.set(default_mode="autonomous")

    assert await seen(desk) == []
    assert await seen(desk, "reviewer") == [held]


async def test_an_answer_counts_as_one_once_it_is_let_through(desk: Desk) -> None:
    asked = await desk.send()
    await desk.set(default_mode="gated_all")
    question = await desk.message(asked.message_id)
    answer = await desk.receive(In_Reply_To=question.header_id)
    before = (await desk.message(asked.message_id)).has_replies

    await desk.decide(answer)

    assert (before, (await desk.message(asked.message_id)).has_replies) == (False, True)


@pytest.mark.parametrize(
    ("fields", "sender"),
    [({"Auto_Submitted": "auto-replied"}, ANN), ({"From": "no-reply@example.org"}, ANN), ({}, "")],
    ids=["says so", "robot", "null sender"],
)
async def test_a_machines_answer_is_none_though_it_is_let_through(
    desk: Desk, fields: dict[str, str], sender: str
) -> None:
    ours = await sent_to(desk, ANN)
    await desk.set(default_mode="gated_all")
    answer = await came(desk, letter("Away.", In_Reply_To=ours.header_id, **fields), sender=sender)
    await desk.decide(answer.id)

    assert not (await desk.message(ours.id)).has_replies
