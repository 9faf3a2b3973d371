"""Figures of oversight from the rows of a real account."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import DAY, SECOND
from tests.support.desk import BOX, Desk

pytestmark = pytest.mark.anyio


async def figures(desk: Desk, who: str = "reviewer", **asked: Any) -> Any:
    found = await desk.call(who, "get_oversight_figures", **{"mailbox": BOX} | asked)
    assert found.count == 1
    return found.figures[0]


async def decided(desk: Desk, count: int, look: int = 30, who: str = "reviewer", **mail: Any) -> None:
    """So many mails, each looked at for a while and approved."""
    for number in range(count):
        held = (await desk.send(subject=f"Mail {desk.clock.now()} {number}", **mail)).message_id
        await desk.call(who, "review_email", message_id=held)
        desk.later(look * SECOND)
        await desk.decide(held, who=who)


async def test_forty_two_of_forty_two_to_known_recipients(desk: Desk) -> None:
    await desk.receive()
    await decided(desk, 42)
    rejected = (await desk.send(to=["stranger@example.com"])).message_id
    await desk.decide(rejected, "reject")

    found = await figures(desk)

    assert found.advice.evidence == "42 of 42 to known recipients approved unedited in 14 days."
    assert (found.advice.kind, found.advice.trust, found.advice.to_mode) == (
        "promote", ["ann@example.org"], "gated_send",
    )  # fmt: skip
    assert (found.decisions, found.looks, found.median_look_seconds) == (43, 42, 30)
    assert (found.share_under_3_seconds, found.share_rejected) == (0, round(1 / 43, 4))


async def test_who_is_trusted_already_is_not_advised_to_be_trusted(desk: Desk) -> None:
    await desk.receive()
    await desk.set(trusted=["*@example.org"], deliver="hold")
    for number in range(20):
        await desk.decide((await desk.send(subject=f"Mail {number}")).message_id)

    advice = (await figures(desk)).advice

    assert (advice.kind, advice.trust, advice.to_mode) == ("keep", None, None)
    assert "trusted already" in advice.evidence


async def test_what_waits_and_since_when(desk: Desk) -> None:
    await desk.send()
    first = (await desk.call("reviewer", "list_pending")).pending[0].created_at
    desk.later(DAY)
    await desk.send(subject="Second")
    await desk.set(default_mode="gated_all")
    await desk.receive()

    found = await figures(desk)

    assert (found.waiting, found.oldest_at, found.decisions) == (3, first, 0)
    assert (found.median_look_seconds, found.share_edited) == (None, None)


async def test_decisions_are_told_apart_by_what_became_of_the_text(desk: Desk) -> None:
    sent = [(await desk.send(subject=f"Mail {number}")).message_id for number in range(4)]
    await desk.decide(sent[0])
    await desk.decide(sent[1], revised_body="Better.")
    await desk.decide(sent[2], "request_changes", note="Shorter.")
    await desk.decide(sent[3], "reject")
    lost = (await desk.send(subject="Nobody looked")).message_id
    desk.later(8 * DAY)
    await desk.timers()
    assert await desk.status(lost) == "expired"

    found = await figures(desk)

    shares = (found.share_edited, found.share_rejected, found.share_sent_back)
    assert shares == (0.25, 0.25, 0.25)
    assert found.share_expired == round(2 / 6, 4)
    assert sum(one.decisions for one in found.by_day) == found.decisions == 4


async def test_programs_and_authors_of_their_own_mail_are_no_people(desk: Desk) -> None:
    own = await desk.send("bot")
    await desk.decide(own.message_id, who="bot")
    key = await desk.call("operator", "create_key", name="checker", role="reviewer", kind="program")
    desk.who["checker"] = key.key_id
    other = await desk.send(subject="Another")
    await desk.decide(other.message_id, who="checker")

    assert (await figures(desk)).decisions == 0


async def test_a_look_counts_from_the_text_that_was_decided_on(desk: Desk) -> None:
    held = (await desk.send()).message_id
    await desk.call("reviewer", "review_email", message_id=held)
    desk.later(DAY)
    await desk.call("agent", "edit_pending", message_id=held, body="Another text.")
    seen = await desk.call("reviewer", "review_email", message_id=held)
    desk.later(7 * SECOND)
    await desk.decide(held, digest=seen.item.digest)

    assert (await figures(desk)).median_look_seconds == 7


async def test_mail_that_left_alone_is_counted_and_what_was_taken_back(desk: Desk) -> None:
    await desk.set(default_mode="autonomous", undo_seconds=60)
    sent = [(await desk.send(subject=f"Mail {number}")).message_id for number in range(3)]
    await desk.call("agent", "cancel_message", message_id=sent[0])
    await desk.send(subject="Held", oversight_mode="gated_all")

    found = await figures(desk)

    assert (found.left_alone, found.withdrawn, found.advice.kind) == (2, 1, "keep")


async def test_an_approval_that_was_taken_back_is_none(desk: Desk) -> None:
    await desk.set(undo_seconds=60)
    await decided(desk, 2)
    sent = await desk.send(subject="Not this one")
    await desk.decide(sent.message_id)
    await desk.decide(sent.message_id, "undo")

    assert (await figures(desk)).decisions == 2
    await desk.decide(sent.message_id, "reject")
    assert (await figures(desk)).decisions == 3


async def test_older_decisions_do_not_count_and_a_longer_time_finds_them(desk: Desk) -> None:
    await decided(desk, 2)
    desk.later(20 * DAY)

    assert (await figures(desk)).decisions == 0
    assert (await figures(desk, days=30)).decisions == 2


async def test_each_sees_the_figures_of_their_mailboxes(desk: Desk) -> None:
    key = await desk.call(
        "operator", "create_key", name="x", role="reviewer", mailboxes=["capture@localhost"]
    )
    desk.who["x"] = key.key_id
    found = await desk.call("x", "get_oversight_figures")

    assert [one.mailbox for one in found.figures] == ["capture@localhost"]
    assert (await desk.refused("x", "get_oversight_figures", mailbox=BOX)).code == "unknown_mailbox"
    assert (await desk.refused("agent", "get_oversight_figures")).code == "forbidden"
