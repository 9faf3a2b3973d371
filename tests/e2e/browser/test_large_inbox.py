"""A search in the browser over a full inbox: 100,000 mails in the long run, a few hundred in every run."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from multimail.core.envelope import Envelope
from multimail.services.first_start import READY_MAILBOX
from multimail.services.inbound import Inbound
from tests.support.browser import Place, place

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

AT_ONCE = 200
RARE = 100
"""Every so many mails one is about the zebra."""


def mail(number: int) -> Envelope:
    subject = f"Zebra {number}" if number % RARE == 0 else f"Booking {number}"
    head = f"From: Guest {number % 50} <guest{number % 50}@example.org>\r\nTo: {READY_MAILBOX}\r\n"
    head += f"Message-ID: <{number}@example.org>\r\nSubject: {subject}\r\n"
    body = f"We would like to come on day {number} and stay in room {number % 9}. " * 4
    raw = f"{head}\r\n{body}\r\n".encode()
    return Envelope("guest@example.org", (READY_MAILBOX,), raw, "127.0.0.1", "", smtputf8=False)


async def fill(here: Place, count: int) -> None:
    receiver = Inbound(here.server.services)
    for first in range(0, count, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, count))
        await asyncio.gather(*(receiver.accept(mail(number)) for number in numbers))


async def search(page: Page, query: str) -> float:
    """Send the form, and look again: the fewer milliseconds until the browser had the whole page, by its own clock."""
    await page.get_by_label("Search mail").fill(query)
    async with page.expect_navigation():
        await page.get_by_role("button", name="Search").click()
    first = await _took(page)
    await page.reload()
    return min(first, await _took(page))


async def _took(page: Page) -> float:
    took: float = await page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd")
    return took


@pytest.mark.parametrize(
    ("count", "at_most"),
    [
        pytest.param(300, 60_000, id="few"),
        pytest.param(100_000, 1_000, id="many", marks=[pytest.mark.soak, pytest.mark.timeout(1_800)]),
    ],
)
async def test_a_full_inbox_is_searched(tmp_path: Path, browser: Browser, count: int, at_most: float) -> None:
    async with place(tmp_path) as here:
        here.people["Olga"] = here.operator
        await fill(here, count)
        page = await here.person(browser, "Olga", at="/inbox", script=True)
        await expect(page.locator("#folders .pill").first).to_have_text(f"{count:,} unread")
        rows = page.locator("[data-row]")
        newest = (count - 1) // RARE * RARE

        took = [await search(page, "zebra")]
        await expect(rows.first).to_contain_text(f"Zebra {newest}")
        await expect(rows).to_have_count(min(count // RARE, 50))
        took.append(await search(page, f'"day {count - 1}"'))
        await expect(rows).to_have_count(1)
        took.append(await search(page, f"from:guest7 subject:booking -{count - 43} is:unread newer_than:1d"))
        await expect(rows.first).to_contain_text("Guest 7")
        took.append(await search(page, "room has:attachment"))
        await expect(page.get_by_text("Nothing found")).to_be_visible()
        took.append(await search(page, "booking OR zebra"))
        await page.get_by_role("link", name="Older").click()
        await expect(rows).to_have_count(50)
        assert max(took) < at_most
