"""Setting and asking for pace: what is refused, who may, and what holds for somebody now."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import DAY, HOUR
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def check(desk: Desk, **more: Any) -> Any:
    return await desk.call("agent", "check_pace", **{"mailbox": desk.box, "email": "Ann@example.org"} | more)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quiet_from": "21:00"}, "quiet_to"),
        ({"quiet_to": "21:00"}, "quiet_from"),
        ({"quiet_from": "9 pm", "quiet_to": "08:00"}, "quiet_from"),
        ({"quiet_from": "08:00", "quiet_to": "08:00"}, "quiet_to"),
        ({"quiet_from": "00:00", "quiet_to": "24:00"}, "quiet_to"),
        ({"quiet_days": ["noday"]}, "quiet_days"),
        ({"quiet_days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, "quiet_days"),
        ({"per_day": 0}, "per_day"),
        ({"per_day": "many"}, "per_day"),
        ({"topic": "a, b"}, "topic"),
        ({"on_cap": "drop"}, "on_cap"),
        ({}, "per_day"),
        ({"transactional": True, "on_cap": "refuse"}, "per_day"),
        ({"mailbox": "", "per_day": 1}, "mailbox"),
    ],
)
async def test_what_leaves_no_time_or_says_nothing_is_refused(
    desk: Desk, wrong: dict[str, Any], field: str
) -> None:
    problem = await desk.refused("operator", "set_pace", **wrong)

    assert (problem.code, problem.field) == ("invalid", field)
    assert (await desk.call("operator", "list_pace")).count == 0


async def test_a_rule_is_shown_as_it_holds_and_set_again_in_its_place(desk: Desk) -> None:
    first = await desk.call(
        "operator", "set_pace", mailbox=desk.box, topic="News", per_day=1, quiet_hours_start="22:00",
        quiet_end="7:30", quiet_days="sat,sun",
    )  # fmt: skip
    again = await desk.call(
        "operator", "set_pace", mailbox=desk.box, topic="news", per_month=9, on_quiet="refuse"
    )

    assert (first.topic, first.quiet_from, first.quiet_to, first.quiet_days) == (
        "news",
        "22:00",
        "07:30",
        ["sat", "sun"],
    )
    assert (again.rule_id, again.per_day, again.per_month, again.on_quiet) == (
        first.rule_id,
        None,
        9,
        "refuse",
    )
    assert [one.rule_id for one in (await desk.call("viewer", "list_pace")).pace_rules] == [first.rule_id]


async def test_only_operators_set_it_and_of_a_limited_one_only_for_his_mailboxes(desk: Desk) -> None:
    assert (await desk.refused("agent", "set_pace", per_day=1)).code == "forbidden"
    assert (await desk.refused("agent", "set_time_zone", domain="a.test")).code == "forbidden"
    await desk.call("operator", "create_mailbox", address="else@localhost")
    limited = await desk.call("operator", "create_key", name="limited", role="operator", mailboxes=[desk.box])
    rule = await desk.call("operator", "set_pace", per_day=1)
    foreign = await desk.call("operator", "set_pace", mailbox="else@localhost", per_day=1)

    assert (await desk.refused(limited.key_id, "set_pace", per_day=2)).code == "forbidden"
    assert (await desk.refused(limited.key_id, "delete_pace", rule_id=rule.rule_id)).code == "forbidden"
    assert (await desk.refused(limited.key_id, "delete_pace", rule_id=foreign.rule_id)).code == "not_found"
    assert (await desk.call(limited.key_id, "list_pace")).count == 1
    assert (await desk.call(limited.key_id, "set_pace", mailbox=desk.box, per_day=2)).per_day == 2


async def test_whether_somebody_may_be_written_to_now_is_told_with_his_clock(desk: Desk) -> None:
    await desk.call("operator", "set_time_zone", domain="example.org", timezone="Asia/Tokyo")
    await desk.call("operator", "set_pace", quiet_from="21:00", quiet_to="08:00")

    found = await check(desk)

    assert (found.allowed, found.reason, found.timezone) == (False, "quiet_hours", "Asia/Tokyo")
    assert found.local_time == "2026-03-02T21:00:00+09:00"
    assert f"{found.until:%d %H:%M}" == "02 23:00"
    assert (await check(desk, email="bob@example.net")).allowed


async def test_what_somebody_got_is_counted_by_day_week_and_month(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    for later in (20 * DAY, 5 * DAY, 23 * HOUR):
        await desk.send(body=f"Letter {later}.")
        await desk.step()
        desk.later(later)
    await desk.call("operator", "set_pace", per_month=3, on_cap="refuse")

    found = await check(desk)

    assert (found.per_day, found.per_week, found.per_month) == (1, 2, 3)
    assert (found.allowed, found.reason, found.until) == (False, "frequency_cap", None)
    assert (await check(desk, message_class="transactional")).allowed is False


async def test_a_change_is_in_the_log(desk: Desk) -> None:
    rule = await desk.call("operator", "set_pace", per_day=1)
    await desk.call("operator", "delete_pace", rule_id=rule.rule_id)
    await desk.call("operator", "set_time_zone", domain="a.test", timezone="Asia/Tokyo")

    changed = [one.data for one in await desk.events() if one.kind == "pace.changed"]
    assert changed == [{"rule": rule.rule_id, "topic": ""}] * 2 + [{"timezone": "Asia/Tokyo"}]


@pytest.mark.parametrize("text", ["not a domain", "ann@example.org", "@", "example..org"])
async def test_what_is_no_domain_has_no_clock(desk: Desk, text: str) -> None:
    problem = await desk.refused("operator", "set_time_zone", domain=text, timezone="Europe/Berlin")

    assert (problem.code, problem.field) == ("invalid", "domain")
    assert "somebody" not in problem.message
