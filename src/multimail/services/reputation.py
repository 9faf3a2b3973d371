"""The operation `get_reputation`: how mailboxes, recipients' domains and campaigns stand at this moment."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from multimail.contract.reputation import (
    CountsView,
    DayView,
    GetReputation,
    ReputationList,
    ReputationView,
    RulesView,
    WarmUpView,
    WindowView,
)
from multimail.core import reputation as core
from multimail.core.errors import Problem
from multimail.core.model import Mailbox
from multimail.core.reputation import CAMPAIGN, DOMAIN, MAILBOX, Counts, Rules, State, hour_of
from multimail.core.times import DAY, HOUR, Micros, to_datetime
from multimail.ports.reputation import Breaker, Subject
from multimail.ports.store import Tx
from multimail.services import access, breakers, convert
from multimail.services.context import Call

WINDOWS: Final = (24, 7 * 24, 30 * 24)
_NOT_NORMAL: Final = (State.PAUSED, State.THROTTLED, State.WARNED)
_MOST_WAITING: Final = 1_000_000
_DOMAINS: Final = 10
"""Domains that are named without being asked for: those most was sent to in a week."""


def get_reputation(tx: Tx, call: Call, request: GetReputation) -> ReputationList:
    """The subject that is named; or the caller's mailboxes, the campaigns that are not normal, the busiest domains."""
    named = [name for name in ("mailbox", "domain", "campaign") if getattr(request, name)]
    if len(named) > 1:
        raise Problem("contradiction", "Name a mailbox, a domain or a campaign.", field=named[1])
    if request.mailbox:
        found = [_of_mailbox(tx, access.mailbox(tx, call.principal, request.mailbox), call.now, whole=True)]
    elif request.domain:
        access.everything(call.principal)
        found = [_of_domain(tx, request.domain.strip().lower().lstrip("@"), call.now)]
    elif request.campaign:
        found = [_of_campaign(tx, known(tx, call, request.campaign), call.now)]
    else:
        found = _overview(tx, call)
    if len(named) == 1:
        found = [found[0].model_copy(update={"by_day": _by_day(tx, found[0], call.now)})]
    general = rules_view(tx, None, breakers.read_rules(tx.reputation.rules(None)))
    return ReputationList(subjects=found, count=len(found), rules=general)


def _by_day(tx: Tx, shown: ReputationView, now: Micros) -> list[DayView]:
    subject = Subject(shown.kind, shown.mailbox_id or shown.name)
    days: dict[str, Counter[str]] = {}
    for hour, counts in tx.reputation.by_hour(subject, core.window(hour_of(now), WINDOWS[2])):
        day = days.setdefault(to_datetime(hour * HOUR).date().isoformat(), Counter())
        day.update(sent=counts.sent, bounced=counts.bounced, complained=counts.complained)
    return [
        DayView(day=day, sent=one["sent"], bounced=one["bounced"], complained=one["complained"])
        for day, one in days.items()
    ]


def known(tx: Tx, call: Call, tag: str) -> str:
    """The tag of a campaign that left one of the caller's mailboxes, or that an operator set rules for."""
    boxes = call.principal.mailboxes
    subject = Subject(CAMPAIGN, tag.strip())
    if not tx.reputation.totals(subject.name, boxes) and (
        boxes is not None or not (tx.reputation.breaker(subject) or tx.reputation.rules(subject))
    ):
        raise Problem(
            "not_found", "No mail with this tag has left a mailbox of this key.", field="campaign",
            advice="campaign_stats lists the campaigns there are.",
        )  # fmt: skip
    return subject.name


def _overview(tx: Tx, call: Call) -> list[ReputationView]:
    boxes = call.principal.mailboxes
    found = [_of_mailbox(tx, box, call.now) for box in tx.mailboxes.all(boxes)]
    for breaker in tx.reputation.breakers(_NOT_NORMAL):
        tag = breaker.subject.name
        if breaker.subject.kind == CAMPAIGN and (boxes is None or tx.reputation.totals(tag, boxes)):
            found.append(_of_campaign(tx, tag, call.now))
    if boxes is None:
        week = core.window(hour_of(call.now), WINDOWS[1])
        busiest = tx.reputation.busiest(DOMAIN, week, _DOMAINS)
        found += [_of_domain(tx, name, call.now) for name, _ in busiest]
    return found


def _of_mailbox(tx: Tx, box: Mailbox, now: Micros, *, whole: bool = False) -> ReputationView:
    queued = tx.messages.waiting([box.id], ("queued",), _MOST_WAITING)
    found = _view(tx, Subject(MAILBOX, box.id), now, queued)
    more = {"warm_up": warm_up(tx, box, now)} if whole or tx.warm_ups.of(box.id) else {}
    return found.model_copy(update={"name": box.address, "mailbox_id": box.id} | more)


def _of_campaign(tx: Tx, tag: str, now: Micros) -> ReputationView:
    return _view(tx, Subject(CAMPAIGN, tag), now, tx.stops.waiting([tag]).get(tag, 0))


