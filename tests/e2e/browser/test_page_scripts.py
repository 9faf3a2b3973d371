"""What script adds to the pages: keys and the list of them, copying, local times, one sending for two clicks, news."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.showroom import Showroom, showroom

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


@pytest.fixture(scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Showroom]:
    async with showroom(tmp_path_factory.mktemp("showroom")) as furnished:
        yield furnished
        assert furnished.place.elsewhere == []


async def at(room: Showroom, browser: Browser, path: str, who: str = "Rita", **options: Any) -> Page:
    return await room.place.person(browser, who, at=path, script=True, **{"timezone_id": "UTC"} | options)


async def test_a_question_mark_lists_the_keys_and_two_keys_lead_to_a_room(
    room: Showroom, browser: Browser
) -> None:
    page = await at(room, browser, "/account")
    await page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keys on this page")
    await expect(listed.get_by_role("row", name="g r Go to review")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(listed).to_have_count(0)
    await page.keyboard.press("g")
    await page.keyboard.press("r")

    await expect(page).to_have_url(f"{room.place.server.base_url}/review")


async def test_j_and_k_walk_and_enter_opens(room: Showroom, browser: Browser) -> None:
    page = await at(room, browser, "/inbox")
    rows = page.locator("[data-row]")
    for key, active in (("j", 0), ("j", 1), ("k", 0), ("k", 0)):
        await page.keyboard.press(key)
        await expect(rows.nth(active)).to_have_class(re.compile(r"\bactive\b"))


async def test_what_is_typed_is_no_key_and_single_keys_can_be_switched_off(
    room: Showroom, browser: Browser
) -> None:
    page = await at(room, browser, "/inbox")
    box = page.locator("input[type=search]")
    await box.press_sequentially("g r?")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(box).to_have_value("g r?")
    await box.evaluate("(one) => one.blur()")
    await page.keyboard.press("?")
    await page.get_by_label("Use single keys in this browser").uncheck()
    await page.get_by_role("button", name="Close").click()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_have_count(0)

    await page.locator(".menu summary").last.click()
    await page.get_by_role("button", name="Keys on this page").click()
    await page.get_by_label("Use single keys in this browser").check()
    await page.get_by_role("button", name="Close").click()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_times_are_those_of_the_readers_clock(room: Showroom, browser: Browser) -> None:
    path = f"/history/{room.names['delivered']}"
    tokyo = await at(room, browser, path, timezone_id="Asia/Tokyo")
    time = tokyo.locator("table time").first
    await expect(time).to_have_attribute("title", "Sun 1 Mar 2026, 15:00 UTC")
    await expect(time).to_have_text("Mon 2 Mar 2026, 00:00 GMT+9")

    london = await at(room, browser, path)
    await expect(london.locator("table time").first).to_have_text("Sun 1 Mar 2026, 15:00 UTC")


async def test_what_is_to_be_taken_along_is_copied(room: Showroom, browser: Browser) -> None:
    page = await at(room, browser, "/style", permissions=["clipboard-read", "clipboard-write"])
    button = page.locator("[data-copy]")
    await button.click()

    await expect(button).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == "mm_00000000000000000000"


async def test_two_clicks_send_a_form_once(room: Showroom, browser: Browser) -> None:
    page = await at(room, browser, "/settings/keys", "Olga")
    await page.get_by_label("Name", exact=True).fill("twice")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    button = page.get_by_role("button", name="Create the key")
    await button.evaluate("(one) => { one.click(); one.click(); }")
    await expect(page.locator("[data-copy]").first).to_be_visible()

    assert len(sent) == 1
    keys = await room.call("list_keys")
    assert [one.name for one in keys.keys].count("twice") == 1


async def test_every_open_page_is_told_of_a_freeze(room: Showroom, browser: Browser) -> None:
    page = await at(room, browser, "/account")
    await expect(page.locator("html[data-following=yes]")).to_have_count(1)
    await room.call("freeze", reason="A drill")
    await expect(page.get_by_text("Everything is frozen.")).to_be_visible()
    await room.call("unfreeze")

    await expect(page.get_by_text("Everything is frozen.")).to_have_count(0)
    await expect(page.get_by_text("news@harbour.example is frozen.")).to_be_visible()
