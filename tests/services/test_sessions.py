"""One's own sign-ins: seen and ended by nobody else."""

from __future__ import annotations

import pytest

from multimail.core.times import HOUR
from multimail.services.sessions import named
from multimail.services.signing_in import SigningIn, hashed, make_link
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def signed_in(desk: Desk, who: str = "reviewer") -> str:
    """The name of a new session."""
    services, now = desk.services, desk.clock.now()
    token = await desk.write(lambda tx: make_link(tx, services.ids, desk.who[who], now))
    return named(hashed(await SigningIn(services).with_link(token)))


async def open_to(desk: Desk, who: str = "reviewer") -> list[str]:
    return [one.session_id for one in (await desk.call(who, "list_sessions")).sessions]


async def test_own_sign_ins_are_listed_newest_first_until_they_are_over(desk: Desk) -> None:
    first = await signed_in(desk)
    desk.later(HOUR)
    second = await signed_in(desk)
    await signed_in(desk, "second")

    assert await open_to(desk) == [second, first]
    desk.later(11 * HOUR)
    assert await open_to(desk) == [second]


async def test_one_all_but_one_or_all_are_ended(desk: Desk) -> None:
    one, two, three = [await signed_in(desk) for _ in range(3)]
    other = await signed_in(desk, "second")

    assert (await desk.call("reviewer", "close_sessions", session_id=one)).closed == 1
    assert (await desk.call("reviewer", "close_sessions", session_id=other)).closed == 0
    assert (await desk.call("reviewer", "close_sessions", session_id="")).closed == 0
    assert sorted(await open_to(desk)) == sorted([two, three])
    assert (await desk.call("reviewer", "close_sessions", keep=two)).closed == 1
    assert await open_to(desk) == [two]
    assert (await desk.call("reviewer", "close_sessions")).closed == 1
    assert (await open_to(desk), await open_to(desk, "second")) == ([], [other])


async def test_one_cannot_be_ended_and_kept(desk: Desk) -> None:
    problem = await desk.refused("reviewer", "close_sessions", session_id="ses_a", keep="ses_b")

    assert (problem.code, problem.field) == ("contradiction", "keep")
