"""A campaign to a bad list: its breaker stops the rest in the middle, and what waited goes once an operator lets it."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any, Final

import httpx2

from tests.e2e.test_campaign import campaign
from tests.support.campaign import AT_ONCE, HELLO, NEWS, Campaign, at_once

PEOPLE: Final = 240
BAD: Final = range(0, 60, 6)
"""Whose addresses are dead: one in six of the first sixty, who are more than the fifty that a breaker wants to see."""
TAG: Final = "campaign=spring"


def address(person: int) -> str:
    return f"{'gone' if person in BAD else 'p'}{person}@out.test"


async def send(one: Campaign, box: str, person: int, **more: Any) -> None:
    headers = {"X-Campaign": box, "X-Person": str(person)}
    answer = await one.call(
        "send_email",
        mailbox=box,
        to=[address(person)],
        subject="News, spring",
        body="Hello.",
        headers=headers,
        **more,
    )
    assert answer["status"] == "queued"


async def state(one: Campaign, **subject: str) -> dict[str, Any]:
    found = await one.call("get_reputation", key=one.operator, **subject)
    view: dict[str, Any] = found["subjects"][0]
    return view


async def resume(one: Campaign) -> bool:
    """The mailbox goes on, and with it its campaign; whether it was stopped."""
    if (await state(one, mailbox=NEWS))["state"] != "paused":
        return False
    await one.call("resume_sending", key=one.operator, mailbox=NEWS)
    return True


def arrived(one: Campaign, box: str) -> list[str]:
    return [mail.recipient for mail in one.sink.arrivals() if mail.campaign == box]


async def nothing_under_way(one: Campaign, states: frozenset[str]) -> None:
    await one.until(lambda: not states & {*one.became().values()})


async def run(one: Campaign) -> None:
    async with httpx2.AsyncClient(base_url=one.url, timeout=60) as client:
        one.client = client
        await one.call("set_breakers", key=one.operator, throttle_bounces=5, pause_bounces=5, minimum=50)
        await at_once(AT_ONCE, (send(one, NEWS, person, tags=[TAG]) for person in range(PEOPLE)))
        await one.until(lambda: Counter(one.became().values())["failed"] >= 3)
        while (await state(one, mailbox=NEWS))["state"] != "paused":
            assert "queued" in one.became().values(), "it went out to the end"
            await asyncio.sleep(0.02)
        await nothing_under_way(one, frozenset({"claimed", "sending"}))
        left, states = len(arrived(one, NEWS)), Counter(one.became().values())
        assert states["queued"] == PEOPLE - left - states["failed"] > PEOPLE // 4

        # Other mail goes on meanwhile; and by the time it is there, whatever could leave would have.
        await send(one, HELLO, 1_001)
        await one.until(lambda: len(arrived(one, HELLO)) == 1)
        assert len(arrived(one, NEWS)) == left
        assert (await state(one, campaign=TAG))["state"] == "paused"
        assert (await state(one, mailbox=NEWS))["waiting"] == states["queued"]

        assert await resume(one)
        assert (await state(one, campaign=TAG))["state"] != "paused"
        while "queued" in one.became().values():
            # Of the bad ones some were left: they may stop it once more.
            await resume(one)
            await asyncio.sleep(0.02)
        await nothing_under_way(one, frozenset({"claimed", "sending"}))


def test_a_breaker_stops_the_rest_and_after_an_operators_word_it_goes_out_once(tmp_path: Path) -> None:
    with campaign(tmp_path, PEOPLE, 100) as one:
        asyncio.run(run(one))

        assert Counter(arrived(one, NEWS)) == {address(one): 1 for one in range(PEOPLE) if one not in BAD}
        became = one.became()
        assert {became[address(one)] for one in BAD} == {"failed"}
