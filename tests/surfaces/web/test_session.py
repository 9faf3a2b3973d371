"""Whether a form came from our own page, and what a session's cookie is like."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import Response

from multimail.core.errors import Problem
from multimail.core.model import ROLE_SCOPES, Principal, PrincipalKind, Role
from multimail.services.signing_in import Visitor
from multimail.surfaces.web import session

PUBLIC = "https://mail.example.com"
PERSON = Principal("key_ann", PrincipalKind.PERSON, "Ann", Role.REVIEWER, ROLE_SCOPES[Role.REVIEWER])


def origin(host: str, *headers: tuple[str, str], address: str = PUBLIC) -> str:
    """The origin that was found right, or the code of the refusal."""
    raw = [(name.encode(), value.encode()) for name, value in (("host", host), *headers)]
    try:
        return session.check_origin(Request({"type": "http", "headers": raw}), address)
    except Problem as problem:
        return problem.code


@pytest.mark.parametrize("host", ["127.0.0.1:8025", "localhost:8025", "[::1]:8025"])
def test_our_own_page_is_known_by_scheme_host_and_port(host: str) -> None:
    assert origin(host, ("origin", f"http://{host}")) == f"http://{host}"
    assert origin("mail.example.com", ("origin", PUBLIC)) == PUBLIC


@pytest.mark.parametrize(
    "claimed",
    [
        "http://localhost:8025",
        "http://127.0.0.1:8026",
        "http://127.0.0.1",
        "https://127.0.0.1:8025",
        "http://127.0.0.1:8025.evil.example",
        "http://127.0.0.1:8025/",
        "null",
        "",
    ],
)
def test_every_other_origin_is_refused(claimed: str) -> None:
    assert origin("127.0.0.1:8025", ("origin", claimed)) == "forbidden"


def test_plain_http_is_not_the_public_page() -> None:
    assert origin("mail.example.com", ("origin", "http://mail.example.com")) == "forbidden"


def test_without_an_origin_or_with_two_nothing_is_done() -> None:
    own = ("origin", "http://127.0.0.1:8025")

    assert origin("127.0.0.1:8025") == "forbidden"
    assert origin("127.0.0.1:8025", own, own) == "forbidden"


@pytest.mark.parametrize("site", ["same-site", "cross-site", "none", ""])
def test_the_browsers_own_word_on_where_it_comes_from_counts(site: str) -> None:
    own = ("origin", "http://127.0.0.1:8025")

    assert origin("127.0.0.1:8025", own, ("sec-fetch-site", site)) == "forbidden"
    assert origin("127.0.0.1:8025", own, ("sec-fetch-site", "same-origin")) == own[1]


@pytest.mark.parametrize(
    "form", [{}, {"csrf": ""}, {"csrf": "other"}, {"csrf": "tokens"}, {"csrf": "\ud800é"}]
)
def test_only_the_token_of_this_session_will_do(form: dict[str, str]) -> None:
    visitor = Visitor(PERSON, "token", "hash")
    session.check_token(visitor, {"csrf": "token"})

    with pytest.raises(Problem, match="forbidden"):
        session.check_token(visitor, form)


def test_the_cookie_is_out_of_reach_of_script_and_of_forms_of_other_sites() -> None:
    kept, secure, gone = Response(), Response(), Response()
    session.keep(kept, "id", "http://127.0.0.1:8025")
    session.keep(secure, "id", PUBLIC)
    session.forget(gone, PUBLIC)

    assert kept.headers["set-cookie"] == "multimail_session=id; HttpOnly; Max-Age=43200; Path=/; SameSite=lax"
    assert secure.headers["set-cookie"] == kept.headers["set-cookie"] + "; Secure"
    assert 'multimail_session=""' in gone.headers["set-cookie"]
    assert "Max-Age=0" in gone.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/review", "/review/msg_0123456789abcd", "/history/msg_0123456789abcd"])
def test_after_signing_in_one_gets_where_one_wanted_to_go(path: str) -> None:
    assert session.own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "//evil.example",
        "https://evil.example",
        "/review/../x",
        "/review\n",
    ],
)
def test_but_nowhere_else(path: str) -> None:
    assert session.own_path(path) == "/"


def test_a_browser_without_a_cookie_brings_nothing() -> None:
    assert session.session_id(Request({"type": "http", "headers": []})) == ""
    assert (
        session.session_id(Request({"type": "http", "headers": [(b"cookie", b"multimail_session=x")]})) == "x"
    )