def _of_domain(tx: Tx, name: str, now: Micros) -> ReputationView:
    """Nothing is stopped by domain; what its rates would bring about for a mailbox is said all the same."""
    subject, rules = Subject(DOMAIN, name), breakers.read_rules(tx.reputation.rules(None))
    windows = _windows(tx, subject, now)
    counts = tx.reputation.counts(subject, core.window(hour_of(now), rules.window_hours))
    verdict = core.judged(State.NORMAL, counts, rules)
    state = State.NORMAL if verdict.state is State.NORMAL else State.WARNED
    said = (
        "Rates are high here: write to fewer of them, or to others." if state is State.WARNED else "Nothing."
    )
    return ReputationView(
        kind=DOMAIN, name=name, state=state.value, reason=verdict.reason or None, windows=windows,
        sent_this_hour=_this_hour(tx, subject, now), waiting=0, next=said,
    )  # fmt: skip


def _view(tx: Tx, subject: Subject, now: Micros, waiting: int) -> ReputationView:
    breaker, rules = breakers.state_of(tx, subject, now), breakers.rules_of(tx, subject)
    return ReputationView(
        kind=subject.kind,
        name=subject.name,
        state=breaker.state.value,
        reason=breaker.reason or None,
        since=to_datetime(breaker.since) if breaker.reason else None,
        counted=CountsView(**counts_of(breakers.rates(tx, breaker, rules.window_hours, now))),
        windows=_windows(tx, subject, now),
        sent_this_hour=_this_hour(tx, subject, now),
        waiting=waiting,
        next=_next(breaker, rules),
        rules=rules_view(tx, subject, rules),
    )


def _windows(tx: Tx, subject: Subject, now: Micros) -> list[WindowView]:
    hour = hour_of(now)
    return [
        WindowView(hours=hours, **counts_of(tx.reputation.counts(subject, core.window(hour, hours))))
        for hours in WINDOWS
    ]


def _this_hour(tx: Tx, subject: Subject, now: Micros) -> int:
    return tx.reputation.counts(subject, hour_of(now)).sent


def counts_of(counts: Counts) -> dict[str, Any]:
    """Counts as every view of them shows them."""
    return {
        "sent": counts.sent,
        "delivered": counts.delivered,
        "bounced": counts.bounced,
        "soft_bounced": counts.soft_bounced,
        "complained": counts.complained,
        "unsubscribed": counts.unsubscribed,
        "replied": counts.replied,
        "opened": counts.opened or None,
        "bounce_percent": counts.bounce_percent,
        "complaint_percent": counts.complaint_percent,
    }


def _next(breaker: Breaker, rules: Rules) -> str:
    if not rules.enabled:
        return "Nothing: breakers are switched off here."
    limits = f"{rules.pause.bounces:g} % bounces or {rules.pause.complaints:g} % complaints"
    eased = f"{rules.recover:g} times the rate it began at"
    return {
        State.NORMAL: f"Sending stops at {limits}, counted over {rules.window_hours} hours from"
        f" {rules.minimum} mails on.",
        State.WARNED: f"Sending goes on; it stops at {limits}. The warning ends below {eased}.",
        State.THROTTLED: f"At most {rules.per_minute} mails a minute leave; all stops at {limits}, and goes on as"
        f" usual below {eased} or when an operator resumes.",
        State.PAUSED: "Nothing leaves until an operator resumes; what is queued waits.",
    }[breaker.state]


def rules_view(tx: Tx, subject: Subject | None, rules: Rules) -> RulesView:
    """The rules that hold for a subject, and which of them are its own."""
    return RulesView(
        enabled=rules.enabled,
        warn_bounces=rules.warn.bounces,
        warn_complaints=rules.warn.complaints,
        throttle_bounces=rules.throttle.bounces,
        throttle_complaints=rules.throttle.complaints,
        pause_bounces=rules.pause.bounces,
        pause_complaints=rules.pause.complaints,
        minimum=rules.minimum,
        window_hours=rules.window_hours,
        recover=rules.recover,
        per_minute=rules.per_minute,
        spike_factor=rules.spike_factor,
        spike_action=rules.spike_action.value,
        own=sorted(tx.reputation.rules(subject)),
    )


def warm_up(tx: Tx, box: Mailbox, now: Micros) -> WarmUpView:
    """How far a mailbox's warm-up is."""
    plan = tx.warm_ups.of(box.id)
    limit = plan.limit(now) if plan else None
    if plan is None or limit is None:
        return WarmUpView(mailbox_id=box.id, mailbox=box.address, enabled=False)
    return WarmUpView(
        mailbox_id=box.id,
        mailbox=box.address,
        enabled=True,
        day=plan.day(now),
        days=plan.days,
        limit=limit,
        sent_today=tx.warm_ups.used(box.id, now // DAY),
        first=plan.first,
        target=plan.target,
        ends_at=convert.moment(plan.ends_at()),
    )
