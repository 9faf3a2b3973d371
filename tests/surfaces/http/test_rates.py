"""A principal's minute: so many requests, told in each answer, and a new minute after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail.surfaces.http.rates import Rates
from tests.support.desk import opened
from tests.support.rest import front, problem

pytestmark = pytest.mark.anyio


def test_each_principal_has_its_own_minute() -> None:
    rates = Rates(2, lambda: 0.0)

    assert [rates.take(who).left for who in ("a", "a", "b", "a")] == [1, 0, 1, -1]


def test_a_minute_ends_sixty_seconds_after_its_first_request() -> None:
    now = [0.0]
    rates = Rates(1, lambda: now[0])

    rates.take("a")
    now[0] = 59.5
    late = rates.take("a")
    now[0] = 60.0
    fresh = rates.take("a")

    assert (late.left, late.seconds) == (-1, 1)
    assert (fresh.left, fresh.seconds) == (0, 60)


async def test_one_request_too_many_is_told_when_to_come_again(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk, front(desk, per_minute=2) as api:
        answers = [await api.ask("GET", "/v1/list_mailboxes") for _ in range(3)]
        others = await api.ask("GET", "/v1/list_mailboxes", "other")

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["ratelimit"] for answer in answers] == [
        '"minute";r=1;t=60',
        '"minute";r=0;t=60',
        '"minute";r=0;t=60',
    ]
    assert answers[0].headers["ratelimit-policy"] == '"minute";q=2;w=60'
    assert answers[2].headers["retry-after"] == "60"
    assert (problem(answers[2])["code"], problem(answers[2])["retry"]) == ("rate_limited", True)
    assert others.status_code == 200
