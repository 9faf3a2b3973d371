"""The routes of the API on a desk's account, asked without a network as whoever a test says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import httpx2
from starlette.applications import Starlette

from multimail.core.envelope import Envelope
from multimail.services.context import Call, Caller
from multimail.services.inbound import Inbound
from multimail.surfaces.http import rest
from multimail.surfaces.http.endpoint import Api
from multimail.surfaces.http.rates import Rates

if TYPE_CHECKING:
    from multimail.ports.store import Tx
    from tests.support.desk import Desk

BASE_URL: Final = "http://127.0.0.1:8025"


def client(desk: Desk, who: str = "agent") -> httpx2.AsyncClient:
    """Requests come from this principal; that its key was checked is taken for granted."""
    app = Starlette(routes=rest.routes(Api(desk.services, BASE_URL, Rates(10_000))))

    async def as_principal(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "state": {"principal_id": desk.who.get(who, who)}}, receive, send)

    transport = httpx2.ASGITransport(app=as_principal)
    return httpx2.AsyncClient(transport=transport, base_url=BASE_URL)


async def arrived(desk: Desk, raw: bytes) -> str:
    """A mail comes in from outside; its id."""
    envelope = Envelope("ann@example.org", (desk.box,), raw, "127.0.0.1", "example.org", smtputf8=False)
    await Inbound(desk.services).accept(envelope)
    return (await desk.inbound())[-1].id


def call_of(desk: Desk, tx: Tx, who: str) -> Call:
    """A call under way in a transaction, of no operation in particular."""
    stored = tx.principals.get(desk.who[who])
    assert stored is not None
    return Call(stored.principal, Caller(stored.principal.id, "rest"), desk.clock.now(), desk.services)
