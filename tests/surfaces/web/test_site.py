"""A fault as a page of its own: what was wrong, what would be right, and what the person had written."""

from __future__ import annotations

import pytest

from multimail.adapters.passkeys import WebAuthn
from multimail.core.errors import Problem
from multimail.services.signing_in import SigningIn
from multimail.surfaces.web.site import Site, go
from multimail.surfaces.web.views import Views
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


def site(desk: Desk) -> Site:
    return Site(desk.services, Views(), SigningIn(desk.services), WebAuthn)


async def test_what_was_written_is_given_back_and_secrets_are_not(desk: Desk) -> None:
    form = {"note": "My <note>", "secret": "mm_secret", "csrf": "token", "subject": ""}
    page = await site(desk).problem(Problem("busy", "Too much.", advice="Later."), form=form)
    shown = bytes(page.body).decode()

    assert page.status_code == 503
    assert "<strong>Too much.</strong> Later." in shown
    assert "My &lt;note&gt;</textarea>" in shown
    assert "mm_secret" not in shown
    assert "token" not in shown


async def test_what_is_not_found_is_not_named(desk: Desk) -> None:
    pages = [
        await site(desk).problem(Problem("not_found", f"There is no {name}.", advice=name)) for name in "ab"
    ]

    assert pages[0].body == pages[1].body
    assert pages[0].status_code == 404


def test_a_browser_is_sent_on_by_get() -> None:
    answer = go("/review/a b")

    assert (answer.status_code, answer.headers["location"]) == (303, "/review/a%20b")
