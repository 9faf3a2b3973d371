"""The outbox: the only place that hands mail to a transport.

Claim with a lease, check the digest, ask who may still get it, mark `sending` durably, hand over, settle each
recipient. A crash before the mark is a retry; a crash after it is `unknown` and never repeated by the machine.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

from multimail.core.errors import Problem
from multimail.core.failpoints import hit
from multimail.core.model import MessageClass
from multimail.core.times import SECOND, Micros
from multimail.mime.compose import finalise
from multimail.ports.records import Claim, StoredDelivery
from multimail.ports.store import Tx
from multimail.ports.transport import Outcome, Transport
from multimail.services import breakers, pacing, rechecking, settling
from multimail.services.consignment import Consignment, consignment
from multimail.services.context import Call, Services
from multimail.services.copies import Outage, OwnCopies
from multimail.services.inbound_local import file_local, read_local
from multimail.services.machine import machine_call
from multimail.services.settling import Result

_LOG: Final = logging.getLogger(__name__)
BATCH: Final = 50
"""Deliveries claimed at once."""
AT_ONCE: Final = 20
"""Mails under way from which on nothing more is claimed: what is claimed here waits for nobody else."""
KEPT: Final = "kept here, nothing left this machine"
_OF_STORING: Final = frozenset({"storage_full", "storage_failed", "busy"})
_WRITE_AGAIN: Final = 1.0
_WRITTEN_TOGETHER: Final = 10
"""Outcomes of one mail's recipients from which on they are written before the next copy leaves."""


