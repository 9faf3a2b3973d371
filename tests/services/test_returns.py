"""What a next hop says about a recipient in our own session counts, if it is about the address."""

from __future__ import annotations

import pytest

from multimail.services import returns, settling
from multimail.services.machine import machine_call
from multimail.services.settling import Result
from tests.services.test_inbound_bounces_keyed import suppressed
from tests.support.desk import Desk
from tests.support.letters import ANN

pytestmark = pytest.mark.anyio


async def refused(desk: Desk, code: int, enhanced: str, words: str, subject: str = "Monday") -> None:
    """A mail to Ann that the next hop does not take."""
    sent = await desk.send(to=[ANN], subject=subject)
    await desk.decide(sent.message_id)
    delivery = (await desk.deliveries(sent.message_id))[ANN]
    for old, new in (("queued", "claimed"), ("claimed", "sending")):
        await desk.write(lambda tx: tx.deliveries.move([delivery.id], old, new, desk.clock.now()))  # noqa: B023
    result = Result(delivery, "failed", code, words, enhanced=enhanced)
    await desk.write(lambda tx: settling.settle(tx, machine_call(desk.services), sent.message_id, [result]))


@pytest.mark.parametrize(
    ("code", "enhanced", "words"),
    [
        (550, "5.1.1", "Refused at RCPT: no such user"),
        (550, "5.1.2", "Refused at RCPT: bad destination system"),
        (550, "5.1.1", "Refused at RCPT"),
        (551, "5.1.6", "Refused at RCPT: gone"),
        (550, "5.2.1", "Refused at RCPT: mailbox disabled"),
        (550, "", "Refused at RCPT: User unknown"),
    ],
)
async def test_a_refusal_about_the_address_is_a_hard_bounce(
    desk: Desk, code: int, enhanced: str, words: str
) -> None:
    await refused(desk, code, enhanced, words)
    (record,) = await suppressed(desk)
    assert (record.reason, record.source) == ("hard_bounce", "next_hop")


@pytest.mark.parametrize(
    ("code", "enhanced", "words"),
    [
        (550, "5.7.1", "Refused at RCPT: blocked using a list"),
        (554, "5.7.1", "Refused at the end of the message: spam"),
        (550, "", "Refused at RCPT"),
        (553, "5.1.8", "Refused at MAIL: sender domain not found"),
        (550, "5.1.1", "Refused at MAIL: no such user"),
        (552, "5.2.2", "Refused at RCPT: over quota"),
        (550, "5.2.1", "Refused at RCPT: is receiving mail at a rate that prevents more"),
        (450, "4.1.1", "given up after five days: unknown user"),
        (552, "5.3.4", "Refused at MAIL: too big"),
    ],
)
async def test_any_other_refusal_bars_nobody(desk: Desk, code: int, enhanced: str, words: str) -> None:
    await refused(desk, code, enhanced, words)
    assert await suppressed(desk) == []


async def test_a_mailbox_that_stays_full_is_given_a_rest(desk: Desk) -> None:
    for number in range(returns.SOFT_LIMIT):
        assert await suppressed(desk) == []
        await refused(desk, 552, "5.2.2", "Refused at RCPT: over quota", subject=f"Number {number}")
    assert [one.reason for one in await suppressed(desk)] == ["soft_bounce"]
