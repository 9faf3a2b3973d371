"""Setting how often and at which hours people are written to, and asking what holds for somebody now."""

from __future__ import annotations

from typing import Final

from multimail.contract.pace import (
    CheckPace,
    DeletePace,
    DomainZone,
    ListPace,
    PaceCheck,
    PaceList,
    PaceRuleView,
    SetPace,
    SetTimeZone,
)
from multimail.core import pace
from multimail.core.addresses import domain_of, parse_address
from multimail.core.errors import Problem
from multimail.core.message_class import believed, clean_topic
from multimail.core.model import MessageClass
from multimail.core.pace import PERIODS, WEEKDAYS, Cap, Handed, PaceRule, Quiet
from multimail.core.times import Micros, to_datetime
from multimail.ports.pace import NewlyHanded
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import access, address_keys, facts, time_zones
from multimail.services.context import Call

_MOST: Final = 1_000


def set_pace(tx: Tx, call: Call, request: SetPace) -> PaceRuleView:
    """The rule for a mailbox and topic, from now on; what was handed over before counts, too."""
    mailbox_id = access.mailbox(tx, call.principal, request.mailbox).id if request.mailbox else ""
    if not mailbox_id:
        access.everything(call.principal)
    topic = clean_topic(request.topic)
    known = tx.pace.all()
    there = next((one for one in known if (one.mailbox_id, one.topic) == (mailbox_id, topic)), None)
    if there is None and len(known) >= _MOST:
        raise Problem("invalid", f"There are {_MOST:,} rules already.", advice="Delete one first.")
    if request.mailbox is not None and not mailbox_id:
        raise Problem(
            "invalid", "The mailbox has no name.", field="mailbox", advice="Leave it out where all are meant."
        )
    rule_id = there.id if there is not None else call.new_id("pace")
    caps, quiet = _caps(request), _quiet(request)
    if not caps and quiet is None:
        raise Problem(
            "invalid", "The rule says nothing.", field="per_day",
            advice="Give a cap or quiet hours; delete_pace takes a rule away.",
        )  # fmt: skip
    rule = PaceRule(
        rule_id, mailbox_id, topic, caps, quiet,
        request.on_cap == "refuse", request.on_quiet == "refuse", request.transactional,
    )  # fmt: skip
    tx.pace.save(rule, call.principal.id, call.now)
    _remember_past(tx, call.now, rule)
    _changed(tx, call, rule)
    return _view(tx, rule)


def _caps(request: SetPace) -> tuple[Cap, ...]:
    given = {"day": request.per_day, "week": request.per_week, "month": request.per_month}
    return tuple(Cap(period, most) for period, most in given.items() if most is not None)


def _quiet(request: SetPace) -> Quiet | None:
    days = pace.weekdays_of(request.quiet_days, "quiet_days")
    if (request.quiet_from is None) != (request.quiet_to is None):
        missing = "quiet_to" if request.quiet_to is None else "quiet_from"
        raise Problem(
            "invalid", "Quiet hours begin and end.", field=missing, advice="Give quiet_from and quiet_to."
        )
    starts = pace.minute_of(request.quiet_from, "quiet_from") if request.quiet_from is not None else 0
    ends = pace.minute_of(request.quiet_to, "quiet_to") if request.quiet_to is not None else 0
    if request.quiet_from is not None and starts == ends:
        raise Problem(
            "invalid", "Quiet hours that begin when they end leave no time or all of it.", field="quiet_to",
            advice="Give another time, or name whole days in quiet_days.",
        )  # fmt: skip
    if len(days) == len(WEEKDAYS):
        raise Problem(
            "invalid", "No day would be left.", field="quiet_days", advice="Freeze the mailbox instead."
        )
    return Quiet(starts, ends, days) if days or starts != ends else None


def _remember_past(tx: Tx, now: Micros, rule: PaceRule) -> None:
    """Count what was handed over while nothing was counted, as far back as this rule looks."""
    longest = max((PERIODS[cap.period] for cap in rule.caps), default=0)
    if not longest:
        return
    secret = address_keys.secret(tx)
    tx.pace.count(
        [
            NewlyHanded(
                address_keys.key_of(secret, one.address).hex(), one.delivery_id, one.mailbox_id, one.topic, one.at
            )
            for one in tx.pace.past(now - longest)
        ]
    )  # fmt: skip


def list_pace(tx: Tx, call: Call, request: ListPace) -> PaceList:
    """The rules for mailboxes that are open to the caller, and those for all."""
    rules = [one for one in tx.pace.all() if not one.mailbox_id or call.principal.may_use(one.mailbox_id)]
    zones = [DomainZone(domain=one, timezone=zone) for one, zone in tx.pace.zones_of_domains().items()]
    return PaceList(pace_rules=[_view(tx, one) for one in rules], time_zones=zones, count=len(rules))