@dataclass(slots=True)
class Outbox:
    """One sender. Several may run on one data folder: claims are atomic and leased."""

    services: Services
    transport: Transport
    owner: str
    jitter: Callable[[], float] = field(default=random.random)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)
    _attempts: Iterator[int] = field(default_factory=itertools.count)

    async def step(self) -> int:
        """Hand over what is due now, to the end; returns how many deliveries were settled or put back."""
        begun = await self.begin()
        await self.finish()
        return begun

    async def begin(self) -> int:
        """Claim what is due and hand it over in the background; returns how many deliveries.

        A next hop that is slow with one mail holds up no other; this waits only while `AT_ONCE` are under way.
        """
        while len(self._under_way) >= AT_ONCE:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        store, now = self.services.store, self.services.clock.now()
        if not await store.read(lambda tx: tx.deliveries.claimable(now)):
            return 0
        until = now + self.services.limits.lease
        # A lease that ran out, as over a laptop's sleep, must not be taken for that of the attempt after it.
        owner = f"{self.owner}:{next(self._attempts)}"
        claims = await store.write(lambda tx: tx.deliveries.claim(owner, now, until, BATCH))
        if claims:
            hit("outbox.claimed")
        for claim in claims:
            task = asyncio.create_task(self._send(claim), name=f"hand-over {claim.message.id}")
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return sum(len(claim.deliveries) for claim in claims)

    def under_way(self) -> set[asyncio.Task[None]]:
        """The hand-overs that have begun and not ended."""
        return set(self._under_way)

    async def finish(self, grace: float | None = None) -> None:
        """Wait until all that has begun is settled. What takes longer than `grace` seconds is cut off: then it
        is rescued at the next start."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _send(self, claim: Claim) -> None:
        gone: set[str] = set()
        try:
            async with self._kept_lease(claim):
                await self._hand_over_all(claim, gone)
        except Exception:  # noqa: BLE001 - one mail that cannot be handled must not stop the others
            _LOG.exception("handing over %s failed", claim.message.id)
            await self._put_back(claim, gone)

    async def _hand_over_all(self, claim: Claim, gone: set[str]) -> None:
        """`gone` collects the ids of the deliveries whose content may have left."""
        captures, now = self.transport.name == "capture", self.services.clock.now()
        load = await self.services.store.read(lambda tx: consignment(tx, claim, now, captures=captures))
        if not load.intact:
            _LOG.error("the stored bytes of %s do not match their digest; not sent", claim.message.id)
            await self._settle(
                claim, [Result(one, "failed", None, "digest mismatch") for one in claim.deliveries]
            )
            return
        await self._settle_here(load)
        if load.outside:
            await self._hand_over(load, gone)

    async def _settle_here(self, load: Consignment) -> None:
        """What needs no next hop: suppressed recipients, those whose time has not come, mailboxes of
        this server, mail that is kept here."""
        if not (load.barred or load.later or load.kept or load.local):
            return
        claim, sender = load.claim, load.claim.message.sender
        raw = finalise(load.raw, self.services.clock.now())
        filed = [(one, box, read_local(box, load.marks.copy(raw, one), sender)) for one, box in load.local]
        system = claim.message.message_class == MessageClass.SYSTEM
        ids = [one.id for one in (*load.kept, *(one for one, _ in load.local))]

        def work(tx: Tx) -> None:
            call = machine_call(self.services)
            open_to = tx.deliveries.still_may_leave(claim.owner, ids, call.now)
            results = [Result(one, "suppressed", None, reason) for one, reason in load.barred]
            results += rechecking.barred_since(tx, claim, load.seen, open_to, call.now)
            left_out = {one.delivery.id for one in results}
            free = set(pacing.let_go(tx, call, claim, [one for one in open_to if one not in left_out]))
            results += [Result(one, "captured", None, KEPT) for one in load.kept if one.id in free]
            for one, box, arrival in filed:
                if one.id in free:
                    file_local(tx, self.services, call.now, box, arrival, system=system)
                    results.append(Result(one, "stored"))
            settling.settle(tx, call, claim.message.id, results, claim.owner)
            _release(tx, claim, [one for one in ids if one not in free | left_out], call.now)
            pacing.put_back(tx, call, claim, load.later)

        await self.services.store.write(work)

    async def _hand_over(self, load: Consignment, gone: set[str]) -> None:
        """A transaction for each recipient, in the order of their deliveries: every copy is its recipient's own.

        What became of some is written while others are still to go, so that little is not known should this
        process end. A next hop that takes nothing from anybody is not asked again for each of them.
        """
        copies, outage = OwnCopies(load, self.services.clock.now()), Outage()
        known: list[Result] = []

        async def about_to_send(ids: tuple[str, ...]) -> tuple[str, ...]:
            if len(known) >= _WRITTEN_TOGETHER:
                await self._settle(load.claim, known)
                known.clear()
            marked = await self._mark(load, ids)
            gone.update(marked)
            return marked

        try:
            for one in load.outside:
                outcomes = outage.again(one) or await self.transport.deliver(copies.of(one), about_to_send)
                outage.look_at(outcomes)
                known += [self._result(one, outcome) for outcome in outcomes]
        except BaseException:
            # Cut off, or a fault of our own: what is known by now is written once more, without patience.
            with suppress(Problem):
                await self._settle(load.claim, known, patiently=False)
            raise
        await self._settle(load.claim, known)

    def _result(self, delivery: StoredDelivery, outcome: Outcome) -> Result:
        call = machine_call(self.services)
        result = settling.tried(call, delivery, outcome.kind, outcome.smtp_code, outcome.text, self.jitter())
        return replace(result, enhanced=outcome.enhanced)

    async def _mark(self, load: Consignment, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Commit `sending` for those that may still go. Who opted out since the recipients were looked at is left
        out, the rest is put back. After this, no second try."""
        hit("outbox.before_mark")
        claim = load.claim

        def mark(tx: Tx) -> tuple[str, ...]:
            call = machine_call(self.services)
            now = call.now
            free = breakers.room(tx, claim, tx.deliveries.still_may_leave(claim.owner, ids, now), now)
            _release(tx, claim, [one for one in ids if one not in set(free)], now)
            out = rechecking.barred_since(tx, claim, load.seen, free, now)
            if out:
                settling.settle(tx, call, claim.message.id, out, claim.owner)
                free = [one for one in free if one not in {result.delivery.id for result in out}]
            going = pacing.let_go(tx, call, claim, free)
            marked = tx.deliveries.move(going, "claimed", "sending", now, holder=claim.owner)
            for message_id in tx.deliveries.messages_of(marked):
                message = tx.messages.get(message_id)
                if message is not None and message.status == "queued":
                    tx.messages.move(message, "sending", now)
            return tuple(marked)

        marked = await self.services.store.write(mark)
        hit("outbox.marked")
        return marked

    async def _settle(self, claim: Claim, results: Sequence[Result], *, patiently: bool = True) -> None:
        if not results:
            return
        hit("outbox.before_settle")
        call, write = machine_call(self.services), self._written if patiently else self.services.store.write
        await write(lambda tx: settling.settle(tx, call, claim.message.id, results, claim.owner))
        hit("outbox.settled")

    async def _put_back(self, claim: Claim, gone: set[str]) -> None:
        """After a fault of our own: what has not gone is tried later, of what may have gone nothing is known."""
        call = machine_call(self.services)
        results = [_after_fault(one, gone) or self._later(call, one) for one in claim.deliveries]
        try:
            await self._written(lambda tx: settling.settle(tx, call, claim.message.id, results, claim.owner))
        except Exception:  # noqa: BLE001 - its lease runs out, and then it is rescued
            _LOG.exception("%s could not be put back", claim.message.id)

    def _later(self, call: Call, delivery: StoredDelivery) -> Result:
        return settling.tried(call, delivery, "retry", None, "internal fault", self.jitter())

    async def _written(self, work: Callable[[Tx], object]) -> None:
        """Write an outcome, which nobody but us knows: a disk that is full is waited for."""
        while True:
            try:
                await self.services.store.write(work)
            except Problem as problem:
                if problem.code not in _OF_STORING:
                    raise
                _LOG.error("what became of a mail cannot be written yet: %s", problem.message)
            else:
                return
            await asyncio.sleep(_WRITE_AGAIN)

    @asynccontextmanager
    async def _kept_lease(self, claim: Claim) -> AsyncIterator[None]:
        """A next hop may take longer than a lease: as long as this process lives, it keeps what it claimed."""
        keeper = asyncio.create_task(self._extend(claim))
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _extend(self, claim: Claim) -> None:
        ids, lease = [one.id for one in claim.deliveries], self.services.limits.lease

        def extend(tx: Tx) -> None:
            tx.deliveries.extend_lease(ids, claim.owner, self.services.clock.now() + lease)

        while True:
            await asyncio.sleep(lease / SECOND / 3)
            await self._written(extend)


def _release(tx: Tx, claim: Claim, ids: Sequence[str], now: Micros, **changes: Any) -> None:
    """Give up the claim of what may not leave (any more, or yet): it waits, or was withdrawn meanwhile."""
    free = {"lease_owner": None, "lease_until": None}
    tx.deliveries.move(ids, "claimed", "queued", now, holder=claim.owner, **free, **changes)


def _after_fault(delivery: StoredDelivery, gone: set[str]) -> Result | None:
    return Result(delivery, "unknown", None, "internal fault") if delivery.id in gone else None
