"""A real Chromium before a real resident: script is switched off, and requests to elsewhere are written down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from pydantic import SecretStr

from multimail.config import Settings
from multimail.services import dispatch, first_start
from multimail.services.context import Caller
from multimail.services.signing_in import hashed, make_link
from multimail.wiring.system import Running, running
from tests.support.sink import Sink

ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Each page of ours begins a process anyway; without this, another is begun in reserve for each.
    "--renderer-process-limit=1",
)


@asynccontextmanager
async def launched(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Place:
    """A running server, its operator, and the sink behind its relay."""

    server: Running
    sink: Sink
    operator: str
    people: dict[str, str] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)

    async def call(self, operation: str, /, who: str = "", **arguments: Any) -> Any:
        """By the operator, the built-in agent (`who="agent"`) or a person made before."""
        known = {"": self.operator, "agent": first_start.BUILT_IN_AGENT} | self.people
        return await dispatch.call(self.server.services, Caller(known[who], "cli"), operation, arguments)

    async def draft(self, **changes: Any) -> str:
        """What the agent wrote and the rules hold; its id."""
        mail = {"mailbox": first_start.READY_MAILBOX, "to": ["ann@example.org"], "subject": "Monday"}
        held = await self.call(
            "send_email", "agent", **mail | {"body": "See you on **Monday**.\n\nYours,\nthe desk"} | changes
        )
        assert held.status == "pending_approval"
        return str(held.message_id)

    async def status(self, message_id: str) -> str:
        return str((await self.call("get_message_history", message_id=message_id)).status)

    async def outcome(self, message_id: str) -> str:
        """Where it stands once it no longer waits for its turn."""
        history = await self.call("get_message_history", message_id=message_id)
        while history.status in {"queued", "sending"}:
            version = self.server.services.store.version()
            history = await self.call("get_message_history", message_id=message_id)
            if history.status in {"queued", "sending"}:
                changed = await self.server.services.store.changed(version, 10)
                assert changed != version, "nothing happened for ten seconds"
        return str(history.status)

    async def join(self, name: str, role: str, **more: Any) -> None:
        """Somebody by this name, with a key."""
        self.people[name] = (await self.call("create_key", name=name, role=role, **more)).key_id

    async def link(self, name: str = "Rita") -> str:
        """A sign-in link of a reviewer by this name."""
        if name not in self.people:
            await self.join(name, "reviewer")
        services = self.server.services
        token = await services.store.write(
            lambda tx: make_link(tx, services.ids, self.people[name], services.clock.now())
        )
        return f"{self.server.base_url}/sign-in?token={token}"

    async def person(
        self,
        browser: Browser,
        name: str = "Rita",
        *,
        at: str = "",
        script: bool = False,
        confirmed: bool = True,
        **options: Any,
    ) -> Page:
        """That reviewer, signed in with a browser of their own and where that leads to, or `at` this path; it runs no
        script unless asked to, and the person has proved once more who they are unless a test is about that.

        The browser's own request signs in, for its cookies, and only the last page is drawn: that is what costs.
        """
        context = await browser.new_context(java_script_enabled=script, **options)
        self._watch(context)
        door, _, token = (await self.link(name)).partition("?token=")
        answer = await context.request.post(
            door, form={"token": token}, headers={"Origin": self.server.base_url}, max_redirects=0
        )
        assert answer.status == 303, await answer.text()
        if confirmed:
            await self.confirm(context)
        page = await context.new_page()
        await page.goto(self.server.base_url + (at or answer.headers["location"]))
        return page

    async def confirm(self, context: BrowserContext) -> None:
        """As if the person of this browser had given their key again."""
        cookies = {one["name"]: one["value"] for one in await context.cookies()}
        session, now = hashed(cookies["multimail_session"]), self.server.services.clock.now()
        await self.server.services.store.write(lambda tx: tx.sessions.confirm(session, now))

    def _watch(self, context: BrowserContext) -> None:
        ours = self.server.base_url + "/"
        context.on(
            "request",
            lambda request: None if request.url.startswith(ours) else self.elsewhere.append(request.url),
        )


@asynccontextmanager
async def place(folder: Path, *, relay: bool = True) -> AsyncIterator[Place]:
    """Without a relay nothing leaves, and mail to anybody is taken in and kept: as developers have it."""
    with Sink() as sink:
        way_out = SecretStr(sink.url) if relay else None
        settings = Settings(data=folder / "data", relay=way_out, http_port=0, smtp_port=0)
        async with running(settings, free_ports=True) as server:
            services = server.services
            now = services.clock.now()
            operator, _ = await services.store.write(
                lambda tx: first_start.first_operator(tx, services.ids, now)
            )
            yield Place(server, sink, operator)
