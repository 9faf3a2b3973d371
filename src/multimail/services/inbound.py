"""What the SMTP receiver asks: is this recipient taken, and take this mail. Durable before it answers.

Mail that was taken is filed in every mailbox it is for, or kept aside for a person, never both and never neither.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Final

from multimail.core.envelope import Envelope, SessionFacts
from multimail.core.errors import Problem
from multimail.core.model import Mailbox
from multimail.core.times import SECOND, Micros
from multimail.ports.store import Tx
from multimail.services import inbound_aside
from multimail.services.context import Services
from multimail.services.inbound_aside import Aside
from multimail.services.inbound_filing import Filing, file
from multimail.services.inbound_mail import Arrival, content_hash, read
from multimail.services.inbound_mailboxes import taker

_LOG: Final = logging.getLogger(__name__)
_PASSED_ON: Final = frozenset({"storage_full", "storage_failed", "busy", "unavailable", "timeout"})
"""Problems of storing: the peer keeps the mail and offers it again."""
_MOST_HOPS: Final = 50
_LARGE: Final = 128 * 1024
"""From so many bytes on a mail is read on another thread, so that other peers are not kept waiting."""
_REMEMBERED: Final = SECOND
_MOST_REMEMBERED: Final = 10_000

Places = tuple[tuple[Mailbox, tuple[str, ...]], ...]


class Inbound:
    """See `surfaces.smtp.receiver.Intake`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._taken: dict[str, Micros] = {}

    def recipient(self, address: str, session: SessionFacts) -> Problem | None:
        """None when a mailbox takes mail for the address. Only that is remembered, for a second: whoever is
        new here is taken at once, and `accept` looks again."""
        now = self._services.clock.now()
        if 0 <= now - self._taken.get(address, now - _REMEMBERED - 1) <= _REMEMBERED:
            return None
        try:
            self._services.store.instant(lambda tx: taker(tx, address))
        except Problem as problem:
            return problem
        if len(self._taken) >= _MOST_REMEMBERED:
            self._taken.clear()
        self._taken[address] = now
        return None

    async def accept(self, envelope: Envelope) -> None:
        """Return when the mail is filed, or kept aside, and readable. A mail offered again changes nothing.

        Raises `loop` for a mail that passed through too many hops, `not_found` when none of its mailboxes is
        there any more, and problems of storing.
        """
        now = self._services.clock.now()
        arrival = await self._read(envelope)
        if arrival is None or arrival.is_empty:
            await self._keep(envelope, "unreadable", now, ("", content_hash(envelope.raw)))
            return
        if _hops(arrival) > _MOST_HOPS:
            raise Problem("loop", "The mail has passed through too many servers.")
        try:
            await self._services.store.write(partial(self._file, arrival=arrival, now=now))
        except Exception as error:
            if _is_the_answer(error):
                raise
            _LOG.exception("a mail could not be filed; it is filed mailbox by mailbox, or kept aside")
            await self._file_apart(arrival, now)

    async def _read(self, envelope: Envelope) -> Arrival | None:
        try:
            if len(envelope.raw) < _LARGE:
                return read(envelope)
            return await asyncio.to_thread(read, envelope)
        except Exception:  # noqa: BLE001 - reading is total; if it is not, the mail is kept all the same
            _LOG.exception("a mail could not be read")
            return None

    def _file(self, tx: Tx, arrival: Arrival, now: Micros) -> None:
        """In every mailbox it is for; what is for a mailbox that went away meanwhile is kept aside."""
        places, missing = _places(tx, arrival.envelope.recipients)
        for box, addressed in places:
            file(tx, Filing(self._services, now, box, arrival, addressed))
        message_id = self._services.ids.new("msg", now) if missing else ""
        if missing and (not arrival.identity or tx.arrivals.remember("", *arrival.identity, message_id)):
            envelope = replace(arrival.envelope, recipients=missing)
            inbound_aside.keep(tx, Aside(message_id, envelope, "no_mailbox"), now)

    async def _file_apart(self, arrival: Arrival, now: Micros) -> None:
        """After a fault: one transaction for each mailbox, so that one of them costs no other its mail."""
        whole = arrival.envelope
        places, missing = await self._services.store.read(lambda tx: _places(tx, whole.recipients))
        for addressed in (*(addressed for _, addressed in places), *((missing,) if missing else ())):
            alone = replace(arrival, envelope=replace(whole, recipients=addressed))
            try:
                await self._services.store.write(partial(self._file, arrival=alone, now=now))
            except Exception as error:
                if isinstance(error, Problem) and error.code in _PASSED_ON:
                    raise
                _LOG.exception("a mail could not be filed; it is kept aside")
                await self._keep(alone.envelope, "filing", now, arrival.identity)

    async def _keep(
        self, envelope: Envelope, reason: str, now: Micros, identity: tuple[str, str] | None
    ) -> None:
        """Keep it aside; a mail that is offered again is kept once."""

        def work(tx: Tx) -> None:
            places, _ = _places(tx, envelope.recipients)
            ids = tuple(box.id for box, _ in places)
            kept = Aside(self._services.ids.new("msg", now), envelope, reason, ids)
            if identity is None or {tx.arrivals.remember(one, *identity, kept.id) for one in ids} != {False}:
                inbound_aside.keep(tx, kept, now)

        await self._services.store.write(work)


def _places(tx: Tx, recipients: Iterable[str]) -> tuple[Places, tuple[str, ...]]:
    """The mailboxes of these recipients with the addresses that lead there, and the addresses that lead nowhere.

    `not_found` when all of them do: then the mail is refused, and its sender hears of it.
    """
    boxes: dict[str, Mailbox] = {}
    addressed: dict[str, list[str]] = {}
    missing: list[str] = []
    for address in recipients:
        try:
            box = taker(tx, address)
        except Problem:
            missing.append(address)
            continue
        boxes.setdefault(box.id, box)
        addressed.setdefault(box.id, []).append(address)
    if not boxes:
        raise Problem("not_found", "There is no such mailbox here.", field="recipient")
    return tuple((box, tuple(addressed[box.id])) for box in boxes.values()), tuple(missing)


def _is_the_answer(error: Exception) -> bool:
    return isinstance(error, Problem) and error.code in {*_PASSED_ON, "not_found"}


def _hops(arrival: Arrival) -> int:
    """Received headers, one per server (RFC 5321 section 6.3)."""
    headers = arrival.mail.headers
    if len(headers) <= _MOST_HOPS:
        return 0
    return sum(1 for name, _ in headers if name.lower() == "received")
