"""The reference of the API and of error codes: complete, for those who are known here, and nothing from outside."""

from __future__ import annotations

import re

import pytest

from multimail.contract.registry import OPERATIONS
from multimail.contract.streams import STREAMS
from multimail.core.errors import CODES
from tests.support.desk import Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio


async def test_every_operation_and_stream_has_a_page_and_is_listed_with_its_title(reviewer: Guest) -> None:
    index = await reviewer.get("/docs")
    listed = re.findall(
        r'<a href="/docs/(\w+)">([^<]+)</a> <code class="digest">(\w+ [^<]+)</code>', index.text
    )
    routes = {name: (title, route) for name, title, route in listed}

    assert len(routes) == len(listed)
    assert routes.keys() >= {row.name for row in OPERATIONS}
    assert {f"{row.method} {row.path}" for row in STREAMS} <= {route for _, route in routes.values()}
    for name in ("list_webhooks", "freeze"):
        page = text(await reviewer.get(f"/docs/{name}"))
        assert f"{routes[name][0]} {routes[name][1]}" in page


async def test_a_route_says_what_it_takes_gives_and_answers(reviewer: Guest) -> None:
    shown = text(await reviewer.get("/docs/send_email"))

    assert "Send a mail POST /v1/send_email" in shown
    assert "to required list of string Recipients." in shown
    assert "message_id string" in shown
    assert "429" in shown


async def test_every_error_code_has_an_anchor(reviewer: Guest) -> None:
    page = await reviewer.get("/docs/errors")

    assert set(re.findall(r'<h2 id="(\w+)">', page.text)) == set(CODES)
    assert "The draft changed since it was looked at." in text(page)


async def test_what_is_no_route_is_not_found(reviewer: Guest) -> None:
    assert (await reviewer.get("/docs/nothing")).status_code == 404


@pytest.mark.parametrize("path", ["/docs", "/docs/errors"])
async def test_nothing_comes_from_outside_and_nothing_runs(reviewer: Guest, path: str) -> None:
    page = await reviewer.get(path)
    policy = page.headers["content-security-policy"]

    assert re.findall(r'(?:src|href)="(?!/|#)[^"]*"', page.text) == []
    assert not re.search(r"<script(?! src=\"/static/)", page.text)
    assert "style=" not in page.text
    assert policy.startswith("default-src 'none'")
    assert "script-src 'self';" in policy


@pytest.mark.parametrize("path", ["/docs", "/docs/errors"])
async def test_strangers_sign_in_first_and_come_back(at: House, path: str) -> None:
    async with at.guest() as stranger:
        answer = await stranger.get(path)
    async with at.guest() as other:
        foreign = await other.get(path, x_api_key="wrong")

    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/sign-in?next={path.replace('/', '%2F')}",
    )
    assert foreign.status_code == 401


async def test_a_key_opens_it_too(at: House, desk: Desk) -> None:
    made = await desk.call("operator", "create_key", name="reader", role="viewer")
    async with at.guest() as program:
        answer = await program.get("/docs", x_api_key=made.key)

    assert (answer.status_code, "HTTP API" in answer.text) == (200, True)
