"""History and the wait for a decision: everything that happened to a mail, in order, to whoever may see it."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.desk import Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio


async def test_history_tells_draft_rules_decisions_differences_and_attempts(desk: Desk, sink: Sink) -> None:
    sink.misbehave(Fault("RCPT", "550 5.1.1 nobody", recipient="bob@example.org"))
    sent = await desk.send(cc=["bob@example.org"], oversight_mode="autonomous")
    await desk.decide(sent.message_id, "request_changes", note="Which Monday?")
    edited = await desk.call("agent", "edit_pending", message_id=sent.message_id, body="On Monday, 9 March.")
    await desk.decide(sent.message_id, digest=edited.digest, revised_subject="Monday, 9 March", note="thanks")
    await desk.step(sink)

    history = await desk.call("agent", "get_message_history", message_id=sent.message_id)

    assert (history.status, history.requested_mode, history.oversight_mode) == (
        "sent",
        "autonomous",
        "gated_send",
    )
    assert history.rules == ["gated_send", "mode_capped", "revised"]
    assert "read_only" in history.checked
    assert [row.revision for row in history.revisions] == [1, 2, 3]
    assert [row.author.partition(" ")[0] for row in history.revisions] == ["agent", "agent", "reviewer"]
    assert [(one.decision, one.note) for one in history.decisions] == [
        ("request_changes", "Which Monday?"), ("approve", "thanks"),
    ]  # fmt: skip
    assert [(one.kind, one.status) for one in history.recipients] == [("to", "sent"), ("cc", "failed")]
    assert history.recipients[1].detail == "Refused at RCPT: nobody"
    assert [row.event for row in history.events] == [
        "message.pending_approval", "oversight.changes_requested", "message.edited", "message.pending_approval",
        "message.edited", "oversight.approved", "message.queued", "message.attempted",
        "contact.suppressed", "message.sent",
    ]  # fmt: skip


async def test_history_is_cut_at_its_limit(desk: Desk) -> None:
    sent = await desk.send()
    await desk.decide(sent.message_id)

    history = await desk.call("agent", "get_message_history", message_id=sent.message_id, limit=1)

    assert [row.event for row in history.events] == ["message.pending_approval"]


async def test_mail_that_came_in_has_a_history_too(desk: Desk) -> None:
    inbound = await desk.receive()

    history = await desk.call("agent", "get_message_history", message_id=inbound)

    assert (history.recipients, history.decisions) == ([], [])
    assert history.events[0].event == "message.received"


async def test_an_automatic_copy_is_called_one(desk: Desk) -> None:
    await desk.set(auto_bcc=["archive@example.com"])
    sent = await desk.send()

    history = await desk.call("agent", "get_message_history", message_id=sent.message_id)

    assert [one.kind for one in history.recipients] == ["to", "copy"]


async def test_a_look_says_that_nobody_decided_yet(desk: Desk) -> None:
    sent = await desk.send()

    told = await desk.call("agent", "wait_for_decision", message_id=sent.message_id, timeout_seconds=0)

    assert (told.decided, told.status, told.decision, told.waited_seconds) == (
        False,
        "pending_approval",
        None,
        0,
    )


@pytest.mark.parametrize(
    ("decision", "decided"),
    [("approve", True), ("reject", True), ("cancel", True), ("request_changes", True), ("escalate", False)],
)
async def test_a_wait_ends_with_what_the_author_can_act_on(desk: Desk, decision: str, decided: bool) -> None:
    sent = await desk.send()
    await desk.decide(sent.message_id, decision, note="because")

    told = await desk.call("agent", "wait_for_decision", message_id=sent.message_id, timeout_seconds=0)

    assert (told.decided, told.decision.decision, told.decision.note) == (decided, decision, "because")


async def test_a_wait_under_way_ends_when_somebody_decides(desk: Desk) -> None:
    sent = await desk.send()

    waiting = asyncio.ensure_future(
        desk.call("agent", "wait_for_decision", message_id=sent.message_id, timeout_seconds=60)
    )
    await asyncio.sleep(0)
    await desk.decide(sent.message_id, "reject", note="Wrong price.")
    told = await asyncio.wait_for(waiting, 10)

    assert (told.decided, told.status, told.decision.note) == (True, "rejected", "Wrong price.")


async def test_a_wait_under_way_ends_when_the_key_is_revoked(desk: Desk) -> None:
    sent = await desk.send()

    waiting = asyncio.ensure_future(
        desk.refused("agent", "wait_for_decision", message_id=sent.message_id, timeout_seconds=60)
    )
    await asyncio.sleep(0)
    await desk.call("operator", "revoke_key", key_id=desk.who["agent"])

    assert (await asyncio.wait_for(waiting, 10)).code == "unauthenticated"


async def test_nobody_decides_on_sending_what_came_in(desk: Desk) -> None:
    inbound = await desk.receive()

    assert (await desk.refused("agent", "wait_for_decision", message_id=inbound)).code == "conflict"


HOSTILE = "\x1b[2J\u202egnp\u200b"


async def test_history_and_outcome_make_visible_what_acts_or_hides(desk: Desk, sink: Sink) -> None:
    sink.misbehave(Fault("RCPT", "550 5.1.1 gone \u202eback"))
    inbound = await desk.receive(f"See {HOSTILE}", Subject="=?utf-8?q?a=E2=80=AEb?=")
    sent = await desk.call("agent", "reply_email", message_id=inbound, body=f"Ten {HOSTILE}")
    await desk.decide(sent.message_id, revised_body=f"Nine {HOSTILE}", note=f"Why {HOSTILE}")
    await desk.step(sink)

    views = [
        await desk.call("agent", "get_message_history", message_id=inbound),
        await desk.call("agent", "get_message_history", message_id=sent.message_id),
        await desk.call("agent", "wait_for_decision", message_id=sent.message_id, timeout_seconds=0),
    ]
    told = "".join(view.model_dump_json() for view in views)

    assert not {char for char in told if char in HOSTILE + "\u202e"} - set("[2Jgnp")
    assert "\\u001b" not in told
    assert "+Nine \u241b[2J\u27e8U+202E\u27e9gnp" in told
    assert "gone" in told


async def test_long_drafts_share_a_budget_and_the_cut_is_said(desk: Desk) -> None:
    sent = await desk.send(body="a line\n" * 20_000)
    for number in range(3):
        await desk.call("agent", "edit_pending", message_id=sent.message_id, body=f"{number}\n" * 60_000)
    await desk.decide(
        sent.message_id, digest=(await desk.message(sent.message_id)).digest, revised_body="Short."
    )

    history = await desk.call("agent", "get_message_history", message_id=sent.message_id)

    first, *_, last = history.revisions
    assert len(first.body.encode()) + (first.body_cut or 0) == 140_000
    assert (last.body, last.body_cut) == ("Short.", None)
    assert history.decisions[0].diff_cut > 100_000
    assert len(history.model_dump_json()) < 64 * 1024