def delete_pace(tx: Tx, call: Call, request: DeletePace) -> PaceRuleView:
    """It holds no more; what waits for it is asked again at once."""
    rule = next((one for one in tx.pace.all() if one.id == request.rule_id), None)
    if rule is None or (rule.mailbox_id and not call.principal.may_use(rule.mailbox_id)):
        raise Problem(
            "not_found", "There is no such rule.", field="rule_id", advice="list_pace names them with their ids."
        )  # fmt: skip
    if not rule.mailbox_id:
        access.everything(call.principal)
    tx.pace.delete(rule.id)
    _changed(tx, call, rule)
    return _view(tx, rule).model_copy(update={"deleted": True})


def set_time_zone(tx: Tx, call: Call, request: SetTimeZone) -> DomainZone:
    """The clock for people at a domain."""
    access.everything(call.principal)
    domain = _domain(request.domain.strip().removeprefix("@"))
    zone = time_zones.clean_zone(request.timezone) if request.timezone else None
    tx.pace.set_zone_of_domain(domain, zone, call.principal.id, call.now)
    tx.pace.wake(call.now)
    tx.events.add(Event("pace.changed", call.now, principal_id=call.principal.id, data={"timezone": zone}))
    return DomainZone(domain=domain, timezone=zone)


def _domain(text: str) -> str:
    try:
        return domain_of(parse_address(f"somebody@{text}").address)
    except Problem:
        raise Problem(
            "invalid", f"{text[:60]!a} is no domain.", field="domain", advice="Write example.com."
        ) from None


def check_pace(tx: Tx, call: Call, request: CheckPace) -> PaceCheck:
    """What hand-over would say of a mail to somebody now. Mail that waits to leave is not counted yet."""
    box = access.mailbox(tx, call.principal, request.mailbox)
    address, topic = parse_address(request.email, field="email").address, clean_topic(request.topic)
    claimed = MessageClass(request.message_class) if request.message_class else None
    by_operator = facts.operator_class(box, topic)
    exempt = by_operator is not None and believed(claimed, by_operator) is MessageClass.TRANSACTIONAL
    rules = [
        one for one in tx.pace.rules(box.id) if one.topic in {"", topic} and (one.transactional or not exempt)
    ]
    zone = time_zones.zones(tx, box, [address])[address]
    key = address_keys.address_key(tx, address).hex()
    handed = tx.pace.handed([key], call.now - max(PERIODS.values())).get(key, [])
    late = pace.delay(rules, handed, zone, call.now)
    return PaceCheck(
        email=address,
        timezone=str(zone),
        local_time=to_datetime(call.now).astimezone(zone).isoformat(timespec="seconds"),
        allowed=late is None,
        reason=late.reason if late else None,
        until=to_datetime(late.until) if late and late.until is not None else None,
        **{f"per_{period}": _within(handed, call.now - length) for period, length in PERIODS.items()},
    )


def _within(handed: list[Handed], since: Micros) -> int:
    return sum(one.at > since for one in handed)


def _changed(tx: Tx, call: Call, rule: PaceRule) -> None:
    tx.pace.wake(call.now)
    data = {"rule": rule.id, "topic": rule.topic}
    tx.events.add(
        Event("pace.changed", call.now, rule.mailbox_id or None, principal_id=call.principal.id, data=data)
    )


def _view(tx: Tx, rule: PaceRule) -> PaceRuleView:
    box = tx.mailboxes.get(rule.mailbox_id) if rule.mailbox_id else None
    most = {cap.period: cap.most for cap in rule.caps}
    hours = rule.quiet is not None and rule.quiet.starts != rule.quiet.ends
    return PaceRuleView(
        rule_id=rule.id,
        mailbox_id=rule.mailbox_id or None,
        mailbox=box.address if box is not None else None,
        topic=rule.topic or None,
        quiet_from=pace.clock_of(rule.quiet.starts) if rule.quiet and hours else None,
        quiet_to=pace.clock_of(rule.quiet.ends) if rule.quiet and hours else None,
        quiet_days=[WEEKDAYS[day] for day in sorted(rule.quiet.days)] if rule.quiet else [],
        on_cap="refuse" if rule.cap_refuses else "hold",
        on_quiet="refuse" if rule.quiet_refuses else "hold",
        transactional=rule.transactional,
        per_day=most.get("day"),
        per_week=most.get("week"),
        per_month=most.get("month"),
    )
