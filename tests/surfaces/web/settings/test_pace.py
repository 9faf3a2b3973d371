"""Pace on its page: rules are set, said in sentences and taken away; faults stand beside their fields."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.contract.pace import PaceRuleView
from multimail.surfaces.web.settings.pace import sentences
from tests.support.desk import Desk
from tests.support.filled import beside, filled, send
from tests.support.guest import Guest, text

pytestmark = pytest.mark.anyio
AT, ZONES = "/settings/pace", "/settings/pace/zones"
RULE = {
    "topic": "news", "per_week": "2", "quiet_from": "21:00", "quiet_to": "08:00", "quiet_days": "sat, Sunday",
    "on_cap": "refuse",
}  # fmt: skip


async def rules(desk: Desk) -> list[Any]:
    return list((await desk.call("operator", "list_pace")).pace_rules)


async def test_a_rule_is_set_and_said_in_sentences(desk: Desk, operator: Guest) -> None:
    page = text(await operator.get(await send(operator, AT, **RULE, transactional="1")))

    (rule,) = await rules(desk)
    assert (rule.topic, rule.per_week, rule.quiet_days, rule.on_cap) == ("news", 2, ["sat", "sun"], "refuse")
    assert "Nobody gets more than 2 in 7 days; more is left out." in page
    assert (
        "Quiet from 21:00 to 08:00, on Saturdays, on Sundays on the recipient's clock; what comes then waits."
        in page
    )
    assert "Transactional mail, too." in page


async def test_setting_it_again_takes_the_place_of_the_one_that_was(desk: Desk, operator: Guest) -> None:
    await send(operator, AT, **RULE)
    await send(operator, AT, **RULE | {"per_week": "3", "quiet_days": ""})

    assert [(one.per_week, one.quiet_days) for one in await rules(desk)] == [(3, [])]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"per_week": "many"}, "per_week"),
        ({"per_week": "0"}, "per_week"),
        ({"quiet_from": "25:00"}, "quiet_from"),
        ({"quiet_to": ""}, "quiet_to"),
        ({"quiet_to": "21:00"}, "quiet_to"),
        ({"quiet_days": "sat, someday"}, "quiet_days"),
        ({"quiet_days": "mon, tue, wed, thu, fri, sat, sun"}, "quiet_days"),
        ({"topic": "two, topics"}, "topic"),
    ],
)
async def test_a_fault_stands_beside_its_field_and_all_is_kept(
    desk: Desk, operator: Guest, wrong: dict[str, str], field: str
) -> None:
    page = await send(operator, AT, **RULE | wrong)

    assert beside(page, field)
    kept = filled(page, AT)
    assert {name: kept[name] for name in RULE} == RULE | wrong
    assert await rules(desk) == []


async def test_a_rule_is_taken_away_after_one_more_look(desk: Desk, operator: Guest) -> None:
    made = await desk.call("operator", "set_pace", per_day=1)
    at = f"{AT}/{made.rule_id}/delete"
    assert "Nobody gets more than 1 in 24 hours; more waits." in text(await operator.get(at))

    page = text(await operator.get(await send(operator, at)))

    assert "The rule is gone." in page
    assert await rules(desk) == []
    assert (await operator.get(at)).status_code == 404


async def test_the_clock_of_a_domain_is_set_and_forgotten(desk: Desk, operator: Guest) -> None:
    await send(operator, AT, ZONES, domain="@Example.de", timezone="europe/berlin")
    zones = (await desk.call("operator", "list_pace")).time_zones
    assert [(one.domain, one.timezone) for one in zones] == [("example.de", "Europe/Berlin")]

    page = await send(operator, AT, ZONES, domain="example.de", timezone="Mars/Base")
    assert beside(page, "timezone")
    assert filled(page, ZONES)["timezone"] == "Mars/Base"

    await send(operator, AT, ZONES, domain="example.de", timezone="")
    assert (await desk.call("operator", "list_pace")).time_zones == []


def test_a_rule_without_numbers_and_hours_says_nothing() -> None:
    rule = PaceRuleView(rule_id="pace_1", on_cap="hold", on_quiet="hold", transactional=False)

    assert sentences(rule) == ["It says nothing."]
