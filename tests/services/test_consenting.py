"""Consent at every way out: admission, approval and hand-over, by region, topic and whose word it is."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import HOUR
from tests.support.desk import LAWFUL, Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio

ANN = "ann@example.org"
POSTAL = {"physical_address": LAWFUL["physical_address"]}
TOPICS = {"topics": {"newsletter": "commercial", "receipts": "transactional"}}


async def free(desk: Desk, **metadata: Any) -> None:
    await desk.set(default_mode="autonomous", metadata={**POSTAL, **TOPICS, **metadata})


async def agree(desk: Desk, who: str = "operator", **more: Any) -> Any:
    return await desk.call(who, "record_consent", **{"email": ANN, **more})


async def lives_in(desk: Desk, *regions: str, who: str = "operator") -> None:
    await desk.call(who, "manage_contacts", action="upsert", email=ANN, metadata={"regions": list(regions)})


async def goes(desk: Desk, **mail: Any) -> bool:
    sent = await desk.send(
        **{"topic": "newsletter", "idempotency_key": desk.services.ids.new("x", 0), **mail}
    )
    return bool(sent.status == "queued")


async def test_commercial_mail_without_consent_goes_to_nobody_and_says_what_to_do(
    desk: Desk, sink: Sink
) -> None:
    await free(desk)

    sent = await desk.send(topic="newsletter")
    await desk.step(sink)

    assert (sent.status, sent.suppressed, sink.mails) == ("suppressed", [ANN], [])
    assert "ann@example.org (the region is not known, which needs consent or soft_opt_in)" in sent.reasons[0]
    assert "record_consent (email, topic, region, basis)" in sent.reasons[0]
    assert "record_consent" in sent.note
    assert (await desk.deliveries(sent.message_id))[ANN].detail == "no_consent"


async def test_who_agreed_gets_it_and_who_did_not_is_left_out_of_the_same_mail(
    desk: Desk, sink: Sink
) -> None:
    await free(desk)
    await agree(desk, topic="newsletter")

    sent = await desk.send(topic="newsletter", to=[ANN, "bob@example.org"])
    await desk.step(sink)

    assert (sent.status, sent.suppressed) == ("queued", ["bob@example.org"])
    assert [mail.recipients for mail in sink.mails] == [(ANN,)]


async def test_a_receipt_from_the_same_mailbox_needs_no_consent(desk: Desk) -> None:
    await free(desk)

    assert await goes(desk, topic="receipts")
    assert await goes(desk, topic="")
    assert not await goes(desk, topic="receipts", message_class="commercial")


async def test_a_claim_to_be_transactional_does_not_make_a_newsletter_one(desk: Desk) -> None:
    await free(desk)

    assert not await goes(desk, message_class="transactional")


async def test_what_an_agent_records_or_writes_about_regions_opens_nothing(desk: Desk) -> None:
    await free(desk)
    await agree(desk, "agent", topic="newsletter")
    await lives_in(desk, "US", who="agent")

    assert not await goes(desk)
    assert not await goes(desk, region="US")


async def test_each_of_two_roles_opens_by_its_own_rule(desk: Desk) -> None:
    """In California mail goes until they opt out, in the EU only if they agreed; naming no role asks both."""
    await free(desk)
    await lives_in(desk, "EU", "US-CA")

    before = [await goes(desk, region=one) for one in ("EU", "US-CA", "")]
    await agree(desk, region="EU", topic="newsletter")
    agreed = [await goes(desk, region=one) for one in ("EU", "US-CA", "")]
    await desk.call("operator", "withdraw_consent", email=ANN, region="US-CA")
    after = [await goes(desk, region=one) for one in ("EU", "US-CA", "")]

    assert (before, agreed, after) == ([False, True, False], [True, True, True], [True, False, False])


async def test_an_agent_that_writes_over_the_regions_takes_none_away(desk: Desk) -> None:
    await free(desk)
    await lives_in(desk, "EU")
    await lives_in(desk, "US", who="agent")

    assert not await goes(desk, region="US")
    await agree(desk, topic="newsletter", region="EU")
    assert await goes(desk)


async def test_an_agent_that_deletes_a_contact_takes_no_region_away(desk: Desk) -> None:
    await free(desk, region="US")
    await lives_in(desk, "EU")
    for _ in range(2):
        await desk.call("agent", "manage_contacts", action="delete", email=ANN)
        assert not await goes(desk)
        await lives_in(desk, "US", who="agent")
        assert not await goes(desk, region="US")

    await desk.call("operator", "manage_contacts", action="delete", email=ANN)
    assert await goes(desk)


async def test_a_region_added_by_an_agent_asks_for_its_own_consent(desk: Desk) -> None:
    await free(desk, region="US")
    assert await goes(desk)

    await lives_in(desk, "EU", who="agent")

    assert not await goes(desk)


async def test_the_mailboxs_region_stands_in_for_what_nobody_knows(desk: Desk) -> None:
    await free(desk, region="US")
    assert await goes(desk)

    await lives_in(desk, "DE")

    assert not await goes(desk)


@pytest.mark.parametrize(
    "regions", [["Europe", 7, {}, None, "x" * 5000], "??", {"a": 1}, 7, ["EU"] * 500, [["EU"]]]
)
async def test_regions_that_are_none_count_for_nothing(desk: Desk, regions: object) -> None:
    await free(desk, region="US")
    await desk.call("operator", "manage_contacts", action="upsert", email=ANN, metadata={"regions": regions})

    assert await goes(desk) is (regions != ["EU"] * 500)


async def test_consent_that_is_taken_back_before_the_hand_over_wins(desk: Desk, sink: Sink) -> None:
    await free(desk)
    await agree(desk, topic="newsletter")
    sent = await desk.send(topic="newsletter", scheduled_at=desk.at(HOUR))
    await desk.call("agent", "withdraw_consent", email=ANN, topic="newsletter")
    desk.later(HOUR)

    await desk.timers()
    await desk.step(sink)

    assert (await desk.status(sent.message_id), sink.mails) == ("suppressed", [])
    assert (await desk.deliveries(sent.message_id))[ANN].detail == "no_consent"


async def test_consent_that_runs_out_before_the_hand_over_is_none(desk: Desk, sink: Sink) -> None:
    await free(desk)
    await agree(desk, topic="newsletter", expires_at=desk.at(HOUR))
    sent = await desk.send(topic="newsletter", scheduled_at=desk.at(2 * HOUR))
    desk.later(2 * HOUR)

    await desk.timers()
    await desk.step(sink)

    assert (await desk.status(sent.message_id), sink.mails) == ("suppressed", [])


async def test_an_approval_does_not_reach_who_took_consent_back_meanwhile(desk: Desk, sink: Sink) -> None:
    await desk.set(metadata={**POSTAL, **TOPICS})
    await agree(desk)
    held = await desk.send(topic="newsletter")
    await desk.call("operator", "withdraw_consent", email=ANN)

    view = await desk.decide(held.message_id)

    assert (held.status, view.status, await desk.step(sink)) == ("pending_approval", "suppressed", 0)


async def test_a_copy_to_the_overseers_needs_no_consent_of_theirs(desk: Desk, sink: Sink) -> None:
    await free(desk)
    await desk.set(default_mode="monitored", oversight_address="boss@example.com", undo_seconds=0)
    await agree(desk)

    sent = await desk.send(topic="newsletter")
    await desk.step(sink)

    assert sent.suppressed is None
    assert sorted(one for mail in sink.mails for one in mail.recipients) == [ANN, "boss@example.com"]


async def test_without_a_postal_address_commercial_mail_is_refused_with_what_is_missing(desk: Desk) -> None:
    await desk.set(default_mode="autonomous", metadata=TOPICS)
    await agree(desk)

    problem = await desk.refused(
        "agent", "send_email", mailbox=desk.box, to=[ANN], subject="x", body="y", topic="newsletter"
    )

    assert (problem.code, problem.field) == ("invalid", "mailbox")
    assert 'update_mailbox with metadata {"physical_address"' in problem.advice
    assert await goes(desk, topic="receipts")


async def test_a_topic_that_makes_mail_transactional_lets_none_go_without_a_person(desk: Desk) -> None:
    await desk.set(metadata={**POSTAL, **TOPICS})
    rule: dict[str, Any] = {"message_class": "transactional", "recipient_domains": ["example.org"]}
    await desk.call("operator", "create_approval_rule", name="receipts", **rule)

    held = await desk.send(topic="receipts")
    await desk.set(metadata={"message_class": "transactional"})

    assert (held.status, (await desk.send(subject="two")).status) == ("pending_approval", "queued")


async def test_a_batch_leaves_out_who_did_not_agree_one_by_one(desk: Desk) -> None:
    await free(desk)
    await agree(desk, topic="newsletter")
    people = [{"to": ANN}, {"to": "bob@example.org"}]

    batch = await desk.call(
        "agent",
        "send_batch",
        mailbox=desk.box,
        subject="News",
        body="News.",
        topic="newsletter",
        recipients=people,
    )

    assert [one.status for one in batch.results] == ["queued", "suppressed"]


async def test_commercial_mail_names_sender_address_and_way_out_once_and_other_mail_stays_as_written(
    desk: Desk, sink: Sink
) -> None:
    await free(desk, sender_identity="The Bakery")
    await agree(desk)
    await desk.send(topic="newsletter", body="Offers.")
    await desk.send(topic="receipts", body="A receipt.")
    await desk.step(sink)

    letter, receipt = sorted(sink.mails, key=lambda mail: b"A receipt" in mail.raw)
    assert letter.raw.count(b"1 High Street, Leeds") == 2  # once in each half
    assert (letter.raw.count(b"The Bakery"), letter.raw.lower().count(b"to unsubscribe, write")) == (
        2,
        2,
    )
    assert b"High Street" not in receipt.raw
