"""Streams over a real socket: events that end as they should, uploads that are too large, a mail from end to end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from multimail import config
from multimail.services import dispatch, first_start
from multimail.services.context import Caller
from multimail.wiring.system import Running, running

pytestmark = pytest.mark.anyio

LIMIT_S = 30
MAIL = b"From: ann@out.test\r\nSubject: Hi\r\nMessage-ID: <%d@out.test>\r\n\r\nHow much?\r\n"


@dataclass
class Place:
    """A running server, its operator, and a client that acts as the operator."""

    server: Running
    operator: str
    http: httpx2.AsyncClient

    async def call(self, operation: str, /, **given: Any) -> Any:
        return await dispatch.call(self.server.services, Caller(self.operator, "cli"), operation, given)

    async def hand_in(self, number: int) -> httpx2.Response:
        headers = {"content-type": "message/rfc822", "x-envelope-to": first_start.READY_MAILBOX}
        return await self.http.post("/v1/inbound/raw", content=MAIL % number, headers=headers)


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Place]:
    settings = config.load(data=folder / "data", smtp_port=0, http_port=0, max_message_bytes=65_536)
    async with running(settings, free_ports=False) as server:
        services = server.services
        now = services.clock.now()
        operator, key = await services.store.write(
            lambda tx: first_start.first_operator(tx, services.ids, now)
        )
        async with httpx2.AsyncClient(
            base_url=server.base_url, headers={"X-API-Key": key}, timeout=LIMIT_S
        ) as http:
            yield Place(server, operator, http)


async def until(lines: AsyncIterator[str], beginning: str) -> str:
    async with asyncio.timeout(LIMIT_S):
        async for line in lines:
            if line.startswith(beginning):
                return line
    raise AssertionError(f"{beginning} never came")


async def test_events_come_while_mail_does_and_a_client_that_comes_back_goes_on(tmp_path: Path) -> None:
    async with served(tmp_path) as place:
        query = {"kinds": "message.received"}
        async with place.http.stream("GET", "/v1/events", params=query) as stream:
            lines = stream.aiter_lines()
            await until(lines, "retry: ")
            assert (await place.hand_in(1)).status_code == 200
            last = (await until(lines, "id: ")).removeprefix("id: ")
        assert [(await place.hand_in(number)).status_code for number in (2, 3)] == [200, 200]
        again = {"last-event-id": last}
        async with place.http.stream("GET", "/v1/events", params=query, headers=again) as stream:
            lines = stream.aiter_lines()
            found = [await until(lines, "id: ") for _ in range(2)]
        listed = await place.call("list_events", after=last, kinds=["message.received"])

    assert found == [f"id: {one['id']}" for one in listed.events]


async def test_a_revoked_key_ends_its_stream_and_opens_no_other(tmp_path: Path) -> None:
    async with served(tmp_path) as place:
        made = await place.call("create_key", name="reader", role="viewer")
        key = {"X-API-Key": made.key}
        async with asyncio.timeout(LIMIT_S), place.http.stream("GET", "/v1/events", headers=key) as stream:
            lines = stream.aiter_lines()
            await until(lines, "retry: ")
            await place.call("revoke_key", key_id=made.key_id)
            rest = [line async for line in lines]
        again = await place.http.get("/v1/events", headers=key)

    assert [line for line in rest if line.startswith("event: key")] == []
    assert again.status_code == 401


async def test_a_stream_ends_in_good_order_when_the_server_does(tmp_path: Path) -> None:
    async with asyncio.timeout(LIMIT_S):
        async with served(tmp_path) as place:
            client = httpx2.AsyncClient(headers=place.http.headers, timeout=LIMIT_S)
            request = client.build_request("GET", f"{place.server.base_url}/v1/events")
            stream = await client.send(request, stream=True)
            lines = stream.aiter_lines()
            await until(lines, "retry: ")
        # What was cut off in the middle would raise here.
        rest = [line async for line in lines]
        await client.aclose()

    assert [line for line in rest if line] == []


@pytest.mark.parametrize("told", [True, False])
async def test_an_upload_that_is_too_large_is_refused_whether_it_says_so_or_not(
    tmp_path: Path, told: bool
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield bytes(16_384)

    async with served(tmp_path) as place:
        content: Any = bytes(5 * 16_384) if told else pieces()
        refused = await place.http.post("/v1/uploads?filename=a.bin", content=content)
        fine = await place.http.post("/v1/uploads?filename=a.bin", content=bytes(65_536))

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert (fine.status_code, fine.json()["size"]) == (201, 65_536)


async def test_a_file_goes_up_with_a_mail_and_comes_down_as_it_was(tmp_path: Path) -> None:
    content = bytes(range(256)) * 100
    async with served(tmp_path) as place:
        made = await place.http.post(
            "/v1/uploads",
            content=content,
            headers={"content-disposition": "attachment; filename*=utf-8''%C3%BC.bin"},
        )
        files = [{"upload_id": made.json()["upload_id"]}]
        mail = {"to": "a@b.test", "subject": "x", "body": "y", "attachments": files}
        sent = await place.http.post("/v1/send_email", json=mail)
        path = f"/v1/messages/{sent.json()['message_id']}/attachments"
        found = [await place.http.get(f"{path}/{which}") for which in ("1", "%C3%BC.bin")]

    assert [one.content == content for one in found] == [True, True]
    assert found[0].headers["content-disposition"].endswith("filename*=UTF-8''%C3%BC.bin")
