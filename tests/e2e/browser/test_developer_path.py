"""A developer's local inbox: an application made for Mailpit or MailHog hands its mail in at the SMTP port, and the
developer sees it at once, searches it, looks at every side of it and throws all of it away."""

from __future__ import annotations

import asyncio
import re
import smtplib
import ssl
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from multimail.config import Settings
from tests.support.browser import Place, place

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path, relay=False) as started:
        started.people["Dev"] = started.operator
        yield started
        assert started.elsewhere == []


def order(number: int) -> EmailMessage:
    """As a web application's mailer makes it."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Shop <no-reply@shop.example>", f"customer{number}@else.example"
    mail["Subject"], mail["X-Mailer"] = f"Your order {number}", "shop 3.1"
    mail.set_content(f"Order {number} is on its way.\n")
    mail.add_alternative(
        f'<h1>Order {number}</h1><a href="http://127.0.0.1:1/track?{number}">https://shop.example/track</a>'
        f'<img src="http://127.0.0.1:1/pixel.gif"><script>document.title = "owned"</script>',
        subtype="html",
    )
    return mail


def hand_in(port: int, *mails: EmailMessage) -> None:
    """The usual settings for those servers: the port, any user and password, no TLS."""
    with smtplib.SMTP("localhost", port) as application:
        application.ehlo()
        assert application.has_extn("auth")
        application.login("any", "thing")
        for mail in mails:
            assert application.send_message(mail) == {}


def test_the_port_is_the_one_that_mailpit_and_mailhog_have(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)

    assert (settings.smtp_port, settings.http_port) == (1025, 8025)


async def test_an_application_hands_in_its_mail_and_its_developer_looks_at_it_from_every_side(
    here: Place, browser: Browser
) -> None:
    page = await here.person(browser, "Dev", script=True, at="/inbox")
    await expect(
        page.get_by_text(f"Point an application at 127.0.0.1:{here.server.smtp_port}")
    ).to_be_visible()

    await asyncio.to_thread(hand_in, here.server.smtp_port, *map(order, (41, 42, 43)))
    await expect(page.locator("[data-row]")).to_have_count(3)
    await page.get_by_label("Search mail").fill("subject:42")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-row]")).to_have_count(1)
    await page.get_by_role("link", name="Your order 42").click()

    await expect(page.frame_locator("iframe").get_by_role("heading", name="Order 42")).to_be_visible()
    assert "owned" not in await page.title()
    await _side(page, "Text", "Order 42 is on its way.")
    await _side(page, "Headers", "shop 3.1")
    await _side(page, "Links", "http://127.0.0.1:1/track?42")
    await expect(page.get_by_text("text says shop.example")).to_be_visible()
    await _side(page, "Source", "multipart/alternative")
    await expect(page.get_by_text("in capture@localhost")).to_be_visible()
    async with page.expect_download() as started:
        await page.get_by_role("link", name="Raw mail", exact=True).click()
    saved = (await started.value).suggested_filename
    assert re.fullmatch(r"msg_\w{14}\.eml", saved)


async def _side(page: Page, name: str, words: str) -> None:
    await page.get_by_role("navigation", name="Sides of the mail").get_by_role("link", name=name).click()
    await expect(page.locator(".opened")).to_contain_text(words)


async def test_all_of_it_is_thrown_away_after_one_question(here: Place, browser: Browser) -> None:
    await asyncio.to_thread(hand_in, here.server.smtp_port, *map(order, range(5)))
    page = await here.person(browser, "Dev", at="/inbox")
    await page.get_by_role("link", name="Delete all mail").click()
    await page.get_by_role("button", name="Delete all mail").click()
    await expect(page.get_by_text("Tick the box: this cannot be undone.")).to_be_visible()
    await page.get_by_label("Yes, delete it for good").check()
    await page.get_by_role("button", name="Delete all mail").click()
    await expect(page.get_by_text("5 mails are gone.")).to_be_visible()
    await page.get_by_role("link", name="To the inbox").click()
    await expect(page.get_by_text("No mail yet")).to_be_visible()


async def test_what_the_application_offers_beyond_that_port_is_taken_too(here: Place) -> None:
    """Without login; several recipients, one of them an agent's mailbox here; and STARTTLS is not pretended."""

    def other_ways() -> None:
        with smtplib.SMTP("127.0.0.1", here.server.smtp_port) as application:
            mail = order(7)
            mail["Cc"] = "agent@localhost"
            assert application.send_message(mail) == {}
            with pytest.raises((smtplib.SMTPNotSupportedError, ssl.SSLError)):
                application.starttls()

    await asyncio.to_thread(other_ways)
    found = await here.call("check_inbox", query="subject:order")
    boxes = {one.mailbox_id: one.address for one in (await here.call("list_mailboxes")).mailboxes}
    assert sorted(boxes[one.mailbox_id] for one in found.messages) == ["agent@localhost", "capture@localhost"]
