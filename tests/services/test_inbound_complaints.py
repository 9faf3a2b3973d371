"""Complaints: only a mark of ours in the returned mail makes one count."""

from __future__ import annotations

import pytest

from multimail.core import own_link, return_path
from multimail.core.own_link import Link
from multimail.services import address_keys
from tests.services.test_inbound_bounces_keyed import suppressed
from tests.support.desk import BOX, Desk
from tests.support.letters import ANN, BOB, came, letter, sent_to
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


def report(mail_from: str = "", link: str = "", kind: str = "abuse", header_id: str = "<x@y>") -> bytes:
    """A feedback report as mailbox providers send it (RFC 5965)."""
    listed = f"List-Unsubscribe: <https://mail.example/u/{link}>\r\n" if link else ""
    body = (
        "--a\r\nContent-Type: text/plain\r\n\r\nAn abuse report.\r\n"
        f"--a\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: {kind}\r\nUser-Agent: P/1\r\n"
        f"Version: 1\r\nOriginal-Mail-From: <{mail_from}>\r\nOriginal-Rcpt-To: <{BOB}>\r\n"
        f"--a\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {header_id}\r\n{listed}\r\n--a--"
    )
    content_type = 'multipart/report; report-type=feedback-report; boundary="a"'
    return letter(body, From="fbl@provider.example", Subject="FW: Monday", Content_Type=content_type)


async def marks(desk: Desk, message_id: str) -> tuple[str, str]:
    """The envelope sender and the link's token of the mail to Ann."""
    secret = await desk.read(address_keys.secret)
    delivery = (await desk.deliveries(message_id))[ANN]
    box = (await desk.message(message_id)).mailbox_id
    link = Link(delivery.id, address_keys.key_of(secret, ANN), box)
    return return_path.make(secret, delivery.id, BOX), own_link.make(secret, link)


@pytest.mark.parametrize("which", [0, 1], ids=["envelope sender", "link"])
async def test_a_complaint_bars_whom_the_mail_was_sent_to(desk: Desk, which: int) -> None:
    ours = await sent_to(desk, ANN, BOB)
    mark = (await marks(desk, ours.id))[which]
    await came(
        desk, report(mail_from=mark) if which == 0 else report(link=mark), sender="fbl@provider.example"
    )

    (record,) = await suppressed(desk)
    assert (record.reason, record.mailbox_id, record.source) == ("complaint", "", "feedback_report")
    assert await suppressed(desk, BOB) == []
    (event,) = [one for one in await desk.events(ours.id) if one.kind == "message.complained"]
    assert event.data == {"feedback_type": "abuse"}


async def test_a_complaint_is_heard_once(desk: Desk) -> None:
    ours = await sent_to(desk, ANN)
    sender, token = await marks(desk, ours.id)
    for number in range(3):
        await came(desk, report(sender, token, header_id=f"<{number}@y>"), sender="fbl@provider.example")

    assert len(await suppressed(desk)) == 1
    assert len([one for one in await desk.events(ours.id) if one.kind == "message.complained"]) == 1


async def test_a_forged_complaint_is_mail_like_any_other(desk: Desk) -> None:
    ours = await sent_to(desk, ANN)
    sender, token = await marks(desk, ours.id)
    swapped = token[:-8] + token[-8:].swapcase()
    await came(desk, report(BOX, swapped, header_id=ours.header_id), sender="fbl@provider.example")
    other = sender.replace("+b-", "+b-0").replace("@", "")[:-1] + "@localhost"
    await came(desk, report(other), sender="fbl@provider.example")

    assert await suppressed(desk) == []
    assert not [one for one in await desk.events(ours.id) if one.kind == "message.complained"]


async def test_who_only_opts_out_has_not_complained(desk: Desk) -> None:
    ours = await sent_to(desk, ANN)
    await came(desk, report((await marks(desk, ours.id))[0], kind="opt-out"), sender="fbl@provider.example")

    (record,) = await suppressed(desk)
    assert (record.reason, record.mailbox_id) == ("unsubscribe", ours.mailbox_id)


async def test_mail_that_is_called_no_spam_bars_nobody(desk: Desk) -> None:
    ours = await sent_to(desk, ANN)
    await came(desk, report((await marks(desk, ours.id))[0], kind="not-spam"), sender="fbl@provider.example")
    assert await suppressed(desk) == []


async def test_a_provider_that_returns_the_mail_itself_is_understood(desk: Desk, sink: Sink) -> None:
    await desk.write(
        lambda tx: tx.settings.set("server", {"transport": "relay", "links": "https://m.example/u/"})
    )
    await desk.set(default_mode="autonomous")
    await desk.send(to=[ANN], cc=[BOB])
    await desk.step(sink)
    copy = next(one for one in sink.mails if one.recipients == (ANN,))
    wrapped = (
        b"From: fbl@provider.example\r\nTo: agent@localhost\r\nSubject: FW: x\r\nMessage-ID: <fbl@p>\r\n"
        b"Content-Type: multipart/report; report-type=feedback-report; boundary=ab\r\n\r\n"
        b"--ab\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: P/1\r\n"
        b"--ab\r\nContent-Type: message/rfc822\r\n\r\n" + copy.raw + b"\r\n--ab--\r\n"
    )
    await came(desk, wrapped, sender="fbl@provider.example")

    assert [one.reason for one in await suppressed(desk)] == ["complaint"]
    assert await suppressed(desk, BOB) == []
    again = await desk.send(to=[ANN])
    assert again.status == "suppressed"
