"""Breakers at work: what is counted moves them, they put up and lift stops, an operator resumes; warm-ups at the mark.

A stop holds with its commit: claims ask for it, and so does the mark right before the text of a mail goes. Whatever
waits behind it stays queued.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from multimail.core import reputation
from multimail.core.model import MessageClass
from multimail.core.reputation import MAILBOX, Counts, Rules, Rung, State, hour_of
from multimail.core.times import DAY, HOUR, Micros
from multimail.ports.records import Claim, Event
from multimail.ports.reputation import Breaker, Subject
from multimail.ports.store import Tx
from multimail.services.context import Services
from multimail.services.machine import SERVER

SLICE: Final = 500
"""Deliveries that change their lane in one transaction."""
_EVERY: Final = 10
"""Mails of an hour after which rates and volume are looked at again: what came back before there were enough mails to
judge by counts once there are, though nothing else comes back."""
_MODES: Final = {State.PAUSED: "paused", State.THROTTLED: "throttled"}
_KINDS: Final = {
    State.NORMAL: "sending.resumed",
    State.WARNED: "sending.warned",
    State.THROTTLED: "sending.throttled",
    State.PAUSED: "sending.paused",
}
_FOLLOWING: Final = (State.WARNED, State.THROTTLED)
"""States that end by themselves."""


def rules_of(tx: Tx, subject: Subject) -> Rules:
    """What holds for it: its own settings over the general ones over the built-in ones."""
    return read_rules(tx.reputation.rules(None) | tx.reputation.rules(subject))


def read_rules(stored: dict[str, Any]) -> Rules:
    """Rules from what is stored of them."""
    built_in = Rules()
    rungs: dict[str, Any] = {
        name: Rung(
            stored.get(f"{name}_bounces", rung.bounces), stored.get(f"{name}_complaints", rung.complaints)
        )
        for name, rung in (
            ("warn", built_in.warn),
            ("throttle", built_in.throttle),
            ("pause", built_in.pause),
        )
    }
    plain = ("enabled", "minimum", "window_hours", "recover", "per_minute", "spike_factor")
    given: dict[str, Any] = {name: stored[name] for name in plain if name in stored}
    if "spike_action" in stored:
        given["spike_action"] = State(stored["spike_action"])
    return replace(built_in, **rungs, **given)


def state_of(tx: Tx, subject: Subject, now: Micros) -> Breaker:
    """How its breaker stands; one that never moved is normal."""
    return tx.reputation.breaker(subject) or Breaker(subject, State.NORMAL, "", now)


def counted(tx: Tx, now: Micros, subject: Subject, *, sent: int, added: int, bad: bool) -> None:
    """After something was counted: `sent` in this hour by now, `added` of them just now, `bad` if some came back."""
    breaker = state_of(tx, subject, now)
    burst = sent // _EVERY != (sent - added) // _EVERY
    if breaker.state is not State.PAUSED and (bad or burst or breaker.state is not State.NORMAL):
        look_again(tx, now, breaker)


def look_again(tx: Tx, now: Micros, breaker: Breaker) -> bool:
    """Move it to where the counts of its window say; whether it moved."""
    rules = rules_of(tx, breaker.subject)
    counts = rates(tx, breaker, rules.window_hours, now)
    verdict = reputation.judged(breaker.state, counts, rules, spike=_spikes(tx, breaker.subject, now, rules))
    if verdict.state is breaker.state:
        return False
    moved = replace(breaker, state=verdict.state, reason=verdict.reason, since=now, principal_id=SERVER)
    _carry_out(tx, now, moved, rules, tell=reputation.rises(breaker.state, moved.state))
    _tell(tx, now, moved, counts)
    return True


def rates(tx: Tx, breaker: Breaker, hours: int, now: Micros) -> Counts:
    """What counts for the breaker: of its last hours those since it was reset."""
    first = reputation.window(hour_of(now), hours)
    counts = tx.reputation.counts(breaker.subject, max(first, breaker.from_hour))
    return counts.less(breaker.base) if breaker.from_hour >= first else counts


def _spikes(tx: Tx, subject: Subject, now: Micros, rules: Rules) -> bool:
    if subject.kind != MAILBOX:
        return False
    hour = hour_of(now)
    sent = sum(tx.reputation.sent_by_hour(subject, hour, hour + 1))
    if sent < rules.minimum:
        return False
    return reputation.is_spike(
        sent, tx.reputation.sent_by_hour(subject, *reputation.spike_hours(hour)), rules
    )


def _carry_out(tx: Tx, now: Micros, breaker: Breaker, rules: Rules, *, tell: bool = False) -> None:
    tx.reputation.save_breaker(breaker, tell=tell)
    mode = _MODES.get(breaker.state)
    if mode is None:
        tx.stops.lift(breaker.subject, ("paused", "throttled"), now)
    else:
        tx.stops.put(breaker.subject, mode, per_minute=rules.per_minute)


def _tell(tx: Tx, now: Micros, breaker: Breaker, counts: Counts) -> None:
    data = {
        "kind": breaker.subject.kind,
        "state": breaker.state.value,
        "reason": breaker.reason,
        "sent": counts.sent,
        "bounce_percent": counts.bounce_percent,
        "complaint_percent": counts.complaint_percent,
    }
    in_mailbox = breaker.subject.kind == MAILBOX
    about = {} if in_mailbox else {"campaign": breaker.subject.name}
    tx.events.add(
        Event(
            _KINDS[breaker.state],
            now,
            mailbox_id=breaker.subject.name if in_mailbox else None,
            principal_id=breaker.principal_id,
            data=data | about,
        )
    )


def resume(tx: Tx, now: Micros, subject: Subject, principal_id: str) -> Breaker:
    """An operator lets sending go on: rates are counted anew from now on, and what waits goes."""
    hour = hour_of(now)
    moved = Breaker(
        subject, State.NORMAL, "resumed", now, principal_id, hour, tx.reputation.counts(subject, hour)
    )
    _carry_out(tx, now, moved, rules_of(tx, subject))
    _tell(tx, now, moved, Counts())
    free_lanes(tx)
    return moved


def reset(tx: Tx, now: Micros, subject: Subject) -> None:
    """Its rules changed: a breaker that follows the rates follows the new ones at once; a pause stays."""
    breaker = state_of(tx, subject, now)
    if breaker.state is State.PAUSED or look_again(tx, now, breaker):
        return
    if breaker.state is State.THROTTLED:
        _carry_out(tx, now, breaker, rules_of(tx, subject))


def room(tx: Tx, claim: Claim, ids: Sequence[str], now: Micros) -> list[str]:
    """Of deliveries about to go, those that today's warm-up has room for, counted. The others wait for tomorrow, as
    does all that comes after them today; system mail is no part of it."""
    plan = tx.warm_ups.of(claim.mailbox.id) if ids else None
    limit = plan.limit(now) if plan and claim.message.message_class != MessageClass.SYSTEM else None
    if limit is None:
        return list(ids)
    day, subject = now // DAY, Subject(MAILBOX, claim.mailbox.id)
    left = max(limit - tx.warm_ups.used(claim.mailbox.id, day), 0)
    going = list(ids)[:left]
    tx.warm_ups.use(claim.mailbox.id, day, len(going))
    if len(going) == left:
        tx.stops.put(subject, "warming", until=reputation.next_day(now))
    return going


def free_lanes(tx: Tx) -> int:
    """Let some of what waits behind lifted stops go on; a stop that nothing waits behind any more is forgotten."""
    done = 0
    for stop_id in tx.stops.lifted():
        freed = tx.stops.free(stop_id, SLICE)
        if freed == 0:
            tx.stops.forget(stop_id)
        done += max(freed, 1)
    return done


def next_due(tx: Tx, now: Micros) -> Micros | None:
    """When a stop ends, a throttle lets more through, or rates change because an hour is over."""
    times = [tx.stops.next_due(now)]
    if tx.reputation.breakers(_FOLLOWING):
        times.append((now // HOUR + 1) * HOUR)
    return min((at for at in times if at is not None), default=None)


@dataclass(slots=True)
class Breakers:
    """What breakers need done that no call does: lanes, stops that end, rates that fall with time."""

    services: Services
    _hour: int = -1

    async def step(self) -> int:
        """A bounded part of it; returns 0 once all is done."""
        store, now = self.services.store, self.services.clock.now()
        if not await store.read(lambda tx: self._finds(tx, now)):
            return 0
        done = await store.write(lambda tx: self._tidy(tx, now))
        return done + await self._align()

    def _finds(self, tx: Tx, now: Micros) -> bool:
        if tx.stops.unaligned() or tx.stops.lifted() or tx.stops.over(now):
            return True
        return self._hour != hour_of(now) and bool(tx.reputation.breakers(_FOLLOWING))

    def _tidy(self, tx: Tx, now: Micros) -> int:
        over = tx.stops.over(now)
        for stop in over:
            tx.stops.lift(stop.subject, (stop.mode,), now)
        moved = 0
        if self._hour != hour_of(now):
            moved = sum(look_again(tx, now, one) for one in tx.reputation.breakers(_FOLLOWING))
            self._hour = hour_of(now)
        return len(over) + moved + free_lanes(tx)

    async def _align(self) -> int:
        """What was queued before a stop was put up gets its lane; where this is cut short it is begun again."""
        store = self.services.store
        stops = await store.read(
            lambda tx: [one.id for one in tx.stops.all()] if tx.stops.unaligned() else []
        )
        if not stops:
            return 0
        place: tuple[Micros, str] | None = (-1, "")
        while place is not None:
            place = await store.write(partial(_park, behind=place))
        await store.write(lambda tx: tx.stops.aligned(stops))
        return 1


def _park(tx: Tx, behind: tuple[Micros, str]) -> tuple[Micros, str] | None:
    """One slice of the queue; returns the place to go on from."""
    found = tx.stops.queued_after(behind, SLICE)
    if found:
        tx.stops.park([delivery_id for _, delivery_id in found])
    return found[-1] if found else None
