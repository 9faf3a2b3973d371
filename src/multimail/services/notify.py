"""Posting webhooks: every webhook has a worker of its own, so that a slow receiver delays nobody else.

A worker posts one delivery after the other, oldest first, with no transaction open while it waits, so a receiver may
call back before it answers. What failed is tried again at its time; what comes behind it goes on meanwhile. A crash
between a post and its settling posts again: receivers may see an event twice, under the same id and with the same body.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from multimail.core import notices
from multimail.core.errors import Problem
from multimail.core.failpoints import hit
from multimail.core.retry import GiveUp
from multimail.core.retry import Retry as Again
from multimail.core.times import MINUTE, Micros
from multimail.core.webhooks import GONE, TRIES, next_post
from multimail.ports.store import Tx
from multimail.ports.webhooks import Answer, HookDelivery, HookSender, Post, Try, Webhook
from multimail.services.context import Services
from multimail.services.machine import machine_call
from multimail.services.notify_fanout import Fanout
from multimail.services.payloads import Notice, body, notice
from multimail.services.webhooks import note

T = TypeVar("T")
_LOG: Final = logging.getLogger(__name__)
LEASE: Final[Micros] = 5 * MINUTE
"""Longer than any post takes: only who died loses a lease."""
_TRIES_KEPT: Final = 4 * TRIES
_OF_STORING: Final = frozenset({"storage_full", "storage_failed", "busy"})
_WRITE_AGAIN: Final = 1.0
_GONE: Final = "the receiver answered 410 Gone"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery with what is needed to post it."""

    webhook: Webhook
    delivery: HookDelivery
    post: Post


