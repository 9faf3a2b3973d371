"""Freeze and release with a real browser, without script: each mail arrives at the sink exactly once, or never."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import Place

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


async def test_one_is_released_another_dropped_and_the_rest_leaves_with_the_end(
    here: Place, browser: Browser
) -> None:
    await here.join("Olga", "operator", kind="person")
    page = await here.person(browser, "Olga", at="/freeze")
    await page.get_by_label("Why (optional)").last.fill("odd prices")
    await page.get_by_role("button", name="Freeze", exact=True).click()
    await expect(page.get_by_text("“odd prices”").last).to_be_visible()
    mails = {name: await here.draft(subject=name) for name in ("First", "Second", "Third")}
    for one in mails.values():
        await here.call("decide_email", message_id=one, decision="approve")
    await page.goto(f"{here.server.base_url}/freeze")
    await expect(page.locator(".behind > li")).to_have_count(3)
    assert here.sink.mails == []

    await page.get_by_role("button", name="Release “First”").click()
    await expect(page.get_by_role("status")).to_contain_text("Released.")
    assert await here.outcome(mails["First"]) == "delivered"
    await page.get_by_label("Why (optional)").last.fill("not this one")
    await page.get_by_role("button", name="Drop “Second”").click()
    await expect(page.get_by_role("status")).to_contain_text("Dropped.")
    await expect(page.locator(".behind > li")).to_have_count(1)
    assert [await here.status(one) for one in mails.values()] == ["delivered", "cancelled", "queued"]

    await page.get_by_role("button", name="End the freeze of everything").click()
    await expect(page.get_by_text("Nothing is frozen.")).to_be_visible()
    assert await here.outcome(mails["Third"]) == "delivered"
    assert [here.sink.count(f"<{one}@localhost>") for one in mails.values()] == [1, 0, 1]
