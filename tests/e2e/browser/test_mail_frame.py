"""Hostile HTML in a real browser that runs script: nothing outside its frame changes, and nobody is asked anything."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Page, Route, expect

from multimail.core.envelope import Envelope
from multimail.services.first_start import READY_MAILBOX
from multimail.services.inbound import Inbound
from tests.support import hostile
from tests.support.browser import Place, place

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

FIVE_MB: Final = 5_000_000
PIXEL: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
TAGS: Final = """(names) => Array.from(document.querySelectorAll("*"), (one) => one.localName)
    .filter((one) => names.includes(one))"""
FORBIDDEN: Final = "script form input button iframe frame object embed svg math link base video audio".split()
SANDBOX: Final = "allow-popups allow-popups-to-escape-sandbox"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as started:
        yield started


@dataclass
class Watched:
    """A page that shows frames, and everything that happens around them."""

    page: Page
    base: str
    requests: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        context = self.page.context
        context.on("request", lambda one: self.requests.append(one.url.removeprefix(self.base)))
        context.on("page", lambda one: self.events.append(f"a window: {one.url}"))
        self.page.on("dialog", lambda one: self.events.append(f"a dialog: {one.message}"))
        self.page.on("download", lambda one: self.events.append(f"a download: {one.url}"))

    async def show(self, addresses: Iterable[str], sandbox: str = SANDBOX) -> list[str]:
        """Every request from when the page is opened until all is loaded and painted."""
        frames = "".join(f'<iframe sandbox="{sandbox}" src="{one}"></iframe>' for one in addresses)
        html = f"<!doctype html><title>Outside</title><h1>Outside</h1>{frames}"

        async def fulfil(route: Route) -> None:
            await route.fulfill(body=html, content_type="text/html")

        await self.page.route(f"{self.base}/outside", fulfil)
        await self.page.goto("about:blank")
        self.requests.clear()
        await self.page.goto(f"{self.base}/outside", wait_until="load")
        for _ in range(2):
            await self.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")
        found = list(self.requests)
        await self.page.unroute(f"{self.base}/outside")
        return found

    async def outside(self) -> tuple[str, str, int]:
        return await self.page.title(), self.page.url, await self.page.locator("body > *:not(iframe)").count()


async def arrived(here: Place, htmls: Iterable[str]) -> list[str]:
    """The mails with this HTML, in order."""
    receiver = Inbound(here.server.services)
    before = len((await here.call("check_inbox", limit=1000)).messages)
    mails = [
        f"From: ann@example.org\r\nTo: {READY_MAILBOX}\r\nSubject: {number}\r\nMessage-ID: <{before}.{number}@x>\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n".encode()
        for number, html in enumerate(htmls)
    ]
    await asyncio.gather(*(receiver.accept(envelope(raw)) for raw in mails))
    listed: Any = await here.call("check_inbox", limit=len(mails))
    found = {int(one.subject): one.message_id for one in listed.messages}
    return [found[number] for number in range(len(mails))]


def envelope(raw: bytes) -> Envelope:
    return Envelope("ann@example.org", (READY_MAILBOX,), raw, "127.0.0.1", "example.org", smtputf8=False)


async def test_hostile_html_changes_nothing_outside_its_frame_and_asks_nobody(
    here: Place, browser: Browser
) -> None:
    large = [hostile.LARGE[name](FIVE_MB) for name in ("nested", "foreign", "formatting")]
    ids = await arrived(here, [*hostile.CASES.values(), *large])
    assert len(ids) > 55
    page = await here.person(browser, script=True)
    watched = Watched(page, here.server.base_url)
    frames = [f"/mail/{one}/frame" for one in ids]

    requests = await watched.show(frames)

    assert sorted(requests) == sorted(["/outside", *frames])
    assert await watched.outside() == ("Outside", f"{here.server.base_url}/outside", 1)
    assert watched.events == []
    for frame in page.frames[1:]:
        assert frame.url.endswith("/frame")
        assert await frame.evaluate(TAGS, FORBIDDEN) == []
    await expect(page.frame_locator(f'[src="{frames[-3]}"]').locator(".multimail-note")).to_be_visible()

    # The same HTML as it came does ask, so that silence above means something.
    raw = {f"/raw/{number}": html for number, html in enumerate(hostile.LOADS.values())}

    async def fulfil(route: Route) -> None:
        path = route.request.url.removeprefix(watched.base)
        await route.fulfill(body=raw.get(path, ""), content_type="text/html")

    await page.route("**/raw/*", fulfil)
    asked = [one for one in await watched.show(raw, "") if one.startswith(hostile.CANARY)]
    assert len(asked) > 8


async def test_neither_an_alphabet_nor_a_part_of_the_mail_brings_anything_in(
    here: Place, browser: Browser
) -> None:
    bodies = [(f"text/html; charset={name}", body) for name, body in hostile.ALPHABETS.items()]
    mails = [*bodies, hostile.related("page"), hostile.related("svg")]
    receiver = Inbound(here.server.services)
    for number, (kind, body) in enumerate(mails):
        head = f"From: a@b.example\r\nSubject: {number}\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n"
        await receiver.accept(envelope(head.encode() + body))
    listed = await here.call("check_inbox", limit=len(mails))
    frames = [f"/mail/{one.message_id}/frame" for one in listed.messages]
    assert len(frames) == len(mails)
    page = await here.person(browser, script=True)
    watched = Watched(page, here.server.base_url)

    requests = await watched.show(frames)

    assert sorted(requests) == sorted(["/outside", *frames])
    assert await watched.outside() == ("Outside", f"{here.server.base_url}/outside", 1)
    assert watched.events == []
    for frame in page.frames[1:]:
        assert await frame.evaluate(TAGS, FORBIDDEN) == []


async def test_remote_images_wait_to_be_asked_for_and_links_lead_out_without_a_trace(
    here: Place, browser: Browser
) -> None:
    pixel = b64encode(PIXEL).decode()
    html = (
        f"<img id=far src='{hostile.CANARY}/far.png'><img id=near src='data:image/png;base64,{pixel}'>"
        f"<p style='background:url({hostile.CANARY}/css)'>x</p><a href='{hostile.CANARY}/page'>Look</a>"
    )
    [message] = await arrived(here, [html])
    page = await here.person(browser, script=True)
    watched = Watched(page, here.server.base_url)
    frame = f"/mail/{message}/frame"
    seen: list[dict[str, str]] = []

    async def answer(route: Route) -> None:
        seen.append(await route.request.all_headers())
        await route.fulfill(body=PIXEL, content_type="image/png")

    await page.context.route(f"{hostile.CANARY}/**", answer)
    assert await watched.show([frame]) == ["/outside", frame]
    inner = page.frame_locator("iframe")
    assert await inner.locator("#near").evaluate("image => image.naturalWidth") == 1

    assert await watched.show([f"{frame}?images=1"]) == [
        "/outside", f"{frame}?images=1", f"{hostile.CANARY}/far.png",
    ]  # fmt: skip
    async with page.expect_popup() as opening:
        await inner.get_by_text("Look").click()
    window = await opening.value

    assert await window.evaluate("window.opener") is None
    assert len(seen) == 2
    assert [name for headers in seen for name in headers if name in {"referer", "cookie"}] == []
    assert await watched.outside() == ("Outside", f"{here.server.base_url}/outside", 1)
