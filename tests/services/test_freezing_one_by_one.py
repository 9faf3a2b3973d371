"""What a freeze stops, listed, and let go or dropped mail by mail; whatever is left leaves when it ends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from multimail.core.times import HOUR
from tests.support.desk import BOX, Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio

SHOP = "shop@localhost"


async def approved(desk: Desk, count: int, **mail: Any) -> list[str]:
    """So many mails, approved, each with a subject of its own."""
    sent = [(await desk.send(subject=f"Mail {number}", **mail)).message_id for number in range(count)]
    for one in sent:
        await desk.decide(one)
    return sent


async def listed(desk: Desk, who: str = "reviewer", **asked: Any) -> list[str]:
    return [one.message_id for one in (await desk.call(who, "list_frozen", **asked)).frozen]


def subjects(sink: Sink) -> list[str]:
    lines = [line for mail in sink.mails for line in mail.raw.splitlines()]
    return sorted(line.decode().removeprefix("Subject: ") for line in lines if line.startswith(b"Subject: "))


async def test_one_is_released_one_is_dropped_and_the_rest_leaves_with_the_end(
    desk: Desk, sink: Sink
) -> None:
    one, two, three = await approved(desk, 3)
    await desk.call("reviewer", "freeze", reason="odd prices")
    assert (await desk.step(sink), await listed(desk)) == (0, [one, two, three])

    await desk.call("operator", "unfreeze", message_id=one)
    await desk.call("operator", "cancel_message", message_id=two, reason="wrong price")
    assert await desk.step(sink) == 1
    assert (subjects(sink), await listed(desk)) == (["Mail 0"], [three])

    await desk.call("operator", "unfreeze")
    assert await desk.step(sink) == 1
    assert subjects(sink) == ["Mail 0", "Mail 2"]
    assert [await desk.status(each) for each in (one, two, three)] == ["delivered", "cancelled", "delivered"]


async def test_a_release_says_how_the_mail_stands_and_again_is_the_same_answer(
    desk: Desk, sink: Sink
) -> None:
    (one,) = await approved(desk, 1)
    await desk.call("reviewer", "freeze", mailbox=BOX)

    first = await desk.call("operator", "unfreeze", message_id=one, reason="checked by phone")
    assert (first.message_id, first.status, first.frozen, first.mailbox) == (
        one, "queued", True, (await desk.message(one)).mailbox_id
    )  # fmt: skip
    assert await desk.call("operator", "unfreeze", message_id=one, reason="checked by phone") == first
    assert (await desk.kinds(one)).count("message.thawed") == 1
    last = (await desk.decisions(one))[-1]
    assert (last.decision, last.note, last.principal_id) == ("thaw", "checked by phone", desk.who["operator"])
    await desk.step(sink)
    assert (await desk.call("operator", "unfreeze", message_id=one)).status == "delivered"
    assert len(sink.mails) == 1


@pytest.mark.parametrize("first", [{"mailbox": BOX}, {}])
@pytest.mark.parametrize("second", [{"mailbox": BOX}, {}])
async def test_a_later_freeze_covers_it_again_whatever_the_clock_says(
    desk: Desk, sink: Sink, first: dict[str, str], second: dict[str, str]
) -> None:
    (one,) = await approved(desk, 1)
    await desk.call("reviewer", "freeze", **first)
    await desk.call("operator", "unfreeze", message_id=one)
    # The clock of the desk stands still: all of this happens in one moment.
    await desk.call("reviewer", "freeze", **second)

    assert (await desk.step(sink), sink.mails) == (0, [])
    assert not (await desk.call("reviewer", "list_frozen")).frozen[0].released
    await desk.call("operator", "unfreeze", message_id=one)
    assert await desk.step(sink) == 1


async def test_the_freeze_of_another_mailbox_leaves_a_release_alone(desk: Desk, sink: Sink) -> None:
    await desk.call("operator", "create_mailbox", address=SHOP)
    (one,) = await approved(desk, 1)
    await desk.call("reviewer", "freeze", mailbox=BOX)
    await desk.call("operator", "unfreeze", message_id=one)

    await desk.call("reviewer", "freeze", mailbox=SHOP)

    assert await desk.step(sink) == 1


async def test_a_freeze_in_the_middle_of_a_released_hand_over_stops_it(desk: Desk, sink: Sink) -> None:
    (one,) = await approved(desk, 1)
    await desk.call("reviewer", "freeze")
    await desk.call("operator", "unfreeze", message_id=one)
    sink.misbehave(Fault("MAIL", delay=0.2))

    hand_over = asyncio.ensure_future(desk.step(sink))
    await asyncio.to_thread(sink.wait_until, lambda: any(line.startswith("MAIL") for line in sink.commands))
    await desk.call("reviewer", "freeze")
    await hand_over

    assert (await desk.status(one), sink.mails) == ("queued", [])


async def test_read_only_stops_a_released_mail(desk: Desk, sink: Sink) -> None:
    one, two = await approved(desk, 2)
    await desk.call("reviewer", "freeze")
    await desk.call("operator", "unfreeze", message_id=one)
    await desk.set(default_mode="read_only")

    assert await desk.step(sink) == 0
    assert (await desk.refused("operator", "unfreeze", message_id=two)).code == "read_only"


async def test_another_revision_is_not_what_was_released(desk: Desk, sink: Sink) -> None:
    (one,) = await approved(desk, 1, scheduled_at=desk.at(HOUR))
    await desk.call("reviewer", "freeze")
    await desk.call("operator", "unfreeze", message_id=one)
    await desk.call("agent", "edit_pending", message_id=one, body="Something else.")
    await desk.decide(one, digest=(await desk.message(one)).digest)
    desk.later(2 * HOUR)
    await desk.timers()

    assert (await desk.step(sink), sink.mails) == (0, [])
    assert [mail.released for mail in (await desk.call("reviewer", "list_frozen")).frozen] == [False]


async def test_what_something_else_stops_cannot_be_released(desk: Desk, sink: Sink) -> None:
    held = (await desk.send()).message_id
    gone = (await approved(desk, 1))[0]
    await desk.step(sink)
    inbound = await desk.receive()
    free = (await approved(desk, 1, to=["bob@example.org"]))[0]

    not_frozen = await desk.refused("operator", "unfreeze", message_id=free)
    await desk.call("reviewer", "freeze")
    refused = [await desk.refused("operator", "unfreeze", message_id=one) for one in (held, gone, inbound)]

    assert [one.code for one in (not_frozen, *refused)] == ["conflict"] * 4
    assert "not frozen" in not_frozen.message
    assert "waits for a decision" in refused[0].message
    assert (await desk.refused("operator", "unfreeze", message_id="msg_00000000000000")).code == "not_found"


async def test_only_operators_release_and_people_who_oversee_see_the_list(desk: Desk) -> None:
    (one,) = await approved(desk, 1)
    await desk.call("reviewer", "freeze")

    for who in ("agent", "viewer", "reviewer"):
        assert (await desk.refused(who, "unfreeze", message_id=one)).code == "forbidden"
    for who in ("agent", "viewer"):
        assert (await desk.refused(who, "list_frozen")).code == "forbidden"
    assert await listed(desk, "owner") == [one]


async def test_the_list_says_what_is_frozen_since_when_why_and_by_whom(desk: Desk) -> None:
    await desk.call("reviewer", "freeze", mailbox=BOX, reason="odd prices")
    desk.later(HOUR)
    await desk.call("second", "freeze", reason="everything, to be safe")
    await desk.call("reviewer", "freeze", mailbox=BOX, reason="odd prices and dates")

    found = (await desk.call("reviewer", "list_frozen")).freezes

    assert [(one.mailbox, one.reason, (one.by or "").partition(" ")[0]) for one in found] == [
        (None, "everything, to be safe", "second"), (BOX, "odd prices and dates", "reviewer"),
    ]  # fmt: skip
    assert found[0].since > found[1].since
    await desk.call("operator", "unfreeze")
    await desk.call("operator", "unfreeze", mailbox=BOX)
    assert (await desk.call("reviewer", "list_frozen")).freezes == []


async def test_the_list_goes_on_page_by_page_and_counts_all(desk: Desk) -> None:
    sent = await approved(desk, 3)
    await desk.call("reviewer", "freeze")

    first = await desk.call("reviewer", "list_frozen", limit=2)
    second = await desk.call("reviewer", "list_frozen", limit=2, cursor=first.cursor)

    assert [one.message_id for one in (*first.frozen, *second.frozen)] == sent
    assert (first.count, first.total, second.count, second.cursor) == (2, 3, 1, None)
    assert (await desk.refused("reviewer", "list_frozen", cursor="what")).code == "invalid_cursor"


async def test_who_oversees_some_mailboxes_sees_what_is_behind_them_only(desk: Desk) -> None:
    await desk.call("operator", "create_mailbox", address=SHOP)
    here = (await approved(desk, 1))[0]
    there = (await approved(desk, 1, mailbox=SHOP))[0]
    key = await desk.call("operator", "create_key", name="confined", role="reviewer", mailboxes=[SHOP])
    desk.who["confined"] = key.key_id
    await desk.call("reviewer", "freeze")

    assert await listed(desk, "confined") == [there]
    assert (await desk.refused("confined", "list_frozen", mailbox=BOX)).code == "unknown_mailbox"
    assert set(await listed(desk)) == {here, there}


async def test_a_release_names_the_right_mailbox_or_none(desk: Desk) -> None:
    await desk.call("operator", "create_mailbox", address=SHOP)
    (one,) = await approved(desk, 1)
    await desk.call("reviewer", "freeze")

    wrong = await desk.refused("operator", "unfreeze", message_id=one, mailbox=SHOP)
    right = await desk.call("operator", "unfreeze", message_id=one, mailbox=BOX)

    assert (wrong.code, wrong.field, right.message_id) == ("contradiction", "mailbox", one)
