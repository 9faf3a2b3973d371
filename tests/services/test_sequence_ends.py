"""What ends a sequence, by whichever way it comes, and what is left alone."""

from __future__ import annotations

import pytest

from multimail.services import sequence_runner
from multimail.services.suppressing import Ban, suppress
from tests.services.test_sequence_steps import claimed, completed, sent
from tests.services.test_sequences import STEPS, enrolled, planned, reasons
from tests.support.desk import Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio


@pytest.fixture
async def drip(desk: Desk) -> Desk:
    await desk.set(default_mode="autonomous")
    await planned(desk, topic="news")
    await enrolled(desk)
    return desk


@pytest.mark.parametrize(
    ("reason", "topic", "shown"),
    [
        ("hard_bounce", "", "bounced"),
        ("complaint", "", "complained"),
        ("unsubscribe", "news", "unsubscribed"),
        ("unsubscribe", "offers", "active"),
        ("soft_bounce", "", "active"),
    ],
)
async def test_a_suppression_ends_it_at_the_next_look(
    drip: Desk, reason: str, topic: str, shown: str
) -> None:
    ban = Ban(reason, "test", address="ann@example.org", topic=topic)
    await drip.write(lambda tx: suppress(tx, ban, drip.clock.now()))

    await sequence_runner.step(drip.services)

    assert await reasons(drip) == {"ann@example.org": shown}
    assert await sequence_runner.step(drip.services) == 0


async def test_a_mail_that_nobody_takes_ends_it(drip: Desk, sink: Sink) -> None:
    (step,) = await claimed(drip)
    await completed(drip, step, message_id=await sent(drip, step))
    sink.misbehave(Fault("RCPT", "550 5.1.1 nobody"))
    await drip.step(sink)

    await sequence_runner.step(drip.services)

    assert await reasons(drip) == {"ann@example.org": "bounced"}


async def test_an_answer_to_another_mailbox_or_of_somebody_else_ends_nothing(drip: Desk) -> None:
    await drip.call("operator", "create_mailbox", address="else@localhost")
    await planned(drip, name="other", mailbox="else@localhost", steps=STEPS)
    await enrolled(drip, sequence_id="other")

    await drip.receive("Hello?", From="bob@example.org")
    assert await reasons(drip) == {"ann@example.org": "active"}
    await drip.receive("Hello!", From="ann@example.org")

    assert await reasons(drip) == {"ann@example.org": "replied"}
    other = await drip.call("agent", "get_sequence", sequence_id="other")
    assert [one.status for one in other.enrollments] == ["active"]


async def test_a_contact_that_is_deleted_ends_it_at_the_next_look(drip: Desk) -> None:
    await drip.call("agent", "manage_contacts", action="delete", email="ann@example.org")

    await sequence_runner.step(drip.services)

    page = await drip.call("agent", "get_sequence", sequence_id="welcome")
    assert [(one.status, one.reason, one.email) for one in page.enrollments] == [
        ("stopped", "contact_deleted", None)
    ]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Subject": "Automatic reply: Welcome"}, "I am out of the office until Monday, 9 March."),
        ({"Subject": "Re: Welcome", "Auto_Submitted": "auto-replied"}, "We got your mail."),
    ],
)
async def test_an_automatic_answer_ends_nothing(drip: Desk, headers: dict[str, str], body: str) -> None:
    await drip.receive(body, **headers)

    assert await reasons(drip) == {"ann@example.org": "active"}
