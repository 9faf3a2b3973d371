"""The outbox: the only place that hands mail to a transport.

Claim with a lease, check the digest, ask who may still get it, mark `sending` durably, hand over, settle each
recipient. A crash before the mark is a retry; a crash after it is `unknown` and never repeated by the machine.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from multimail.core.addresses import normalise
from multimail.core.digest import digest_of
from multimail.core.failpoints import hit
from multimail.core.model import Mailbox, MessageClass
from multimail.core.policy.facts import RecipientFacts
from multimail.core.policy.rules import suppression
from multimail.mime.compose import finalise
from multimail.ports.records import Claim, StoredDelivery, StoredRevision
from multimail.ports.store import Tx
from multimail.ports.transport import HandOver, Recipient, Transport
from multimail.services import facts, settling
from multimail.services.context import Services
from multimail.services.inbound_local import deliver_local
from multimail.services.machine import machine_call
from multimail.services.settling import RELEASED, Result

_LOG: Final = logging.getLogger(__name__)
BATCH: Final = 50
"""Deliveries claimed at once: few enough that a freeze takes hold soon."""


@dataclass(frozen=True, slots=True)
class _Load:
    """A claim with what it takes to hand it over: bytes, revision, recipients by the way they go."""

    claim: Claim
    raw: bytes = b""
    intact: bool = False
    local: tuple[tuple[StoredDelivery, Mailbox], ...] = ()
    barred: tuple[tuple[StoredDelivery, str], ...] = ()
    outside: tuple[StoredDelivery, ...] = ()
    kept: tuple[StoredDelivery, ...] = ()


@dataclass(slots=True)
class Outbox:
    """One sender. Several may run on one data folder: claims are atomic and leased."""

    services: Services
    transport: Transport
    owner: str
    jitter: Callable[[], float] = field(default=random.random)

    async def step(self) -> int:
        """Hand over what is due now; returns how many deliveries were settled or put back."""
        store, clock = self.services.store, self.services.clock
        now = clock.now()
        if not await store.read(lambda tx: tx.deliveries.claimable(now)):
            return 0
        until = now + self.services.limits.lease
        loads = await store.write(lambda tx: [self._load(tx, one) for one in self._claim(tx, now, until)])
        if loads:
            hit("outbox.claimed")
        done = await asyncio.gather(*(self._send(load) for load in loads))
        return sum(done)

    def _claim(self, tx: Tx, now: int, until: int) -> list[Claim]:
        return tx.deliveries.claim(self.owner, now, until, BATCH)

    def _load(self, tx: Tx, claim: Claim) -> _Load:
        revision = tx.revisions.get(claim.message.id, claim.message.revision)
        raw = tx.revisions.raw(claim.message.id, claim.message.revision)
        if revision is None or raw is None or not _intact(claim, revision, raw):
            return _Load(claim)
        barred = _barred(tx, claim, revision)
        rest = [one for one in claim.deliveries if one.id not in {delivery.id for delivery, _ in barred}]
        local = tuple(
            (one, box) for one in rest if (box := tx.mailboxes.by_address(normalise(one.address))) is not None
        )
        here = {one.id for one, _ in local}
        away = tuple(one for one in rest if one.id not in here)
        captured = self.transport.name == "capture"
        kept = tuple(
            one for one in away if captured or (claim.mailbox.deliver == "capture" and one.detail != RELEASED)
        )
        outside = tuple(one for one in away if one not in kept)
        return _Load(claim, raw, True, local, tuple(barred), outside, kept)

    async def _send(self, load: _Load) -> int:
        try:
            if not load.intact:
                _LOG.error(
                    "the stored bytes of %s do not match their digest; not sent", load.claim.message.id
                )
                spoilt = [Result(one, "failed", None, "digest mismatch") for one in load.claim.deliveries]
                await self._settle(load, spoilt)
                return len(spoilt)
            await self._settle_here(load)
            if load.outside:
                await self._settle(load, await self._hand_over(load))
        except Exception:  # noqa: BLE001 - one mail that cannot be handled must not stop the others
            _LOG.exception("handing over %s failed; its deliveries are rescued", load.claim.message.id)
            await self._put_back(load)
        return len(load.claim.deliveries)

    async def _settle_here(self, load: _Load) -> None:
        """What needs no next hop: suppressed recipients, mailboxes of this server, mail that is kept here."""
        results = [Result(one, "suppressed", None, reason) for one, reason in load.barred]
        results += [
            Result(one, "captured", None, "kept here, nothing left this machine") for one in load.kept
        ]
        if not results and not load.local:
            return
        raw = finalise(load.raw, self.services.clock.now())

        def work(tx: Tx) -> None:
            call = machine_call(self.services)
            ids = [one.id for one in (*load.kept, *(one for one, _ in load.local))]
            free = set(tx.deliveries.still_may_leave(self.owner, ids, call.now))
            stored = []
            for one, box in load.local:
                if one.id in free:
                    deliver_local(tx, self.services, call.now, box, raw, load.claim.message.sender)
                    stored.append(Result(one, "stored"))
            gone = [one for one in results if one.status == "suppressed" or one.delivery.id in free]
            settling.settle(tx, call, load.claim.message.id, [*gone, *stored])
            self._release(tx, [one for one in ids if one not in free], call.now)

        await self.services.store.write(work)

    async def _hand_over(self, load: _Load) -> list[Result]:
        by_id = {one.id: one for one in load.outside}
        work = HandOver(
            envelope_sender=load.claim.message.sender,
            recipients=tuple(Recipient(one.id, one.address, one.token) for one in load.outside),
            raw=finalise(load.raw, self.services.clock.now()),
            smtputf8=not all(one.address.isascii() for one in load.outside)
            or not load.claim.message.sender.isascii(),
        )
        outcomes = await self.transport.deliver(work, self._about_to_send)
        call = machine_call(self.services)
        return [
            settling.tried(call, by_id[one.delivery_id], one.kind, one.smtp_code, one.text, self.jitter())
            for one in outcomes
        ]

    async def _about_to_send(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Commit `sending` for those that may still go; the rest is put back. After this, no second try."""
        hit("outbox.before_mark")

        def mark(tx: Tx) -> tuple[str, ...]:
            now = self.services.clock.now()
            free = tx.deliveries.still_may_leave(self.owner, ids, now)
            self._release(tx, [one for one in ids if one not in set(free)], now)
            marked = tx.deliveries.move(free, "claimed", "sending", now)
            self._mark_messages(tx, marked, now)
            return tuple(marked)

        marked = await self.services.store.write(mark)
        hit("outbox.marked")
        return marked

    def _mark_messages(self, tx: Tx, marked: Sequence[str], now: int) -> None:
        for message_id in tx.deliveries.messages_of(marked):
            message = tx.messages.get(message_id)
            if message is not None and message.status == "queued":
                tx.messages.move(message, "sending", now)

    def _release(self, tx: Tx, ids: Sequence[str], now: int) -> None:
        """Give up the claim of what may not leave (any more): it waits, or was withdrawn meanwhile."""
        if ids:
            tx.deliveries.move(ids, "claimed", "queued", now, lease_owner=None, lease_until=None)

    async def _settle(self, load: _Load, results: Sequence[Result]) -> None:
        hit("outbox.before_settle")
        call = machine_call(self.services)
        await self.services.store.write(lambda tx: settling.settle(tx, call, load.claim.message.id, results))
        hit("outbox.settled")

    async def _put_back(self, load: _Load) -> None:
        """After a fault of our own: what was not marked is tried later, what was marked is unknown."""
        call = machine_call(self.services)
        deliveries = load.claim.deliveries
        later = [
            settling.tried(call, one, "retry", None, "internal fault", self.jitter()) for one in deliveries
        ]
        ids = [one.id for one in deliveries]

        def work(tx: Tx) -> None:
            tx.deliveries.move(ids, "sending", "unknown", call.now, detail="internal fault")
            settling.settle(tx, call, load.claim.message.id, later)

        await self.services.store.write(work)


def _intact(claim: Claim, revision: StoredRevision, raw: bytes) -> bool:
    """The bytes and the envelope are those that were approved, or released by the policy."""
    digest = digest_of(raw, revision.envelope)
    return digest == claim.message.digest and digest in {
        claim.message.approved_digest,
        claim.message.released_digest,
    }


def _barred(tx: Tx, claim: Claim, revision: StoredRevision) -> list[tuple[StoredDelivery, str]]:
    """Recipients who opted out since, with the reason: recipients may go, none may come."""
    message = claim.message
    people: Mapping[str, RecipientFacts] = {
        one.address: one
        for one in facts.recipient_facts(tx, claim.mailbox, tx.messages.recipients(message.seq))
    }
    claimed = MessageClass(revision.envelope["class"]) if revision.envelope["class"] else None
    word = facts.operator_class(claim.mailbox) or (claimed if message.approved_digest else None)
    found = []
    for one in claim.deliveries:
        person = people.get(one.address)
        reason = suppression(person, claimed, word) if person is not None else ""
        if reason:
            found.append((one, reason))
    return found
