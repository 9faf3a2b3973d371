"""Trusting a recipient: an operator's word for one address in one mailbox."""

from __future__ import annotations

import pytest

from tests.support.desk import BOX, Desk

pytestmark = pytest.mark.anyio


async def test_mail_to_a_trusted_address_goes_at_once_from_then_on(desk: Desk) -> None:
    made = await desk.call("operator", "trust_recipient", mailbox=BOX, address="Ann <Ann@Example.org>")

    assert (made.address, made.trusted, made.repeated, made.mailbox) == ("ann@example.org", True, None, BOX)
    assert (await desk.send()).status == "queued"
    assert (await desk.send(to=["bob@example.org"])).status == "pending_approval"


async def test_what_waits_keeps_waiting_and_is_less_risky(desk: Desk) -> None:
    held = (await desk.send()).message_id
    assert (await desk.call("reviewer", "list_reviews")).reviews[0].risk == 25

    await desk.call("operator", "trust_recipient", mailbox=BOX, address="ann@example.org")

    assert await desk.status(held) == "pending_approval"
    row = (await desk.call("reviewer", "list_reviews")).reviews[0]
    assert (row.risk, row.warnings) == (0, [])


async def test_trusting_again_is_the_same_answer_and_nothing_happens(desk: Desk) -> None:
    await desk.set(trusted=["@example.org"])
    before = len(await desk.events())

    made = await desk.call("operator", "trust_recipient", mailbox=BOX, address="ann@example.org")

    assert made.repeated
    assert len(await desk.events()) == before
    box = (await desk.call("operator", "list_mailboxes")).mailboxes[0]
    assert box.trusted == ["@example.org"]


async def test_it_is_in_the_record_without_the_address(desk: Desk) -> None:
    await desk.call("operator", "trust_recipient", mailbox=BOX, address="ann@example.org")

    event = (await desk.events())[-1]

    assert (event.kind, event.principal_id) == ("mailbox.updated", desk.who["operator"])
    assert event.data == {"settings": ["trusted"], "added": 1}


async def test_only_an_operator_trusts(desk: Desk) -> None:
    for who in ("agent", "owner", "reviewer", "viewer"):
        refused = await desk.refused(who, "trust_recipient", mailbox=BOX, address="ann@example.org")
        assert refused.code == "forbidden"


@pytest.mark.parametrize("address", ["@example.org", "*", "ann", "", "a@x.org, b@x.org"])
async def test_more_than_one_address_is_refused(desk: Desk, address: str) -> None:
    refused = await desk.refused("operator", "trust_recipient", mailbox=BOX, address=address)

    assert (refused.code, refused.field) == ("invalid_address", "address")
