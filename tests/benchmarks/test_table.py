"""The table of the benchmarks: what counts as met, and how a line reads."""

from __future__ import annotations

import pytest

from benchmarks.table import Pair, Row, table

FAST, SLOW = Pair(3.0, 2.0), Pair(10.0, 2.0)


def test_the_ratio_is_the_median_of_the_runs_own_ratios() -> None:
    assert Row("reading", "ms", [FAST, SLOW, Pair(40.0, 20.0)]).ratio == 2.0


@pytest.mark.parametrize(("pair", "met"), [(FAST, True), (SLOW, False)])
def test_a_time_meets_its_target_from_below_and_a_rate_from_above(pair: Pair, met: bool) -> None:
    assert Row("reading", "ms", [pair], at_most=1.5).met is met
    assert Row("sending", "mail/s", [pair], at_least=2.0).met is not met


def test_a_line_without_a_target_is_a_report() -> None:
    row = Row("memory", "MB", [FAST])

    assert row.met is None
    assert row.cells()[-2:] == ("reported", "")


def test_the_table_says_what_is_not_met() -> None:
    titles, _, first, second = table(
        [Row("reading", "ms", [SLOW], at_most=1.5), Row("sending", "mail/s", [Pair(1_234.0, 617.0)])]
    ).splitlines()

    assert titles.split() == ["what", "ours", "baseline", "ratio", "runs", "target", "met"]
    assert first.split() == ["reading", "10.0", "ms", "2.00", "ms", "5.00", "5.00-5.00", "<=", "1.5", "NO"]
    assert second.split() == ["sending", "1,234", "mail/s", "617", "mail/s", "2.00", "2.00-2.00", "reported"]
