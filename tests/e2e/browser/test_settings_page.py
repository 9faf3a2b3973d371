"""An operator with a real browser sets a mailbox's rules and makes a key; script helps and is not needed."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from multimail.services import first_start
from tests.support.browser import Place

pytestmark = [pytest.mark.anyio, pytest.mark.browser]
BOX = first_start.READY_MAILBOX


@pytest.fixture
async def here(here: Place) -> Place:
    await here.join("Olga", "operator")
    return here


async def test_rules_are_loosened_only_after_a_second_look_and_mail_then_goes_by_itself(
    here: Place, browser: Browser
) -> None:
    page = await here.person(browser, "Olga", at="/settings/mailboxes")
    await page.get_by_role("link", name=BOX).click()
    await page.get_by_role("textbox", name="Trusted").fill("ann@example.org\nnonsense@")
    await page.get_by_label("Signature").fill("Yours,\nthe desk")
    await page.get_by_role("button", name="Save the settings").click()
    trusted = page.get_by_role("textbox", name="Trusted")
    await expect(trusted).to_have_attribute("aria-invalid", "true")
    await expect(trusted).to_have_value("ann@example.org\nnonsense@")

    await trusted.fill("ann@example.org")
    await page.get_by_role("button", name="Save the settings").click()
    await expect(page.get_by_text("mail to ann@example.org goes without a person")).to_be_visible()
    assert (await here.call("get_mailbox", mailbox=BOX)).trusted == []
    await page.get_by_role("button", name="Change it").click()
    await expect(page.get_by_text("Saved:")).to_be_visible()
    await expect(page.get_by_label("Signature")).to_have_value("Yours,\nthe desk")
    sent = await here.call(
        "send_email", "agent", mailbox=BOX, to=["ann@example.org"], subject="Hi", body="Hello."
    )
    assert await here.outcome(sent.message_id) == "delivered"
    assert b"Yours,\r\nthe desk" in here.sink.mails[0].raw


async def test_a_key_is_seen_once_whatever_the_browser_does_next(here: Place, browser: Browser) -> None:
    page = await here.person(browser, "Olga", script=True, at="/settings/keys")
    await page.get_by_label("Name", exact=True).fill("Kim")
    await page.get_by_role("button", name="Create the key").click()
    secret = await page.locator("#the-secret").inner_text()
    assert secret.startswith("mm_")
    await expect(page.get_by_role("button", name="Copy")).to_be_visible()

    await page.reload()
    await expect(page.get_by_text("This form was sent before.")).to_be_visible()
    assert secret not in await page.content()
    await page.go_back()
    assert secret not in await page.content()
    assert [one.name for one in (await here.call("list_keys")).keys].count("Kim") == 1
