"""Receiving with other processes in a crowd: the same promises as without, whoever ends in the middle."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from contextlib import suppress

import pytest

from multimail.core.errors import Problem
from multimail.surfaces.smtp.crew import CrewSettings
from tests.surfaces.smtp.receiving import CROWD, PATIENCE, Peer, helped, receiving, until

pytestmark = pytest.mark.anyio

MAIL = b"From: ann@example.org\r\nSubject: Hello\r\n\r\nA line.\r\n.\r\n"


def children() -> list[int]:
    """The receiving processes of this one."""
    found = subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "-f", "multimail.commands.receiving"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    return [int(one) for one in found.stdout.split()]


async def closes(peer: Peer) -> None:
    """Wait until the connection has ended, politely or not."""
    with suppress(ConnectionError):
        await peer.hear_end()


async def test_few_peers_are_served_without_another_process() -> None:
    async with receiving(helped()) as post:
        peers = [await post.connect() for _ in range(CROWD - 1)]
        assert [(await peer.mail(MAIL))[:3] for peer in peers] == ["250"] * (CROWD - 1)
        assert (post.crew.connections, children(), post.intake.read_elsewhere) == (0, [], [])


async def test_in_a_crowd_another_process_reads_the_mail_and_this_one_files_it() -> None:
    async with receiving(helped()) as post:
        (peer,) = await post.crowd()
        assert (await peer.mail(MAIL, "bob@example.com", "eve@example.com")).startswith("250 2.0.0")
        mail, (arrival,) = post.intake.only(), post.intake.read_elsewhere
        assert arrival is not None
        assert (mail.raw, mail.recipients, mail.peer, mail.helo) == (
            MAIL[:-3], ("bob@example.com", "eve@example.com"), "127.0.0.1", "peer.example.org",
        )  # fmt: skip
        assert (arrival.envelope, arrival.subject, arrival.text) == (mail, "Hello", "A line.")


async def test_the_work_is_shared_by_all_of_them() -> None:
    async with receiving(helped(2)) as post:
        await post.crowd(members=2)
        found = [await post.connect() for _ in range(6)]
        assert [(await peer.mail(MAIL))[:3] for peer in found] == ["250"] * 6
        assert len(post.intake.read_elsewhere) == 6
        assert len(children()) == 2


async def test_a_recipient_is_refused_with_the_same_words() -> None:
    async with receiving(helped()) as post:
        post.intake.unknown["nobody@example.com"] = Problem("not_found", "Nobody here.", advice="Ask.")
        alone = await post.connect()
        (peer,) = await post.crowd()
        lines = ("MAIL FROM:<ann@example.org>", "RCPT TO:<nobody@example.com>", "RCPT TO:<bob@example.com>")
        said = await peer.say(*lines)
        assert said == await alone.say(*lines)
        assert said[1] == "550 5.1.1 Nobody here. Ask."


@pytest.mark.parametrize(
    ("failure", "reply"),
    [
        (Problem("storage_full"), "452 4.3.1"),
        (Problem("loop", "Too many hops."), "554 5.4.6 Too many hops."),
        (RuntimeError("torn"), "451 4.3.0"),
    ],
)
async def test_what_filing_comes_to_is_the_reply(failure: Exception, reply: str) -> None:
    async with receiving(helped()) as post:
        (peer,) = await post.crowd()
        post.intake.failure = failure
        assert (await peer.mail(MAIL)).startswith(reply)
        post.intake.failure = None
        assert (await peer.mail(MAIL)).startswith("250 ")


async def test_a_mail_may_be_as_large_there_and_no_larger() -> None:
    async with receiving(helped(), size_limit=300_000) as post:
        (peer,) = await post.crowd()
        large = b"Subject: x\r\n\r\n" + b"y" * 76 * 3_500 + b"\r\n.\r\n"
        assert (await peer.mail(large)).startswith("250 ")
        assert (await peer.mail(b"z" * 300_001 + b"\r\n.\r\n")).startswith("552 5.3.4")
        assert post.intake.only().raw == large[:-3]


async def test_connections_are_counted_wherever_they_are_served() -> None:
    async with receiving(helped(), connections_limit=CROWD + 2) as post:
        await post.crowd()
        await post.connect()
        reader, writer = await asyncio.open_connection("127.0.0.1", post.server.port)
        assert (await reader.read()).startswith(b"421 4.3.2 Too many connections")
        writer.close()


async def test_a_process_that_is_killed_costs_no_mail() -> None:
    async with receiving(helped(between_starts=0.0)) as post:
        (peer,) = await post.crowd()
        post.intake.gate = asyncio.Event()
        sending = asyncio.ensure_future(peer.mail(MAIL))
        await post.intake.entered.wait()
        (child,) = children()
        os.kill(child, signal.SIGKILL)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await sending
        post.intake.gate.set()

        again = await post.connect()
        assert (await again.mail(MAIL)).startswith("250 ")
        assert len(post.intake.mails) == 2
        (peer,) = await post.crowd()
        assert (await peer.mail(MAIL)).startswith("250 ")


async def test_stopping_waits_for_the_mail_that_another_process_is_taking() -> None:
    async with receiving(helped()) as post:
        (peer,) = await post.crowd()
        await peer.say("MAIL FROM:<ann@example.org>", "RCPT TO:<bob@example.com>", "DATA")
        stopping = asyncio.ensure_future(post.server.stop(PATIENCE))
        await asyncio.sleep(0)
        await peer.send(MAIL)
        assert [(await peer.reply())[:3], (await peer.reply())[:3]] == ["250", "421"]
        await stopping
        assert len(post.intake.read_elsewhere) == 1
        assert children() == []


async def test_stopping_does_not_wait_for_ever_for_another_process() -> None:
    async with receiving(helped()) as post:
        (peer,) = await post.crowd()
        await peer.say("MAIL FROM:<ann@example.org>", "RCPT TO:<bob@example.com>", "DATA")
        (child,) = children()
        os.kill(child, signal.SIGSTOP)
        await post.server.stop(grace=0.01)
        await closes(peer)
        assert children() == []


async def test_they_leave_when_the_crowd_has_gone() -> None:
    async with receiving(helped(quiet_seconds=0.5, between_starts=0.0)) as post:
        (peer,) = await post.crowd()
        assert (await peer.mail(MAIL)).startswith("250 ")
        for one in post.peers:
            await one.close()
        await until(lambda: not children())
        alone = await post.connect()
        assert (await alone.mail(MAIL)).startswith("250 ")
        assert len(post.intake.read_elsewhere) == 1


@pytest.mark.parametrize("command", [("/no/such/program",), ("/bin/false",)])
async def test_where_none_can_be_started_everybody_is_served_here(
    command: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    async with receiving(CrewSettings(2, command, crowd=CROWD)) as post:
        peers = [await post.connect() for _ in range(CROWD + 3)]
        assert [(await peer.mail(MAIL))[:3] for peer in peers] == ["250"] * (CROWD + 3)
        await until(lambda: caplog.records)
        assert post.intake.read_elsewhere == []
