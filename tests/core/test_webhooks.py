"""A webhook is called eight times within a day and some hours, and its receiver is judged by how it does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.retry import GiveUp, Retry
from multimail.core.times import HOUR, MINUTE, SECOND
from multimail.core.webhooks import LONGEST_ASKED, TRIES, WAITS, health, next_post

NOW = 1_700_000_000_000_000


@pytest.mark.parametrize(
    ("tries", "wait"),
    [
        (0, 5 * SECOND), (1, 5 * SECOND), (2, 5 * MINUTE), (3, 30 * MINUTE), (4, 2 * HOUR), (5, 5 * HOUR),
        (6, 10 * HOUR), (7, 12 * HOUR),
    ],
)  # fmt: skip
def test_waits_grow_with_the_tries(tries: int, wait: int) -> None:
    assert next_post(tries, NOW, 0.5) == Retry(NOW + wait)


def test_the_eighth_try_is_the_last() -> None:
    assert TRIES == 8
    assert next_post(8, NOW, 0.5, asked=HOUR) == GiveUp()


def test_all_tries_lie_within_thirty_hours() -> None:
    assert 29 * HOUR < sum(WAITS) < 30 * HOUR


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 7))
def test_jitter_moves_a_wait_by_a_tenth_at_most(jitter: float, tries: int) -> None:
    decision = next_post(tries, NOW, jitter)

    assert isinstance(decision, Retry)
    assert 0.9 * WAITS[tries - 1] <= decision.at - NOW <= 1.1 * WAITS[tries - 1]


def test_a_receiver_may_ask_for_more_patience_within_bounds_and_never_for_less() -> None:
    assert next_post(1, NOW, 0.5, asked=HOUR) == Retry(NOW + HOUR)
    assert next_post(1, NOW, 0.5, asked=99 * HOUR) == Retry(NOW + LONGEST_ASKED)
    assert next_post(3, NOW, 0.5, asked=SECOND) == Retry(NOW + 30 * MINUTE)


@pytest.mark.parametrize(
    ("in_a_row", "delivered", "failed", "state"),
    [
        (0, 0, 0, "ok"), (4, 100, 0, "ok"), (5, 100, 0, "failing"), (0, 95, 5, "ok"), (0, 94, 6, "degraded"),
        (1, 0, 1, "degraded"),
    ],
)  # fmt: skip
def test_a_receiver_is_judged_by_its_failures(in_a_row: int, delivered: int, failed: int, state: str) -> None:
    assert health(in_a_row, delivered, failed) == state
