"""What pages become: nothing there yet, a fault beside its field, frozen, asked once more, done and still to be undone.

As for every page, axe-core finds nothing in them, and `make screenshots` keeps a picture of each.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support import axe
from tests.support.browser import Place
from tests.support.looks import KEPT, LOOKS, STATES, keep_picture, pictures
from tests.support.showroom import Showroom, showroom

pytestmark = [pytest.mark.anyio, pytest.mark.browser]
SCREEN: Final[dict[str, Any]] = {"viewport": {"width": axe.WIDE, "height": axe.HEIGHT}, "timezone_id": "UTC"}
USUAL: Final = (
    r"(all) => all.forEach((one) => { one.textContent = one.textContent.replace(/:\d+$/, ':1025'); })"
)
"""The port is another one in each run; the picture has the usual one."""
EMPTY: Final = (
    "/inbox", "/review", "/freeze", "/figures", "/settings/webhooks", "/settings/rules", "/people/suppressed",
)  # fmt: skip


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Showroom]:
    async with showroom(tmp_path) as furnished:
        yield furnished
        assert furnished.place.elsewhere == []


@pytest.fixture
async def bare(here: Place) -> Place:
    await here.join("Olga", "operator")
    return here


async def fine(page: Page, name: str) -> None:
    """Nothing is wrong with what is on the page, which has a picture by this name."""
    assert name in STATES
    await keep_picture(page, name)
    assert await axe.everywhere(page) == []


async def person(room: Showroom, browser: Browser, name: str, **more: Any) -> Page:
    return await room.place.person(browser, name, script=True, **SCREEN | more)


async def test_a_house_without_mail_says_what_will_be_where(bare: Place, browser: Browser) -> None:
    page = await bare.person(browser, "Olga", at=EMPTY[0], script=True, **SCREEN)
    for path in EMPTY:
        if page.url != bare.server.base_url + path:
            await page.goto(bare.server.base_url + path)
        await page.locator("code").evaluate_all(USUAL)
        await fine(page, f"empty-{path.rpartition('/')[2]}")


async def test_the_door(bare: Place, browser: Browser) -> None:
    context = await browser.new_context(**SCREEN)
    page = await context.new_page()
    await page.goto(f"{bare.server.base_url}/review")
    await fine(page, "sign-in")
    await page.get_by_label("Your key or passphrase").fill("not mine")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("neither a valid key nor a passphrase")).to_be_visible()
    await fine(page, "sign-in-refused")
    await page.goto(await bare.link("Olga"))
    await fine(page, "sign-in-by-link")


async def test_everything_frozen(room: Showroom, browser: Browser) -> None:
    await room.call("freeze", reason="Somebody has the relay's password")
    page = await person(room, browser, "Olga", at="/freeze")
    await expect(page.get_by_text("Everything is frozen.").first).to_be_visible()
    await fine(page, "frozen")


async def test_who_decides_is_asked_once_more_and_may_undo(room: Showroom, browser: Browser) -> None:
    page = await person(room, browser, "Rita", confirmed=False, at=f"/review/{room.names['draft']}")
    await page.get_by_role("button", name="Approve and send").click()
    await expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    await fine(page, "asked-once-more")

    await room.place.confirm(page.context)
    await page.goto(f"{room.place.server.base_url}/review/{room.names['draft']}")
    await page.get_by_role("button", name="Approve and send").click()
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    await fine(page, "approved-with-undo")


async def test_what_is_refused_is_said_where_it_was_written(room: Showroom, browser: Browser) -> None:
    page = await person(room, browser, "Olga", at="/compose")
    await page.get_by_label("To", exact=True).fill("not an address")
    await page.get_by_label("Subject").fill("Hello")
    await page.get_by_role("button", name="Send").first.click()
    await expect(page.locator(".beside")).to_be_visible()
    await fine(page, "compose-refused")

    await page.goto(f"{room.place.server.base_url}/settings/webhooks")
    await page.get_by_role("textbox").first.fill("ftp://nowhere.example")
    await page.get_by_role("button", name="Create the webhook").click()
    await expect(page.locator(".beside").first).to_be_visible()
    await fine(page, "webhook-refused")


async def test_a_changed_draft_is_looked_at_again(room: Showroom, browser: Browser) -> None:
    draft = room.names["draft"]
    page = await person(room, browser, "Rita", at=f"/review/{draft}")
    await room.call(
        "edit_pending", "agent", message_id=draft, body="Hello Ann,\n\nyes, on **Friday** at ten.\n"
    )
    await page.get_by_role("button", name="Approve and send").click()
    await expect(page.get_by_role("alert")).to_contain_text("look again")
    await fine(page, "changed-meanwhile")


async def test_what_was_edited_is_compared(room: Showroom, browser: Browser) -> None:
    page = await person(room, browser, "Rita", at=f"/review/{room.names['draft']}")
    await page.get_by_text("Edit and approve").first.click()
    await page.get_by_label("Text, in markdown").fill(
        "Hello Ann,\n\nyes, the room is yours on **Friday** at ten.\n"
    )
    await page.get_by_role("button", name="Show the difference").click()
    await expect(page.locator("ins").first).to_be_visible()
    await fine(page, "compared")


async def test_a_secret_is_shown_once(room: Showroom, browser: Browser) -> None:
    page = await person(room, browser, "Olga", at="/settings/keys")
    await page.get_by_label("Name", exact=True).fill("weekly report")
    await page.get_by_role("button", name="Create the key").click()
    await expect(page.get_by_role("button", name="Copy").first).to_be_visible()
    await fine(page, "key-shown-once")


async def test_deleting_for_good_is_asked_about(room: Showroom, browser: Browser) -> None:
    page = await person(room, browser, "Olga", at="/inbox")
    await page.locator("[name=pick]").first.check()
    await page.get_by_role("button", name="Delete for good").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Delete")
    await fine(page, "inbox-delete")


def test_every_page_and_state_has_its_picture() -> None:
    """`make screenshots` makes them anew."""
    wanted = {file for look in LOOKS for file in pictures(look.name, main=look.main)}
    wanted |= {file for name in STATES for file in pictures(name)}

    assert {one.name for one in KEPT.glob("*.png")} == wanted
    assert [one.name for one in KEPT.glob("*.png") if one.stat().st_size > 150_000] == []
