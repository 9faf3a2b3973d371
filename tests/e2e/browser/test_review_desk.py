"""Forty drafts before lunch: the desk with the keyboard, several mails at once, and a way back while there is one."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from multimail.services import first_start
from tests.support.browser import Place

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

LETTER = "Dear {},\n\nyour room is free from Monday on, and the key lies at the desk.\nCome when you like."


async def letters(here: Place, *names: str) -> list[str]:
    return [
        await here.draft(to=[f"{name}@example.org"], subject=f"For {name}", body=LETTER.format(name))
        for name in names
    ]


async def title(page: Page, text: str) -> None:
    """The page of this title is there, and so is its script: keys pressed before would be lost."""
    await expect(page.get_by_role("heading", level=1)).to_have_text(text)
    await page.wait_for_load_state("load")


async def says(page: Page, text: str) -> None:
    await expect(page.get_by_text(text)).to_be_visible()
    await page.wait_for_load_state("load")


async def told(page: Page, *keys: str) -> None:
    """The list of keys, shown on demand and closed again."""
    await page.keyboard.press("?")
    for one in keys:
        await expect(page.get_by_role("dialog")).to_contain_text(one)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def press(page: Page, *keys: str) -> None:
    for one in keys:
        await page.keyboard.press(one)


async def test_a_queue_is_worked_off_with_the_keyboard_alone(here: Place, browser: Browser) -> None:
    ann, bob, cleo = await letters(here, "ann", "bob", "cleo")
    page = await here.person(browser, script=True, at="/review?order=oldest")
    await told(page, "Choose this one", "Review the chosen ones together")
    await press(page, "j", "Enter")
    await title(page, "For ann")
    await told(page, "Approve", "Edit and approve", "Reject", "Ask for changes", "Next mail")
    await press(page, "j")
    await title(page, "For bob")
    await press(page, "k")
    await title(page, "For ann")

    await press(page, "a")
    await says(page, "Approved by Rita")
    await press(page, "j")
    await title(page, "For bob")
    await press(page, "r")
    await page.keyboard.type("no jokes, and no a")
    await press(page, "Tab", "Enter")
    await says(page, "Rejected by Rita")
    await press(page, "j")
    await title(page, "For cleo")
    await press(page, "e", "Control+a")
    await page.keyboard.type("Dear Cleo.")
    await press(page, "Tab", "Enter")
    await title(page, "Your changes")
    await press(page, "a")
    await expect(page.get_by_text("That was the last one.")).to_be_visible()

    assert [await here.outcome(one) for one in (ann, bob, cleo)] == ["delivered", "rejected", "delivered"]
    assert (await here.call("get_message_history", message_id=bob)).decisions[0].note == "no jokes, and no a"
    assert b"Dear Cleo." in here.sink.mails[-1].raw


async def test_several_are_read_on_one_page_and_each_gets_its_receipt(here: Place, browser: Browser) -> None:
    ann, bob, cleo = await letters(here, "ann", "bob", "cleo")
    page = await here.person(browser, at="/review?order=oldest")
    for name in ("ann", "bob", "cleo"):
        await page.get_by_label(f"Choose For {name}").check()
    await page.get_by_role("button", name="Review the chosen ones together").click()
    texts = page.locator("article .text")
    await expect(texts).to_have_count(3)
    await expect(texts.nth(1).locator("ins")).to_have_text("bob")
    assert here.sink.mails == []

    await here.call("edit_pending", "agent", message_id=bob, body="Something else.")
    await page.locator(f'[name="take-{cleo}"]').uncheck()
    await page.get_by_role("button", name="Approve the ticked ones").click()
    await expect(page.get_by_role("alert")).to_contain_text("1 of 2 were not decided")
    await expect(page.locator(f"#fault-{bob}")).to_contain_text("Below is the draft as it is now")
    await expect(page.locator("article .text").first).to_have_text("Something else.")
    await expect(page.locator(f'[name="take-{cleo}"]')).not_to_be_checked()
    await page.get_by_role("button", name="Approve the ticked ones").click()

    await title(page, "2 mails decided")
    await expect(page.locator(".receipts li", has_text="revision 2")).to_have_count(1)
    await expect(page.locator(".receipts li", has_text="revision 1")).to_have_count(1)
    await page.get_by_role("link", name="The 1 you left").click()
    await expect(page.get_by_role("heading", name="For cleo")).to_be_visible()
    assert [await here.outcome(one) for one in (ann, bob)] == ["delivered", "delivered"]
    assert await here.status(cleo) == "pending_approval"
    assert len(here.sink.mails) == 2


async def test_an_approval_is_undone_while_its_window_is_open(here: Place, browser: Browser) -> None:
    await here.call("update_mailbox", mailbox=first_start.READY_MAILBOX, undo_seconds=3600)
    ann, _ = await letters(here, "ann", "bob")
    page = await here.person(browser, at=f"/review/{ann}")
    await page.get_by_role("button", name="Approve and send").dblclick()
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert len((await here.call("get_message_history", message_id=ann)).decisions) == 1
    await page.get_by_role("link", name="Next mail").click()
    await title(page, "For bob")
    await expect(page.get_by_role("status").filter(has_text="For ann is queued.")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()

    await title(page, "For ann")
    await expect(page.get_by_text("Approval taken back by Rita")).to_be_visible()
    assert await here.status(ann) == "pending_approval"
    await page.get_by_role("button", name="Approve and send").click()
    await page.get_by_role("button", name="Cancel the mail").click()
    await expect(page.get_by_text("Cancelled by Rita")).to_be_visible()
    assert await here.status(ann) == "cancelled"
    assert here.sink.mails == []


async def test_a_page_says_by_itself_that_its_draft_moved(here: Place, browser: Browser) -> None:
    (ann,) = await letters(here, "ann")
    page = await here.person(browser, script=True, at=f"/review/{ann}")
    await expect(page.locator("html[data-following=yes]")).to_have_count(1)
    await here.call("edit_pending", "agent", message_id=ann, body="Something else.")

    await expect(page.locator("#moved")).to_contain_text("The draft changed meanwhile.")
    await page.get_by_role("link", name="Look again").click()
    await expect(page.frame_locator("iframe").get_by_text("Something else.")).to_be_visible()
    await expect(page.locator("#moved")).to_be_empty()


async def test_the_queue_follows_by_itself_and_keeps_what_was_chosen(here: Place, browser: Browser) -> None:
    ann, bob = await letters(here, "ann", "bob")
    page = await here.person(browser, script=True, at="/review?order=oldest")
    await page.get_by_label("Choose For bob").check()
    await expect(page.locator("html[data-following=yes]")).to_have_count(1)
    await letters(here, "cleo")
    await here.call("decide_email", message_id=ann, decision="reject")

    await expect(page.locator(".queue .subject")).to_have_text(["For bob", "For cleo"])
    await expect(page.get_by_label("Choose For bob")).to_be_checked()
    await expect(page.locator(f"#{bob}")).to_be_visible()
