"""What would happen, before anything is sent: the same answer as a send gets, and the printed table."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import LAWFUL, Desk

pytestmark = pytest.mark.anyio

ANN = "ann@example.org"


async def check(desk: Desk, who: str = "agent", **more: Any) -> Any:
    asked = {"email": ANN, "mailbox": desk.box, "message_class": "commercial"}
    return await desk.call(who, "check_consent", **{**asked, **more})


async def roles(desk: Desk) -> None:
    """Ann has an EU and a Californian role, and agreed to the newsletter in the EU."""
    await desk.set(default_mode="autonomous", metadata=LAWFUL)
    await desk.call(
        "operator", "manage_contacts", action="upsert", email=ANN, metadata={"regions": ["EU", "US-CA"]}
    )
    await desk.call("operator", "record_consent", email=ANN, topic="newsletter", region="EU")


async def test_the_answer_says_region_by_region_what_is_needed_and_what_is_there(desk: Desk) -> None:
    await roles(desk)

    offer, letter = await check(desk, topic="offers"), await check(desk, topic="newsletter")

    assert (offer.allowed, offer.reason, letter.allowed, letter.reason) == (False, "no_consent", True, None)
    assert offer.explanation == "Left out for want of consent: EU needs consent or soft_opt_in."
    assert "record_consent" in offer.advice
    assert [(one.region, one.allowed, one.why, one.basis) for one in letter.regions] == [
        ("EU", True, "given", "consent"),
        ("US-CA", True, "opt_out_only", None),
    ]
    assert (letter.regions_known, letter.regions_claimed) == (["EU", "US-CA"], None)


async def test_what_an_agent_said_about_regions_is_told_apart(desk: Desk) -> None:
    await desk.call("agent", "manage_contacts", action="upsert", email=ANN, metadata={"region": "US"})

    answer = await check(desk)

    assert (answer.regions_known, answer.regions_claimed) == ([], ["US"])
    assert [one.region for one in answer.regions] == ["unknown", "US"]


async def test_other_mail_needs_no_consent_and_the_mailboxs_word_counts(desk: Desk) -> None:
    await desk.set(metadata={"topics": {"offers": "commercial"}})

    plain, topical = (
        await check(desk, message_class=None),
        await check(desk, message_class=None, topic="offers"),
    )

    assert (plain.allowed, plain.message_class, plain.regions[0].why) == (True, None, "not_asked")
    assert (topical.allowed, topical.message_class) == (False, "commercial")
    assert (
        await check(desk, message_class="transactional")
    ).explanation == "Goes: Transactional mail needs no consent."


@pytest.mark.parametrize(("tag", "reason"), [("unsubscribed", "unsubscribed"), ("suppressed", "suppressed")])
async def test_who_must_get_nothing_for_another_reason_is_told_that(
    desk: Desk, tag: str, reason: str
) -> None:
    await roles(desk)
    await desk.call("operator", "tag_email", email=ANN, tags=[tag])

    answer = await check(desk, topic="newsletter")

    assert (answer.allowed, answer.reason, answer.explanation) == (False, reason, f"Left out: {reason}.")
    assert "operator" in answer.advice


@pytest.mark.parametrize("topic", ["newsletter", "offers", ""])
@pytest.mark.parametrize("region", ["", "EU", "US-CA", "CA"])
@pytest.mark.parametrize("word", ["commercial", "transactional", None])
async def test_the_answer_is_what_a_send_does(desk: Desk, topic: str, region: str, word: str | None) -> None:
    await roles(desk)

    answer = await check(desk, topic=topic, region=region, message_class=word)
    sent = await desk.send(topic=topic, region=region, message_class=word)

    assert answer.allowed is (sent.status == "queued")


# Region, class, whether it goes, and why: written by hand for Ann's roles and the newsletter.
PRINTED = """
| region | class | needs one of | postal address | opt-out | goes | why |
| --- | --- | --- | --- | --- | --- | --- |
| EU | transactional | nothing | no | no | yes | not_asked |
| EU | commercial | consent, soft_opt_in | yes | yes | yes | consent |
| EU | system | nothing | no | no | yes | not_asked |
| US-CA | transactional | nothing | no | no | yes | not_asked |
| US-CA | commercial | nothing, until they opt out | yes | yes | yes | opt_out_only |
| US-CA | system | nothing | no | no | yes | not_asked |
"""


async def test_the_table_for_one_person_is_printed_with_what_holds_for_each_role(desk: Desk) -> None:
    await roles(desk)

    letter = await desk.call("agent", "consent_table", email=ANN, topic="newsletter", mailbox=desk.box)
    offer = await desk.call("agent", "consent_table", email=ANN, topic="offers", mailbox=desk.box)
    await desk.call("operator", "withdraw_consent", email=ANN, region="US-CA")
    after = await desk.call("agent", "consent_table", email=ANN, topic="newsletter", mailbox=desk.box)

    assert letter.table == PRINTED.strip()
    assert (letter.regions, letter.count) == (["EU", "US-CA"], 6)
    assert [
        (one.region, one.allowed, one.why) for one in offer.rows if one.message_class == "commercial"
    ] == [
        ("EU", False, "not_given (EU)"),
        ("US-CA", True, "opt_out_only"),
    ]
    assert [(one.allowed, one.why) for one in after.rows if one.message_class == "commercial"] == [
        (True, "consent"),
        (False, "withdrawn (US-CA)"),
    ]


async def test_the_table_of_rules_has_a_row_for_every_region_and_class(desk: Desk) -> None:
    answer = await desk.call("viewer", "consent_table")

    assert answer.count == len(answer.rows) == 27
    canada = next(one for one in answer.rows if (one.region, one.message_class) == ("CA", "commercial"))
    assert (canada.needs, canada.implied_days) == (["consent", "soft_opt_in", "contract"], 730)
    assert (canada.identity, canada.physical_address, canada.opt_out) == (True, True, True)
    assert (
        "| CA | commercial | consent, soft_opt_in (730 days), contract (730 days) | yes | yes |"
        in answer.table
    )


async def test_asking_makes_no_contact(desk: Desk) -> None:
    await check(desk, email="stranger@example.org")
    await desk.call("agent", "consent_table", email="stranger@example.org", mailbox=desk.box)

    found = await desk.call("operator", "search_contacts", email="stranger@example.org")
    assert found.count == 0
