"""Every page of the site, with something of everything in it: axe-core finds nothing, nothing is wider than the screen.

With MULTIMAIL_TEST_SCREENSHOTS set to a folder, each is also kept there as a picture: `make screenshots`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from multimail.surfaces.web import pages
from tests.support import axe
from tests.support.looks import ELSEWHERE, LOOKS, Look, keep_picture
from tests.support.showroom import Showroom, showroom

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


@pytest.fixture(scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Showroom]:
    async with showroom(tmp_path_factory.mktemp("showroom"), days=9) as furnished:
        yield furnished
        assert furnished.place.elsewhere == []


@pytest.fixture(scope="module")
async def visitors(room: Showroom, shared_browser: Browser) -> AsyncIterator[dict[str, Page]]:
    """A page of each person's own browser."""
    screen = {"width": axe.WIDE, "height": axe.HEIGHT}
    options: dict[str, Any] = {"script": True, "viewport": screen, "timezone_id": "UTC"}
    pages = {name: await room.place.person(shared_browser, name, **options) for name in ("Olga", "Rita")}
    yield pages
    for page in pages.values():
        await page.context.close()


def test_every_page_is_looked_at() -> None:
    shown = {route.path for route in pages.PAGES if route.method == "GET"}

    assert shown - {look.route for look in LOOKS} == set(ELSEWHERE)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
async def test_everybody_can_use_it(look: Look, room: Showroom, visitors: dict[str, Page]) -> None:
    page = visitors[look.who]
    answer = await page.goto(room.place.server.base_url + look.path.format_map(room.names))
    assert answer is not None
    assert answer.status == look.status
    if look.first is not None:
        await look.first(page)
    await keep_picture(page, look.name, main=look.main)

    assert await axe.everywhere(page) == []


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_no_rule_is_broken_in_any_surroundings(room: Showroom, visitors: dict[str, Page]) -> None:
    wrong: dict[str, list[str]] = {}
    for look in LOOKS:
        page = visitors[look.who]
        await page.goto(room.place.server.base_url + look.path.format_map(room.names))
        if look.first is not None:
            await look.first(page)
        if found := await axe.everywhere(page, every_rule=True):
            wrong[look.name] = found

    assert wrong == {}
