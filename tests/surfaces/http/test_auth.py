"""A key in a header becomes a principal; anything less is 401."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from multimail.surfaces.http.auth import KeyAuthentication
from tests.support.mcp_parts import Memory, services

pytestmark = pytest.mark.anyio


async def who(scope: Any, receive: Any, send: Any) -> None:
    state = Request(scope).state
    await PlainTextResponse(getattr(state, "principal_id", "nobody"))(scope, receive, send)


async def answer(
    path: str, *headers: tuple[str, str], state: dict[str, Any] | None = None, memory: Memory | None = None
) -> httpx2.Response:
    inner: Any = KeyAuthentication(
        who, services(memory or Memory()), exempt=lambda path: path in {"/health", "/", "/u/x"}
    )

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await inner({**scope, "state": state or {}}, receive, send)

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://x") as http:
        return await http.get(path, headers=[(name.encode(), value.encode()) for name, value in headers])


@pytest.mark.parametrize(
    "header",
    [
        ("Authorization", "Bearer key-agent"),
        ("Authorization", "bearer  key-agent"),
        ("X-API-Key", "key-agent"),
    ],
)
@pytest.mark.parametrize("path", ["/mcp", "/health"])
async def test_a_key_names_its_principal(header: tuple[str, str], path: str) -> None:
    assert (await answer(path, header)).text == "key_agent"


async def test_the_same_key_twice_is_one_key() -> None:
    twice = (("Authorization", "Bearer key-agent"), ("X-API-Key", "key-agent"))

    assert (await answer("/mcp", *twice)).text == "key_agent"


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("Cookie", "key=key-agent"),),
        (("Authorization", "Bearer "),),
        (("Authorization", "Basic a2V5LWFnZW50"),),
        (("Authorization", "Bearer key-nobody"),),
        (("Authorization", "Bearer key-agent"), ("X-API-Key", "key-owner")),
        (("X-API-Key", "x" * 4000),),
        (("X-API-Key", "clé"),),
    ],
)
async def test_anything_less_is_refused_with_a_challenge(headers: tuple[tuple[str, str], ...]) -> None:
    refused = await answer("/mcp", *headers, state={"principal_id": "key_smuggled"})

    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith('Bearer realm="multimail"')
    assert refused.json()["error"]["code"] == "unauthenticated"


async def test_an_exempt_path_needs_no_key_and_nobody_can_claim_to_be_somebody() -> None:
    assert (await answer("/health")).text == "nobody"
    assert (await answer("/", state={"principal_id": "key_smuggled"})).text == "nobody"


async def test_a_wrong_key_is_refused_on_exempt_paths_too() -> None:
    assert (await answer("/", ("X-API-Key", "key-nobody"))).status_code == 401


async def test_no_key_is_looked_at_where_links_in_mail_lead() -> None:
    answers = [await answer("/u/x", ("X-API-Key", key)) for key in ("key-nobody", "key-owner")]

    assert [one.text for one in answers] == ["nobody", "nobody"]


async def test_revoked_and_expired_keys_name_nobody() -> None:
    memory = Memory()
    memory.revoke("key_agent")
    memory.principals_by_id["key_owner"] = replace(memory.principals_by_id["key_owner"], expires_at=1)

    assert (await answer("/mcp", ("X-API-Key", "key-viewer"), memory=memory)).text == "key_viewer"
    assert (await answer("/mcp", ("X-API-Key", "key-agent"), memory=memory)).status_code == 401
    assert (await answer("/mcp", ("X-API-Key", "key-owner"), memory=memory)).status_code == 401
