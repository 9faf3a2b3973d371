"""Pages of others in the reviewer's own browser: they cannot decide, read, follow or frame anything.

The attacker's page is on another port of the same address: to a cookie that is the same site.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.support.browser import Place, place

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as started:
        yield started


@asynccontextmanager
async def another_port(html: str) -> AsyncIterator[str]:
    """A page of somebody else's on this machine; its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        body = html.encode()
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close"
        )
        # A browser opens connections in advance, too, and ends them when it has no use for them.
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(f"{head}\r\n\r\n".encode() + body)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def reviewer(here: Place, browser: Browser) -> tuple[BrowserContext, str]:
    """A browser in which the reviewer is signed in and confirmed, and the token that its forms carry."""
    page = await here.person(browser, script=True, at="/review")
    return page.context, str(await page.locator("input[name=csrf]").first.get_attribute("value"))


async def run(context: BrowserContext, html: str) -> Page:
    async with another_port(html) as address:
        page = await context.new_page()
        await page.goto(address)
        await page.wait_for_load_state("networkidle")
        return page


@pytest.mark.parametrize("token", ["", "known"])
async def test_a_forged_form_decides_nothing(here: Place, browser: Browser, token: str) -> None:
    draft = await here.draft()
    context, known = await reviewer(here, browser)
    digest = (await here.call("list_pending", message_id=draft)).pending[0].digest
    fields = {"csrf": token and known, "digest": digest, "decision": "approve"}
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
    action = f"{here.server.base_url}/review/{draft}/decide"
    page = await run(
        context,
        f'<form method="post" action="{action}">{inputs}</form><script>document.forms[0].submit()</script>',
    )

    await expect(page.get_by_text("Requests from pages of other sites are refused")).to_be_visible()
    assert await here.status(draft) == "pending_approval"


FETCHES = """
<script>
  const [base, draft, csrf] = %s;
  const body = new URLSearchParams({csrf, decision: "approve"});
  const tries = [
    [`/review/${draft}/decide`, {method: "POST", body}],
    [`/review/${draft}/decide`, {method: "POST", body, mode: "no-cors"}],
    [`/live?topic=review`, {headers: {"X-CSRF-Token": csrf}}],
    [`/live?topic=review`, {mode: "no-cors"}],
    [`/review/${draft}`, {}],
    [`/freeze`, {method: "POST", body}],
  ];
  const outcomes = tries.map(async ([path, options]) => {
    try {
      const answer = await fetch(base + path, {credentials: "include", redirect: "manual", ...options});
      return answer.type === "opaque" ? "unreadable" : `${answer.status} ${await answer.text()}`;
    } catch { return "refused"; }
  });
  const stream = new Promise((done) => {
    const source = new EventSource(base + "/live?topic=review", {withCredentials: true});
    source.onopen = source.onmessage = () => done("open");
    source.onerror = () => { source.close(); done("refused"); };
  });
  Promise.all([...outcomes, stream]).then((all) => { document.title = JSON.stringify(all); });
</script>
"""


async def test_a_foreign_script_reads_follows_and_decides_nothing(here: Place, browser: Browser) -> None:
    draft = await here.draft()
    context, csrf = await reviewer(here, browser)
    page = await run(context, FETCHES % json.dumps([here.server.base_url, draft, csrf]))
    await page.wait_for_function("document.title.startsWith('[')")

    assert set(json.loads(await page.title())) <= {"refused", "unreadable"}
    assert await here.status(draft) == "pending_approval"
    assert not (await here.call("list_mailboxes")).mailboxes[0].frozen
    assert here.server.services.store.instant(lambda tx: tx.settings.get("frozen_at")) is None


async def test_no_page_is_shown_in_a_foreign_frame(here: Place, browser: Browser) -> None:
    draft = await here.draft()
    context, _ = await reviewer(here, browser)
    paths = ["/review", f"/review/{draft}", "/inbox", "/sign-in"]
    frames = "".join(f'<iframe src="{here.server.base_url}{path}"></iframe>' for path in paths)
    page = await run(context, frames)

    shown = [await frame.content() for frame in page.frames[1:]]
    assert len(shown) == len(paths)
    assert [one for one in shown if "MultiMail" in one or "Monday" in one] == []


async def test_a_name_that_was_bound_anew_reaches_nothing(here: Place) -> None:
    async with httpx2.AsyncClient(base_url=here.server.base_url) as client:
        for path in ("/", "/review", "/inbox", "/live?topic=inbox", "/static/style.css", "/v1/check_inbox"):
            answer = await client.get(path, headers={"Host": "evil.example"})
            assert answer.status_code == 421, path


async def test_a_session_that_somebody_planted_is_not_the_one_that_signs_in(
    here: Place, browser: Browser
) -> None:
    context: Any = await browser.new_context()
    planted = {"name": "multimail_session", "value": "planted", "url": here.server.base_url}
    await context.add_cookies([planted])
    page = await context.new_page()
    await page.goto(await here.link())
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/*")
    cookies = {one["name"]: one for one in await context.cookies()}
    got = cookies["multimail_session"]

    assert got["value"] != "planted"
    assert (got["httpOnly"], got["sameSite"]) == (True, "Lax")
    async with httpx2.AsyncClient(base_url=here.server.base_url) as thief:
        answer = await thief.get("/review", headers={"Cookie": "multimail_session=planted"})
        assert answer.status_code == 303
