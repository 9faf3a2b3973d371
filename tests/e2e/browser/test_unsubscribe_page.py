"""The page behind an unsubscribe link, in a real browser without script and without a session, for everybody."""

from __future__ import annotations

import re
from typing import Final

import pytest
from playwright.async_api import Browser, expect

from tests.support import axe
from tests.support.browser import Place

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

LETTERS: Final = {
    "topics": {"newsletter": "commercial", "offers": "commercial"},
    "region": "US",
    "physical_address": "Example Ltd, 1 High Street, Springfield",
}


async def link(here: Place) -> str:
    """The link in a newsletter that left."""
    boxes = await here.call("list_mailboxes")
    await here.call("update_mailbox", mailbox=boxes.mailboxes[0].address, metadata=LETTERS)
    draft = await here.draft(topic="newsletter")
    await here.call("decide_email", message_id=draft, decision="approve")
    await here.outcome(draft)
    found = re.search(
        rb"List-Unsubscribe:[^\r]*?<(http[^>]+)>", re.sub(rb"\r\n[ \t]+", b" ", here.sink.mails[0].raw)
    )
    assert found is not None
    return found[1].decode().replace(" ", "")


async def test_a_topic_is_stopped_then_everything_and_anybody_can_use_the_page(
    here: Place, browser: Browser
) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    address = await link(here)
    answer = await page.goto(address)
    assert answer is not None
    assert answer.status == 200
    await expect(page.get_by_role("checkbox", name="newsletter")).to_be_checked()
    await page.get_by_role("button", name="Stop what is ticked").click()
    await expect(page.get_by_role("status")).to_contain_text("no more mail about newsletter")
    found = await here.call("list_suppressions")
    assert [(one.topic, one.reason) for one in found.suppressions] == [("newsletter", "unsubscribe")]

    await page.goto(address)
    await expect(page.get_by_text("newsletter (stopped already)")).to_be_visible()
    await page.get_by_role("button", name="Unsubscribe from all mail").click()
    await expect(page.get_by_role("status")).to_contain_text("You get no more mail from")
    assert await context.cookies() == []
    await context.close()


async def test_axe_finds_nothing_on_it(here: Place, browser: Browser) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    address = await link(here)
    for one in (address, address[:-1]):
        await page.goto(one)
        assert await axe.everywhere(page) == []
    await context.close()
