"""One's own account: the passphrase is set by who knows the key, sign-ins are seen and ended."""

from __future__ import annotations

import re

import pytest

from multimail.services import passphrases
from tests.support.desk import Desk
from tests.support.filled import beside, filled
from tests.support.guest import House, text

pytestmark = pytest.mark.anyio
AT = "/account"
SET = f"{AT}/passphrase"
WORDS = "horse battery staple"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "_COST", (2, 8, 1))


@pytest.fixture
async def key(desk: Desk, at: House) -> str:
    made = await at.key(name="Ann")
    desk.who["Ann"] = made.key_id
    return str(made.key)


async def test_it_says_who_one_is_here(at: House, key: str) -> None:
    async with at.signed_in("Ann") as guest:
        page = text(await guest.get(AT))

    assert "reviewer: oversight, read" in page
    assert "this browser" in page
    assert "Passkeys" in page


async def test_a_passphrase_is_set_and_signs_in(at: House, key: str) -> None:
    async with at.signed_in("Ann") as guest, at.signed_in("Ann") as other:
        await guest.get(AT)
        done = await guest.post(SET, current=key, passphrase=WORDS, repeat=WORDS)
        assert "Your passphrase is set." in text(await guest.get(done.headers["location"]))
        assert (await other.get(AT)).status_code == 303
        assert (await other.post("/sign-in", secret=WORDS)).status_code == 303


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"current": "mm_wrong"}, "current"),
        ({"current": ""}, "current"),
        ({"repeat": "something else here"}, "repeat"),
        ({"passphrase": "short", "repeat": "short"}, "passphrase"),
        ({"passphrase": "mm_not_a_phrase_", "repeat": "mm_not_a_phrase_"}, "passphrase"),
    ],
)
async def test_a_fault_stands_beside_its_field_and_no_secret_is_in_the_page(
    at: House, key: str, change: dict[str, str], field: str
) -> None:
    async with at.signed_in("Ann") as guest:
        await guest.get(AT)
        written = {"current": key, "passphrase": WORDS, "repeat": WORDS} | change
        page = (await guest.post(SET, **written)).text

    assert beside(page, field)
    assert [text for text in filled(page, SET).values() if text in written.values() and text] == []


async def test_sign_ins_are_ended_one_by_one_all_others_or_all(at: House, key: str) -> None:
    async with at.signed_in("Ann") as here, at.signed_in("Ann") as second, at.signed_in("Ann") as third:
        page = (await here.get(AT)).text
        names = re.findall(r'name="session" value="(ses_\w+)"', page)
        own = re.findall(r"this browser.*?value=\"(ses_\w+)\"", page, re.DOTALL)[0]
        assert len(names) == 3
        one = next(name for name in names if name != own)
        await here.post(f"{AT}/sessions", session=one)
        assert sorted([(await guest.get(AT)).status_code for guest in (second, third)]) == [200, 303]
        await here.post(f"{AT}/sessions", session="others")
        assert [(await guest.get(AT)).status_code for guest in (here, second, third)] == [200, 303, 303]
        gone_to = await here.post(f"{AT}/sessions", session="all")
        assert gone_to.headers["location"] == "/sign-in"
        assert (await here.get(AT)).status_code == 303


async def test_a_form_that_names_no_sign_in_ends_none(at: House, key: str) -> None:
    async with at.signed_in("Ann") as guest:
        await guest.get(AT)
        assert (await guest.post(f"{AT}/sessions")).status_code == 422
        assert (await guest.get(AT)).status_code == 200


async def test_a_viewer_has_an_account_too(desk: Desk, at: House) -> None:
    made = await at.key(role="viewer", kind="person")
    desk.who["looker"] = made.key_id
    async with at.signed_in("looker") as guest:
        assert "viewer: read" in text(await guest.get(AT))
