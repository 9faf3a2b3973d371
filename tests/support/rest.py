"""The HTTP API on a desk's account, without a socket: requests of any principal of the desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import httpx2
from starlette.applications import Starlette

from multimail.surfaces.http import rest
from multimail.surfaces.http.endpoint import Api
from multimail.surfaces.http.rates import Rates

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from tests.support.desk import Desk

BASE_URL: Final = "http://127.0.0.1:8025"


@dataclass
class Front:
    """A client of the API, and the desk that it works on."""

    desk: Desk
    client: httpx2.AsyncClient

    async def ask(self, method: str, path: str, who: str = "agent", **more: Any) -> httpx2.Response:
        """One request as a principal of the desk; `json` is its body."""
        headers = {"x-who": self.desk.who.get(who, who), **more.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, **more)

    async def call(self, operation: str, who: str = "agent", **arguments: Any) -> dict[str, Any]:
        """The answer of an operation, which must not be refused."""
        answer = await self.ask("POST", f"/v1/{operation}", who, json=arguments)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def refused(self, operation: str, who: str = "agent", **arguments: Any) -> dict[str, Any]:
        """The problem that an operation ends with."""
        return problem(await self.ask("POST", f"/v1/{operation}", who, json=arguments))


def problem(answer: httpx2.Response) -> dict[str, Any]:
    """The problem in an answer, which says the same as its status."""
    found: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == found["status"] >= 400
    assert found["type"] == f"{BASE_URL}/docs/errors#{found['code']}"
    return found


@asynccontextmanager
async def front(desk: Desk, per_minute: int = 1000, now: Any = lambda: 0.0) -> AsyncIterator[Front]:
    """The API of a desk. Who calls is believed: keys are not its business."""
    inner = Starlette(routes=rest.routes(Api(desk.services, BASE_URL, Rates(per_minute, now))))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        who = dict(scope["headers"])[b"x-who"].decode()
        await inner({**scope, "state": {"principal_id": who}}, receive, send)

    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=True)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        yield Front(desk, client)
