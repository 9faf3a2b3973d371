"""The parts of every page that follow the server are printed by themselves as the layout prints them."""

from __future__ import annotations

import re

import pytest

from tests.support.desk import Desk
from tests.support.guest import Guest, text

pytestmark = pytest.mark.anyio
_PART = re.compile(
    r'<(span|div) id="(waiting-now|frozen-now)"[^>]*>(.*?)</\1>(?=\s*(?:</a>|<main|<div|$))', re.DOTALL
)


def parts(html: str) -> dict[str, str]:
    return {name: " ".join(inner.split()) for _, name, inner in _PART.findall(html)}


async def test_a_part_is_the_same_alone_and_on_a_page(desk: Desk, reviewer: Guest) -> None:
    await desk.send()
    await desk.call("operator", "freeze", mailbox=desk.box)
    alone, page = await reviewer.get("/live/standing"), await reviewer.get("/account")

    assert parts(alone.text) == parts(page.text)
    assert parts(alone.text).keys() == {"waiting-now", "frozen-now"}
    assert (
        text(alone)
        == f"1 waiting {desk.box} is frozen. Nothing leaves it, whatever is approved. See what waits behind it"
    )


async def test_with_nothing_to_say_it_says_nothing(reviewer: Guest) -> None:
    assert text(await reviewer.get("/live/standing")) == ""


async def test_what_somebody_wrote_about_a_freeze_is_text(desk: Desk, reviewer: Guest) -> None:
    await desk.call("operator", "freeze", reason="<b>now</b>")

    assert "“&lt;b&gt;now&lt;/b&gt;”" in (await reviewer.get("/live/standing")).text


async def test_only_who_may_end_a_freeze_is_offered_to(desk: Desk, reviewer: Guest) -> None:
    await desk.call("operator", "freeze")

    assert "End the freeze" not in (await reviewer.get("/live/standing")).text


async def test_home_is_what_waits_and_otherwise_the_mail(desk: Desk, reviewer: Guest) -> None:
    assert (await reviewer.get("/")).headers["location"] == "/inbox"
    await desk.send()

    assert (await reviewer.get("/")).headers["location"] == "/review"
