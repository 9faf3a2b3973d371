"""Sequences that the server runs: by the policy of any mail, once, and not past an answer or an opt-out."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from multimail.core.times import DAY, HOUR
from multimail.services import sequence_runner
from tests.services.test_sequences import enrolled, planned, reasons
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


async def run(desk: Desk, sink: Sink | None = None, later: int = 0) -> None:
    """What is due by then is done, and handed over."""
    desk.later(later)
    for _ in range(3):
        await sequence_runner.step(desk.services)
        await desk.timers()
        await desk.step(sink)


def got(sink: Sink) -> list[str]:
    lines = [line for mail in sink.mails for line in mail.raw.decode().split("\r\n")]
    return [line.partition(": ")[2] for line in lines if line.startswith("Subject: ")]


@pytest.fixture
async def drip(desk: Desk) -> Desk:
    await desk.set(default_mode="autonomous", ceiling="autonomous")
    await planned(desk, run_by="server", done_tag="through", topic="welcome")
    await desk.call(
        "agent",
        "manage_contacts",
        action="upsert",
        email="ann@example.org",
        name="Ann",
        metadata={"plan": "pro"},
    )
    await enrolled(desk)
    return desk


async def test_the_server_sends_every_step_once_after_its_wait(drip: Desk, sink: Sink) -> None:
    for wait in (0, 3 * DAY - 1, 1, 7 * DAY, 30 * DAY):
        await run(drip, sink, wait)

    assert got(sink) == ["Welcome", "First steps", "Last"]
    assert b"Hello Ann." in sink.mails[0].raw
    assert await reasons(drip) == {"ann@example.org": "completed"}
    assert set(await drip.contact_tags()) == {"drip_step_0", "through"}


async def test_many_who_run_it_at_once_send_each_step_once(drip: Desk, sink: Sink) -> None:
    await enrolled(drip, *(f"p{number}@example.org" for number in range(9)))

    await asyncio.gather(*(sequence_runner.step(drip.services) for _ in range(4)))
    await drip.step(sink)

    assert len({mail.recipients for mail in sink.mails}) == len(sink.mails) == 10


async def test_an_answer_ends_it_and_withdraws_what_waits(drip: Desk, sink: Sink) -> None:
    await run(drip, sink)
    await drip.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:00")
    await run(drip, sink, 3 * DAY)
    page = await drip.call("agent", "get_sequence", sequence_id="welcome")
    waiting = page.enrollments[0].last_message_id
    assert await drip.status(waiting) == "queued"

    await drip.receive("Thank you, I am through.")
    await run(drip, sink, 30 * DAY)

    assert got(sink) == ["Welcome"]
    assert await drip.status(waiting) == "cancelled"
    assert await reasons(drip) == {"ann@example.org": "replied"}


async def test_who_unsubscribes_is_out_at_the_next_look_not_at_the_next_step(drip: Desk, sink: Sink) -> None:
    await run(drip, sink)
    await drip.call("agent", "tag_email", email="ann@example.org", tags=["unsubscribed"])

    await run(drip, sink)

    assert await reasons(drip) == {"ann@example.org": "unsubscribed"}
    ended = [one.data for one in await drip.events() if one.kind == "sequence.ended"]
    assert [(one["status"], one["reason"]) for one in ended] == [("stopped", "unsubscribed")]


async def test_the_policy_holds_for_it_and_a_rejected_step_is_its_end(drip: Desk, sink: Sink) -> None:
    await drip.set(default_mode="gated_send", ceiling="gated_send")
    await run(drip, sink)
    pending = (await drip.call("reviewer", "list_pending")).pending
    assert [(one.subject, one.status) for one in pending] == [("Welcome", "pending_approval")]
    await run(drip, sink, 4 * DAY)
    assert len((await drip.call("reviewer", "list_pending")).pending) == 1
    await drip.decide(pending[0].message_id, "reject", note="No.")

    await run(drip, sink, HOUR)

    assert await reasons(drip) == {"ann@example.org": "rejected"}
    assert sink.mails == []


async def test_a_contact_that_is_deleted_gets_no_more(drip: Desk, sink: Sink) -> None:
    await run(drip, sink)
    await drip.call("agent", "manage_contacts", action="delete", email="ann@example.org")

    await run(drip, sink, 4 * DAY)

    assert got(sink) == ["Welcome"]


async def test_what_its_author_may_not_send_any_more_the_server_does_not_send(desk: Desk, sink: Sink) -> None:
    key = await desk.call("operator", "create_key", name="campaigner", role="agent")
    await desk.set(default_mode="autonomous")
    made: Any = await desk.call(
        key.key_id, "create_sequence", name="welcome", mailbox=desk.box, run_by="server",
        steps=[{"subject": "a", "body": "b"}],
    )  # fmt: skip
    await enrolled(desk)
    await desk.call("operator", "revoke_key", key_id=key.key_id)

    await run(desk, sink)

    assert sink.mails == []
    found = await desk.call("agent", "get_sequence", sequence_id=made.sequence_id)
    assert (found.status, found.reason) == ("stopped", "key_revoked")


async def test_at_a_cap_a_step_waits_and_is_not_lost(drip: Desk, sink: Sink) -> None:
    await drip.set(cap_per_hour=1)
    await drip.send("operator", to=["bob@example.org"])

    await run(drip, sink)
    assert "Welcome" not in got(sink)
    await run(drip, sink, HOUR + 1)

    assert "Welcome" in got(sink)


async def test_a_slot_nothing_is_known_for_ends_it_instead_of_sending_it(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")
    steps = [{"subject": "Hello {{name}}", "body": "Your {{plan}} ends."}]
    await planned(desk, run_by="server", steps=steps)
    await desk.call(
        "agent", "manage_contacts", action="upsert", email="ann@example.org", metadata={"plan": "pro"}
    )
    await enrolled(desk, "ann@example.org", "bob@example.org")

    await run(desk, sink)

    assert got(sink) == ["Hello ann"]
    assert await reasons(desk) == {"ann@example.org": "completed", "bob@example.org": "invalid"}


async def test_in_one_thread_later_mails_answer_the_first(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")
    await planned(desk, run_by="server", same_thread=True)
    await enrolled(desk)
    await run(desk, sink)
    await run(desk, sink, 3 * DAY)

    assert got(sink) == ["Welcome", "Re: Welcome"]
    threads = await desk.read(
        lambda tx: {one.thread_id for one in tx.messages.of_mailbox(None, ["delivered"])}
    )
    assert len(threads) == 1


async def test_nobody_claims_what_the_server_does(drip: Desk) -> None:
    assert (await drip.refused("agent", "claim_sequence_steps", sequence_id="welcome")).code == "conflict"


async def test_stopping_it_withdraws_the_mail_that_waits(drip: Desk, sink: Sink) -> None:
    await drip.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:00")
    await run(drip, sink)

    ended = await drip.call("agent", "stop_sequence", sequence_id="welcome")
    await run(drip, sink, DAY)

    assert (ended.stopped, ended.withdrawn) == (1, 1)
    assert sink.mails == []
