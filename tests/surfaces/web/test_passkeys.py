"""One's own passkeys on the page of the account: for confirmed people, under a host name."""

from __future__ import annotations

import pytest

from tests.support.guest import HOME, Guest, House, text

pytestmark = pytest.mark.anyio
NAMED = {"Origin": HOME.replace("127.0.0.1", "localhost"), "Host": "localhost:8025"}


async def test_only_a_confirmed_person_adds_one(at: House) -> None:
    async with at.signed_in(confirmed=False) as guest:
        for path in ("begin", "add"):
            page = await guest.post(f"/account/passkeys/{path}", NAMED, name="Phone", passkey="{}")
            assert "Is it you?" in text(page)


async def test_an_address_that_is_a_number_has_no_passkeys(reviewer: Guest) -> None:
    page = await reviewer.post("/account/passkeys/begin", name="Phone")

    assert page.status_code == 422
    assert "Open these pages under a name" in text(page)
    assert 'id="passkey-name" name="name" type="text" value="Phone" aria-invalid="true"' in page.text
    assert 'id="fault-passkey-name"' in page.text


async def test_what_is_no_answer_of_an_authenticator_costs_no_name(reviewer: Guest) -> None:
    page = await reviewer.post("/account/passkeys/add", NAMED, name="Phone", passkey="{}")

    assert 400 <= page.status_code < 500
    assert 'value="Phone" aria-invalid="true"' in page.text


async def test_what_is_not_ones_own_is_not_removed(reviewer: Guest) -> None:
    page = await reviewer.post("/account/passkeys/remove", passkey="x")

    assert page.status_code == 404
