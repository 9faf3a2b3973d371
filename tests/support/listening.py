"""A client of the event stream without a network: what it was sent, and when that ended."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from multimail.contract.streams import BY_NAME
from multimail.services.tail import Tail
from multimail.surfaces.http import events
from multimail.surfaces.http.endpoint import Api, Endpoint
from multimail.surfaces.http.rates import Rates

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from tests.support.desk import Desk

LIMIT_S = 20


@dataclass
class Listening:
    """An open stream. Set `stuck` and the client takes no more; set `gone` and it hangs up."""

    api: Api
    task: asyncio.Task[None] | None = None
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    came: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    flowing: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: Any) -> None:
        await self.flowing.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.text += message["body"].decode()
        self.came.set()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def until(self, words: str) -> str:
        """All that came up to these words."""
        async with asyncio.timeout(LIMIT_S):
            while words not in self.text:
                self.came.clear()
                await self.came.wait()
        return self.text

    async def end(self) -> None:
        """The stream ends by itself."""
        assert self.task is not None
        async with asyncio.timeout(LIMIT_S):
            await self.task

    def events(self) -> list[dict[str, Any]]:
        """Everything that was told so far, as it was told."""
        found = []
        for block in self.text.split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
            if "data" in lines:
                body = json.loads(lines["data"])
                assert (lines["id"], lines["event"]) == (body["id"], body["event"])
                found.append(body)
        return found


@asynccontextmanager
async def listening(
    desk: Desk,
    who: str = "agent",
    heartbeat: float = 300,
    last: str = "",
    method: str = "GET",
    query: Any = (),
) -> AsyncIterator[Listening]:
    """The stream while the block lasts; the client hangs up at its end."""
    api = Api(desk.services, "http://127.0.0.1:8025", Rates(1_000))
    tail = Tail(desk.services)

    async def answer(request: Request) -> Response:
        return await events.follow(tail, api, BY_NAME["stream_events"], request, heartbeat)

    scope = {
        "type": "http", "method": method, "path": "/v1/events", "query_string": urlencode(query).encode(),
        "headers": [(b"last-event-id", last.encode())] if last else [],
        "state": {"principal_id": desk.who.get(who, who)},
    }  # fmt: skip
    client = Listening(api)
    client.flowing.set()
    client.task = asyncio.create_task(Endpoint(api, answer)(scope, client.receive, client.send))
    try:
        yield client
    finally:
        client.gone.set()
        client.flowing.set()
        async with asyncio.timeout(LIMIT_S):
            await client.task
        assert len(tail) == 0