@dataclass(slots=True)
class Notifier:
    """One poster. Several may run on one data folder: claims are atomic and leased."""

    services: Services
    sender: HookSender
    owner: str
    jitter: Callable[[], float] = field(default=random.random)
    _fanout: Fanout = field(init=False)
    _workers: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _again: set[str] = field(default_factory=set)
    _ending: bool = False

    def __post_init__(self) -> None:
        self._fanout = Fanout(self.services)

    async def begin(self) -> int:
        """Derive deliveries from new events, and see that every webhook with something due has its worker.

        Returns how much was derived; waits for no receiver.
        """
        derived = await self._fanout.step()
        if derived:
            hit("hooks.derived")
        if not self._fanout.serves:
            return 0
        now = self.services.clock.now()
        for webhook_id in await self.services.store.read(lambda tx: tx.webhook_deliveries.due(now)):
            self._start(webhook_id)
        return derived

    async def step(self) -> int:
        """As `begin`, to the end of all that is due; for tests and for who has time."""
        derived = await self.begin()
        await asyncio.gather(*self._workers.values())
        return derived

    async def rescue(self) -> int:
        """Take back what a dead poster had claimed. There must be no other one alive."""
        return await self.services.store.write(lambda tx: tx.webhook_deliveries.release())

    def under_way(self) -> set[asyncio.Task[None]]:
        """The workers that have begun and not ended."""
        return set(self._workers.values())

    async def finish(self, grace: float) -> None:
        """Begin no other post, and wait until those under way are settled. What takes longer than `grace` seconds is
        cut off; it is posted again after the next start."""
        self._ending = True
        if self._workers:
            _, late = await asyncio.wait(self._workers.values(), timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self, webhook_id: str) -> None:
        """A worker that is about to end looks once more: what was derived meanwhile must not wait for a timer."""
        self._again.add(webhook_id)
        if webhook_id not in self._workers and not self._ending:
            self._workers[webhook_id] = asyncio.create_task(
                self._work(webhook_id), name=f"webhook {webhook_id}"
            )

    async def _work(self, webhook_id: str) -> None:
        try:
            while webhook_id in self._again and not self._ending:
                self._again.discard(webhook_id)
                await self._post_all(webhook_id)
        except Exception:  # noqa: BLE001 - one webhook that cannot be served must not stop the others
            _LOG.exception(
                "serving the webhook %s failed; it is tried again when its lease is over", webhook_id
            )
        finally:
            del self._workers[webhook_id]

    async def _post_all(self, webhook_id: str) -> None:
        parcel = await self._written(lambda tx: self._next(tx, webhook_id))
        while parcel is not None:
            hit("hooks.claimed")
            answer = await self.sender.post(parcel.post)
            hit("hooks.posted")
            parcel = await self._settled(parcel, answer)

    async def _settled(self, parcel: Parcel, answer: Answer) -> Parcel | None:
        """Write down what came of a post and claim the next one, in one commit."""
        jitter = self.jitter()

        def work(tx: Tx) -> Parcel | None:
            self._settle(tx, parcel, answer, jitter)
            return None if self._ending else self._next(tx, parcel.webhook.id)

        return await self._written(work)

    def _next(self, tx: Tx, webhook_id: str) -> Parcel | None:
        now = self.services.clock.now()
        while True:
            claimed = tx.webhook_deliveries.claim(webhook_id, self.owner, now, now + LEASE)
            webhook = tx.webhooks.get(webhook_id)
            if claimed is None or webhook is None:
                return None
            content = claimed.body or _body(tx, webhook, claimed)
            if content is not None:
                break
            # What it told of is gone, or no longer this receiver's to see.
            tx.webhook_deliveries.drop(claimed.id)
        if claimed.body is None:
            tx.webhook_deliveries.keep_body(claimed.id, content)
        event_id = notices.event_id(claimed.event_seq)
        secrets = webhook.secrets(now)
        post = Post(webhook.url, content, claimed.event, event_id, claimed.id, secrets, now)
        return Parcel(webhook, claimed, post)

    def _settle(self, tx: Tx, parcel: Parcel, answer: Answer, jitter: float) -> None:
        now = self.services.clock.now()
        attempt = Try(parcel.post.at, answer.took, answer.status, answer.detail)
        delivery = replace(
            parcel.delivery,
            attempts=parcel.delivery.attempts + 1,
            tries=(*parcel.delivery.tries, attempt)[-_TRIES_KEPT:],
        )
        gone = answer.status == GONE
        again = GiveUp() if gone else next_post(delivery.attempts, now, jitter, answer.retry_after)
        waits = isinstance(again, Again) and not answer.accepted
        status = "delivered" if answer.accepted else "pending" if waits else "failed"
        due_at = again.at if isinstance(again, Again) else delivery.due_at
        webhook = tx.webhooks.get(parcel.webhook.id)
        if webhook is None or not tx.webhook_deliveries.settle(delivery, self.owner, status, due_at, now):
            # Deleted meanwhile, or posted by somebody else whose outcome counts.
            return
        webhook = _figures(webhook, answer, status, now)
        if gone and webhook.url == parcel.post.url and webhook.state == "active":
            webhook = self._disabled(tx, webhook, now)
        tx.webhooks.save(webhook)

    def _disabled(self, tx: Tx, webhook: Webhook, now: Micros) -> Webhook:
        """The receiver wants nothing more. What waited is given up, and can be replayed."""
        given_up = tx.webhook_deliveries.fail_pending(webhook.id, now)
        note(tx, machine_call(self.services), "webhook.disabled", webhook, given_up=given_up)
        return webhook.changed(now, state="disabled", reason=_GONE, failed=webhook.failed + given_up)

    async def _written(self, work: Callable[[Tx], T]) -> T:
        """A disk that is full is waited for."""
        while True:
            try:
                return await self.services.store.write(work)
            except Problem as problem:
                if problem.code not in _OF_STORING:
                    raise
                _LOG.error("what became of a webhook cannot be written yet: %s", problem.message)
            await asyncio.sleep(_WRITE_AGAIN)


def _figures(webhook: Webhook, answer: Answer, status: str, now: Micros) -> Webhook:
    """How the receiver did; what an operator set stays as it is."""
    if answer.accepted:
        return replace(webhook, delivered=webhook.delivered + 1, failures=0, last_delivered_at=now)
    said = " ".join(filter(None, (str(answer.status or ""), answer.detail)))
    return replace(
        webhook,
        failed=webhook.failed + (status == "failed"),
        failures=webhook.failures + 1,
        last_failed_at=now,
        last_failure=said[:300],
    )


def _body(tx: Tx, webhook: Webhook, delivery: HookDelivery) -> bytes | None:
    """The bytes of a delivery: made at its first try, and the same in every other."""
    found = tx.events.after(delivery.event_seq - 1, 1)
    event = found[0] if found and found[0].seq == delivery.event_seq else None
    if event is None:
        return None
    told = Notice(event, notices.TEST) if delivery.event == notices.TEST else notice(tx, event, webhook.sight)
    if told is None:
        return None
    return json.dumps(body(tx, told, webhook.sight), ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )
