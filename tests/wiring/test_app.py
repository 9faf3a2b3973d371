"""The one application: health is for everyone, all else needs a key, and other sites reach nothing."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

import multimail
from multimail import config
from multimail.surfaces.http.guard import names
from multimail.wiring.account import opened
from multimail.wiring.app import application

pytestmark = pytest.mark.anyio


async def answer(tmp_path: Path, path: str, **headers: str) -> httpx2.Response:
    async with opened(config.load(data=tmp_path / "data")) as services:
        transport = httpx2.ASGITransport(application(services, names(8025), (), "/open".__eq__))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8025") as client:
            return await client.get(path, headers=headers)


async def test_health_needs_no_key_and_tells_the_version(tmp_path: Path) -> None:
    found = await answer(tmp_path, "/health")

    assert (found.status_code, found.json()) == (200, {"status": "ok", "version": multimail.__version__})


@pytest.mark.parametrize("path", ["/mcp", "/v1/check_inbox", "/health/x", "/healthy"])
async def test_every_other_path_needs_a_key(tmp_path: Path, path: str) -> None:
    assert (await answer(tmp_path, path)).status_code == 401


@pytest.mark.parametrize(("header", "status"), [("Host", 421), ("Origin", 403)])
async def test_pages_of_other_sites_reach_nothing(tmp_path: Path, header: str, status: int) -> None:
    found = await answer(
        tmp_path, "/health", **{header: "http://evil.example" if header == "Origin" else "evil.example"}
    )

    assert found.status_code == status


async def test_a_page_is_reached_without_a_key_and_looks_after_itself(tmp_path: Path) -> None:
    assert (await answer(tmp_path, "/open")).status_code == 404
