"""The way out through the operator's relay: the one place from which mail leaves this machine."""

from __future__ import annotations

import ssl
from typing import Final, Literal

from multimail.adapters.transport.link import Dialling, Link, Timeouts, open_link
from multimail.adapters.transport.outcome import Stopped
from multimail.adapters.transport.pool import Limits, Pool
from multimail.adapters.transport.relay_url import RelayAddress, Security
from multimail.adapters.transport.transaction import Stale, Transaction
from multimail.ports.transport import AboutToSend, HandOver, Outcome


class RelayTransport:
    """Hands mail to one relay over pooled connections. Safe to call concurrently on one event loop."""

    name: Final[Literal["relay"]] = "relay"

    def __init__(
        self,
        address: RelayAddress,
        local_hostname: str,
        *,
        timeouts: Timeouts | None = None,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`local_hostname` is what EHLO says; without `tls` the system's authorities are trusted."""
        # Reading the authorities takes long, and nothing asks for them on a connection that is not encrypted.
        if tls is None and address.security is not Security.NONE:
            tls = ssl.create_default_context()
        self._dialling = Dialling(address, local_hostname, timeouts or Timeouts(), tls)
        self._pool = Pool(self._open, limits or Limits())

    async def deliver(self, work: HandOver, about_to_send: AboutToSend) -> tuple[Outcome, ...]:
        """As the port promises; one SMTP transaction, and never a second DATA."""
        transaction = Transaction(work)
        try:
            if not await self._ran(transaction, about_to_send):
                async with self._pool.lease() as link:
                    await transaction.run(link, about_to_send)
        except Stopped as stop:
            transaction.settle_rest(stop.verdict)
        return transaction.outcomes()

    async def _ran(self, transaction: Transaction, about_to_send: AboutToSend) -> bool:
        """False when the link that was kept turned out to be closed before anything was said on it."""
        try:
            async with self._pool.lease(proven=False) as link:
                await transaction.run(link, about_to_send)
        except Stale:
            return False
        return True

    async def probe(self) -> str:
        """Connects, encrypts and signs in as for a mail, and names no sender or recipient."""
        try:
            async with self._pool.lease():
                return ""
        except Stopped as stop:
            return stop.verdict.text

    async def close(self) -> None:
        """See the port; a relay that does not answer QUIT delays this by `Timeouts.quit` at most."""
        await self._pool.close()

    async def _open(self) -> Link:
        return await open_link(self._dialling)
