"""A person with a real browser decides on what an agent wrote; what arrives is what that person saw."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import Place

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


async def test_a_draft_is_edited_approved_and_arrives_as_the_person_saw_it(
    here: Place, browser: Browser
) -> None:
    draft = await here.draft(bcc=["boss@example.org"])
    page = await here.person(browser)
    await page.get_by_role("link", name="Monday").click()
    await expect(page.locator(".letter .facts").first).to_contain_text(
        "boss@example.org new hidden from the others"
    )
    await expect(page.frame_locator("iframe").get_by_text("See you on Monday.")).to_be_visible()
    await page.get_by_label("Plain text").check()
    await expect(page.locator(".as-text")).to_be_visible()
    await expect(page.locator("iframe")).to_be_hidden()
    await page.locator("summary", has_text="Edit and approve").click()
    await page.get_by_label("Text, in markdown").fill("See you on **Tuesday**.\n\nYours,\nthe desk")
    await page.get_by_role("button", name="Show the difference").click()

    await expect(page.locator(".source del")).to_have_text("Monday")
    await expect(page.locator(".source ins")).to_have_text("Tuesday")
    assert await here.status(draft) == "pending_approval"
    assert here.sink.mails == []

    await page.get_by_role("button", name="Approve with these changes").click()
    await expect(page.get_by_role("heading", name="Decided")).to_be_visible()
    assert await here.outcome(draft) == "delivered"
    assert len({mail.recipients for mail in here.sink.mails}) == len(here.sink.mails) == 2
    assert all(b"See you on **Tuesday**." in mail.raw for mail in here.sink.mails)
    await page.get_by_role("link", name="The whole history").click()
    await expect(page.get_by_text("-See you on **Monday**.")).to_have_count(2)


async def test_a_draft_is_sent_back_revised_and_rejected_with_notes(here: Place, browser: Browser) -> None:
    draft = await here.draft()
    page = await here.person(browser, at=f"/review/{draft}")
    await page.locator("summary", has_text="Ask for changes").click()
    await page.get_by_role("button", name="Ask for changes").click()
    await expect(page.get_by_label("What should change")).to_have_attribute("aria-invalid", "true")
    await page.get_by_label("What should change").fill("Shorter, please.")
    await page.get_by_role("button", name="Ask for changes").click()
    await expect(page.get_by_text("Changes asked for by Rita")).to_be_visible()
    assert await here.status(draft) == "changes_requested"

    await here.call("edit_pending", "agent", message_id=draft, body="Monday?")
    await page.goto(f"{here.server.base_url}/review/{draft}")
    await expect(page.get_by_text("Shorter, please.")).to_be_visible()
    await page.locator("summary", has_text="Reject").click()
    await page.get_by_label("Why not").fill("Wrong day.\nAsk first.")
    await page.get_by_role("button", name="Reject").click()
    await expect(page.get_by_text("Rejected by Rita")).to_be_visible()
    history = await here.call("get_message_history", message_id=draft)
    assert (history.status, history.decisions[-1].note) == ("rejected", "Wrong day.\nAsk first.")
    assert here.sink.mails == []


async def test_what_changed_meanwhile_is_shown_and_nothing_is_lost(here: Place, browser: Browser) -> None:
    draft = await here.draft()
    page = await here.person(browser, at=f"/review/{draft}")
    await here.call("edit_pending", "agent", message_id=draft, body="See you on **Sunday**.")
    await page.locator("summary", has_text="Edit and approve").click()
    await page.get_by_label("Text, in markdown").fill("My own careful words.")
    await page.get_by_role("button", name="Show the difference").click()

    await expect(page.get_by_role("alert")).to_contain_text("The draft changed: look again.")
    await expect(page.get_by_role("alert")).to_contain_text("+See you on **Sunday**.")
    await expect(page.get_by_label("Text, in markdown")).to_have_value("My own careful words.")
    await page.get_by_role("button", name="Approve and send").click()
    await expect(page.get_by_text("Approved by Rita")).to_be_visible()
    assert await here.outcome(draft) == "delivered"
    assert b"Sunday" in here.sink.mails[0].raw


async def test_of_two_reviewers_the_second_sees_who_decided(here: Place, browser: Browser) -> None:
    draft = await here.draft()
    rita, sam = [await here.person(browser, name, at=f"/review/{draft}") for name in ("Rita", "Sam")]
    await rita.get_by_role("button", name="Approve and send").click()
    await sam.locator("summary", has_text="Reject").click()
    await sam.get_by_label("Why not").fill("I would not.")
    await sam.get_by_role("button", name="Reject").click()

    await expect(sam.get_by_role("alert")).to_contain_text("nothing waits for a decision")
    await expect(sam.get_by_text("Approved by Rita")).to_be_visible()
    await expect(sam.get_by_label("Note")).to_have_value("I would not.")
    assert await here.outcome(draft) == "delivered"
    assert len(here.sink.mails) == 1


async def test_a_page_on_another_port_of_this_machine_can_neither_frame_nor_decide(
    here: Place, browser: Browser
) -> None:
    draft = await here.draft()
    page = await here.person(browser)
    ours, other = here.server.base_url, "http://127.0.0.1:1/"
    body = f"""<iframe src="{ours}/review"></iframe><form method="post" action="{ours}/review/{draft}/decide">
        <input name="decision" value="approve"><button>Win</button></form>"""
    await page.context.route(other, lambda route: route.fulfill(body=body, content_type="text/html"))
    await page.goto(other)
    here.elsewhere.clear()

    assert page.frames[1].url == "chrome-error://chromewebdata/"
    async with page.expect_response(f"{ours}/review/{draft}/decide") as answered:
        await page.get_by_role("button", name="Win").click()
    response = await answered.value
    assert "multimail_session" in (await response.request.all_headers())["cookie"]
    assert response.status == 403
    assert await here.status(draft) == "pending_approval"


async def test_it_can_be_read_on_a_phone_at_night(here: Place, browser: Browser) -> None:
    draft = await here.draft(subject="A" * 120, body="https://example.org/" + "long" * 100)
    phone = {"width": 375, "height": 700}
    page = await here.person(browser, at="/review", viewport=phone, color_scheme="dark")
    for path in ("/review", f"/review/{draft}"):
        if not page.url.endswith(path):
            await page.goto(here.server.base_url + path)
        wide = page.locator("main")
        box = await wide.bounding_box()
        assert box is not None
        assert box["width"] <= 375
