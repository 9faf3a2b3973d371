"""What holds for every path of the API: known methods, near names, and refusals before any route."""

from __future__ import annotations

import httpx2
import pytest

from multimail.surfaces.http import rest
from multimail.surfaces.http.endpoint import Api
from multimail.surfaces.http.guard import names
from multimail.surfaces.http.rates import Rates
from multimail.wiring.app import application
from tests.support.desk import Desk
from tests.support.rest import BASE_URL, Front, problem

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/send_email", "OPTIONS, POST"),
        ("/v1/check_inbox", "GET, HEAD, OPTIONS, POST"),
        ("/v1/messages/msg_00000000000000/reply", "OPTIONS, POST"),
        ("/contacts/ann@example.org", "DELETE, GET, HEAD, OPTIONS, PATCH"),
    ],
)
async def test_a_path_tells_its_methods_and_refuses_others(api: Front, path: str, allowed: str) -> None:
    told, refused = await api.ask("OPTIONS", path), await api.ask("PUT", path)

    assert (told.status_code, told.headers["allow"], told.content) == (204, allowed, b"")
    assert (refused.headers["allow"], problem(refused)["code"]) == (allowed, "method_not_allowed")


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/v1/sendemail", "/v1/send_email"),
        ("/v1/mesages", "/v1/messages"),
        ("/contact", None),
        ("/v1/qqqqqqqq", "openapi"),
        ("/v1/check_inbox/", "/v1/check_inbox"),
    ],
)
async def test_a_path_that_is_none_gets_the_names_most_like_it(
    api: Front, path: str, near: str | None
) -> None:
    answer = await api.ask("POST", path, json={})

    assert answer.status_code == 404
    if near is not None:
        assert near in problem(answer)["advice"]


async def test_a_path_cannot_be_walked_out_of(api: Front) -> None:
    answer = await api.ask("GET", "/v1/contacts/..%2F..%2Fkeys", "operator")

    assert problem(answer)["status"] in {404, 422}


def client(desk: Desk) -> httpx2.AsyncClient:
    """The whole application, with keys."""
    routes = rest.routes(Api(desk.services, BASE_URL, Rates(100, lambda: 0.0)))
    app = application(desk.services, names(8025), routes, "/review".__eq__, BASE_URL)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=BASE_URL)


async def test_who_has_no_key_gets_a_problem_with_a_challenge(desk: Desk) -> None:
    async with client(desk) as http:
        none = await http.get("/v1/list_mailboxes")
        wrong = await http.get("/contacts", headers={"X-API-Key": "mm_wrong"})

    assert none.headers["www-authenticate"] == 'Bearer realm="multimail"'
    assert wrong.headers["www-authenticate"] == 'Bearer realm="multimail", error="invalid_token"'
    assert [problem(one)["code"] for one in (none, wrong)] == ["unauthenticated"] * 2


async def test_a_cookie_is_no_key(desk: Desk) -> None:
    made = await desk.call("operator", "create_key", name="bo", role="agent")
    cookie = {"Cookie": f"multimail_session={made.key}; key={made.key}"}

    async with client(desk) as http:
        by_cookie = await http.get("/v1/list_mailboxes", headers=cookie)
        by_key = await http.get("/v1/list_mailboxes", headers={**cookie, "X-API-Key": made.key})

    assert (by_cookie.status_code, by_key.status_code) == (401, 200)
    assert "set-cookie" not in by_key.headers


@pytest.mark.parametrize(("header", "status"), [("Host", 421), ("Origin", 403)])
async def test_pages_of_other_sites_are_told_so_in_a_problem(desk: Desk, header: str, status: int) -> None:
    value = "http://evil.example" if header == "Origin" else "evil.example"
    async with client(desk) as http:
        answer = await http.get("/v1/list_mailboxes", headers={header: value})

    assert (problem(answer)["code"], answer.status_code) == ("forbidden", status)
