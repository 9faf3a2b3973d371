"""Reputation: rates, the ladder of a breaker with its way down, volume spikes, warm-up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from multimail.core import reputation
from multimail.core.reputation import Counts, Rules, State, WarmUp, is_spike, judged
from multimail.core.times import DAY, HOUR

RULES = Rules()
NORMAL, WARNED, THROTTLED, PAUSED = State


def of(bounced: int = 0, complained: int = 0, sent: int = 1_000) -> Counts:
    return Counts(sent=sent, bounced=bounced, complained=complained)


def test_rates_have_three_places_and_never_exceed_the_whole() -> None:
    assert (of(1, sent=3).bounce_percent, of(0, 1).complaint_percent) == (33.333, 0.1)
    assert (of(sent=0).bounce_percent, of(9, sent=3).bounce_percent) == (0.0, 100.0)
    assert (of(4).delivered, of(9, sent=3).delivered) == (996, 0)


def test_what_is_counted_since_a_place_is_never_less_than_nothing() -> None:
    assert of(5, 1).less(of(2, 3, sent=900)) == Counts(sent=100, bounced=3)


@pytest.mark.parametrize(
    ("bounced", "complained", "state", "reason"),
    [
        (19, 0, NORMAL, ""), (20, 0, WARNED, "bounces"), (29, 0, WARNED, "bounces"), (30, 0, THROTTLED, "bounces"),
        (49, 0, THROTTLED, "bounces"), (50, 0, PAUSED, "bounces"), (0, 1, WARNED, "complaints"),
        (0, 2, THROTTLED, "complaints"), (0, 3, PAUSED, "complaints"), (20, 3, PAUSED, "complaints"),
    ],
)  # fmt: skip
def test_each_rate_leads_to_its_state(bounced: int, complained: int, state: State, reason: str) -> None:
    verdict = judged(NORMAL, of(bounced, complained), RULES)

    assert (verdict.state, verdict.reason) == (state, reason)


def test_below_the_minimum_volume_no_rate_counts_whatever_the_state() -> None:
    assert judged(NORMAL, of(49, sent=49), RULES).state is NORMAL
    assert judged(THROTTLED, of(49, sent=49), RULES).state is NORMAL
    assert judged(NORMAL, of(50, sent=50), RULES).state is PAUSED


def test_one_alone_warns_and_does_no_more() -> None:
    assert judged(NORMAL, of(0, 1, sent=50), RULES).state is WARNED
    assert judged(NORMAL, of(0, 2, sent=50), RULES).state is PAUSED


def test_a_state_ends_only_well_below_where_it_began() -> None:
    assert judged(THROTTLED, of(25), RULES).state is THROTTLED
    assert judged(THROTTLED, of(23), RULES).state is WARNED
    assert judged(WARNED, of(16), RULES).state is WARNED
    assert judged(WARNED, of(15), RULES).state is NORMAL


def test_a_pause_ends_by_nobody_but_an_operator() -> None:
    assert judged(PAUSED, of(), RULES).state is PAUSED
    assert judged(PAUSED, of(), replace(RULES, enabled=False)).state is PAUSED


def test_switched_off_nothing_counts() -> None:
    assert judged(THROTTLED, of(900), replace(RULES, enabled=False), spike=True).state is NORMAL


def test_a_spike_does_what_is_set_unless_the_rates_say_worse() -> None:
    assert judged(NORMAL, of(), RULES, spike=True) == reputation.Verdict(WARNED, "volume_spike")
    assert judged(NORMAL, of(30), RULES, spike=True) == reputation.Verdict(THROTTLED, "bounces")
    stops = replace(RULES, spike_action=PAUSED)
    assert judged(NORMAL, of(30), stops, spike=True) == reputation.Verdict(PAUSED, "volume_spike")


def test_a_state_is_stricter_than_those_before_it() -> None:
    assert reputation.rises(WARNED, PAUSED)
    assert not reputation.rises(THROTTLED, WARNED)


def test_far_more_than_the_usual_hour_is_a_spike() -> None:
    usual = [0, 10, 20, 20, 20, 30, 40]
    assert is_spike(100, usual, RULES)
    assert not is_spike(99, usual, RULES)
    assert not is_spike(49, [1] * 20, RULES)


def test_where_nothing_is_usual_yet_nothing_is_a_spike() -> None:
    assert not is_spike(10_000, [5] * 5 + [0] * 100, RULES)
    assert not is_spike(10_000, [5] * 50, replace(RULES, spike_action=NORMAL))
    assert not is_spike(10_000, [5] * 50, replace(RULES, enabled=False))


def test_hours_and_windows_are_counted_from_the_epoch() -> None:
    assert reputation.hour_of(5 * HOUR - 1) == 4
    assert reputation.window(100, 24) == 77
    assert reputation.spike_hours(200) == (32, 200)
    assert reputation.next_day(3 * DAY) == 4 * DAY


def test_a_warm_up_grows_by_equal_factors_from_the_first_day_to_the_last() -> None:
    plan = WarmUp(started_at=10 * DAY + HOUR)
    limits = [plan.limit((10 + day) * DAY) for day in range(31)]

    assert (limits[0], limits[29], limits[30]) == (50, 5_000, None)
    assert 450 < (limits[14] or 0) < 550
    assert limits[:30] == sorted(one for one in limits if one is not None)
    assert (plan.day(5 * DAY), plan.ends_at()) == (1, 40 * DAY)


def test_a_warm_up_of_one_day_has_its_target_at_once() -> None:
    assert WarmUp(0, first=10, target=40, days=1).limit(0) == 40
