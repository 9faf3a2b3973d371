"""When a notice is due: soon after the first mail, at whole hours, never, and not too often."""

from __future__ import annotations

import pytest

from multimail.core import gathering
from multimail.core.model import NoticeKind, NoticeRules
from multimail.core.times import HOUR, MINUTE, SECOND

NOON = 1_772_452_800 * SECOND
DIGEST, OFF = NoticeKind.DIGEST, NoticeKind.OFF


@pytest.mark.parametrize(
    ("rules", "since", "due"),
    [
        (NoticeRules(), NOON + 5, NOON + 5 + 2 * MINUTE),
        (NoticeRules(minutes=10), NOON, NOON + 10 * MINUTE),
        (NoticeRules(DIGEST), NOON, NOON + HOUR),
        (NoticeRules(DIGEST), NOON + HOUR - 1, NOON + HOUR),
        (NoticeRules(DIGEST, 15), NOON + 16 * MINUTE, NOON + 30 * MINUTE),
        (NoticeRules(OFF), NOON, None),
        (NoticeRules(OFF, 5), NOON, None),
    ],
)
def test_when_a_notice_is_due(rules: NoticeRules, since: int, due: int | None) -> None:
    assert gathering.due_at(rules, since) == due


def test_after_so_many_in_an_hour_the_next_one_waits_until_the_hour_is_over() -> None:
    rules = NoticeRules(minutes=1)
    earlier = [NOON + number * MINUTE for number in range(gathering.MOST_AN_HOUR)]

    assert gathering.due_at(rules, earlier[-1], earlier[1:]) == earlier[-1] + MINUTE
    assert gathering.due_at(rules, earlier[-1], earlier) == NOON + HOUR


@pytest.mark.parametrize(
    ("rules", "minutes"),
    [(NoticeRules(), 2), (NoticeRules(DIGEST), 60), (NoticeRules(DIGEST, 5), 5), (NoticeRules(OFF), 0)],
)
def test_how_long_what_waits_is_gathered(rules: NoticeRules, minutes: int) -> None:
    assert gathering.minutes(rules) == minutes


def test_a_notice_is_known_by_its_message_id() -> None:
    header = gathering.header_id("msg_1", "here.test")

    assert header == "<notice-msg_1@here.test>"
    assert gathering.is_notice_id(header)
    assert not gathering.is_notice_id("<msg_1@here.test>")
