"""The page of the freeze: what is stopped, what waits behind it, and what a person does about each mail."""

from __future__ import annotations

import pytest

from tests.support.desk import BOX, Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio


async def approved(desk: Desk, subject: str = "Monday") -> str:
    sent = (await desk.send(subject=subject)).message_id
    await desk.decide(sent)
    return str(sent)


async def test_nothing_is_frozen_and_one_can_freeze(reviewer: Guest) -> None:
    page = await reviewer.get("/freeze")

    assert "Nothing is frozen." in text(page)
    assert (await reviewer.post("/freeze", reason="odd prices")).headers["location"] == "/freeze"
    shown = text(await reviewer.get("/freeze"))
    assert "Everything frozen just now , by reviewer “odd prices”" in shown
    assert "Nothing waits behind it" in shown


async def test_what_waits_is_listed_and_a_reviewer_drops_but_releases_nothing(
    desk: Desk, reviewer: Guest
) -> None:
    one = await approved(desk)
    await reviewer.post("/freeze", mailbox=BOX)

    page = await reviewer.get("/freeze")

    assert "Monday To ann@example.org" in text(page)
    assert "approved by reviewer" in text(page)
    assert f"/freeze/{one}/release" not in page.text
    assert (await reviewer.post(f"/freeze/{one}/release")).status_code == 403
    assert await desk.status(one) == "queued"
    await reviewer.post(f"/freeze/{one}/drop", reason="wrong price")
    assert await desk.status(one) == "cancelled"
    assert (await desk.decisions(one))[-1].note == "wrong price"


async def test_an_operator_releases_one_and_drops_another(desk: Desk, at: House) -> None:
    one, two = await approved(desk, "First"), await approved(desk, "Second")
    await desk.call("reviewer", "freeze")
    async with at.signed_in("operator") as operator:
        await operator.get("/freeze")
        released = await operator.post(f"/freeze/{one}/release", reason="by phone")
        dropped = await operator.post(f"/freeze/{two}/drop", reason="wrong price")
        answers = [text(await operator.get(each.headers["location"])) for each in (released, dropped)]

    assert "Released." in answers[0]
    assert "released: it may go" in answers[0]
    assert "Dropped." in answers[1]
    assert [(await desk.decisions(each))[-1].note for each in (one, two)] == ["by phone", "wrong price"]
    await desk.step()
    assert [await desk.status(each) for each in (one, two)] == ["delivered", "cancelled"]


async def test_what_cannot_be_released_any_more_is_said_on_the_same_page(desk: Desk, at: House) -> None:
    one = await approved(desk)
    await desk.call("reviewer", "freeze")
    await desk.call("operator", "cancel_message", message_id=one)
    async with at.signed_in("operator") as operator:
        await operator.get("/freeze")
        answer = await operator.post(f"/freeze/{one}/release", reason="kept")
        missing = await operator.post("/freeze/msg_00000000000000/release")

    assert (answer.status_code, missing.status_code) == (409, 404)
    assert "cannot be released: it is cancelled" in text(answer)


async def test_a_reason_that_is_too_long_stands_in_its_field_with_the_fault_beside_it(
    desk: Desk, at: House
) -> None:
    one = await approved(desk)
    long = "why " * 300
    async with at.signed_in("operator") as operator:
        await operator.get("/freeze")
        answer = await operator.post("/freeze", mailbox="all", reason=long)
        assert answer.status_code == 422
        assert long in answer.text
        assert 'aria-describedby="fault-why"' in answer.text
        await operator.post("/freeze", mailbox="all")
        again = await operator.post(f"/freeze/{one}/release", reason=long)

    assert again.status_code == 422
    assert f'aria-describedby="fault-reason-{one}"' in again.text
    assert long in again.text
    assert await desk.status(one) == "queued"


async def test_a_mailbox_that_is_not_there_is_named_beside_the_choice(reviewer: Guest) -> None:
    await reviewer.get("/freeze")
    answer = await reviewer.post("/freeze", mailbox="nobody@localhost", reason="kept")

    assert answer.status_code in {404, 422}
    assert 'value="kept"' in answer.text


async def test_a_long_list_goes_on(desk: Desk, reviewer: Guest) -> None:
    desk.limit(open_drafts=1000)
    for number in range(51):
        await approved(desk, f"Mail {number}")
    await reviewer.post("/freeze")

    first = await reviewer.get("/freeze")
    link = first.text.partition('rel="next" href="')[2].partition('"')[0]
    second = await reviewer.get(link.replace("&amp;", "&"))

    assert "What waits behind it 51" in text(first)
    assert ("Mail 50" in text(first), "Mail 50" in text(second), "Mail 49" in text(second)) == (
        False,
        True,
        False,
    )


async def test_who_is_limited_to_a_mailbox_is_offered_only_that(desk: Desk, at: House) -> None:
    key = await at.key(name="else", mailboxes=["capture@localhost"])
    desk.who["else"] = key.key_id
    async with at.signed_in("else") as guest:
        page = await guest.get("/freeze")

        assert 'value="all"' not in page.text
        assert BOX not in page.text
        assert (await guest.post("/freeze", mailbox="all")).status_code == 403


async def test_a_reason_that_is_too_long_is_not_lost_where_all_was_frozen_meanwhile(reviewer: Guest) -> None:
    await reviewer.get("/freeze")
    await reviewer.post("/freeze", mailbox="all")
    page = await reviewer.post("/freeze", mailbox="all", reason="Careful words. " * 400)

    assert page.status_code == 422
    assert 'class="banner danger" role="alert"' in page.text
    assert 'id="kept-reason"' in page.text
    assert "Careful words." in page.text
