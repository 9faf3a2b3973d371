"""Bounces: believed only about mail that was sent, to whom it was sent, from the null sender."""

from __future__ import annotations

import pytest

from multimail.services.inbound import Inbound
from tests.support.desk import Desk
from tests.support.letters import ANN, BOB, CAT, aside, came, envelope, letter, sent_to, threads

pytestmark = pytest.mark.anyio

DAEMON = "MAILER-DAEMON@mx.example.org"


def bounce(message_id: str, *failed: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A delivery status notification as common servers write it (RFC 3464)."""
    groups = "".join(
        f"\r\nFinal-Recipient: rfc822; {one}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} No such user\r\n"
        for one in failed
    )
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n{groups}\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: Monday\r\n\r\n--b--"
    )
    kind = 'multipart/report; report-type=delivery-status; boundary="b"'
    return letter(
        body, From=DAEMON, Subject="Undelivered mail", Content_Type=kind, Auto_Submitted="auto-replied"
    )


async def states(desk: Desk, message_id: str) -> dict[str, str]:
    return {address: one.status for address, one in (await desk.deliveries(message_id)).items()}


async def test_a_bounce_moves_the_delivery_and_the_mail_it_returns(desk: Desk) -> None:
    ours = await sent_to(desk, ANN, BOB)
    returned = await came(desk, bounce(ours.header_id, BOB.upper()), sender="")

    assert await states(desk, ours.id) == {ANN: "sent", BOB: "bounced"}
    assert await desk.status(ours.id) == "bounced"
    assert (await desk.deliveries(ours.id))[BOB].detail == "5.1.1 550 5.1.1 No such user"
    (event,) = [one for one in await desk.events(ours.id) if one.kind == "message.bounced"]
    assert event.data == {
        "count": 1,
        "codes": ["5.1.1"],
        "bounce_type": "hard",
        "reason": "no_such_user",
    }
    assert returned.thread_id == ours.thread_id


async def test_a_bounce_is_no_reply_and_its_sender_no_contact(desk: Desk) -> None:
    ours = await sent_to(desk, ANN)
    await came(desk, bounce(ours.header_id, ANN), sender="")

    assert not (await desk.message(ours.id)).has_replies
    assert await desk.read(lambda tx: tx.contacts.by_address(DAEMON)) is None


@pytest.mark.parametrize(
    ("failed", "sender", "more"),
    [
        (CAT, "", {}),
        (ANN, DAEMON, {}),
        (ANN, "", {"action": "delayed"}),
        (ANN, "", {"action": "delivered", "status": "2.0.0"}),
    ],
    ids=["somebody else", "with a sender", "delayed", "delivered"],
)
async def test_what_is_no_bounce_of_ours_changes_nothing(
    desk: Desk, failed: str, sender: str, more: dict[str, str]
) -> None:
    ours = await sent_to(desk, ANN)
    await came(desk, bounce(ours.header_id, failed, **more), sender=sender)

    assert (await states(desk, ours.id), await desk.status(ours.id)) == ({ANN: "sent"}, "delivered")


async def test_a_bounce_of_mail_nobody_sent_is_mail_like_any_other(desk: Desk) -> None:
    first = await came(desk, letter(Message_ID="<theirs@x>"))
    for about in ("<theirs@x>", "<unknown@x>"):
        await came(desk, bounce(about, ANN), sender="")

    assert len(await desk.inbound()) == 3
    assert first.thread_id in await threads(desk)


async def test_mail_that_did_not_leave_yet_cannot_bounce(desk: Desk) -> None:
    held = await desk.send()
    header_id = (await desk.message(held.message_id)).header_id
    await came(desk, bounce(header_id, ANN), sender="")

    assert await desk.status(held.message_id) == "pending_approval"
    assert await states(desk, held.message_id) == {ANN: "waiting"}


async def test_a_bounce_says_what_became_of_a_mail_whose_outcome_was_hidden(desk: Desk) -> None:
    sent = await desk.send()
    await desk.decide(sent.message_id)
    for state in ("claimed", "sending", "unknown"):
        await desk.sql("UPDATE deliveries SET status = :state", state=state)
    for state in ("sending", "unknown"):
        await desk.sql("UPDATE messages SET status = :state WHERE direction = 'outbound'", state=state)
    await came(desk, bounce((await desk.message(sent.message_id)).header_id, ANN), sender="")

    assert await desk.status(sent.message_id) == "bounced"


async def test_each_recipient_bounces_once_and_no_limit_keeps_a_bounce_aside(desk: Desk) -> None:
    desk.limit(thread_rate_per_hour=1)
    ours = await sent_to(desk, ANN, BOB, CAT)
    for one in (ANN, BOB, CAT, CAT):
        await Inbound(desk.services).accept(envelope(bounce(ours.header_id, one), sender=""))

    assert await states(desk, ours.id) == {ANN: "bounced", BOB: "bounced", CAT: "bounced"}
    assert len(await desk.inbound()) == 3
    assert await aside(desk) == ["thread_rate"]
