"""Opening a connection: encryption that is demanded, sign-in, and what a relay may not make us do."""

from __future__ import annotations

import asyncio
import base64
import ssl
from pathlib import Path

import pytest

from multimail.adapters.transport.link import Dialling, open_link
from multimail.adapters.transport.relay_url import parse_relay_url
from multimail.ports.transport import Outcome
from tests.adapters.transport.mailing import PATIENT, RAW, Marks, certificate, kinds, relay, work
from tests.support.sink import Fault, Mail, Setup, Sink

pytestmark = pytest.mark.anyio

ACCOUNTS = {"ann": "hunter2"}


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What the server shows and what a client needs to trust it."""
    folder: Path = tmp_path_factory.mktemp("tls")
    return certificate(folder)


async def deliver(url: str, tls: ssl.SSLContext | None = None, raw: bytes = RAW) -> Outcome:
    async with relay(url, PATIENT, tls=tls) as transport:
        [outcome] = await transport.deliver(work(raw=raw), Marks())
    return outcome


def only(sink: Sink) -> Mail:
    [mail] = sink.mails
    return mail


async def test_starttls_comes_before_the_sign_in_and_the_mail(
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    with Sink(setup=Setup(tls=tls[0], accounts=ACCOUNTS)) as sink:
        outcome = await deliver(f"smtp://ann:hunter2@127.0.0.1:{sink.port}", tls[1])
    assert outcome.kind == "sent"
    assert (only(sink).user, only(sink).encrypted) == ("ann", True)
    verbs = [line.split(" ")[0] for line in sink.commands]
    assert verbs == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", ".", "QUIT"]
    assert sink.commands[0] == "EHLO here.test"


async def test_tls_from_the_first_byte(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    raw = RAW + b"a long text over several TLS records\r\n" * 20_000
    with Sink(setup=Setup(tls=tls[0], implicit_tls=True)) as sink:
        outcome = await deliver(f"smtps://127.0.0.1:{sink.port}", tls[1], raw)
    assert outcome.kind == "sent"
    assert (only(sink).raw == raw, only(sink).encrypted) == (True, True)


async def test_a_relay_without_starttls_gets_neither_password_nor_mail() -> None:
    with Sink(setup=Setup(accounts=ACCOUNTS)) as sink:
        outcome = await deliver(f"smtp://ann:hunter2@127.0.0.1:{sink.port}")
        await asyncio.to_thread(sink.wait_until_alone)
    assert outcome.kind == "retry"
    assert "STARTTLS extension not supported" in outcome.text
    assert [line.split(" ")[0] for line in sink.commands] == ["EHLO"]


@pytest.mark.parametrize("reply", ["454 4.7.0 not now", "502 5.5.1 never"])
async def test_a_refused_starttls_ends_the_attempt(
    reply: str, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    with Sink(Fault("STARTTLS", reply), setup=Setup(tls=tls[0])) as sink:
        outcome = await deliver(f"smtp://127.0.0.1:{sink.port}", tls[1])
        await asyncio.to_thread(sink.wait_until_alone)
    assert (outcome.kind, outcome.smtp_code) == ("retry", int(reply[:3]))
    assert not any(line.startswith("MAIL") for line in sink.commands)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_a_certificate_nobody_vouches_for_is_refused(
    scheme: str, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    with Sink(setup=Setup(tls=tls[0], implicit_tls=scheme == "smtps")) as sink:
        outcome = await deliver(f"{scheme}://127.0.0.1:{sink.port}")
        await asyncio.to_thread(sink.wait_until_alone)
    assert outcome.kind == "retry"
    assert "certificate is not trusted (self-signed certificate)" in outcome.text
    assert sink.mails == []


async def test_a_certificate_for_another_host_is_refused(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    with Sink(setup=Setup(tls=tls[0])) as sink:
        outcome = await deliver(f"smtp://localhost:{sink.port}", tls[1])
    assert (outcome.kind, sink.mails) == ("retry", [])
    assert "certificate is not valid for 'localhost'" in outcome.text


async def test_a_wrong_password_is_tried_again_and_points_at_the_setting() -> None:
    with Sink(setup=Setup(accounts=ACCOUNTS)) as sink:
        outcome = await deliver(f"smtp+insecure://ann:wrong@127.0.0.1:{sink.port}")
    assert (outcome.kind, outcome.smtp_code, outcome.enhanced) == ("retry", 535, "5.7.8")
    assert outcome.text.startswith("The relay refused this server's sign-in; check the relay setting")


@pytest.mark.parametrize(
    "echo", ["hunter2", base64.b64encode(b"hunter2").decode(), base64.b64encode(b"\0ann\0hunter2").decode()]
)
async def test_a_relay_that_echoes_the_password_is_not_quoted(echo: str) -> None:
    with Sink(Fault("AUTH", f"535 5.7.8 bad: {echo}"), setup=Setup(accounts=ACCOUNTS)) as sink:
        outcome = await deliver(f"smtp+insecure://ann:hunter2@127.0.0.1:{sink.port}")
    assert (outcome.smtp_code, echo in outcome.text) == (535, False)


async def test_a_relay_that_offers_no_sign_in_is_told_apart_from_a_refusal() -> None:
    with Sink() as sink:
        outcome = await deliver(f"smtp+insecure://ann:hunter2@127.0.0.1:{sink.port}")
    assert (outcome.kind, outcome.smtp_code) == ("retry", None)
    assert "AUTH extension is not supported" in outcome.text


async def test_an_unreadable_size_is_no_limit() -> None:
    with Sink(setup=Setup(extensions=("SIZE lots", "8BITMIME"))) as sink:
        outcome = await deliver(sink.url)
    assert outcome.kind == "sent"


async def test_a_connection_that_ends_during_its_goodbye_is_no_fault() -> None:
    with Sink(Fault("QUIT", action="drop")) as sink:
        async with relay(sink.url) as transport:
            outcomes = await transport.deliver(work(), Marks())
        await asyncio.to_thread(sink.wait_until_alone)
    assert kinds(outcomes) == {"d1": "sent"}


@pytest.mark.parametrize("scheme", ["smtp+insecure", "smtp", "smtps"])
async def test_no_text_stays_in_a_buffer_of_ours(
    scheme: str, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    setup = Setup(tls=tls[0], implicit_tls=scheme == "smtps") if scheme != "smtp+insecure" else Setup()
    with Sink(setup=setup) as sink:
        address = parse_relay_url(f"{scheme}://127.0.0.1:{sink.port}")
        link = await open_link(Dialling(address, "here.test", PATIENT, tls[1]))
        transport = link._client.transport
        # Which bytes are left behind depends on the kernel; that a drain waits for all of them does not.
        assert isinstance(transport, asyncio.Transport)
        assert transport.get_write_buffer_limits() == (0, 1)
        await link.quit()
