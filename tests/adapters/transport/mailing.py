"""What the transport's tests share: work to hand over, an obliging `about_to_send`, certificates."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from multimail.adapters.transport.link import Timeouts
from multimail.adapters.transport.pool import Limits
from multimail.adapters.transport.relay import RelayTransport
from multimail.adapters.transport.relay_url import parse_relay_url
from multimail.ports.transport import HandOver, Outcome, Recipient

RAW = (
    b"From: ann@here.test\r\nTo: bob@there.test\r\nMessage-ID: <1@here.test>\r\nSubject: Hi\r\n\r\nHello\r\n"
)
# Long enough for a loaded machine, short enough that a wait that never ends is seen.
PATIENT = Timeouts(connect=10, command=10, envelope=10, block=10, reply=10, quit=1)
HASTY = Timeouts(connect=0.2, command=0.2, envelope=5, block=0.2, reply=0.2, quit=0.1)


def work(
    *addresses: str, raw: bytes = RAW, sender: str = "ann@here.test", smtputf8: bool = False
) -> HandOver:
    """One delivery per address, named d1, d2, …"""
    named = addresses or ("bob@there.test",)
    recipients = tuple(Recipient(f"d{number}", address) for number, address in enumerate(named, 1))
    return HandOver(sender, recipients, raw, smtputf8)


class Marks:
    """An `about_to_send` that notes what it was asked and lets go whom the test wants."""

    def __init__(self, *withheld: str, error: Exception | None = None) -> None:
        self.asked: list[tuple[str, ...]] = []
        self._withheld = withheld
        self._error = error

    async def __call__(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        self.asked.append(ids)
        if self._error is not None:
            raise self._error
        return tuple(one for one in ids if one not in self._withheld)


@asynccontextmanager
async def relay(
    url: str, timeouts: Timeouts = PATIENT, limits: Limits | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[RelayTransport]:
    """A transport to this URL, closed at the end."""
    transport = RelayTransport(parse_relay_url(url), "here.test", timeouts=timeouts, limits=limits, tls=tls)
    try:
        yield transport
    finally:
        await transport.close()


async def send(url: str, over: HandOver, timeouts: Timeouts = PATIENT) -> tuple[Outcome, ...]:
    """Hand over once, on a transport of its own."""
    async with relay(url, timeouts) as transport:
        return await transport.deliver(over, Marks())


def kinds(outcomes: tuple[Outcome, ...]) -> dict[str, str]:
    """Delivery id to kind."""
    return {outcome.delivery_id: outcome.kind for outcome in outcomes}


def certificate(folder: Path, *hosts: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's side and the side of a client that trusts it, for these hosts or else for 127.0.0.1 alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink.test")])
    begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    local = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in hosts] or [local]
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin.replace(year=2120))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / "sink.pem", folder / "sink.key"
    pem.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem, private)
    return server, ssl.create_default_context(cafile=str(pem))
