"""`get_reputation`: rates over windows, what they bring about, and nothing of what a key may not see."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.reputation import DOMAIN
from multimail.core.times import DAY, HOUR
from multimail.ports.reputation import Subject
from tests.services.test_breakers import own
from tests.support.desk import Desk
from tests.support.sent import count

pytestmark = pytest.mark.anyio


async def box_of(desk: Desk) -> str:
    return (await own(desk)).name


async def happened(desk: Desk, box: str = "", tag: str = "spring", **counts: Any) -> None:
    box, now = box or await box_of(desk), desk.clock.now()
    await desk.write(lambda tx: count(tx, box, tag, now, **counts))


async def one(desk: Desk, who: str = "operator", **asked: Any) -> Any:
    return (await desk.call(who, "get_reputation", **asked)).subjects[0]


async def test_rates_are_of_the_last_day_week_and_month(desk: Desk) -> None:
    await happened(desk, sent=1_000, bounced=30)
    desk.later(2 * DAY)
    await happened(desk, sent=100, bounced=1)
    desk.later(6 * DAY)
    await happened(desk, sent=100, complained=1)

    found = await one(desk, mailbox=desk.box)

    assert [(each.hours, each.sent, each.bounced) for each in found.windows] == [
        (24, 100, 0), (168, 200, 1), (720, 1_200, 31),
    ]  # fmt: skip
    assert [each.complaint_percent for each in found.windows] == [1.0, 0.5, 0.083]
    assert found.sent_this_hour == 100
    assert [day.sent for day in found.by_day] == [1_000, 100, 100]


async def test_it_says_what_happens_next_in_every_state(desk: Desk) -> None:
    said = []
    for bounced in (0, 25, 10, 20):
        await happened(desk, sent=1_000 if not bounced else 0, bounced=bounced)
        found = await one(desk, campaign="spring")
        said.append((found.state, found.next.split(";")[0].split(",")[0]))
    await desk.call("operator", "set_breakers", campaign="off", enabled=False)

    assert said == [
        ("normal", "Sending stops at 5 % bounces or 0.3 % complaints"),
        ("warned", "Sending goes on"),
        ("throttled", "At most 10 mails a minute leave"),
        ("paused", "Nothing leaves until an operator resumes"),
    ]
    assert (await one(desk, campaign="off")).next.startswith("Nothing: breakers are switched off")


async def test_what_counts_for_the_breaker_begins_with_the_resume(desk: Desk) -> None:
    await happened(desk, sent=100, bounced=9)
    await desk.call("operator", "resume_sending", campaign="spring")
    await happened(desk, sent=10)

    found = await one(desk, campaign="spring")

    assert (found.state, found.reason, found.counted.sent, found.counted.bounced) == (
        "normal",
        "resumed",
        10,
        0,
    )
    assert found.windows[0].sent == 110


async def test_everything_is_mailboxes_what_is_not_normal_and_the_busiest_domains(desk: Desk) -> None:
    hour = desk.clock.now() // HOUR
    await happened(desk, sent=100, bounced=9)
    await happened(desk, tag="fine", sent=100)
    await desk.write(
        lambda tx: tx.reputation.add(Subject(DOMAIN, "out.test"), hour, {"sent": 90, "bounced": 9})
    )

    found = await desk.call("operator", "get_reputation")

    assert [(each.kind, each.name, each.state) for each in found.subjects] == [
        ("mailbox", desk.box, "paused"), ("mailbox", "capture@localhost", "normal"),
        ("campaign", "spring", "paused"), ("domain", "out.test", "warned"),
    ]  # fmt: skip
    assert (found.rules.pause_bounces, found.rules.own) == (5.0, [])


async def test_a_domain_is_never_stopped(desk: Desk) -> None:
    quiet = await one(desk, domain="@Out.Test")

    assert (quiet.name, quiet.state, quiet.next, quiet.waiting) == ("out.test", "normal", "Nothing.", 0)


async def test_a_key_of_one_mailbox_sees_nothing_of_what_leaves_others(desk: Desk) -> None:
    other = (await desk.call("operator", "create_mailbox", address="other@localhost")).mailbox.mailbox_id
    made = await desk.call("operator", "create_key", name="narrow", role="agent", mailboxes=[desk.box])
    await happened(desk, other, tag="theirs", sent=100, bounced=9)

    found = await desk.call(made.key_id, "get_reputation")

    assert [each.name for each in found.subjects] == [desk.box]
    assert (await desk.refused(made.key_id, "get_reputation", campaign="theirs")).code == "not_found"
    assert (await desk.refused(made.key_id, "get_reputation", campaign="none")).code == "not_found"
    assert (
        await desk.refused(made.key_id, "get_reputation", mailbox="other@localhost")
    ).code == "unknown_mailbox"
    assert (await desk.refused(made.key_id, "get_reputation", domain="out.test")).code == "forbidden"


async def test_only_one_subject_is_asked_for(desk: Desk) -> None:
    refused = await desk.refused("operator", "get_reputation", mailbox=desk.box, domain="out.test")

    assert (refused.code, refused.field) == ("contradiction", "domain")


async def test_a_warm_up_is_told_with_its_mailbox(desk: Desk) -> None:
    assert (await one(desk, mailbox=desk.box)).warm_up.enabled is False
    await desk.call("operator", "set_warm_up", mailbox=desk.box)

    plan = (await one(desk)).warm_up

    assert (plan.day, plan.days, plan.limit, plan.sent_today, plan.target) == (1, 30, 50, 0, 5_000)
