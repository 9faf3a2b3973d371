"""How long mail is kept: by days, by number, by both, and never at the cost of what waits."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import DAY, HOUR
from multimail.services import purging, retention
from multimail.services.machine import machine_call
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def tidy_up(desk: Desk) -> None:
    """What the server's loops do by and by."""
    await retention.step(desk.services)
    await purging.step(desk.services)


async def left(desk: Desk) -> int:
    return len(await desk.inbound())


async def arrive(desk: Desk, count: int, name: str = "") -> None:
    for number in range(count):
        await desk.receive(Message_ID=f"<{name}{number}@x.org>")


async def test_mail_goes_when_it_is_older_than_its_mailbox_keeps_it(desk: Desk) -> None:
    await desk.set(retention_days=7)
    await arrive(desk, 2, "old")
    desk.later(6 * DAY)
    await arrive(desk, 1, "young")
    await tidy_up(desk)
    assert await left(desk) == 3

    desk.later(DAY + HOUR)
    await tidy_up(desk)

    assert await left(desk) == 1
    (emptied,) = [one for one in await desk.events() if one.kind == "mailbox.emptied"]
    assert (emptied.principal_id, emptied.data) == (
        "server", {"deleted": 2, "kept": 0, "reason": "retention"},
    )  # fmt: skip


async def test_the_oldest_go_when_there_are_too_many(desk: Desk) -> None:
    await desk.set(retention_messages=3)
    await arrive(desk, 5)
    newest = [one.id for one in await desk.inbound()][-3:]

    await tidy_up(desk)

    assert [one.id for one in await desk.inbound()] == newest


async def test_a_bound_holds_as_soon_as_it_is_set(desk: Desk) -> None:
    await arrive(desk, 4)

    await desk.set(retention_messages=1)
    await purging.step(desk.services)

    assert await left(desk) == 1


async def test_what_waits_is_kept_however_old_and_nothing_is_begun_for_it(desk: Desk) -> None:
    held = await desk.send()
    await desk.set(retention_days=1, retention_messages=1)
    desk.later(3 * DAY)
    await arrive(desk, 1)

    await tidy_up(desk)

    assert await desk.status(held.message_id) == "pending_approval"
    assert await desk.read(lambda tx: tx.purge.under_way()) == []
    assert [one for one in await desk.events() if one.kind == "mailbox.emptied"] == []


async def test_without_bounds_all_is_kept_and_bounds_can_be_taken_away(desk: Desk) -> None:
    await arrive(desk, 2)
    desk.later(10_000 * DAY)
    await tidy_up(desk)
    await desk.set(retention_days=20_000, retention_messages=2)

    cleared = await desk.set(clear_retention=True)
    await arrive(desk, 2, "more")
    await tidy_up(desk)

    assert (cleared.mailbox.retention_days, cleared.mailbox.retention_messages) == (None, None)
    assert await left(desk) == 4


async def test_a_closed_mailbox_keeps_its_mail_no_longer_either(desk: Desk) -> None:
    await desk.set(retention_days=1)
    await arrive(desk, 1)
    await desk.call("operator", "delete_mailbox", mailbox=desk.box)
    desk.later(2 * DAY)

    await tidy_up(desk)

    assert await left(desk) == 0


async def test_only_one_deletion_by_a_bound_is_begun_at_a_time(desk: Desk) -> None:
    await desk.set(retention_messages=1)
    await arrive(desk, 3)

    begun = [await retention.step(desk.services) for _ in range(2)]

    assert begun == [1, 0]


async def test_two_servers_that_look_at_once_begin_one(desk: Desk) -> None:
    await desk.set(retention_messages=1)
    await arrive(desk, 3)
    call = machine_call(desk.services)
    found = await desk.read(lambda tx: retention._over(tx, call, tx.purge.keeping()))

    begun = [await desk.write(lambda tx: retention._begin(tx, found[0])) for _ in range(2)]

    assert begun == [1, 0]


@pytest.mark.parametrize("given", [{"retention_days": 0}, {"retention_messages": 0}, {"retention_days": -1}])
async def test_a_bound_that_would_keep_nothing_is_refused(desk: Desk, given: dict[str, Any]) -> None:
    refused = await desk.refused("operator", "update_mailbox", mailbox=desk.box, **given)

    assert (refused.code, refused.field) == ("invalid", next(iter(given)))
