"""Counting: what becomes of a mail is counted where it belongs, once, and when it is heard of."""

from __future__ import annotations

import pytest

from multimail.core.reputation import CAMPAIGN, DOMAIN, MAILBOX, Counts
from multimail.core.times import DAY, HOUR
from multimail.ports.reputation import Subject
from multimail.services import reputation_counts
from multimail.services.reputation_counts import Returned
from tests.services.test_breakers import campaign, drained, refusing
from tests.support.desk import Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio
ANN, BOB = "ann@one.test", "bob@two.test"


async def counts(desk: Desk, kind: str, name: str) -> Counts:
    return await desk.read(lambda tx: tx.reputation.counts(Subject(kind, name), 0))


async def total(desk: Desk, tag: str = "spring") -> Counts:
    found = await desk.read(lambda tx: tx.reputation.totals(tag, None))
    return found[0].counts if found else Counts()


async def delivery(desk: Desk, message_id: str) -> str:
    return next(iter((await desk.deliveries(message_id)).values())).id


async def test_mail_that_was_taken_and_refused_is_counted_for_mailbox_domain_and_campaign(
    desk: Desk, sink: Sink
) -> None:
    sink.misbehave(*refusing([BOB]))
    ids = await campaign(desk, [ANN, BOB])
    box = (await desk.message(ids[0])).mailbox_id

    await drained(desk, sink)

    assert await counts(desk, MAILBOX, box) == await total(desk) == Counts(sent=2, bounced=1)
    assert await counts(desk, CAMPAIGN, "spring") == Counts(sent=2, bounced=1)
    assert await counts(desk, DOMAIN, "one.test") == Counts(sent=1)
    assert await counts(desk, DOMAIN, "two.test") == Counts(sent=1, bounced=1)


async def test_what_is_tried_again_counts_once_it_is_over(desk: Desk, sink: Sink) -> None:
    sink.misbehave(Fault("RCPT", "450 4.2.0 later", recipient=ANN))
    await campaign(desk, [ANN])
    await drained(desk, sink)
    assert await total(desk) == Counts()

    for _ in range(14):
        desk.later(DAY)
        await drained(desk, sink)

    assert await total(desk) == Counts(sent=1, soft_bounced=1)


async def test_mail_that_stays_here_belongs_to_its_campaign_and_says_nothing_about_reputation(
    desk: Desk,
) -> None:
    ids = await campaign(desk, [ANN])
    box = (await desk.message(ids[0])).mailbox_id

    await desk.step()

    assert await total(desk) == Counts(sent=1)
    assert await counts(desk, MAILBOX, box) == await counts(desk, CAMPAIGN, "spring") == Counts()


async def test_copies_that_rules_add_count_for_the_mailbox_and_not_for_the_campaign(
    desk: Desk, sink: Sink
) -> None:
    await desk.set(auto_bcc=["log@three.test"])
    ids = await campaign(desk, [ANN])

    await drained(desk, sink)

    assert await total(desk) == Counts(sent=1)
    assert await counts(desk, MAILBOX, (await desk.message(ids[0])).mailbox_id) == Counts(sent=2)


async def test_a_return_and_a_complaint_count_once_each_however_often_they_are_told(
    desk: Desk, sink: Sink
) -> None:
    (message_id,) = await campaign(desk, [ANN], "variant=A")
    await drained(desk, sink)
    now, one = desk.clock.now() + HOUR, await delivery(desk, message_id)

    kinds: tuple[Returned, ...] = ("hard", "hard", "soft", "complaint", "complaint")
    told = await desk.write(lambda tx: [reputation_counts.returned(tx, one, kind, now) for kind in kinds])

    assert told == [True, False, True, True, False]
    assert await total(desk) == Counts(sent=1, bounced=1, soft_bounced=1, complained=1)
    assert (await counts(desk, DOMAIN, "one.test")).complained == 1


async def test_a_refusal_that_comes_back_as_a_mail_too_counts_once(desk: Desk, sink: Sink) -> None:
    sink.misbehave(*refusing([ANN]))
    (message_id,) = await campaign(desk, [ANN])
    await drained(desk, sink)
    one, now = await delivery(desk, message_id), desk.clock.now()

    assert not await desk.write(lambda tx: reputation_counts.returned(tx, one, "hard", now))
    assert not await desk.write(lambda tx: reputation_counts.returned(tx, "dlv_none", "hard", now))
    assert (await total(desk)).bounced == 1


async def test_an_answer_counts_for_the_campaign_it_answers_once_a_person(desk: Desk, sink: Sink) -> None:
    (message_id,) = await campaign(desk, ["ann@example.org"])
    await drained(desk, sink)
    header = (await desk.message(message_id)).header_id

    await desk.receive("Yes, please!", In_Reply_To=header)
    await desk.receive("And one more thing.", In_Reply_To=header)
    await desk.receive("I am away.", In_Reply_To=header, Auto_Submitted="auto-replied")

    assert await total(desk) == Counts(sent=1, replied=1)


async def test_who_was_never_written_to_counts_nowhere(desk: Desk, sink: Sink) -> None:
    (message_id,) = await campaign(desk, [ANN])
    await drained(desk, sink)
    now = desk.clock.now()

    assert not await desk.write(lambda tx: reputation_counts.opted_out(tx, message_id, BOB, now))
    assert await desk.write(lambda tx: reputation_counts.opted_out(tx, message_id, ANN.upper(), now))
    assert (await total(desk)).unsubscribed == 1


async def test_the_tags_of_the_send_are_its_campaigns_but_for_the_variant_and_what_stops_mail(
    desk: Desk,
) -> None:
    (message_id,) = await campaign(desk, [ANN], "variant=B", "list=north", "suppressed")

    found = await desk.read(lambda tx: tx.reputation.campaigns_of(message_id))

    assert {(one.tag, one.variant) for one in found} == {("spring", "B"), ("list=north", "B")}


async def test_what_is_tagged_later_joins_no_campaign(desk: Desk, sink: Sink) -> None:
    (message_id,) = await campaign(desk, [ANN])
    await desk.call("agent", "tag_email", message_id=message_id, tags=["winter"])

    await drained(desk, sink)

    assert await total(desk, "winter") == Counts()
