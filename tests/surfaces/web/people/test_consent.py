"""The page of a person's consent: why mail goes or does not, the records, and what they want."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import LAWFUL, Desk
from tests.support.filled import beside, filled, send
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio
ANN = "ann@example.org"


async def ann(desk: Desk, **metadata: Any) -> str:
    await desk.set(default_mode="autonomous", metadata=LAWFUL)
    made = await desk.call(
        "operator", "manage_contacts", action="upsert", email=ANN, name="Ann", metadata=metadata
    )
    return f"/people/{made.contacts[0].contact_id}/consent"


async def test_the_page_says_what_is_needed_where_and_what_to_do(desk: Desk, operator: Guest) -> None:
    at = await ann(desk, regions=["EU", "US-CA"])

    page = text(await operator.get(f"{at}?topic=newsletter"))

    assert "no commercial mail Left out for want of consent: EU needs consent or soft_opt_in." in page
    assert "An operator records it with record_consent" in page
    assert "Known to be in EU, US-CA." in page
    assert "US-CA commercial nothing, until they opt out yes the law only asks to stop at an opt-out" in page
    assert "Nothing on record" in page


async def test_consent_is_recorded_with_its_proof_and_opens_mail(desk: Desk, operator: Guest) -> None:
    at = await ann(desk, region="EU")

    gone_to = await send(
        operator, at, topic="Newsletter", region="EU", source="sign-up form", given_at="2026-02-01"
    )
    page = text(await operator.get(f"{gone_to}&topic=newsletter"))

    assert "Recorded. It counts from the next mail on." in page
    assert "commercial mail goes Goes: every region" in page
    assert "consent newsletter EU" in page
    assert "sign-up form operator" in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"topic": "a, b"}, "topic"), ({"given_at": "yesterday"}, "given_at"), ({"given_at": "2099-01-01"}, "given_at"),
        ({"expires_at": "2020-01-01"}, "expires_at"), ({"region": "Europe"}, "region"), ({"basis": "hope"}, "basis"),
    ],
)  # fmt: skip
async def test_a_fault_stands_beside_its_field_and_all_is_kept(
    desk: Desk, operator: Guest, wrong: dict[str, str], field: str
) -> None:
    at = await ann(desk)
    written = {"topic": "news", "region": "EU", "basis": "soft_opt_in", "source": "the shop"} | wrong
    page = await send(operator, at, **written)

    if field != "basis":
        assert beside(page, field)
    kept = filled(page, at)
    assert {name: kept.get(name, value) for name, value in written.items()} == written
    assert (await desk.call("operator", "list_consents")).count == 0


async def test_consent_is_taken_back_after_one_more_look(desk: Desk, operator: Guest) -> None:
    at = await ann(desk, region="EU")
    await send(operator, at, topic="newsletter", region="EU")

    asked = text(await operator.get(f"{at}/withdraw?topic=newsletter&region=EU"))
    gone_to = await send(
        operator, f"{at}/withdraw?topic=newsletter&region=EU", f"{at}/withdraw", source="by telephone"
    )
    page = text(await operator.get(gone_to))

    assert "ann@example.org gets no more commercial mail of this kind" in asked
    assert "Taken back. What was approved and has not left goes without them." in page
    assert "taken back newsletter EU" in page
    assert "by telephone" in page


async def test_a_wrong_withdrawal_is_told_beside_its_field(desk: Desk, operator: Guest) -> None:
    at = f"{await ann(desk)}/withdraw"

    assert beside(await send(operator, at, topic="a, b"), "topic")


async def test_a_topic_and_a_channel_are_unwanted_and_wanted_again_at_a_press(
    desk: Desk, operator: Guest
) -> None:
    at = await ann(desk)
    await send(operator, at, topic="newsletter")
    await operator.get(at)

    await operator.post(f"{at}/preferences", topic="newsletter")
    await operator.post(f"{at}/preferences", channel="sms")
    no = text(await operator.get(at))
    await operator.post(f"{at}/preferences", topic="newsletter", wanted="1")
    yes = text(await operator.get(at))

    assert ("newsletter no unsubscribed" in no, "by sms no" in no) == (True, True)
    assert "newsletter yes recorded" in yes


async def test_who_may_only_read_sees_the_answer_and_no_buttons(desk: Desk, at: House) -> None:
    path = await ann(desk)
    async with at.signed_in("reviewer") as guest:
        page = await guest.get(path)

        assert page.status_code == 200
        assert "May they be written to?" in page.text
        assert "Record it" not in page.text
        assert "Take everything back" not in page.text


async def test_who_is_no_contact_has_no_page_and_a_wrong_topic_is_told(desk: Desk, operator: Guest) -> None:
    at = await ann(desk)

    assert (await operator.get("/people/contact_00000000000000/consent")).status_code == 404
    assert "is no topic" in text(await operator.get(f"{at}?topic=a%2Cb"))
