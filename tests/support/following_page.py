"""A page's script that follows the server, without a network: what it was told, and when that ended."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

if TYPE_CHECKING:
    from tests.support.guest import Guest, House

LIMIT_S: Final = 20


@dataclass
class Following:
    """An open stream; set `gone` and the browser leaves."""

    task: asyncio.Task[None] | None = None
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    came: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.text += message["body"].decode()
        self.came.set()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def told(self, event: str, count: int = 1) -> list[list[str]]:
        """The topics of so many events of this name, once they came."""
        async with asyncio.timeout(LIMIT_S):
            while len(self.events(event)) < count:
                self.came.clear()
                await self.came.wait()
        return self.events(event)

    async def end(self) -> None:
        """The stream ends by itself."""
        assert self.task is not None
        async with asyncio.timeout(LIMIT_S):
            await self.task

    def events(self, event: str) -> list[list[str]]:
        """The topics of the events of a name that came so far."""
        frames = [
            frame.split("\n") for frame in self.text.split("\n\n") if frame.startswith(f"event: {event}\n")
        ]
        return [json.loads(lines[1].removeprefix("data: "))["topics"] for lines in frames]


@asynccontextmanager
async def following(
    at: House, guest: Guest, *topics: str, age: str = "0", headers: Mapping[str, str] | None = None
) -> AsyncIterator[Following]:
    """The stream while the block lasts, as a script of the guest's page asks for it unless `headers` say otherwise."""
    cookie = guest.client.cookies.get("multimail_session", "")
    own = {"sec-fetch-site": "same-origin", "x-csrf-token": guest.fields.get("csrf", "")} | dict(
        headers or {}
    )
    lines = {"host": "127.0.0.1:8025", "cookie": f"multimail_session={cookie}"} | own
    query = urlencode([*(("topic", one) for one in topics or ("inbox",)), ("age", age)])
    scope = {
        "type": "http", "method": "GET", "path": "/live", "query_string": query.encode(), "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in lines.items() if value],
    }  # fmt: skip
    page = Following()
    page.task = asyncio.create_task(at.app(scope, page.receive, page.send))
    try:
        yield page
    finally:
        page.gone.set()
        async with asyncio.timeout(LIMIT_S):
            await page.task
