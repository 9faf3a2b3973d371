"""What operators say about breakers and warm-up: rules by mailbox and campaign, resuming, a little more every day."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import DAY, HOUR
from multimail.ports.reputation import Subject
from multimail.services import upkeep
from tests.services.test_breakers import campaign, drained, kinds, own, people, quiet
from tests.support.desk import Desk
from tests.support.sent import count
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio


async def happened(desk: Desk, tag: str = "spring", **counts: Any) -> None:
    box, now = await own(desk), desk.clock.now()
    await desk.write(lambda tx: count(tx, box.name, tag, now, **counts))


async def state(desk: Desk, tag: str = "spring") -> str:
    return str((await desk.call("operator", "get_reputation", campaign=tag)).subjects[0].state)


async def test_what_is_set_for_one_counts_over_what_is_set_for_all(desk: Desk) -> None:
    await desk.call("operator", "set_breakers", pause_bounces=50.0, minimum=10)
    await desk.call("operator", "set_breakers", campaign="spring", pause_bounces=20.0)
    found = await desk.call("operator", "set_breakers", campaign="spring", per_minute=7)

    rules = found.rules
    assert (rules.pause_bounces, rules.minimum, rules.per_minute) == (20.0, 10, 7)
    assert (found.campaign, rules.own) == ("spring", ["pause_bounces", "per_minute"])
    again = await desk.call("operator", "set_breakers", campaign="spring", reset=True)
    assert (again.rules.pause_bounces, again.rules.own) == (50.0, [])


async def test_a_stricter_state_never_begins_before_a_milder_one(desk: Desk) -> None:
    refused = await desk.refused("operator", "set_breakers", pause_bounces=2.5)
    both = await desk.refused("operator", "set_breakers", mailbox=desk.box, campaign="spring", minimum=5)

    assert (refused.code, refused.field) == ("invalid_setting", "pause_bounces")
    assert (both.code, both.field) == ("contradiction", "campaign")


async def test_breakers_that_follow_the_rates_follow_new_rules_at_once_and_a_pause_stays(desk: Desk) -> None:
    await happened(desk, sent=1_000, bounced=35)
    await happened(desk, "other", sent=1_000, bounced=80)
    assert (await state(desk), await state(desk, "other")) == ("throttled", "paused")

    await desk.call("operator", "set_breakers", enabled=False)

    assert (await state(desk), await state(desk, "other")) == ("normal", "paused")


async def test_a_new_pace_holds_for_what_is_slowed_down_already(desk: Desk) -> None:
    await happened(desk, sent=1_000, bounced=35)

    await desk.call("operator", "set_breakers", campaign="spring", per_minute=3)

    stops = await desk.read(lambda tx: tx.stops.all())
    assert {one.subject.kind: one.per_minute for one in stops} == {"mailbox": 10, "campaign": 3}


async def test_what_is_switched_off_never_trips(desk: Desk) -> None:
    await desk.call("operator", "set_breakers", campaign="spring", enabled=False)

    await happened(desk, sent=100, bounced=100)

    assert await state(desk) == "normal"


async def test_resuming_what_is_not_stopped_changes_nothing(desk: Desk) -> None:
    found = await desk.call("operator", "resume_sending", campaign="spring")

    assert (found.was, found.state, found.resumed, found.also) == ("normal", "normal", 0, [])
    assert await kinds(desk) == []
    assert (await desk.refused("operator", "resume_sending")).code == "invalid"


@pytest.mark.parametrize("about", [{"campaign": ""}, {"campaign": " "}, {"mailbox": ""}, {"mailbox": " "}])
async def test_a_name_that_is_empty_means_nobody_rather_than_all(desk: Desk, about: dict[str, str]) -> None:
    refused = await desk.refused("operator", "set_breakers", pause_bounces=90.0, **about)

    assert (refused.code, refused.field) == ("invalid", *about)
    assert (await desk.refused("operator", "resume_sending", **about)).field == refused.field


async def test_with_a_mailbox_go_on_the_campaigns_that_leave_it_and_no_others(desk: Desk) -> None:
    other = (await desk.call("operator", "create_mailbox", address="other@localhost")).mailbox.mailbox_id
    await happened(desk, sent=100, bounced=9)
    now = desk.clock.now()
    await desk.write(lambda tx: count(tx, other, "theirs", now, sent=100, bounced=9))

    found = await desk.call("operator", "resume_sending", mailbox=desk.box)

    assert (found.name, found.also) == (desk.box, ["spring"])
    assert (await state(desk), await state(desk, "theirs")) == ("normal", "paused")


async def test_who_resumed_is_in_the_record(desk: Desk) -> None:
    await happened(desk, sent=100, bounced=9)
    await desk.call("operator", "resume_sending", campaign="spring")

    events = [one for one in await desk.events() if one.kind == "sending.resumed"]

    assert [one.principal_id for one in events] == [desk.who["operator"]] * 2
    assert [one.data.get("campaign") for one in events] == ["spring", None]


async def test_a_key_of_one_mailbox_hears_of_campaigns_that_leave_it_and_of_no_others(desk: Desk) -> None:
    other = (await desk.call("operator", "create_mailbox", address="other@localhost")).mailbox.mailbox_id
    made = await desk.call("operator", "create_key", name="narrow", role="agent", mailboxes=[desk.box])
    now = desk.clock.now()
    await desk.write(lambda tx: count(tx, other, "theirs", now, sent=100, bounced=9))
    await happened(desk, sent=100, bounced=9)

    heard = await desk.call(made.key_id, "list_events", kinds=["sending.*"], after="evt_00000000000000")

    assert [(one["event"], one["mailbox"], one["detail"].get("campaign")) for one in heard.events] == [
        ("sending.paused", None, "spring"), ("sending.paused", desk.box, None),
    ]  # fmt: skip


async def test_a_volume_spike_warns_until_its_hour_is_over(desk: Desk) -> None:
    box = await own(desk)
    for _ in range(8):
        await happened(desk, "usual", sent=20)
        desk.later(HOUR)
    assert await kinds(desk) == []

    await happened(desk, sent=120)
    assert await kinds(desk) == ["sending.warned"]
    (warned,) = [one for one in await desk.events() if one.kind == "sending.warned"]
    assert (warned.mailbox_id, warned.data["reason"]) == (box.name, "volume_spike")

    desk.later(HOUR)
    await quiet(desk)
    assert await kinds(desk) == ["sending.warned", "sending.resumed"]


async def test_a_warm_up_lets_so_many_leave_a_day_and_the_rest_waits_for_the_next(
    desk: Desk, sink: Sink
) -> None:
    await desk.call("operator", "set_warm_up", mailbox=desk.box, first=3, target=12, days=3)
    await campaign(desk, people(25))

    reached = []
    for _ in range(4):
        await drained(desk, sink)
        reached.append(len(sink.mails))
        desk.later(DAY)

    assert reached == [3, 9, 21, 25]


async def test_a_warm_up_wakes_at_midnight_by_itself(desk: Desk, sink: Sink) -> None:
    await desk.call("operator", "set_warm_up", mailbox=desk.box, first=1, target=1)
    await campaign(desk, people(2))
    await drained(desk, sink)

    now = desk.clock.now()
    assert await upkeep.next_due(desk.services, now) == (now // DAY + 1) * DAY


async def test_what_the_next_hop_puts_off_before_the_text_goes_uses_up_nothing(
    desk: Desk, sink: Sink
) -> None:
    sink.misbehave(Fault("RCPT", "450 4.2.0 later", recipient="p000@out.test"))
    await desk.call("operator", "set_warm_up", mailbox=desk.box, first=2, target=2)
    await campaign(desk, people(3))

    await drained(desk, sink)

    assert sorted(mail.recipients[0] for mail in sink.mails) == ["p001@out.test", "p002@out.test"]


async def test_a_warm_up_that_is_changed_goes_on_with_its_day_unless_it_begins_again(desk: Desk) -> None:
    await desk.call("operator", "set_warm_up", mailbox=desk.box)
    desk.later(4 * DAY)

    changed = await desk.call("operator", "set_warm_up", mailbox=desk.box, days=10)
    again = await desk.call("operator", "set_warm_up", mailbox=desk.box, days=10, restart=True)
    ended = await desk.call("operator", "set_warm_up", mailbox=desk.box, enabled=False)

    assert (changed.day, again.day, ended.enabled) == (5, 1, False)
    refused = await desk.refused("operator", "set_warm_up", mailbox=desk.box, first=9, target=8)
    assert (refused.code, refused.field) == ("invalid_setting", "target")


async def test_an_agent_sets_nothing_and_resumes_nothing(desk: Desk) -> None:
    for operation in ("set_breakers", "resume_sending", "set_warm_up"):
        assert (await desk.refused("agent", operation, mailbox=desk.box)).code == "forbidden"
    made = await desk.call("operator", "create_key", name="narrow", role="operator", mailboxes=[desk.box])
    for operation in ("set_breakers", "resume_sending"):
        assert (await desk.refused(made.key_id, operation, campaign="spring")).code == "forbidden"
    assert await desk.read(lambda tx: tx.reputation.rules(Subject("campaign", "spring"))) == {}
