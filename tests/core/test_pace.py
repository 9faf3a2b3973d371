"""Caps and quiet hours on the recipient's clock, over changes of the clocks, and when all of them agree."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.errors import Problem
from multimail.core.pace import (
    PERIODS,
    Cap,
    Delay,
    Handed,
    PaceRule,
    Quiet,
    cap_free_at,
    clock_of,
    delay,
    is_quiet,
    minute_of,
    on_clock,
    opens_at,
    weekdays_of,
)
from multimail.core.times import DAY, HOUR, MINUTE, Micros, from_datetime, to_datetime

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Quiet(21 * 60, 8 * 60)
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Chatham", "UTC"]


def at(text: str, zone: str = "UTC") -> Micros:
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


def local(moment: Micros, zone: ZoneInfo = BERLIN) -> str:
    return to_datetime(moment).astimezone(zone).strftime("%a %H:%M")


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-03-02T20:59", False),
        ("2026-03-02T21:00", True),
        ("2026-03-03T07:59:59", True),
        ("2026-03-03T08:00", False),
    ],
)
def test_quiet_hours_go_over_midnight_and_end_sharp(moment: str, quiet: bool) -> None:
    assert is_quiet(NIGHT, at(moment, "Europe/Berlin"), BERLIN) is quiet


def test_quiet_days_are_quiet_all_day_and_hours_come_after_them() -> None:
    quiet = Quiet(0, 9 * 60, frozenset({5, 6}))

    assert local(opens_at(quiet, at("2026-03-07T12:00", "Europe/Berlin"), BERLIN)) == "Mon 09:00"
    assert local(opens_at(Quiet(days=frozenset({5})), at("2026-03-07T12:00"), BERLIN)) == "Sun 00:00"
    assert opens_at(quiet, at("2026-03-06T12:00"), BERLIN) == at("2026-03-06T12:00")


def test_a_window_that_opens_in_the_hour_that_is_skipped_opens_when_the_clock_jumps() -> None:
    night = at("2026-03-29T01:00", "Europe/Berlin")

    assert opens_at(Quiet(22 * 60, 2 * 60 + 30), night, BERLIN) == at("2026-03-29T01:00")
    assert local(at("2026-03-29T01:00")) == "Sun 03:00"


def test_a_window_that_opens_in_the_hour_that_comes_twice_opens_the_first_time() -> None:
    assert opens_at(Quiet(22 * 60, 2 * 60 + 30), at("2026-10-24T23:00"), BERLIN) == at("2026-10-25T00:30")
    assert is_quiet(Quiet(22 * 60, 2 * 60 + 30), at("2026-10-25T01:10"), BERLIN)


@given(
    st.sampled_from(ZONES), st.integers(0, 1439), st.integers(0, 1439), st.frozensets(st.integers(0, 6), max_size=6),
    st.integers(at("2026-01-01") // MINUTE, at("2027-01-01") // MINUTE),
)  # fmt: skip
def test_the_window_opens_at_the_first_minute_that_is_not_quiet(
    zone: str, starts: int, ends: int, days: frozenset[int], minute: int
) -> None:
    quiet, clock, now = Quiet(starts, ends, days), ZoneInfo(zone), minute * MINUTE

    opens = opens_at(quiet, now, clock)

    assert not is_quiet(quiet, opens, clock)
    assert now <= opens < now + 9 * DAY
    assert opens == now or is_quiet(quiet, opens - MINUTE, clock)
    assert all(is_quiet(quiet, one, clock) for one in range(now, opens, 97 * MINUTE))


def test_where_no_day_is_left_it_is_tried_again_tomorrow() -> None:
    assert opens_at(Quiet(days=frozenset(range(7))), 0, BERLIN) == DAY


def test_a_cap_is_free_once_the_oldest_that_fills_it_is_a_period_ago() -> None:
    cap, now = Cap("day", 2), at("2026-03-02T12:00")

    assert cap_free_at(cap, [], now) == now
    assert cap_free_at(cap, [now - DAY, now - HOUR], now) == now
    assert cap_free_at(cap, [now - 3 * HOUR, now - 2 * HOUR, now - HOUR], now) == now - 2 * HOUR + DAY


@pytest.mark.parametrize("period", PERIODS)
def test_every_period_counts_backwards_from_now(period: str) -> None:
    now = at("2026-03-02T12:00")

    assert cap_free_at(Cap(period, 1), [now - PERIODS[period] + 1], now) == now + 1


def test_all_rules_have_to_agree_and_the_first_moment_at_which_they_do_is_named() -> None:
    now = at("2026-03-02T12:00", "Europe/Berlin")
    rules = [
        PaceRule("a", quiet=NIGHT),
        PaceRule("b", "mbx_1", caps=(Cap("day", 1),)),
        PaceRule("c", topic="news", caps=(Cap("week", 2),)),
    ]
    # In 9 hours the day of `b` is over, and that is in the night.
    handed = [Handed(now - 15 * HOUR, "mbx_1", ""), Handed(now - HOUR, "mbx_2", "news")]

    found = delay(rules, handed, BERLIN, now)

    assert found == Delay(at("2026-03-03T08:00", "Europe/Berlin"), "frequency_cap")


def test_whom_nothing_is_known_against_may_be_written_to_now() -> None:
    now = at("2026-03-02T12:00")
    other = [Handed(now - HOUR, "mbx_2", ""), Handed(now - HOUR, "mbx_1", "offers")]

    assert delay([PaceRule("a", "mbx_1", "news", (Cap("day", 1),), NIGHT)], other, BERLIN, now) is None


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (PaceRule("a", quiet=NIGHT, quiet_refuses=True), "quiet_hours"),
        (PaceRule("a", caps=(Cap("day", 1),), cap_refuses=True), "frequency_cap"),
    ],
)
def test_a_rule_that_refuses_comes_before_those_that_hold(rule: PaceRule, reason: str) -> None:
    now = at("2026-03-02T23:00", "Europe/Berlin")
    holding = PaceRule("b", quiet=NIGHT, caps=(Cap("day", 1),))

    assert delay([holding, rule], [Handed(now - HOUR, "m", "")], BERLIN, now) == Delay(None, reason)


@pytest.mark.parametrize(
    ("wall", "zone", "moment"),
    [
        ("2026-07-01T09:00", "America/New_York", "2026-07-01T13:00"),
        ("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30"),
        ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30"),
        ("2026-07-01T09:00", "Pacific/Kiritimati", "2026-06-30T19:00"),
    ],
)
def test_a_time_on_a_clock_is_one_moment(wall: str, zone: str, moment: str) -> None:
    assert on_clock(at(wall), ZoneInfo(zone)) == at(moment)


def test_times_and_weekdays_are_read_as_people_write_them() -> None:
    assert [minute_of(one, "quiet_from") for one in ("8:05", " 21:30 ", "24:00")] == [485, 1290, 0]
    assert clock_of(485) == "08:05"
    assert weekdays_of(["Sat", "sunday", "Mon"], "quiet_days") == frozenset({5, 6, 0})


@pytest.mark.parametrize("text", ["", "25:00", "9", "9:60", "24:01", "noon", "٩:٠٠"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(Problem, match="no time of day"):
        minute_of(text, "quiet_from")


@pytest.mark.parametrize("text", ["", "mo", "monda ys", "satan", "7"])
def test_what_is_no_weekday_is_refused(text: str) -> None:
    with pytest.raises(Problem, match="no weekday"):
        weekdays_of([text], "quiet_days")


def test_the_days_of_a_rule_are_named_in_utc_too() -> None:
    assert is_quiet(Quiet(days=frozenset({0})), at("2026-03-02T00:00"), UTC)
