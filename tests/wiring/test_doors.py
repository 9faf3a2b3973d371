"""The MCP doors on HTTP are opened by whoever comes first, for all, and not before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from unittest import mock

import httpx2
import pytest
from starlette.routing import Router

from multimail import config
from multimail.surfaces.mcp import http
from multimail.wiring.account import opened
from multimail.wiring.doors import LateDoors

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def visited(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    async with (
        opened(config.load(data=tmp_path / "data")) as services,
        LateDoors(services, 1.0, ()) as doors,
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(Router(routes=[doors])), base_url="http://127.0.0.1"
        ) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/mcp", 401),
        ("GET", "/sse", 401),
        ("POST", "/sse", 405),
        ("POST", "/messages/?session_id=1", 401),
        ("POST", "/mcp/", 307),
        ("GET", "/mcp/x", 404),
        ("GET", "/sser", 404),
    ],
)
async def test_the_doors_answer_where_they_are_and_nowhere_else(
    tmp_path: Path, method: str, path: str, status: int
) -> None:
    async with visited(tmp_path) as client:
        assert (await client.request(method, path)).status_code == status


async def test_those_who_come_at_once_find_the_same_doors(tmp_path: Path) -> None:
    with mock.patch.object(http, "doors", side_effect=http.doors) as made:
        async with visited(tmp_path) as client:
            gone = asyncio.create_task(client.post("/mcp"))
            others = [asyncio.create_task(client.post("/mcp")) for _ in range(3)]
            await asyncio.sleep(0)
            gone.cancel()
            answers = await asyncio.gather(*others)

    assert [one.status_code for one in answers] == [401] * 3
    assert made.call_count == 1


async def test_what_kept_the_doors_shut_once_does_not_keep_them_shut(tmp_path: Path) -> None:
    async with visited(tmp_path) as client:
        shut = mock.patch.object(http, "doors", side_effect=OSError("too many open files"))
        with shut, pytest.raises(OSError, match="too many"):
            await client.post("/mcp")

        assert (await client.post("/mcp")).status_code == 401
