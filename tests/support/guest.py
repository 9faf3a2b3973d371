"""A browser as the pages see one: keeps cookies, sends what forms hold, says where it comes from. It runs no script."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final

import httpx2

from multimail.adapters.passkeys import WebAuthn
from multimail.services.signing_in import hashed, make_link
from multimail.surfaces.http.guard import names
from multimail.surfaces.http.openapi import document
from multimail.surfaces.web import pages
from multimail.wiring.app import application
from tests.support.desk import Desk

HOME: Final = "http://127.0.0.1:8025"
_FIELD: Final = re.compile(r'name="(csrf|digest)" value="([^"]*)"')


@dataclass
class Guest:
    """One browser. `fields` are what the last page's forms carry unseen."""

    client: httpx2.AsyncClient
    fields: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        answer = await self.client.get(
            path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        self.fields |= {name: unescape(value) for name, value in _FIELD.findall(answer.text)}
        return answer

    async def post(self, path: str, headers: dict[str, str] | None = None, /, **form: str) -> httpx2.Response:
        """Send a form of the last page, as a browser does: line ends become CRLF."""
        sent = {name: value.replace("\n", "\r\n") for name, value in (self.fields | form).items()}
        origin = {"Origin": HOME, "Sec-Fetch-Site": "same-origin"}
        return await self.client.post(path, data=sent, headers=origin | (headers or {}))

    async def decide(self, message_id: str, decision: str, **form: str) -> httpx2.Response:
        return await self.post(f"/review/{message_id}/decide", decision=decision, **form)


@dataclass
class House:
    """The real application on a desk's account."""

    desk: Desk
    app: Any

    @asynccontextmanager
    async def guest(self) -> AsyncIterator[Guest]:
        transport = httpx2.ASGITransport(self.app)
        async with httpx2.AsyncClient(transport=transport, base_url=HOME) as client:
            yield Guest(client)

    @asynccontextmanager
    async def signed_in(self, who: str = "reviewer", *, confirmed: bool = True) -> AsyncIterator[Guest]:
        """A person who came by a link, and proved who they are once more unless told otherwise."""
        token = await self.link(who)
        async with self.guest() as guest:
            answer = await guest.post("/sign-in", token=token)
            assert answer.status_code == 303, text(answer)
            if confirmed:
                await self.confirm(guest)
            await guest.get("/review")
            yield guest

    async def confirm(self, guest: Guest) -> None:
        """As if the person of this browser had given their key again."""
        session, now = hashed(guest.client.cookies["multimail_session"]), self.desk.clock.now()
        await self.desk.write(lambda tx: tx.sessions.confirm(session, now))

    async def link(self, who: str = "reviewer") -> str:
        services = self.desk.services
        return await self.desk.write(
            lambda tx: make_link(tx, services.ids, self.desk.who[who], services.clock.now())
        )

    async def key(self, **settings: Any) -> Any:
        """A new key, with its secret."""
        return await self.desk.call(
            "operator", "create_key", **{"name": "new", "role": "reviewer"} | settings
        )


def house(desk: Desk, public_url: str = "") -> House:
    app = application(
        desk.services, names(8025, public_url), pages.routes(desk.services, document, WebAuthn), pages.is_page
    )
    return House(desk, app)


def text(answer: httpx2.Response) -> str:
    """What a person reads on the page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
