"""What the SMTP receiver asks: is this recipient taken, and take this mail. Durable before it answers.

Mail that was taken is filed in every mailbox it is for, or kept aside for a person, never both and never neither.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final

from multimail.core.envelope import Envelope, SessionFacts
from multimail.core.errors import Problem
from multimail.core.times import Micros
from multimail.ports.intake import Identity
from multimail.ports.store import Tx
from multimail.services import inbound_aside
from multimail.services.context import Services
from multimail.services.inbound_aside import Aside
from multimail.services.inbound_batch import Batches, Waiting
from multimail.services.inbound_filing import Filer, Filing
from multimail.services.inbound_mail import Arrival, content_hash
from multimail.services.inbound_mailboxes import Routes, taker
from multimail.services.inbound_reading import Taken, read_any

_LOG: Final = logging.getLogger(__name__)
_PASSED_ON: Final = frozenset({"storage_full", "storage_failed", "busy", "unavailable", "timeout"})
"""Problems of storing: the peer keeps the mail and offers it again."""
_MOST_HOPS: Final = 50


class Inbound:
    """See `surfaces.smtp.receiver.Intake`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._taken = Taken()
        self._batches = Batches(self._file_batch)
        self._may_read = asyncio.Event()
        self._may_read.set()

    async def recipient(self, address: str, session: SessionFacts) -> Problem | None:
        """As `taker`; a mail for it is then on its way."""
        problem = self.taker(address)
        if problem is None and session.accepted == 0:
            self._batches.announce()
        return problem

    def taker(self, address: str) -> Problem | None:
        """None when a mailbox takes mail for the address. Only that is remembered: `accept` looks again."""
        now = self._services.clock.now()
        if not self._taken.holds(address, now):
            try:
                self._services.store.instant(lambda tx: taker(tx, address))
            except Problem as problem:
                return problem
            self._taken.add(address, now)
        return None

    async def accept(self, envelope: Envelope) -> None:
        """Return when the mail is filed, or kept aside, and readable. A mail offered again changes nothing.

        Raises `loop` for a mail that passed through too many hops, `not_found` when none of its mailboxes is
        there any more, and problems of storing. Mails of several peers are filed together.
        """
        if not self._may_read.is_set():
            await self._may_read.wait()
        await self._take(envelope, await read_any(envelope), announced=True)

    async def take(self, envelope: Envelope, arrival: Arrival | None) -> None:
        """As `accept`, for a mail that another process has read; None for one that could not be read."""
        await self._take(envelope, arrival, announced=False)

    async def _take(self, envelope: Envelope, arrival: Arrival | None, *, announced: bool) -> None:
        now = self._services.clock.now()
        if arrival is None or arrival.is_empty:
            await self._keep(envelope, "unreadable", now, ("", content_hash(envelope.raw)))
            return
        if arrival.hops > _MOST_HOPS:
            raise Problem("loop", "The mail has passed through too many servers.")
        await self._batches.add(arrival, now, announced=announced)

    async def _file_batch(self, batch: list[Waiting]) -> None:
        """File them in one transaction; while that runs Python, no other mail is read."""
        loop = asyncio.get_running_loop()

        def work(tx: Tx) -> list[Problem | None]:
            try:
                return self._file(tx, batch)
            finally:
                with suppress(RuntimeError):  # the loop is closed: nobody reads any more
                    loop.call_soon_threadsafe(self._may_read.set)

        self._may_read.clear()
        try:
            outcomes = await self._services.store.write(work)
        except Exception as error:  # noqa: BLE001 - each caller hears what became of its own mail
            self._may_read.set()
            await self._file_singly(batch, error)
        else:
            for one, outcome in zip(batch, outcomes, strict=True):
                one.settle(outcome)

    async def _file_singly(self, batch: Sequence[Waiting], error: Exception) -> None:
        if not _is_storage(error):
            _LOG.error("mail could not be filed together; it is filed one by one", exc_info=error)
        for one in batch:
            outcome: Exception | None = error
            if not _is_storage(error):
                try:
                    outcome = await self._file_apart(one)
                except Exception as another:  # noqa: BLE001 - as above
                    outcome = another
            one.settle(outcome)

    def _file(self, tx: Tx, batch: Sequence[Waiting]) -> list[Problem | None]:
        """In every mailbox each mail is for. What is for a mailbox that went away meanwhile is kept aside; a mail
        for none that is there is refused, so that its sender hears of it."""
        routes, ids = Routes(tx), self._services.ids
        filings: list[Filing] = []
        outcomes: list[Problem | None] = []
        for one in batch:
            found, missing = routes.of(one.arrival.envelope.recipients)
            outcomes.append(None if found else Problem("not_found", "There is no such mailbox here."))
            filings += [
                Filing(ids.new("msg", one.now), one.now, box, one.arrival, addressed)
                for box, addressed in found
            ]
            if found and missing:
                self._keep_missing(tx, one, missing)
        Filer(tx, self._services).file_all(filings)
        return outcomes

    def _keep_missing(self, tx: Tx, one: Waiting, missing: tuple[str, ...]) -> None:
        kept = Aside(
            self._services.ids.new("msg", one.now),
            replace(one.arrival.envelope, recipients=missing),
            "no_mailbox",
        )
        identity = one.arrival.identity
        if identity is None or tx.arrivals.remember([Identity("", *identity, kept.id)]):
            inbound_aside.keep(tx, kept, one.now)

    async def _file_apart(self, one: Waiting) -> Problem | None:
        """After a fault: a transaction for each mailbox, so that one of them costs no other its mail."""
        whole = one.arrival.envelope
        found, missing = await self._services.store.read(lambda tx: Routes(tx).of(whole.recipients))
        if not found:
            return Problem("not_found", "There is no such mailbox here.")
        for addressed in (*(addressed for _, addressed in found), *((missing,) if missing else ())):
            envelope = replace(whole, recipients=addressed)
            alone = replace(one, arrival=one.arrival._replace(envelope=envelope))
            try:
                await self._services.store.write(partial(self._file, batch=[alone]))
            except Exception as error:
                if _is_storage(error):
                    raise
                _LOG.exception("a mail could not be filed; it is kept aside")
                await self._keep(envelope, "filing", one.now, one.arrival.identity)
        return None

    async def _keep(
        self, envelope: Envelope, reason: str, now: Micros, identity: tuple[str, str] | None
    ) -> None:
        """Keep it aside; a mail that is offered again is kept once."""

        def work(tx: Tx) -> None:
            found, _ = Routes(tx).of(envelope.recipients)
            boxes = tuple(box.id for box, _ in found) or ("",)
            kept = Aside(self._services.ids.new("msg", now), envelope, reason, tuple(filter(None, boxes)))
            known = [Identity(one, *identity, kept.id) for one in boxes] if identity else []
            if identity is None or tx.arrivals.remember(known):
                inbound_aside.keep(tx, kept, now)

        await self._services.store.write(work)


def _is_storage(error: Exception) -> bool:
    return isinstance(error, Problem) and error.code in _PASSED_ON
