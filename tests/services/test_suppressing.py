"""Records of suppression: who is covered by which, and that writing them is safe to repeat."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import DAY
from multimail.ports.store import Tx
from multimail.services import address_keys
from multimail.services.suppressing import Ban, reasons, suppress
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def recorded(desk: Desk, reason: str = "hard_bounce", **more: Any) -> bool:
    ban = Ban(reason, **{"source": "test", "address": "Ann@Example.org"} | more)
    return await desk.write(lambda tx: suppress(tx, ban, desk.clock.now()))


async def found(desk: Desk, *addresses: str, topic: str = "") -> dict[str, tuple[str, ...]]:
    def look(tx: Tx) -> dict[str, tuple[str, ...]]:
        box = tx.mailboxes.by_address(desk.box)
        assert box is not None
        return dict(reasons(tx, box, topic, addresses or ("ann@example.org",), desk.clock.now()))

    return await desk.services.store.read(look)


async def test_a_record_covers_its_address_and_nobody_else(desk: Desk) -> None:
    assert await recorded(desk)

    assert await found(desk, "ann@example.org", "bob@example.org") == {"ann@example.org": ("hard_bounce",)}


async def test_doing_it_again_changes_nothing_and_is_not_told_again(desk: Desk) -> None:
    assert await recorded(desk)
    assert not await recorded(desk, source="another")

    kinds = [event.kind for event in await desk.events()]
    assert kinds.count("contact.suppressed") == 1


@pytest.mark.parametrize(
    ("where", "topic", "covered"),
    [
        ({"mailbox_id": "mbx_other"}, "", False),
        ({"topic": "newsletter"}, "", False),
        ({"topic": "newsletter"}, "offers", False),
        ({"topic": "newsletter"}, "newsletter", True),
        ({}, "newsletter", True),
    ],
)
async def test_a_record_holds_for_its_mailbox_and_topic_only(
    where: dict[str, str], topic: str, covered: bool, desk: Desk
) -> None:
    await recorded(desk, "unsubscribe", **where)

    assert bool(await found(desk, topic=topic)) is covered


async def test_who_is_known_by_a_key_only_is_covered_all_the_same(desk: Desk) -> None:
    key = await desk.services.store.read(lambda tx: address_keys.address_key(tx, "ann@example.org"))
    await recorded(desk, "erasure", address=None, key=key)

    assert await found(desk) == {"ann@example.org": ("erasure",)}


async def test_a_record_ends_with_its_time_and_can_be_made_again(desk: Desk) -> None:
    now = desk.clock.now()
    await recorded(desk, "soft_bounce", expires_at=now + DAY)
    desk.later(DAY)
    assert await found(desk) == {}

    assert await recorded(desk, "soft_bounce", expires_at=now + 3 * DAY)
    assert await found(desk) == {"ann@example.org": ("soft_bounce",)}


async def test_what_would_last_longer_extends_the_record_and_what_ends_sooner_does_not(desk: Desk) -> None:
    now = desk.clock.now()
    await recorded(desk, "soft_bounce", expires_at=now + DAY)

    assert await recorded(desk, "soft_bounce", expires_at=now + 2 * DAY)
    assert not await recorded(desk, "soft_bounce", expires_at=now + DAY)
    desk.later(DAY + 1)
    assert await found(desk) == {"ann@example.org": ("soft_bounce",)}


async def test_what_is_no_reason_is_refused(desk: Desk) -> None:
    with pytest.raises(ValueError, match="dislike"):
        await recorded(desk, "dislike")
