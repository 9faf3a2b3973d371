"""Facts: hard caps, who opted out, and whose word lets mail reach them all the same."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import DAY, HOUR
from tests.support.desk import BOX, LAWFUL, MAIL, Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio

ANN = "ann@example.org"


async def tag(desk: Desk, *tags: str, email: str = ANN) -> None:
    await desk.call("operator", "tag_email", email=email, tags=list(tags))


async def free(desk: Desk, **settings: Any) -> None:
    await desk.set(default_mode="autonomous", **settings)


@pytest.mark.parametrize(("unit", "period"), [("hour", HOUR), ("day", DAY)])
async def test_a_mailboxs_cap_counts_what_was_accepted_in_its_period(
    desk: Desk, unit: str, period: int
) -> None:
    await free(desk, **{f"cap_per_{unit}": 2})
    await desk.send(subject="1")
    desk.later(1)
    await desk.send("other", subject="2")

    problem = await desk.refused("agent", "send_email", **MAIL, mailbox=BOX)
    assert (problem.code, problem.message) == (
        "cap_reached",
        f"The mailbox's cap of 2 mails per {unit} is reached.",
    )
    assert problem.row.retry
    desk.later(period)
    assert (await desk.send()).status == "queued"


async def test_a_cap_of_none_lets_nothing_go_and_can_be_taken_away(desk: Desk) -> None:
    await free(desk, cap_per_day=0)

    assert (await desk.refused("agent", "send_email", **MAIL, mailbox=BOX)).code == "cap_reached"
    await desk.set(clear_caps=True)
    assert (await desk.send()).status == "queued"


async def test_a_keys_cap_is_its_own(desk: Desk) -> None:
    await free(desk)
    key = await desk.call("operator", "create_key", name="slow", cap_per_hour=1)
    await desk.send(key.key_id)

    problem = await desk.refused(key.key_id, "send_email", **MAIL | {"subject": "2"}, mailbox=BOX)

    assert problem.message == "The key's cap of 1 mails per hour is reached."
    assert (await desk.send()).status == "queued"


async def test_the_servers_cap_is_for_all_mailboxes_together(desk: Desk) -> None:
    await free(desk)
    desk.limit(cap_per_day=1)
    await desk.call("operator", "create_mailbox", address="shop@localhost", default_mode="autonomous")
    await desk.send()

    problem = await desk.refused("agent", "send_email", **MAIL, mailbox="shop@localhost")

    assert problem.message == "The server's cap of 1 mails per day is reached."


async def test_what_was_withdrawn_or_repeated_does_not_count(desk: Desk) -> None:
    await free(desk, cap_per_hour=1, undo_seconds=60)
    gone = await desk.send()
    assert (await desk.send()).repeated
    await desk.call("agent", "cancel_message", message_id=gone.message_id)

    assert (await desk.send(subject="2")).status == "queued"


async def test_an_edit_is_not_counted_again(desk: Desk) -> None:
    await desk.set(cap_per_hour=1)
    sent = await desk.send()

    edited = await desk.call("agent", "edit_pending", message_id=sent.message_id, body="New.")

    assert edited.status == "pending_approval"


@pytest.mark.parametrize("tags", [["suppressed"], ["unsubscribed"]])
async def test_who_opted_out_is_left_out_and_the_others_get_the_mail(
    desk: Desk, sink: Sink, tags: list[str]
) -> None:
    await free(desk)
    await tag(desk, *tags)

    alone = await desk.send()
    among = await desk.send(cc=["bob@example.org"])
    await desk.step(sink)

    assert (await desk.events(among.message_id))[1].data == {"count": 1, "reasons": tags}
    assert await desk.kinds(alone.message_id) == ["message.suppressed"]
    assert (alone.status, alone.suppressed) == ("suppressed", [ANN])
    assert "unsubscribed or is suppressed" in alone.note
    assert (among.status, among.suppressed) == ("queued", [ANN])
    assert [mail.recipients for mail in sink.mails] == [("bob@example.org",)]


@pytest.mark.parametrize("tags", [["suppressed"], ["unsubscribed"]])
@pytest.mark.parametrize("claim", [{}, {"message_class": "transactional"}, {"message_class": "commercial"}])
async def test_who_opts_out_before_the_hand_over_gets_nothing_whatever_the_author_claims(
    desk: Desk, sink: Sink, tags: list[str], claim: dict[str, str]
) -> None:
    await free(desk, metadata=LAWFUL)
    sent = await desk.send(scheduled_at=desk.at(HOUR), **claim)
    assert sent.status == "scheduled"
    await tag(desk, *tags)
    desk.later(HOUR)

    await desk.timers()
    await desk.step(sink)

    assert (await desk.status(sent.message_id), sink.mails) == ("suppressed", [])
    assert (await desk.deliveries(sent.message_id))[ANN].detail == tags[0]


async def test_a_claim_to_be_transactional_is_held_and_counts_once_a_person_agrees(
    desk: Desk, sink: Sink
) -> None:
    await free(desk)
    await tag(desk, "unsubscribed")

    sent = await desk.send(message_class="transactional")
    assert (sent.status, sent.rules) == ("pending_approval", ["claimed_transactional"])
    await desk.decide(sent.message_id)
    await desk.step(sink)

    assert await desk.status(sent.message_id) == "delivered"


async def test_a_person_who_was_not_told_of_the_opt_out_has_not_agreed_to_it(desk: Desk, sink: Sink) -> None:
    sent = await desk.send(message_class="transactional")
    await tag(desk, "unsubscribed")

    view = await desk.decide(sent.message_id)

    assert view.status == "suppressed"
    assert await desk.step(sink) == 0


async def test_no_claim_reaches_who_is_suppressed(desk: Desk) -> None:
    await tag(desk, "suppressed")

    assert (await desk.send(message_class="transactional")).status == "suppressed"


async def test_an_operator_may_call_all_mail_of_a_mailbox_transactional(desk: Desk, sink: Sink) -> None:
    await free(desk, metadata={"message_class": "transactional", **LAWFUL})
    await tag(desk, "unsubscribed")

    sent = await desk.send()
    commercial = await desk.send(subject="Offer", message_class="commercial")
    await desk.step(sink)

    assert (await desk.status(sent.message_id), commercial.status) == ("delivered", "suppressed")


async def test_a_claim_does_not_overrule_an_operator_who_calls_it_commercial(desk: Desk) -> None:
    await free(desk, metadata={"message_class": "commercial", **LAWFUL})
    await tag(desk, "unsubscribed")

    assert (await desk.send(message_class="transactional")).status == "suppressed"


async def test_copies_do_not_go_alone(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="monitored", oversight_address="boss@example.com", undo_seconds=0)
    await tag(desk, "suppressed")

    sent = await desk.send()

    assert sent.status == "suppressed"
    assert await desk.step(sink) == 0


async def test_nobody_calls_a_mail_system_mail(desk: Desk) -> None:
    problem = await desk.refused("agent", "send_email", **MAIL, mailbox=BOX, message_class="system")

    assert (problem.code, problem.field) == ("invalid", "message_class")
