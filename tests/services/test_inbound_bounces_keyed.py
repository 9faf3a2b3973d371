"""Returns that come to a keyed envelope sender are about that delivery, and held against its recipient."""

from __future__ import annotations

import pytest

from multimail.core import return_path
from multimail.ports.suppression import Suppression
from multimail.services import address_keys, returns
from multimail.services.inbound import Inbound
from tests.services.test_inbound_bounces import DAEMON, bounce, states
from tests.support.desk import BOX, Desk
from tests.support.letters import ANN, BOB, came, envelope, letter, sent_to

pytestmark = pytest.mark.anyio


async def keyed(desk: Desk, message_id: str, address: str = ANN) -> str:
    """The envelope sender that the mail to this recipient has."""
    secret = await desk.read(address_keys.secret)
    return return_path.make(secret, (await desk.deliveries(message_id))[address].id, BOX)


async def suppressed(desk: Desk, address: str = ANN) -> list[Suppression]:
    key = await desk.read(lambda tx: address_keys.address_key(tx, address))
    return await desk.read(lambda tx: tx.suppressions.unlifted(key))


async def test_a_hard_bounce_bars_its_recipient_from_every_mailbox(desk: Desk) -> None:
    ours = await sent_to(desk, ANN, BOB)
    returned = await came(desk, bounce(ours.header_id, ANN), await keyed(desk, ours.id), sender="")

    (record,) = await suppressed(desk)
    assert (record.reason, record.mailbox_id, record.source) == ("hard_bounce", "", "envelope_sender")
    delivery = (await desk.deliveries(ours.id))[ANN]
    assert record.evidence == {
        "message": ours.id,
        "delivery": delivery.id,
        "code": "no_such_user",
        "returned": returned.id,
    }
    assert await states(desk, ours.id) == {ANN: "bounced", BOB: "sent"}
    assert await suppressed(desk, BOB) == []


async def test_words_without_a_report_are_enough_at_the_keyed_sender(desk: Desk) -> None:
    ours = await sent_to(desk, ANN)
    notice = letter(
        "Hi. This is the qmail-send program.\r\n\r\n<x@elsewhere.example>:\r\nNo mailbox here by that name. (#5.1.1)",
        From=DAEMON,
        Subject="failure notice",
    )
    await came(desk, notice, await keyed(desk, ours.id), sender="")

    assert [one.reason for one in await suppressed(desk)] == ["hard_bounce"]
    assert await states(desk, ours.id) == {ANN: "bounced"}


async def test_the_same_report_at_the_mailbox_itself_bars_nobody(desk: Desk) -> None:
    ours = await sent_to(desk, ANN)
    await came(desk, bounce(ours.header_id, ANN), sender="")

    assert await states(desk, ours.id) == {ANN: "bounced"}
    assert await suppressed(desk) == []


async def test_a_forged_key_is_no_key(desk: Desk) -> None:
    ours = await sent_to(desk, ANN)
    true = await keyed(desk, ours.id)
    local, _, domain = true.partition("@")
    forged = f"{local[:-1]}{'0' if local[-1] != '0' else '1'}@{domain}"
    await came(desk, bounce("<unknown@x>", ANN), forged, sender="")

    assert await suppressed(desk) == []
    assert await states(desk, ours.id) == {ANN: "sent"}


@pytest.mark.parametrize(
    "raw",
    [
        letter("Where is it? 550 5.1.1 user unknown, says my mailer-daemon."),
        letter("Back on Monday.", Subject="Automatic reply: Monday", Auto_Submitted="auto-replied"),
        letter("Read.", Subject="Delivered: Monday", From=DAEMON),
    ],
    ids=["a person", "a vacation", "a success"],
)
async def test_what_is_no_bounce_bars_nobody_though_it_comes_to_the_key(desk: Desk, raw: bytes) -> None:
    ours = await sent_to(desk, ANN)
    await came(desk, raw, await keyed(desk, ours.id), sender="")

    assert await suppressed(desk) == []
    assert await states(desk, ours.id) == {ANN: "sent"}


async def test_a_delay_changes_nothing_and_a_failure_for_now_bars_nobody_yet(desk: Desk) -> None:
    ours = await sent_to(desk, ANN)
    key = await keyed(desk, ours.id)
    await came(desk, bounce(ours.header_id, ANN, action="delayed", status="4.4.1"), key, sender="")
    assert await states(desk, ours.id) == {ANN: "sent"}

    await came(desk, bounce(ours.header_id, ANN, status="4.4.7"), key, sender="")
    assert await states(desk, ours.id) == {ANN: "bounced"}
    assert await suppressed(desk) == []


async def test_many_soft_bounces_give_the_address_a_rest(desk: Desk) -> None:
    for number in range(returns.SOFT_LIMIT):
        assert await suppressed(desk) == []
        ours = await sent_to(desk, ANN, subject=f"Number {number}")
        full = bounce(ours.header_id, ANN, status="4.2.2")
        await came(desk, full, await keyed(desk, ours.id), sender="")

    (record,) = await suppressed(desk)
    assert (record.reason, record.expires_at) == ("soft_bounce", desk.clock.now() + returns.SOFT_PAUSE)


async def test_one_mail_that_comes_back_again_and_again_counts_once(desk: Desk) -> None:
    ours = await sent_to(desk, ANN)
    for _ in range(returns.SOFT_LIMIT + 1):
        await Inbound(desk.services).accept(
            envelope(bounce(ours.header_id, ANN, status="4.2.2"), await keyed(desk, ours.id), sender="")
        )
    assert await suppressed(desk) == []


async def test_an_event_says_how_the_mail_came_back(desk: Desk) -> None:
    ours = await sent_to(desk, ANN)
    await came(desk, bounce(ours.header_id, ANN, status="4.2.2"), await keyed(desk, ours.id), sender="")

    (event,) = [one for one in await desk.events(ours.id) if one.kind == "message.bounced"]
    assert event.data["bounce_type"] == "soft"
    assert event.data["codes"] == ["4.2.2"]
