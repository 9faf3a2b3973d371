"""Names this server answers to, compared whole."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from starlette.responses import PlainTextResponse

from multimail.surfaces.http.guard import HostGuard, names

pytestmark = pytest.mark.anyio

ALLOWED = names(8025, "https://mail.example.com")


async def status(host: str | None, *origins: str, path: str = "/") -> int:
    headers: list[tuple[str, str]] = [("origin", origin) for origin in origins]
    app: Any = HostGuard(PlainTextResponse("in"), ALLOWED)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app)) as http:
        answer = await http.get(f"http://unused{path}", headers=[("host", host or ""), *headers])
    return answer.status_code


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8025",
        "localhost:8025",
        "LOCALHOST:8025",
        "[::1]:8025",
        "mail.example.com",
        "mail.example.com:443",
    ],
)
async def test_our_names_are_answered(host: str) -> None:
    assert await status(host) == 200


@pytest.mark.parametrize(
    "host",
    [
        None, "evil.example", "localhost", "localhost:80", "localhost:8025@evil.example", "localhost:8025.evil.example",
        "mail.example.com:8025", "mail.example.com.", "127.0.0.1:80250", "127.0.0.1:8025, evil.example",
    ],
)  # fmt: skip
async def test_another_name_is_misdirected(host: str | None) -> None:
    assert await status(host) == 421


@pytest.mark.parametrize(
    "origin", ["http://localhost:8025", "http://127.0.0.1:8025", "https://mail.example.com"]
)
async def test_our_own_pages_may_call(origin: str) -> None:
    assert await status("localhost:8025", origin) == 200


@pytest.mark.parametrize(
    "origins",
    [
        ("null",), ("",), ("https://localhost:8025",), ("http://localhost",), ("http://mail.example.com",),
        ("http://localhost:8025.evil.example",), ("http://localhost:8025", "http://evil.example"),
    ],
)  # fmt: skip
async def test_pages_of_others_may_not(origins: tuple[str, ...]) -> None:
    assert await status("localhost:8025", *origins) == 403


@pytest.mark.parametrize(("path", "answer"), [("/u/x", 200), ("/u", 421), ("/v1/u/x", 421)])
async def test_links_in_mail_are_answered_by_any_name(path: str, answer: int) -> None:
    assert await status("old.example", "https://mail.example", path=path) == answer


async def test_two_hosts_are_none() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "headers": [(b"host", b"localhost:8025"), (b"host", b"localhost:8025")],
    }
    await HostGuard(PlainTextResponse("in"), ALLOWED)(scope, None, send)  # type: ignore[arg-type]

    assert sent[0]["status"] == 421


async def test_there_are_no_websockets_and_the_lifespan_passes() -> None:
    sent: list[Any] = []
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    async def send(message: Any) -> None:
        sent.append(message["type"])

    guard = HostGuard(app, ALLOWED)
    await guard({"type": "websocket", "headers": []}, None, send)  # type: ignore[arg-type]
    await guard({"type": "lifespan"}, None, send)  # type: ignore[arg-type]

    assert (sent, seen) == (["websocket.close"], ["lifespan"])


def test_a_public_address_with_a_port_is_only_itself() -> None:
    found = names(1, "http://Mail.example.com:9000/")

    assert "mail.example.com:9000" in found.hosts
    assert "mail.example.com" not in found.hosts
    assert "http://mail.example.com:9000" in found.origins
