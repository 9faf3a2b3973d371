"""What an operator says about breakers and warm-up: `set_breakers`, `resume_sending`, `set_warm_up`."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

from multimail.contract.reputation import (
    BreakersView,
    Resumed,
    ResumeSending,
    SetBreakers,
    SetWarmUp,
    WarmUpView,
)
from multimail.core.errors import Problem
from multimail.core.model import Mailbox
from multimail.core.reputation import CAMPAIGN, MAILBOX, Rules, State, WarmUp
from multimail.ports.records import Event
from multimail.ports.reputation import Subject
from multimail.ports.store import Tx
from multimail.services import access, breakers, reputation
from multimail.services.context import Call

_ABOUT: Final = frozenset({"mailbox", "campaign", "reset"})
_FOLLOWING: Final = (State.WARNED, State.THROTTLED)
_NOT_NORMAL: Final = (*_FOLLOWING, State.PAUSED)


def set_breakers(tx: Tx, call: Call, request: SetBreakers) -> BreakersView:
    """Keep what is given; breakers that follow the rates follow the new ones at once."""
    box, subject = _subject(tx, call, request.mailbox, request.campaign)
    if subject is None or subject.kind == CAMPAIGN:
        access.everything(call.principal)
    given = request.model_dump(exclude_none=True, exclude=set(_ABOUT))
    stored = given if request.reset else tx.reputation.rules(subject) | given
    _check(breakers.read_rules((tx.reputation.rules(None) if subject else {}) | stored))
    tx.reputation.set_rules(subject, stored)
    for one in [subject] if subject else [one.subject for one in tx.reputation.breakers(_FOLLOWING)]:
        breakers.reset(tx, call.now, one)
    about = {"campaign": subject.name} if subject and box is None else {}
    tx.events.add(
        Event(
            "breakers.updated", call.now, mailbox_id=box.id if box else None, principal_id=call.principal.id,
            data={"settings": sorted(given)} | about,
        )
    )  # fmt: skip
    rules = breakers.rules_of(tx, subject) if subject else breakers.read_rules(tx.reputation.rules(None))
    return BreakersView(
        mailbox_id=box.id if box else None,
        mailbox=box.address if box else None,
        campaign=about.get("campaign"),
        rules=reputation.rules_view(tx, subject, rules),
    )


def _check(rules: Rules) -> None:
    """A stricter state never begins earlier than a milder one."""
    ladder = (("warn", rules.warn), ("throttle", rules.throttle), ("pause", rules.pause))
    for (low_name, low), (high_name, high) in pairwise(ladder):
        for what in ("bounces", "complaints"):
            if getattr(low, what) > getattr(high, what):
                raise Problem(
                    "invalid_setting",
                    f"{high_name}_{what} would be lower than {low_name}_{what}.",
                    field=f"{high_name}_{what}",
                    advice="Rates rise from warn over throttle to pause; give both.",
                )


def resume_sending(tx: Tx, call: Call, request: ResumeSending) -> Resumed:
    """Lift what breakers put up; counting begins anew.

    One campaign that goes wrong trips its mailbox too. So with a campaign go the mailboxes that it leaves, and with a
    mailbox the campaigns that leave it: who resumes has looked at what came back, and wants it to go on.
    """
    box, subject = _subject(tx, call, request.mailbox, request.campaign)
    if subject is None:
        raise Problem("invalid", "Name a mailbox or a campaign.", field="mailbox")
    if box is None:
        access.everything(call.principal)
    tripped = [one for one in (subject, *_together(tx, call, subject)) if not _is_normal(tx, call, one)]
    was = breakers.state_of(tx, subject, call.now).state
    waited = sum(tx.stops.behind(one) for one in tripped)
    for one in tripped:
        breakers.resume(tx, call.now, one, call.principal.id)
    return Resumed(
        kind=subject.kind,
        name=box.address if box else subject.name,
        state=State.NORMAL.value,
        was=was.value,
        resumed=waited,
        also=[_name(tx, one) for one in tripped if one != subject],
    )


def _together(tx: Tx, call: Call, subject: Subject) -> list[Subject]:
    """What goes on with it: for a campaign the mailboxes that it leaves, for a mailbox the campaigns that leave it."""
    if subject.kind == CAMPAIGN:
        return [Subject(MAILBOX, one) for one in tx.reputation.left_from(subject.name)]
    if call.principal.mailboxes is not None:
        return []
    stopped = [one.subject for one in tx.reputation.breakers(_NOT_NORMAL) if one.subject.kind == CAMPAIGN]
    return [one for one in stopped if subject.name in tx.reputation.left_from(one.name)]


def _is_normal(tx: Tx, call: Call, subject: Subject) -> bool:
    return breakers.state_of(tx, subject, call.now).state is State.NORMAL


def _name(tx: Tx, subject: Subject) -> str:
    box = tx.mailboxes.get(subject.name) if subject.kind == MAILBOX else None
    return box.address if box else subject.name


def set_warm_up(tx: Tx, call: Call, request: SetWarmUp) -> WarmUpView:
    """Begin, change or end it. A changed one goes on with the day it has come to, unless it is to begin again."""
    box = access.mailbox(tx, call.principal, request.mailbox)
    if request.target < request.first:
        raise Problem("invalid_setting", "The last day would have less than the first one.", field="target")
    before = tx.warm_ups.of(box.id)
    started_at = before.started_at if before and not request.restart else call.now
    plan = WarmUp(started_at, request.first, request.target, request.days) if request.enabled else None
    tx.warm_ups.put(box.id, plan)
    # Where nothing is left of the new day's limit either, the next mail finds out.
    tx.stops.lift(Subject(MAILBOX, box.id), ("warming",), call.now)
    breakers.free_lanes(tx)
    changed: dict[str, Any] = {"enabled": plan is not None, "days": request.days}
    tx.events.add(
        Event("warming.updated", call.now, mailbox_id=box.id, principal_id=call.principal.id, data=changed)
    )
    return reputation.warm_up(tx, box, call.now)


def _subject(
    tx: Tx, call: Call, mailbox: str | None, campaign: str | None
) -> tuple[Mailbox | None, Subject | None]:
    if mailbox and campaign:
        raise Problem("contradiction", "Name a mailbox or a campaign, not both.", field="campaign")
    for field, named in (("mailbox", mailbox), ("campaign", campaign)):
        if named is not None and not named.strip():
            raise Problem(
                "invalid",
                f"The {field} has no name.",
                field=field,
                advice="Leave it out where all are meant.",
            )
    if campaign:
        return None, Subject(CAMPAIGN, campaign.strip())
    if not mailbox:
        return None, None
    box = access.mailbox(tx, call.principal, mailbox)
    return box, Subject(MAILBOX, box.id)
