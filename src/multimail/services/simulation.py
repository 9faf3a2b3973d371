"""The operation `simulate_oversight`: other rules, run over the mail of the last days. Nothing is changed by it.

The policy itself is asked, with the facts as they were: what a mail was at its first revision, whom it went to, what
its author asked for, and what was kept of its recipients when it was admitted. What is not known is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Final

from multimail.contract.figures import (
    Outcomes,
    RulesTried,
    SimulatedMail,
    SimulateOversight,
    SimulationView,
)
from multimail.core.addresses import normalise, parse_address, validate_pattern
from multimail.core.errors import Problem
from multimail.core.model import Mailbox, Mode, RecipientKind
from multimail.core.policy.modes import freedom
from multimail.core.times import DAY, SECOND, to_datetime
from multimail.ports.figures import Admission, DecidedRow
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, convert
from multimail.services.context import Call
from multimail.services.replaying import History, Replayed, replay, unwatched

MOST: Final = 5_000
"""Mails that are looked at: the newest of the time."""
SHOWN: Final = 50
_ALWAYS: Final = (
    "Mail that was refused left nothing behind, so it is not counted.",
    "Caps per hour and day and the limit of open drafts are not applied.",
    "Lists, approval rules and settings that are not tried are taken as they are now.",
    "Authors are taken to have written and asked for the same.",
)


def simulate_oversight(tx: Tx, call: Call, request: SimulateOversight) -> SimulationView:
    """Judge the mail of the last days anew, under the rules that are tried."""
    box = access.mailbox(tx, call.principal, request.mailbox)
    tried = _tried(box, request)
    since = call.now - request.days * DAY
    messages = tx.figures.outgoing(box.id, since, MOST)
    ids = [one.id for one in messages]
    admissions = tx.figures.admissions(ids)
    outcomes = tx.figures.first_outcomes([one for one in ids if one not in admissions])
    decisions = tx.figures.first_decisions(ids)
    replayed = [
        replay(tx, call, History(box, tried, one, admissions.get(one.id)), outcomes, decisions.get(one.id))
        for one in messages
    ]
    looks = [row.at - row.looked_at for row in decisions.values() if row.looked_at is not None]
    arriving = tx.figures.arrived(box.id, since) if tried.default_mode is Mode.GATED_ALL else 0
    return _view(request, box, tried, replayed, looks).model_copy(
        update={
            "arriving_held": arriving,
            "assumed": list(_assumed(tried, messages, admissions)),
            "counted_from": convert.moment(messages[-1].created_at) if len(messages) == MOST else None,
        }
    )


def _tried(box: Mailbox, request: SimulateOversight) -> Mailbox:
    """The mailbox with the rules to try, as `update_mailbox` would set them."""
    default = request.default_mode or box.default_mode
    ceiling = request.ceiling or request.default_mode or box.ceiling
    if freedom(default) > freedom(ceiling):
        raise Problem(
            "invalid_setting",
            f"The default mode {default} is freer than the ceiling {ceiling}.",
            field="ceiling",
        )
    address = (request.oversight_address or "").strip()
    watcher = normalise(parse_address(address, field="oversight_address").address) if address else ""
    allowed = None if request.clear_allowed else _patterns(request.allowed, "allowed", box.allowed)
    return replace(
        box,
        default_mode=default,
        ceiling=ceiling,
        trusted=_patterns(request.trusted, "trusted", box.trusted) or (),
        allowed=allowed,
        oversight_address=watcher or box.oversight_address,
    )


def _patterns(
    given: list[str] | None, field: str, otherwise: tuple[str, ...] | None
) -> tuple[str, ...] | None:
    if given is None:
        return otherwise
    return tuple(dict.fromkeys(validate_pattern(one, field=field) for one in given))


def _view(
    request: SimulateOversight,
    box: Mailbox,
    tried: Mailbox,
    replayed: Sequence[Replayed],
    looks: Sequence[int],
) -> SimulationView:
    happened, would = (_counted(outcomes) for outcomes in (
        [one.happened for one in replayed], [one.would for one in replayed]
    ))  # fmt: skip
    changed = [one for one in replayed if one.happened != one.would]
    freed = [one for one in changed if (one.happened, one.would) == ("held", "left")]
    said = Counter(_said(one.decision) for one in freed)
    look = median(looks) / SECOND if looks else None
    return SimulationView(
        mailbox_id=box.id,
        mailbox=box.address,
        days=request.days,
        rules=RulesTried(
            default_mode=tried.default_mode.value,
            ceiling=tried.ceiling.value,
            trusted=list(tried.trusted),
            allowed=list(tried.allowed) if tried.allowed is not None else None,
            oversight_address=tried.oversight_address or None,
        ),
        mails=len(replayed),
        happened=happened,
        would=would,
        changed=len(changed),
        freed=len(freed),
        freed_edited=said["edited"],
        freed_stopped=said["reject"] + said["request_changes"],
        arriving_held=0,
        median_look_seconds=look,
        minutes=round((would.held - happened.held) * look / 60, 1) if look is not None else None,
        differences=[_difference(one) for one in changed[:SHOWN]],
        assumed=[],
    )


def _counted(outcomes: Iterable[str]) -> Outcomes:
    found = Counter(outcomes)
    return Outcomes(
        held=found["held"], left=found["left"], refused=found["refused"], left_out=found["left_out"]
    )


def _said(decision: DecidedRow | None) -> str:
    if decision is None:
        return ""
    return "edited" if decision.edited else decision.decision


def _difference(one: Replayed) -> SimulatedMail:
    people = [each.address for each in one.recipients if each.kind is RecipientKind.TO and not each.automatic]
    return SimulatedMail(
        message_id=one.message.id,
        subject=convert.shown(one.message.subject),
        to=people,
        recipients_count=len(one.recipients),
        created_at=to_datetime(one.message.created_at),
        happened=one.happened,
        would=one.would,
        decision=_said(one.decision) or None,
        rules=one.verdict.rules,
        reasons=[convert.shown(reason) for reason in one.verdict.reasons],
    )


def _assumed(
    tried: Mailbox, messages: Sequence[StoredMessage], admissions: Mapping[str, Admission]
) -> Iterable[str]:
    yield from _ALWAYS
    missing = sum(one.id not in admissions for one in messages)
    if missing:
        yield f"Of {missing} mails it is not known how their recipients were tagged then: their tags of now are taken."
    if unwatched(tried):
        yield "monitored needs an oversight address: one is taken to be set."
    if len(messages) == MOST:
        yield f"There were more mails than the newest {MOST:,}, which are counted."
