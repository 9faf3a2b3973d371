"""The operation `simulate_oversight`: other rules, run over the mail of the last days. Nothing is changed by it.

The policy itself is asked, with the facts as they were: what a mail was at its first revision, whom it went to, what
its author asked for, and what was kept of its recipients when it was admitted. What is not known is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

from multimail.contract.figures import (
    Outcomes,
    RulesTried,
    SimulatedMail,
    SimulateOversight,
    SimulationView,
)
from multimail.core.addresses import listed, normalise, parse_address, validate_pattern
from multimail.core.errors import Problem
from multimail.core.model import Draft, Mailbox, Mode, Recipient, RecipientKind
from multimail.core.placeholders import find_placeholders
from multimail.core.policy.evaluate import Verdict, evaluate
from multimail.core.policy.facts import ApprovalFacts, Facts, RecipientFacts
from multimail.core.policy.modes import EffectiveMode, effective, freedom
from multimail.core.policy.rules import Result
from multimail.core.times import DAY, SECOND, to_datetime
from multimail.ports.figures import Admission, DecidedRow
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, approval_facts, convert, facts
from multimail.services.context import Call
from multimail.services.drafting import with_oversight_copy
from multimail.services.rendering import draft_of

MOST: Final = 5_000
"""Mails that are looked at: the newest of the time."""
SHOWN: Final = 50
_SOMEBODY: Final = "oversight@mailbox.invalid"
"""Stands for an oversight address that is not set yet."""
_ALWAYS: Final = (
    "Mail that was refused left nothing behind, so it is not counted.",
    "Caps per hour and day and the limit of open drafts are not applied.",
    "Lists, approval rules and settings that are not tried are taken as they are now.",
    "Authors are taken to have written and asked for the same.",
)


@dataclass(frozen=True, slots=True)
class _Replayed:
    """A mail with what became of it at admission, and what would have."""

    message: StoredMessage
    recipients: tuple[Recipient, ...]
    happened: str
    would: str
    verdict: Verdict
    decision: DecidedRow | None


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
        _replay(tx, call, _History(box, tried, one, admissions.get(one.id)), outcomes, decisions.get(one.id))
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


@dataclass(frozen=True, slots=True)
class _History:
    """A mail as it was admitted, the mailbox as it is and as it is tried."""

    box: Mailbox
    tried: Mailbox
    message: StoredMessage
    admission: Admission | None


def _replay(
    tx: Tx, call: Call, past: _History, outcomes: Mapping[str, str], decision: DecidedRow | None
) -> _Replayed:
    message, admission = past.message, past.admission
    written = _draft(tx, past)
    mode = effective(written.requested_mode, past.tried.default_mode, past.tried.ceiling)
    watched = replace(past.tried, oversight_address=_SOMEBODY) if _unwatched(past.tried) else past.tried
    complete = with_oversight_copy(watched, written, mode.effective)
    verdict = evaluate(_facts(tx, call, replace(past, tried=watched), complete, mode))
    happened = admission.outcome if admission else outcomes.get(message.id, "left")
    would = _outcome(verdict, len(complete.recipients))
    return _Replayed(message, written.recipients, happened, would, verdict, decision)


def _unwatched(tried: Mailbox) -> bool:
    """Whether the rules cannot be set without an oversight address, and there is none."""
    return Mode.MONITORED in {tried.default_mode, tried.ceiling} and not tried.oversight_address


def _draft(tx: Tx, past: _History) -> Draft:
    """The first revision, without the copy that its mode had added for the oversight address."""
    message, box = past.message, past.box
    revision = tx.revisions.get(message.id, 1)
    written = Draft(
        operation=message.operation,
        mailbox_id=box.id,
        sender=message.sender,
        sender_name=message.sender_name,
        recipients=tuple(tx.messages.recipients(message.seq)) if revision is None else (),
        subject=message.subject,
        body="",
        requested_mode=Mode(message.requested_mode) if message.requested_mode else None,
        answers=message.answers,
    )
    written = draft_of(revision, written) if revision is not None else written
    return replace(written, recipients=tuple(one for one in written.recipients if not _is_copy(box, one)))


def _is_copy(box: Mailbox, one: Recipient) -> bool:
    address = normalise(one.address)
    hidden = one.automatic and one.kind is RecipientKind.BCC
    return hidden and address == box.oversight_address and address not in box.auto_bcc


def _facts(tx: Tx, call: Call, past: _History, draft: Draft, mode: EffectiveMode) -> Facts:
    box = past.tried
    return Facts(
        operation=draft.operation,
        mode=mode,
        recipients=_recipients(tx, past, draft),
        claimed_class=draft.message_class,
        operator_class=facts.operator_class(box),
        placeholders=tuple(one.text for one in find_placeholders(f"{draft.subject}\n{draft.body}")),
        oversight_address=box.oversight_address,
        deliver=box.deliver,
        visible_limit=call.limits.visible_recipients,
        approval=_approval(tx, past, draft, mode),
    )


def _recipients(tx: Tx, past: _History, draft: Draft) -> tuple[RecipientFacts, ...]:
    box, admission = past.tried, past.admission
    if admission is None:
        return facts.recipient_facts(tx, box, draft.recipients)
    tags = admission.tags or ()
    return tuple(
        RecipientFacts(
            address=one.address,
            visible=one.visible,
            automatic=one.automatic,
            trusted=listed(box.trusted, one.address),
            allowed=None if box.allowed is None else listed(box.allowed, one.address),
            tags=tags[position] if position < len(tags) else (),
        )
        for position, one in enumerate(draft.recipients)
    )


def _approval(tx: Tx, past: _History, draft: Draft, mode: EffectiveMode) -> ApprovalFacts:
    """As now, but who was known then: later mail has made them known since."""
    found = approval_facts.gather(tx, past.message.principal_id or "", past.tried, draft, mode)
    then = past.admission.known_sender if past.admission else None
    if found.reply is None or then is None:
        return found
    return replace(found, reply=replace(found.reply, known=then))


def _outcome(verdict: Verdict, recipients: int) -> str:
    if verdict.result is Result.REFUSE:
        return "refused"
    if len(verdict.suppressed) == recipients:
        return "left_out"
    return "held" if verdict.held else "left"


def _view(
    request: SimulateOversight,
    box: Mailbox,
    tried: Mailbox,
    replayed: Sequence[_Replayed],
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


def _difference(one: _Replayed) -> SimulatedMail:
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
    if _unwatched(tried):
        yield "monitored needs an oversight address: one is taken to be set."
    if len(messages) == MOST:
        yield f"There were more mails than the newest {MOST:,}, which are counted."
