"""In by a link, key or passphrase, out by a button; a link is spent by POST alone."""

from __future__ import annotations

import pytest

from tests.support.desk import Desk
from tests.support.guest import HOME, Guest, House, house, text

pytestmark = pytest.mark.anyio


async def is_in(guest: Guest) -> bool:
    return (await guest.get("/review")).status_code == 200


async def test_looking_at_a_link_does_not_spend_it(at: House) -> None:
    token = await at.link()
    async with at.guest() as guest:
        for _ in range(3):
            page = await guest.get(f"/sign-in?token={token}")
            assert f'name="token" value="{token}"' in page.text
            assert "set-cookie" not in page.headers
        answer = await guest.post("/sign-in", token=token)

        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert await is_in(guest)


async def test_a_spent_link_says_so_and_offers_the_other_way(at: House) -> None:
    token = await at.link()
    async with at.guest() as first, at.guest() as second:
        await first.post("/sign-in", token=token)
        answer = await second.post("/sign-in", token=token)

        assert answer.status_code == 401
        assert "used already" in text(answer)
        assert 'name="secret"' in answer.text
        assert not await is_in(second)


async def test_a_key_signs_in_and_goes_on_to_the_mail_one_came_for(at: House) -> None:
    made = await at.key()
    held = await at.desk.send()
    path = f"/review/{held.message_id}"
    async with at.guest() as guest:
        sent_away = await guest.get(path)
        assert sent_away.status_code == 303
        page = await guest.get(sent_away.headers["location"])
        assert f'name="next" value="{path}"' in page.text
        answer = await guest.post("/sign-in", secret=made.key, next=path)

        assert answer.headers["location"] == path
        assert (await guest.get(path)).status_code == 200


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "/review/../../x"])
async def test_nobody_is_sent_elsewhere_after_signing_in(at: House, onward: str) -> None:
    token = await at.link()
    async with at.guest() as guest:
        assert "evil" not in (await guest.get("/sign-in?next=https://evil.example/")).text
        answer = await guest.post("/sign-in", token=token, next=onward)

        assert answer.headers["location"] == "/"


async def test_a_wrong_key_is_named_beside_its_field_and_never_shown_again(at: House) -> None:
    async with at.guest() as guest:
        answer = await guest.post("/sign-in", secret="mm_not_a_key")

        assert answer.status_code == 401
        assert 'aria-invalid="true" aria-describedby="fault-secret"' in answer.text
        assert 'id="fault-secret"' in answer.text
        assert "mm_not_a_key" not in answer.text


async def test_an_agents_key_is_not_a_persons(at: House) -> None:
    made = await at.key(role="agent")
    async with at.guest() as guest:
        answer = await guest.post("/sign-in", secret=made.key)

        assert answer.status_code == 403
        assert "only people sign in" in text(answer)


async def test_a_session_that_somebody_else_chose_is_worth_nothing(at: House) -> None:
    async with at.guest() as guest:
        guest.client.cookies.set("multimail_session", "chosen", domain="127.0.0.1")
        answer = await guest.post("/sign-in", token=await at.link())

        assert "multimail_session=chosen" not in answer.headers["set-cookie"]
        async with at.guest() as other:
            other.client.cookies.set("multimail_session", "chosen", domain="127.0.0.1")
            assert not await is_in(other)


async def test_signing_out_ends_the_session_on_the_server(at: House) -> None:
    async with at.signed_in() as guest, at.guest() as thief:
        stolen = guest.client.cookies["multimail_session"]
        answer = await guest.post("/sign-out")

        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        thief.client.cookies.set("multimail_session", stolen)
        assert not await is_in(thief)
        assert not await is_in(guest)


async def test_whoever_is_in_needs_no_form(at: House) -> None:
    async with at.signed_in() as guest:
        assert (await guest.get("/sign-in")).headers["location"] == "/"
        assert (await guest.get("/")).headers["location"] == "/inbox"


async def test_over_tls_the_cookie_never_travels_without_it(desk: Desk) -> None:
    await desk.write(lambda tx: tx.settings.set("server", {"base_url": "https://mail.example.com"}))
    public = house(desk, "https://mail.example.com")
    async with public.guest() as guest:
        there = {"Host": "mail.example.com", "Origin": "https://mail.example.com"}
        secure = await guest.post("/sign-in", there, token=await public.link())
        plain = await guest.post("/sign-in", {"Origin": HOME}, token=await public.link())

    assert "Secure" in secure.headers["set-cookie"]
    assert "Secure" not in plain.headers["set-cookie"]


async def test_one_comes_out_at_the_very_search_one_came_for(at: House) -> None:
    path = "/inbox?q=is%3Aunread+zebra&folder=all"
    async with at.guest() as guest:
        sent_away = await guest.get(path)
        page = await guest.get(sent_away.headers["location"])
        answer = await guest.post("/sign-in", token=await at.link(), next=path)

        assert 'name="next" value="/inbox?q=is%3Aunread+zebra&amp;folder=all"' in page.text
        assert answer.headers["location"] == path


async def test_signing_in_leads_to_the_mail_when_nothing_waits_and_else_to_what_waits(at: House) -> None:
    async with at.signed_in("operator") as guest:
        assert (await guest.get("/")).headers["location"] == "/inbox"
        await at.desk.send()
        assert (await guest.get("/")).headers["location"] == "/review"
