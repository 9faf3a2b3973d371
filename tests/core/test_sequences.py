"""What comes next in a sequence, when, and what ends it."""

from __future__ import annotations

import pytest

from multimail.core.errors import Problem
from multimail.core.sequences import Plan, Step, ended_by, wait_of, wait_text
from multimail.core.times import DAY, HOUR, MINUTE

PLAN = Plan(
    (Step(0), Step(3 * DAY, only_if=("a", "b")), Step(DAY, unless=("c",)), Step(HOUR)),
    stop_tags=("customer",),
)


@pytest.mark.parametrize(
    ("step", "tags", "following"),
    [(0, "", 0), (1, "", 2), (1, "a", 2), (1, "ab", 1), (2, "c", 3), (1, "abc", 1), (4, "", None)],
)
def test_the_next_step_is_the_first_that_is_for_somebody_with_these_tags(
    step: int, tags: str, following: int | None
) -> None:
    assert PLAN.next_for(step, set(tags)) == following


def test_a_step_is_due_its_wait_after_the_one_before() -> None:
    assert PLAN.due_after(0, 100) == 100 + 3 * DAY
    assert PLAN.due_after(3, 100) == 100


@pytest.mark.parametrize(
    ("tags", "suppressed", "last", "reason"),
    [
        ((), (), None, None),
        ((), (), "delivered", None),
        (("vip",), ("soft_bounce",), "sent", None),
        (("unsubscribed", "customer"), (), None, "unsubscribed"),
        (("suppressed",), (), None, "suppressed"),
        ((), ("manual", "unsubscribe"), None, "unsubscribed"),
        ((), ("hard_bounce",), None, "bounced"),
        ((), ("complaint",), None, "complained"),
        ((), ("erasure",), None, "erased"),
        (("customer",), (), "rejected", "tag"),
        ((), (), "bounced", "bounced"),
        ((), (), "expired", "expired"),
    ],
)
def test_what_ends_it_has_a_code(
    tags: tuple[str, ...], suppressed: tuple[str, ...], last: str | None, reason: str | None
) -> None:
    assert ended_by(PLAN, tags, suppressed, last) == reason


@pytest.mark.parametrize(
    ("text", "wait", "written"),
    [
        ("0", 0, "0"),
        ("30m", 30 * MINUTE, "30m"),
        ("24 H", DAY, "1d"),
        ("3d", 3 * DAY, "3d"),
        ("14d", 14 * DAY, "2w"),
    ],
)
def test_waits_are_read_and_written(text: str, wait: int, written: str) -> None:
    assert wait_of(text, "wait") == wait
    assert wait_text(wait) == written


@pytest.mark.parametrize("text", ["", "3", "d", "-1d", "1.5d", "367d", "3 days", "٣d"])
def test_what_is_no_wait_is_refused(text: str) -> None:
    with pytest.raises(Problem, match="no time to wait"):
        wait_of(text, "wait")
