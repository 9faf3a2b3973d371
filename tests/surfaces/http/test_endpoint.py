"""What holds for every route; and waits, which end with their answer, their key or their client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from multimail import config
from multimail.services import dispatch, first_start
from multimail.services.context import Caller
from multimail.surfaces.http.endpoint import Api, Endpoint, while_connected
from multimail.surfaces.http.rates import Rates
from multimail.wiring.system import Running, running
from tests.support.desk import Desk
from tests.support.rest import Front, problem

pytestmark = pytest.mark.anyio
LIMIT_S = 20.0


def tasks() -> set[asyncio.Task[Any]]:
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


async def stays() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


async def leaves() -> dict[str, Any]:
    return {"type": "http.disconnect"}


async def test_work_is_answered_while_its_client_stays() -> None:
    async def work() -> str:
        await asyncio.sleep(0)
        return "done"

    before = tasks()

    assert await while_connected(stays, work()) == "done"
    assert tasks() == before


async def test_a_fault_of_the_work_is_the_callers() -> None:
    async def work() -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await while_connected(stays, work())


async def test_work_ends_when_its_client_leaves() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    before = tasks()
    with pytest.raises(ClientDisconnect):
        await while_connected(leaves, work())

    assert ended.is_set()
    assert tasks() == before


async def test_work_ends_when_the_server_does() -> None:
    before = tasks()
    waiting = asyncio.create_task(while_connected(stays, stays()))
    await asyncio.sleep(0)

    waiting.cancel()
    await asyncio.wait({waiting})

    assert waiting.cancelled()
    assert tasks() == before


async def test_who_went_away_is_not_answered(desk: Desk) -> None:
    sent: list[Any] = []

    async def answer(request: Request) -> Response:
        raise ClientDisconnect

    async def send(message: Any) -> None:
        sent.append(message)

    endpoint = Endpoint(Api(desk.services, "", Rates(1)), answer)
    await endpoint({"type": "http", "headers": [], "state": {"principal_id": "key_1"}}, leaves, send)

    assert sent == []


async def test_without_a_principal_nothing_runs(desk: Desk) -> None:
    sent: list[Any] = []

    async def answer(request: Request) -> Response:
        pytest.fail("it runs")

    async def send(message: Any) -> None:
        sent.append(message)

    endpoint = Endpoint(Api(desk.services, "", Rates(1)), answer)
    await endpoint({"type": "http", "method": "GET", "headers": []}, leaves, send)

    assert sent[0]["status"] == 401


async def test_a_wait_finds_what_came_since(api: Front, desk: Desk) -> None:
    asked: dict[str, Any] = {"mailbox": desk.box, "since_id": await desk.receive(), "timeout_seconds": 300}
    waiting = asyncio.create_task(api.call("wait_for_email", **asked))
    mail = await desk.receive()

    found = await asyncio.wait_for(waiting, LIMIT_S)

    assert (found["found"], [one["id"] for one in found["emails"]]) == (True, [mail])


async def test_a_wait_ends_when_its_key_is_revoked(api: Front, desk: Desk) -> None:
    key = await desk.call("operator", "create_key", name="bo", role="agent")
    asked = {"mailbox": desk.box, "timeout_seconds": 300}
    waiting = asyncio.create_task(api.ask("POST", "/v1/wait_for_email", key.key_id, json=asked))
    await asyncio.sleep(0)

    await desk.call("operator", "revoke_key", key_id=key.key_id)
    answer = await asyncio.wait_for(waiting, LIMIT_S)

    assert problem(answer)["code"] == "unauthenticated"


@asynccontextmanager
async def resident(folder: Path) -> AsyncIterator[tuple[Running, str]]:
    """A real server with a key of an agent."""
    settings = config.load(data=folder / "data", smtp_port=0, http_port=0)
    async with running(settings, free_ports=False) as place:
        services = place.services
        now = services.clock.now()
        operator = await services.store.write(lambda tx: first_start.first_operator(tx, services.ids, now)[0])
        made: Any = await dispatch.call(
            services, Caller(operator, "cli"), "create_key", {"name": "bo", "role": "agent"}
        )
        yield place, made.key


def waiting_calls() -> set[asyncio.Task[Any]]:
    return {task for task in tasks() if task.get_name().endswith("waiting call")}


async def until(reached: Any) -> None:
    """Let everything else run until it is so."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            if reached():
                return
            await asyncio.sleep(0)


async def test_a_client_that_hangs_up_leaves_nothing_behind(tmp_path: Path) -> None:
    async with resident(tmp_path) as (place, key):
        client = httpx2.AsyncClient(base_url=place.base_url, headers={"X-API-Key": key})
        async with client:
            call = client.post("/v1/wait_for_email", json={"timeout_seconds": 300}, timeout=LIMIT_S)
            asking = asyncio.create_task(call)
            await until(waiting_calls)

            asking.cancel()
            await asyncio.wait({asking})
            await until(lambda: not waiting_calls())

            assert (await client.get("/v1/list_mailboxes")).status_code == 200
