"""When a session is over, in the browser: nothing is shown any more, and nobody is signed in as somebody else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser.test_cross_site import another_port
from tests.support.browser import Place, place

pytestmark = [pytest.mark.anyio, pytest.mark.browser]
FOLLOWS: Final = "document.documentElement.dataset.following === 'yes'"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as started:
        yield started


async def following(here: Place, page: Page, path: str) -> None:
    """That page is open and told what changes."""
    await page.goto(here.server.base_url + path)
    await page.wait_for_function(FOLLOWS, polling=20)


async def test_after_signing_out_neither_the_way_back_nor_another_tab_shows_mail(
    here: Place, browser: Browser
) -> None:
    draft = await here.draft(subject="Quite secret")
    page = await here.person(browser, script=True)
    other = await page.context.new_page()
    await page.goto(f"{here.server.base_url}/review/{draft}")
    await expect(page.get_by_text("Quite secret").first).to_be_visible()
    await following(here, other, "/review")
    await page.bring_to_front()
    await page.goto(f"{here.server.base_url}/inbox")
    await page.locator("form[action='/sign-out']").evaluate("form => form.requestSubmit()")
    await page.wait_for_url("**/sign-in*")
    await page.go_back()
    await page.go_back()

    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await other.wait_for_url("**/sign-in?*")
    assert ["Quite secret" in await one.content() for one in (page, other)] == [False, False]
    assert await page.context.cookies() == []


async def test_a_page_of_a_revoked_key_closes_but_what_is_being_written_stays(
    here: Place, browser: Browser
) -> None:
    draft = await here.draft()
    paths = ("/review", f"/review/{draft}")
    pages = [await here.person(browser, at=path, script=True) for path in paths]
    for page in pages:
        await page.wait_for_function(FOLLOWS, polling=20)
    note = pages[1].locator("textarea:not([hidden])").first
    await note.evaluate("field => { field.value = 'half a sentence' }")
    await here.call("revoke_key", key_id=here.people["Rita"])
    await pages[0].wait_for_url("**/sign-in?*")
    await pages[1].wait_for_function("document.documentElement.dataset.following === 'over'", polling=20)

    assert await note.input_value() == "half a sentence"


async def test_a_page_from_elsewhere_signs_nobody_in_as_somebody_else(here: Place, browser: Browser) -> None:
    page = await here.person(browser, script=True)
    before = await page.context.cookies()
    link = await here.link("Eve")
    field = f'<input name="token" value="{link.partition("token=")[2]}">'
    form = f'<form method="post" action="{here.server.base_url}/sign-in">{field}</form>'
    async with another_port(f"{form}<script>document.forms[0].submit()</script>") as address:
        foreign = await page.context.new_page()
        await foreign.goto(address)
        await expect(foreign.get_by_text("Requests from pages of other sites are refused")).to_be_visible()

    assert await page.context.cookies() == before
    stranger = await (await browser.new_context()).new_page()
    await stranger.goto(link)
    await stranger.get_by_role("button", name="Sign in").click()
    await expect(stranger.get_by_role("heading", level=1)).not_to_have_text("Sign in")


OPENS: Final = """
<script>
  document.cookie = "multimail_session=planted; path=/review";
  document.cookie = "multimail_session=planted; path=/";
  const opened = window.open(%s);
  setInterval(() => {
    let seen = "nothing";
    try { seen = opened.document.title; } catch { }
    document.title = JSON.stringify([opened.closed, opened.length, seen]);
  }, 20);
</script>
"""


async def test_a_page_that_opened_ours_neither_sees_it_nor_plants_a_session(
    here: Place, browser: Browser
) -> None:
    page = await here.person(browser, script=True)
    async with another_port(OPENS % json.dumps(f"{here.server.base_url}/review")) as address:
        foreign = await page.context.new_page()
        async with page.context.expect_page() as opening:
            await foreign.goto(address)
        ours = await opening.value
        await expect(ours.get_by_role("heading", level=1)).to_be_visible()
        await foreign.wait_for_function("document.title.startsWith('[true')")

        assert json.loads(await foreign.title())[0] is True
        assert await ours.evaluate("window.opener") is None
        assert ours.url == f"{here.server.base_url}/review"
        assert await ours.locator("form[action='/sign-out']").count() == 1
