"""Addresses to mailboxes, plus tags included."""

from __future__ import annotations

import pytest

from multimail.core.errors import Problem
from multimail.core.model import Mailbox
from multimail.services.inbound_mailboxes import Routes, is_own, mailbox_of, taker
from tests.support.desk import BOX, Desk
from tests.support.letters import mailbox

pytestmark = pytest.mark.anyio


async def test_a_mailbox_with_a_plus_in_its_address_comes_before_the_one_without(desk: Desk) -> None:
    exact = await mailbox(desk, "agent+sales@localhost")

    async def leads_to(address: str) -> str | None:
        found = await desk.read(lambda tx: mailbox_of(tx, address))
        return found.address if found else None

    assert await leads_to("agent+sales@localhost") == exact.address
    assert await leads_to("Agent+Other@LOCALHOST") == BOX
    assert await leads_to("+tag@localhost") is None


async def test_a_closed_mailbox_with_a_plus_does_not_fall_to_the_one_without(desk: Desk) -> None:
    exact = await mailbox(desk, "agent+sales@localhost")
    await desk.write(lambda tx: tx.mailboxes.delete(exact.id, desk.clock.now()))

    with pytest.raises(Problem, match="no such mailbox"):
        await desk.read(lambda tx: taker(tx, exact.address))


async def test_addresses_are_gathered_by_the_mailbox_they_lead_to(desk: Desk) -> None:
    sales = await mailbox(desk, "sales@localhost")
    given = (BOX, sales.address, "agent+a@localhost", "nobody@localhost")
    found, missing = await desk.read(lambda tx: Routes(tx).of(given))

    assert [(box.address, to) for box, to in found] == [
        (BOX, (BOX, "agent+a@localhost")),
        (sales.address, (sales.address,)),
    ]
    assert missing == ("nobody@localhost",)


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("desk@x", True),
        ("desk+a@x", True),
        ("desk@y", False),
        ("des@x", False),
        ("+desk@x", False),
        ("", False),
    ],
)
def test_a_mailbox_knows_its_own_address(address: str, own: bool) -> None:
    assert is_own(Mailbox("mbx_1", "Desk@x"), address) is own
