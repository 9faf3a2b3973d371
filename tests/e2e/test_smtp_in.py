"""Mail over SMTP into the product: a real receiver, a real data file, ordinary clients."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest

from multimail.core.errors import Problem
from multimail.services.inbound import Inbound
from multimail.surfaces.smtp.receiver import ReceiverSettings
from multimail.surfaces.smtp.server import SmtpServer
from tests.support.desk import BOX, Desk, opened
from tests.support.letters import ANN, BOB, aside, letter, mailbox

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as made:
        yield made


@pytest.fixture
async def port(desk: Desk) -> AsyncIterator[int]:
    server = SmtpServer(Inbound(desk.services), ReceiverSettings(port=0, size_limit=200_000))
    await server.start()
    try:
        yield server.port
    finally:
        await server.stop()


async def send(port: int, raw: bytes, *to: str, **more: Any) -> None:
    await aiosmtplib.send(
        raw, sender=ANN, recipients=list(to or (BOX,)), hostname="127.0.0.1", port=port, timeout=10, **more
    )


async def refusal(port: int, raw: bytes, *to: str) -> int:
    """The code of the refusal; of that of the only recipient, if he was refused."""
    with pytest.raises((aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPResponseException)) as found:
        await send(port, raw, *to)
    if isinstance(found.value, aiosmtplib.SMTPRecipientsRefused):
        return int(found.value.recipients[0].code)
    assert isinstance(found.value, aiosmtplib.SMTPResponseException)
    return found.value.code


async def test_mail_is_found_the_moment_it_was_taken(desk: Desk, port: int) -> None:
    waiting = asyncio.create_task(desk.call("agent", "wait_for_email", timeout_seconds=10))
    await asyncio.sleep(0)
    await send(port, letter("Is the room free?"))

    found = await desk.call("agent", "check_inbox", query="room free")
    assert [one.subject for one in found.messages] == ["A question"]
    assert [one.message_id for one in (await waiting).messages] == [found.messages[0].message_id]


async def test_an_ordinary_client_with_attachments_and_umlauts(desk: Desk, port: int) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Jürgen <j@example.org>", BOX, "Größe & Maße"
    mail.set_content("Grüße\n.\n..\n")
    mail.add_alternative("<p>Grüße</p>", subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Maße.pdf")

    def client() -> dict[str, tuple[int, bytes]]:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as connection:
            return connection.send_message(mail)

    assert await asyncio.to_thread(client) == {}

    (message,) = await desk.inbound()
    read = await desk.call("agent", "read_email", message_id=message.id)
    assert (read.subject, read.body) == ("Größe & Maße", "Grüße\n.\n..")
    assert [(one.position, one.filename) for one in read.attachments] == [(1, "Maße.pdf")]


async def test_fifty_recipients_of_one_mail_each_have_it(desk: Desk, port: int) -> None:
    boxes = [(await mailbox(desk, f"box{number}@localhost")).address for number in range(50)]
    await send(port, letter(To="all@example.org"), *boxes)

    assert len({one.mailbox_id for one in await desk.inbound()}) == 50


async def test_fifty_peers_at_once_lose_nothing(desk: Desk, port: int) -> None:
    async def peer(number: int) -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, timeout=20) as client:
            for again in range(3):
                raw = letter(From=f"p{number}@example.org", Subject=f"{number}/{again}")
                await client.sendmail(f"p{number}@example.org", [BOX], raw)

    await asyncio.gather(*(peer(number) for number in range(50)))
    assert len({one.subject for one in await desk.inbound()}) == 150
    assert len(await desk.inbound()) == 150


async def test_a_retry_after_a_lost_answer_is_no_second_mail(desk: Desk, port: int) -> None:
    raw = letter()
    for _ in range(3):
        await send(port, raw)

    assert len(await desk.inbound()) == 1


async def test_unknown_recipients_are_refused_and_known_ones_of_the_same_mail_are_not(
    desk: Desk, port: int
) -> None:
    assert await refusal(port, letter(), "nobody@localhost") == 550
    errors, _ = await aiosmtplib.send(
        letter(),
        sender=ANN,
        recipients=["nobody@localhost", BOX],
        hostname="127.0.0.1",
        port=port,
        timeout=10,
    )
    assert errors["nobody@localhost"].code == 550
    assert len(await desk.inbound()) == 1


async def test_mail_that_goes_in_circles_is_refused(desk: Desk, port: int) -> None:
    assert await refusal(port, b"Received: by a; Mon, 2 Mar 2026 11:00:00 +0000\r\n" * 60 + letter()) == 554
    assert (await desk.inbound(), await aside(desk)) == ([], [])


@pytest.mark.parametrize(("code", "reply"), [("storage_full", 452), ("storage_failed", 451)])
async def test_what_cannot_be_stored_is_kept_by_the_peer(
    desk: Desk, port: int, monkeypatch: pytest.MonkeyPatch, code: str, reply: int
) -> None:
    async def write(work: object) -> None:
        raise Problem(code)

    with monkeypatch.context() as patch:
        patch.setattr(desk.services.store, "write", write)
        raw = letter()
        assert await refusal(port, raw) == reply
    await send(port, raw)
    assert len(await desk.inbound()) == 1


async def test_a_conversation_of_peers_threads_and_carries_tags(desk: Desk, port: int) -> None:
    await send(port, letter(Message_ID="<one@x>", Cc=BOB))
    (first,) = await desk.inbound()
    await desk.call("agent", "tag_email", thread_id=first.thread_id, tags=["order=17"])
    await send(port, letter(From=BOB, In_Reply_To="<one@x>", Subject="Re: A question"))

    thread = await desk.call("agent", "get_thread", thread_id=first.thread_id)
    assert [one.sender for one in thread.messages] == [ANN, BOB]
    assert thread.messages[1].tags == ["order=17"]
