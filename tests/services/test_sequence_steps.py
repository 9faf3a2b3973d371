"""Claiming and completing steps: one holder at a time, one completion, and an end when there is a reason for it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from multimail.core.times import DAY, MINUTE, SECOND
from tests.services.test_sequences import enrolled, planned, reasons
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def claimed(desk: Desk, who: str = "agent", **more: Any) -> list[Any]:
    return list((await desk.call(who, "claim_sequence_steps", sequence_id="welcome", **more)).steps)


async def completed(desk: Desk, taken: Any, who: str = "agent", **more: Any) -> Any:
    given = {"enrollment_id": taken.enrollment_id, "lease": taken.lease} | more
    return await desk.call(who, "complete_sequence_step", **given)


async def sent(desk: Desk, step: Any) -> str:
    """The mail of a claimed step."""
    made = await desk.send(to=[step.email], subject=step.subject, body=step.body, tags=step.tags)
    return str(made.message_id)


@pytest.fixture
async def drip(desk: Desk) -> Desk:
    await desk.set(default_mode="autonomous")
    await planned(desk, done_tag="through", stop_tags=["customer"])
    await enrolled(desk)
    return desk


async def test_two_agents_never_take_the_same_contact(drip: Desk) -> None:
    await enrolled(drip, *(f"p{number}@example.org" for number in range(19)))

    claims = [claimed(drip, ("agent", "other")[number % 2], limit=3) for number in range(8)]
    taken = [one.enrollment_id for steps in await asyncio.gather(*claims) for one in steps]

    assert len(taken) == len(set(taken)) == 20


async def test_a_step_is_due_again_when_its_lease_is_over_and_then_the_first_holder_is_late(
    drip: Desk,
) -> None:
    (first,) = await claimed(drip, lease_seconds=60)
    assert await claimed(drip, "other") == []
    drip.later(2 * MINUTE)
    (second,) = await claimed(drip, "other")

    late = await drip.refused(
        "agent", "complete_sequence_step", enrollment_id=first.enrollment_id, lease=first.lease
    )

    assert (late.code, late.field) == ("conflict", "lease")
    assert (await completed(drip, second, "other")).step == 1


async def test_completing_twice_is_the_same_answer_and_goes_on_once(drip: Desk) -> None:
    (step,) = await claimed(drip)

    ends = await asyncio.gather(*(completed(drip, step, step=0) for _ in range(4)))

    assert [one.step for one in ends] == [1] * 4
    assert sorted(bool(one.repeated) for one in ends) == [False, True, True, True]


async def test_a_step_that_is_not_the_expected_one_is_not_completed(drip: Desk) -> None:
    (step,) = await claimed(drip)
    given = {"enrollment_id": step.enrollment_id, "lease": step.lease, "step": 1}

    assert (await drip.refused("agent", "complete_sequence_step", **given)).code == "conflict"
    assert (await completed(drip, step)).step == 1


async def test_steps_follow_after_their_waits_and_the_last_tags_the_contact(drip: Desk) -> None:
    got = []
    for wait in (0, 3 * DAY, 7 * DAY):
        drip.later(wait - 1 if wait else 0)
        assert not wait or await claimed(drip) == []
        drip.later(1 if wait else 0)
        (step,) = await claimed(drip)
        got.append(step.subject)
        end = await completed(drip, step, message_id=await sent(drip, step))
        await drip.step()

    assert got == ["Welcome", "First steps", "Last"]
    assert end.status == "completed"
    assert set(await drip.contact_tags()) == {"drip_step_0", "through"}
    drip.later(30 * DAY)
    assert await claimed(drip) == []


async def test_a_step_is_left_out_for_those_it_is_not_for(desk: Desk) -> None:
    await planned(desk)
    await enrolled(desk)
    await desk.call("agent", "tag_email", email="ann@example.org", tags=["customer"])
    for _ in range(2):
        (step,) = await claimed(desk)
        await completed(desk, step, outcome="skip")
        desk.later(10 * DAY)

    assert await claimed(desk) == []
    assert await reasons(desk) == {"ann@example.org": "completed"}


async def test_a_step_that_is_given_back_is_anybodys(drip: Desk) -> None:
    (step,) = await claimed(drip)
    await completed(drip, step, outcome="release")

    assert [one.step for one in await claimed(drip, "other")] == [0]


@pytest.mark.parametrize(("tag", "reason"), [("unsubscribed", "unsubscribed"), ("customer", "tag")])
async def test_a_tag_ends_it(drip: Desk, tag: str, reason: str) -> None:
    await drip.call("agent", "tag_email", email="ann@example.org", tags=[tag])

    assert await claimed(drip) == []
    assert await reasons(drip) == {"ann@example.org": reason}


async def test_an_answer_ends_it_and_withdraws_the_follow_up_that_waits(drip: Desk) -> None:
    await drip.set(default_mode="gated_send")
    (step,) = await claimed(drip)
    message_id = await sent(drip, step)
    await completed(drip, step, message_id=message_id)

    await drip.receive("Stop reminding me, I am here!", From="Ann <ANN@example.org>")

    assert await reasons(drip) == {"ann@example.org": "replied"}
    assert await drip.status(message_id) == "cancelled"


async def test_a_machines_answer_ends_nothing(drip: Desk) -> None:
    (step,) = await claimed(drip)
    await completed(drip, step, message_id=await sent(drip, step))
    await drip.receive("I am away until Monday.", Auto_Submitted="auto-replied")

    assert await reasons(drip) == {"ann@example.org": "active"}


async def test_mail_that_was_sent_after_the_answer_came_is_withdrawn_when_it_is_named(drip: Desk) -> None:
    await drip.set(default_mode="gated_send")
    (step,) = await claimed(drip)
    await drip.receive("Here I am.")
    message_id = await sent(drip, step)

    end = await completed(drip, step, message_id=message_id)

    assert (end.status, end.reason) == ("stopped", "replied")
    assert await drip.status(message_id) == "cancelled"


async def test_who_answers_with_an_opt_out_has_not_replied_but_unsubscribed(drip: Desk) -> None:
    await drip.receive("UNSUBSCRIBE")

    assert await reasons(drip) == {"ann@example.org": "unsubscribed"}


async def test_what_agents_may_not_know_yet_is_no_reason_they_are_told(drip: Desk) -> None:
    await drip.set(default_mode="gated_all")
    await drip.receive("Secret.")

    assert await reasons(drip) == {"ann@example.org": "review"}


async def test_what_follows_waits_until_the_mail_before_has_left(drip: Desk) -> None:
    await drip.set(default_mode="gated_send")
    (step,) = await claimed(drip)
    message_id = await sent(drip, step)
    await completed(drip, step, message_id=message_id)
    drip.later(4 * DAY)
    assert await claimed(drip) == []
    await drip.decide(message_id)
    await drip.step()
    drip.later(15 * MINUTE)

    assert [one.step for one in await claimed(drip)] == [1]


async def test_what_follows_a_mail_that_is_about_to_leave_is_looked_at_within_seconds(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    await planned(desk, steps=[{"subject": "First", "body": "1"}, {"subject": "Second", "body": "2"}])
    await enrolled(desk)
    (step,) = await claimed(desk)
    await completed(desk, step, message_id=await sent(desk, step))
    assert await claimed(desk) == []
    await desk.step()
    desk.later(5 * SECOND)

    assert [one.step for one in await claimed(desk)] == [1]


async def test_a_mail_that_a_person_rejected_ends_it(drip: Desk) -> None:
    await drip.set(default_mode="gated_send")
    (step,) = await claimed(drip)
    message_id = await sent(drip, step)
    await completed(drip, step, message_id=message_id)
    await drip.decide(message_id, "reject", note="No.")
    drip.later(4 * DAY)

    assert await claimed(drip) == []
    assert await reasons(drip) == {"ann@example.org": "rejected"}
