"""Deciding: on exactly what was looked at, by somebody else than the author, once."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import DAY
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


async def served(desk: Desk, who: str = "reviewer", **filters: Any) -> Any:
    """The first mail that waits, as the list shows it."""
    return (await desk.call(who, "list_pending", **filters)).pending[0]


async def test_an_approval_lets_the_mail_go(desk: Desk) -> None:
    sent = await desk.send()

    view = await desk.decide(sent.message_id, note="fine")

    assert (view.status, view.decision, view.note, view.digest) == ("queued", "approve", "fine", sent.digest)
    assert view.via == "mcp:stdio"
    assert view.decided_by.startswith("reviewer (key_")
    assert "oversight.approved" in await desk.kinds(sent.message_id)


@pytest.mark.parametrize(
    ("decision", "status"),
    [
        ("approved", "queued"), ("reject", "rejected"), ("rejected", "rejected"), ("escalate", "escalated"),
        ("defer", "escalated"), ("cancel", "cancelled"), ("request_changes", "changes_requested"),
    ],
)  # fmt: skip
async def test_a_decision_leads_where_it_says(desk: Desk, decision: str, status: str) -> None:
    sent = await desk.send()

    assert (await desk.decide(sent.message_id, decision, note="because")).status == status
    assert await desk.status(sent.message_id) == status


async def test_the_digest_that_is_named_has_to_be_that_of_the_draft(desk: Desk) -> None:
    sent = await desk.send()

    problem = await desk.refused(
        "reviewer", "decide_email", message_id=sent.message_id, decision="approve", digest="0" * 40
    )

    assert (problem.code, problem.field) == ("changed", "digest")
    assert sent.digest in problem.advice
    assert await desk.status(sent.message_id) == "pending_approval"


async def test_without_a_digest_the_decision_is_about_what_was_served(desk: Desk) -> None:
    sent = await desk.send()
    await served(desk)
    await desk.call("agent", "edit_pending", message_id=sent.message_id, body="Something else.")

    changed = await desk.refused("reviewer", "decide_email", message_id=sent.message_id, decision="approve")
    await served(desk)

    assert changed.code == "changed"
    assert (await desk.decide(sent.message_id)).status == "queued"


async def test_several_revisions_of_which_none_was_served_need_a_digest(desk: Desk) -> None:
    sent = await desk.send()
    edited = await desk.call("agent", "edit_pending", message_id=sent.message_id, body="Something else.")

    problem = await desk.refused("reviewer", "decide_email", message_id=sent.message_id, decision="approve")

    assert (problem.code, problem.field) == ("digest_required", "digest")
    assert (await desk.decide(sent.message_id, digest=edited.digest)).status == "queued"


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Tuesday"}, {"body": "See you on **Monday**. "}, {"to": ["ann@example.com"]},
        {"cc": ["bob@example.org"]}, {"bcc": ["bob@example.org"]}, {"scheduled_at": "2026-03-03T12:00:00Z"},
    ],
    ids="-".join,
)  # fmt: skip
async def test_any_change_between_view_and_decision_is_refused(
    desk: Desk, sink: Sink, change: dict[str, Any]
) -> None:
    sent = await desk.send()
    shown = await served(desk)
    edited = await desk.call("agent", "edit_pending", message_id=sent.message_id, **change)

    for digest in ({"digest": shown.digest}, {}):
        problem = await desk.refused(
            "reviewer", "decide_email", message_id=sent.message_id, decision="approve", **digest
        )
        assert problem.code == "changed"
    assert edited.digest != shown.digest
    assert await desk.step(sink) == 0


async def test_deciding_the_same_again_is_the_same_answer(desk: Desk) -> None:
    for decision in ("approve", "reject", "escalate", "cancel", "request_changes"):
        sent = await desk.send(subject=decision)
        first = await desk.decide(sent.message_id, decision, note="n")
        desk.later(5_000_000)
        again = await desk.decide(sent.message_id, decision, note="n", digest=sent.digest)

        assert again.repeated
        assert first.model_dump(exclude={"repeated"}) == again.model_dump(exclude={"repeated"})
        assert len(await desk.decisions(sent.message_id)) == 1


async def test_an_approval_with_a_text_repeats_as_well(desk: Desk) -> None:
    sent = await desk.send()
    first = await desk.decide(sent.message_id, revised_body="On Tuesday.", digest=sent.digest)

    again = await desk.decide(sent.message_id, revised_body="On Tuesday.", digest=sent.digest)

    assert (again.repeated, again.digest, again.revision) == (True, first.digest, 2)


@pytest.mark.parametrize(
    "other",
    [
        {"decision": "reject"}, {"who": "second"}, {"revised_body": "Other."}, {"revised_subject": "Other"},
        {"digest": "0" * 40},
    ],
    ids="-".join,
)  # fmt: skip
async def test_anything_else_than_the_same_comes_too_late(desk: Desk, other: dict[str, str]) -> None:
    sent = await desk.send()
    await desk.decide(sent.message_id)
    given: dict[str, Any] = {"message_id": sent.message_id, "decision": "approve"} | other

    problem = await desk.refused(given.pop("who", "reviewer"), "decide_email", **given)

    assert (problem.code, await desk.status(sent.message_id)) == ("conflict", "queued")


async def test_another_request_for_changes_on_the_same_draft_is_one_more(desk: Desk) -> None:
    sent = await desk.send()
    await desk.decide(sent.message_id, "request_changes", note="Shorter.")

    again = await desk.decide(sent.message_id, "request_changes", note="And friendlier.")

    assert (again.repeated, again.status) == (None, "changes_requested")
    assert len(await desk.decisions(sent.message_id)) == 2


async def test_only_an_approval_carries_a_text_and_a_request_for_changes_says_which(desk: Desk) -> None:
    sent = await desk.send()
    given = {"message_id": sent.message_id}

    rewritten = await desk.refused("reviewer", "decide_email", **given, decision="reject", revised_body="x")
    silent = await desk.refused("reviewer", "decide_email", **given, decision="request_changes", note=" ")

    assert (rewritten.code, rewritten.field) == ("invalid", "revised_body")
    assert (silent.code, silent.field) == ("invalid", "note")


@pytest.mark.parametrize("decision", ["approve", "reject", "request_changes", "escalate"])
async def test_whoever_submitted_a_mail_does_not_decide_on_it(desk: Desk, decision: str) -> None:
    sent = await desk.send("operator")

    problem = await desk.refused(
        "operator", "decide_email", message_id=sent.message_id, decision=decision, note="n"
    )

    assert (problem.code, await desk.status(sent.message_id)) == ("self_approval", "pending_approval")
    assert (await desk.decide(sent.message_id, "cancel", who="operator")).status == "cancelled"


async def test_a_key_marked_for_it_decides_on_its_own_mail_and_each_time_is_recorded(desk: Desk) -> None:
    for subject in ("one", "two"):
        sent = await desk.send("bot", subject=subject)
        assert (await desk.decide(sent.message_id, who="bot")).status == "queued"
        assert "oversight.self_approved" in await desk.kinds(sent.message_id)
    others = await desk.send(subject="three")

    await desk.decide(others.message_id, who="bot")

    assert "oversight.self_approved" not in await desk.kinds(others.message_id)


@pytest.mark.parametrize("who", ["agent", "viewer"])
async def test_without_oversight_nobody_decides(desk: Desk, who: str) -> None:
    sent = await desk.send("other")

    problem = await desk.refused(who, "decide_email", message_id=sent.message_id, decision="approve")

    assert problem.code == "forbidden"


async def test_an_owner_decides_with_the_persons_own_answer_to_this_draft_only(
    desk: Desk, sink: Sink
) -> None:
    sent = await desk.send("owner")
    given: dict[str, Any] = {"message_id": sent.message_id, "decision": "approve"}

    alone = await desk.refused("owner", "decide_email", **given)
    stale = await desk.refused("owner", "decide_email", **given, asserted="0" * 40)
    mixed = await desk.refused("owner", "decide_email", **given, asserted="0" * 40, digest=sent.digest)
    assert [alone.code, stale.code, mixed.code] == ["confirmation_required", "changed", "changed"]
    assert await desk.step(sink) == 0

    view = await desk.call("owner", "decide_email", **given, asserted=sent.digest)

    assert (view.status, view.via) == ("queued", "host-asserted: a host")


async def test_a_reviewer_withdraws_what_was_approved_up_to_its_hand_over(desk: Desk, sink: Sink) -> None:
    sent = await desk.send(scheduled_at=desk.at(3_600_000_000))
    await desk.decide(sent.message_id)

    assert (await desk.decide(sent.message_id, "cancel", who="second")).status == "cancelled"
    desk.later(7_200_000_000)
    assert await desk.timers() + await desk.step(sink) == 0


async def test_what_waited_too_long_is_over_though_no_timer_ran(desk: Desk) -> None:
    sent = await desk.send()
    desk.later(7 * DAY)

    problem = await desk.refused("reviewer", "decide_email", message_id=sent.message_id, decision="approve")

    assert (problem.code, "expired" in problem.message) == ("conflict", True)


async def test_an_inbound_id_means_the_one_reply_that_waits(desk: Desk) -> None:
    inbound = await desk.receive()
    reply = await desk.call("agent", "reply_email", message_id=inbound, body="Ten euros.")

    view = await desk.decide(inbound)

    assert (view.message_id, view.status) == (reply.message_id, "queued")
    assert (await desk.decide(inbound)).repeated


async def test_an_inbound_id_without_a_reply_or_with_several_is_a_conflict(desk: Desk) -> None:
    inbound = await desk.receive()
    none = await desk.refused("reviewer", "decide_email", message_id=inbound, decision="approve")
    first = await desk.call("agent", "reply_email", message_id=inbound, body="Ten euros.")
    second = await desk.send(subject="Another")
    await desk.sql("UPDATE messages SET answers = :id WHERE id = :two", id=inbound, two=second.message_id)

    several = await desk.refused("reviewer", "decide_email", message_id=inbound, decision="approve")

    assert {none.code, several.code} == {"conflict"}
    assert first.message_id in several.message
    assert second.message_id in several.message
