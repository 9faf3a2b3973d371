"""A passkey in a real browser with an authenticator of its own: added, used to approve, and removed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.browser import Place, place

pytestmark = [pytest.mark.anyio, pytest.mark.browser]
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as started:
        yield started


async def signed_in_anew(here: Place, page: Page) -> None:
    """A new session of the same browser under a host name, which has proved nothing yet."""
    await page.goto((await here.link()).replace("127.0.0.1", "localhost"))
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)


async def test_a_passkey_is_added_approves_and_is_removed(here: Place, browser: Browser) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    devices = await context.new_cdp_session(page)
    await devices.send("WebAuthn.enable")
    device = (await devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE}))["authenticatorId"]
    base = here.server.base_url.replace("127.0.0.1", "localhost")

    await signed_in_anew(here, page)
    await here.confirm(context)
    await page.goto(f"{base}/account")
    await page.get_by_label("Name of a new one").fill("My laptop")
    await page.get_by_role("button", name="Add a passkey").click()
    await page.get_by_role("button", name="Create it").click()
    await expect(page.get_by_text("My laptop for localhost")).to_be_visible()
    kept = await devices.send("WebAuthn.getCredentials", {"authenticatorId": device})
    assert [one["rpId"] for one in kept["credentials"]] == ["localhost"]

    draft = await here.draft()
    await signed_in_anew(here, page)
    await page.goto(f"{base}/review/{draft}")
    await page.get_by_role("button", name="Approve and send").click()
    await devices.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    await page.get_by_role("button", name="Use a passkey").click()
    await expect(page.get_by_text("No passkey was used.")).to_be_visible()
    assert await here.status(draft) == "pending_approval"
    await devices.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    await page.get_by_role("button", name="Use a passkey").click()
    await expect(page.get_by_role("heading", name="Decided")).to_be_visible()
    assert await here.outcome(draft) == "delivered"

    await page.goto(f"{base}/account")
    await page.get_by_role("button", name="Remove the passkey My laptop").click()
    await expect(page.get_by_text("My laptop")).to_be_hidden()
    another = await here.draft(subject="Tuesday")
    await signed_in_anew(here, page)
    await page.goto(f"{base}/review/{another}")
    await page.get_by_role("button", name="Approve and send").click()
    await expect(page.get_by_label("Your passphrase or key")).to_be_visible()
    await expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
