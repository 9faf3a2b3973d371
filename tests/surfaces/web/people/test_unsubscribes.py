"""The figures of unsubscribing, for whoever has to answer for them."""

from __future__ import annotations

import pytest

from multimail.core.times import DAY, SECOND
from multimail.ports.suppression import UnsubscribeRequest
from tests.support.desk import Desk
from tests.support.guest import Guest, text

pytestmark = pytest.mark.anyio
AT = "/people/unsubscribes"


async def asked(desk: Desk, took: int, way: str = "mail", topic: str = "") -> None:
    def write_down(tx: object) -> None:
        box = tx.mailboxes.by_address(desk.box)  # type: ignore[attr-defined]
        now = desk.clock.now()
        request = UnsubscribeRequest(b"k" * 16, box.id, topic, way, None, now - took, now)
        tx.unsubscribes.add(request)  # type: ignore[attr-defined]

    await desk.write(write_down)


async def test_the_figures_say_how_many_how_long_and_what_was_late(desk: Desk, reviewer: Guest) -> None:
    await asked(desk, 2 * SECOND, "one_click", "offers")
    await asked(desk, 4 * SECOND, "one_click")
    await asked(desk, 30 * DAY)

    page = text(await reviewer.get(AT))

    assert "Requests 3 Median time until it held 4.0 s Slowest 30 d Later than the law allows 1 of 3" in page
    assert "one click in the mail program 2" in page
    assert "agent@localhost offers one click in the mail program 2.0 s" in page


async def test_where_nobody_asked_the_page_says_so(reviewer: Guest) -> None:
    assert "Nobody asked" in text(await reviewer.get(f"{AT}?days=30"))


async def test_a_mailbox_that_there_is_not_is_a_fault_and_the_rest_is_shown(
    desk: Desk, reviewer: Guest
) -> None:
    await asked(desk, SECOND)
    answer = await reviewer.get(f"{AT}?mailbox=mbx_00000000000000")

    assert answer.status_code == 404
    assert "no such mailbox" in text(answer)
    assert "Requests 1" in text(answer)
