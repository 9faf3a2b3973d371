"""One review for a batch: by its digest, of what waits, each mail recorded for itself."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.batching import TEXT, batch, decide, guests
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


async def test_one_review_lets_all_of_it_go(desk: Desk, sink: Sink) -> None:
    sent = await batch(desk)
    seen = await desk.call("reviewer", "get_batch", batch_id=sent.batch_id)

    view = await decide(desk, seen, note="fine")
    while await desk.step(sink):
        pass

    assert (seen.subject, seen.body, seen.digest) == (TEXT["subject"], TEXT["body"], sent.digest)
    assert [one.values for one in seen.mails][1] == {"name": "Guest 1", "room": "1"}
    assert (view.decided, view.failed, view.batch_id) == (3, 0, sent.batch_id)
    for row in sent.results:
        [decision] = await desk.decisions(row.message_id)
        assert (decision.decision, decision.note, decision.digest) == ("approve", "fine", row.digest)
    assert len(sink.mails) == 3


async def test_a_mail_that_was_changed_changes_the_digest_and_nothing_is_decided(desk: Desk) -> None:
    sent = await batch(desk)
    await desk.call("agent", "edit_pending", message_id=sent.results[1].message_id, body="Pay elsewhere.")

    stale = await desk.refused(
        "reviewer", "decide_emails", batch_id=sent.batch_id, digest=sent.digest, decision="approve"
    )
    none = await desk.refused("reviewer", "decide_emails", batch_id=sent.batch_id, decision="approve")

    assert (stale.code, none.code) == ("changed", "digest_required")
    assert [await desk.status(row.message_id) for row in sent.results] == ["pending_approval"] * 3
    seen = await desk.call("reviewer", "get_batch", batch_id=sent.batch_id)
    assert [one.revision for one in seen.mails] == [1, 2, 1]
    assert (await decide(desk, seen)).decided == 3


async def test_only_what_waits_is_decided_and_the_same_again_is_the_same_answer(desk: Desk) -> None:
    sent = await batch(desk)
    first, *others = [row.message_id for row in sent.results]
    await desk.decide(first, "reject")

    view = await decide(desk, sent)
    again = await decide(desk, sent)
    second = await decide(desk, sent, who="second")

    assert [row.message_id for row in view.results] == others
    assert [(row.message_id, row.code, row.repeated) for row in again.results] == [
        (first, "conflict", None), *((one, None, True) for one in others),
    ]  # fmt: skip
    assert {row.code for row in second.results} == {"conflict"}
    assert await desk.status(first) == "rejected"


async def test_two_who_decide_on_one_batch_decide_each_mail_once(desk: Desk, sink: Sink) -> None:
    sent = await batch(desk, 50)

    yes, no = await asyncio.gather(decide(desk, sent), decide(desk, sent, "reject", who="second"))
    while await desk.step(sink):
        pass

    assert {(yes.decided, no.decided)} <= {(50, 0), (0, 50)}
    assert len(sink.mails) == yes.decided
    for row in sent.results:
        assert len(await desk.decisions(row.message_id)) == 1


async def test_a_batch_that_nobody_holds_has_nothing_to_decide(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    sent = await batch(desk)

    problem = await desk.refused(
        "reviewer", "decide_emails", batch_id=sent.batch_id, digest=sent.digest, decision="approve"
    )

    assert problem.code == "conflict"
    assert (await decide(desk, sent, "cancel")).decided == 3


async def test_a_program_decides_on_its_part_of_a_batch(desk: Desk) -> None:
    robot = await desk.call(
        "operator", "create_key", name="robot", role="reviewer", approval_limit={"domains": ["example.org"]}
    )  # fmt: skip
    people = guests(2)
    people[1]["to"] = "p1@example.com"
    sent = await batch(desk, recipients=people)

    view = await decide(desk, sent, who=robot.key_id)

    assert [row.status for row in view.results] == ["queued", "escalated"]


async def test_an_author_does_not_decide_on_its_batch_and_withdraws_it(desk: Desk) -> None:
    sent = await batch(desk, who="operator")
    mine = await batch(desk, subject="Mine {{name}}")

    view = await decide(desk, sent, who="operator")
    foreign = await desk.call("other", "cancel_messages", batch_id=mine.batch_id)
    gone = await desk.call("agent", "cancel_messages", batch_id=mine.batch_id)

    assert {row.code for row in view.results} == {"self_approval"}
    assert (foreign.results, gone.cancelled) == ([], 3)
