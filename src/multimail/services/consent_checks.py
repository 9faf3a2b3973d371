"""Whether somebody may be written to, and what the rules are: the very questions that every way out asks, answered
before anything is sent."""

from __future__ import annotations

from typing import Final

from multimail.contract.consent import (
    CheckConsent,
    ConsentCheck,
    ConsentTable,
    RegionAnswer,
    RuleRow,
    RuleTable,
)
from multimail.core import consent
from multimail.core.consent import Answer, ConsentFacts
from multimail.core.consent_regions import CONSENT, RULES, RegionRule
from multimail.core.message_class import believed, clean_region, clean_topic
from multimail.core.model import Mailbox, MessageClass, Purpose, Recipient, RecipientKind
from multimail.core.policy.rules import suppression
from multimail.core.times import DAY
from multimail.ports.store import Tx
from multimail.services import access, consenting, facts, people
from multimail.services.context import Call

_CLASSES: Final = (MessageClass.TRANSACTIONAL, MessageClass.COMMERCIAL, MessageClass.SYSTEM)
_LIFT: Final = "unsuppress_address lifts it, for an operator who knows why."
_ADVICE: Final[dict[str, str]] = {
    "no_consent": "An operator records it with record_consent (email, topic, region, basis), or names where they are in"
    " the contact's metadata: region or regions.",
    "unsubscribed": "The contact's tag says so. Only an operator takes it off, when they ask to be written to again.",
    "suppressed": "The contact's tag says so. Only an operator takes it off.",
    "erasure": "They had everything about them deleted. " + _LIFT,
}


def check_consent(tx: Tx, call: Call, request: CheckConsent) -> ConsentCheck:
    """The answer that a send would get now, region by region, with what would change it."""
    box = access.mailbox(tx, call.principal, request.mailbox)
    address = people.named(tx, call, request.email, request.contact_id, make=False).address
    topic = clean_topic(request.topic)
    claimed = MessageClass(request.message_class) if request.message_class else None
    purpose = Purpose(claimed, topic, clean_region(request.region))
    by_operator = facts.operator_class(box, topic)
    word = believed(claimed, by_operator)
    (one,) = facts.recipient_facts(tx, box, (Recipient(address, RecipientKind.TO),), purpose, call.now)
    # An author's claim to be transactional is no operator's word: who opted out gets it only if a person agrees.
    reason = suppression(one, claimed, by_operator)
    known = consenting.known(tx, box, purpose, [address], call.now)[address]
    trusted, claims = consenting.regions_of(tx, address)
    return ConsentCheck(
        email=address,
        topic=topic or None,
        mailbox=box.address,
        message_class=word.value if word else None,
        allowed=not reason,
        reason=reason or None,
        explanation=_explained(word, reason, known),
        advice=_ADVICE.get(reason, _LIFT) if reason else None,
        regions_known=sorted(trusted),
        regions_claimed=sorted(claims) or None,
        regions=[_region(one, word) for one in consent.answers(known)],
    )


def _explained(word: MessageClass | None, reason: str, known: ConsentFacts) -> str:
    if reason == consent.NO_CONSENT:
        return f"Left out for want of consent: {consent.sentence(known)}."
    if reason:
        return f"Left out: {reason}."
    if word is MessageClass.COMMERCIAL:
        return "Goes: every region whose rules hold for them allows it."
    kind = word.value.capitalize() if word else "Unclassified"
    return f"Goes: {kind} mail needs no consent."


def _region(answer: Answer, word: MessageClass | None) -> RegionAnswer:
    asked = word is MessageClass.COMMERCIAL
    return RegionAnswer(
        region=answer.region,
        rule=answer.rule.region,
        law=answer.rule.law,
        needs=list(answer.rule.opens) if asked else [],
        allowed=answer.allowed if asked else True,
        why=answer.why if asked else "not_asked",
        basis=answer.basis or None,
    )


def consent_table(tx: Tx, call: Call, request: ConsentTable) -> RuleTable:
    """Every region and class; for a person those of their regions, each as if the mail named it."""
    topic = clean_topic(request.topic)
    if request.mailbox:
        access.mailbox(tx, call.principal, request.mailbox)
    if not request.email:
        found = [_row(rule, word) for rule in RULES for word in _CLASSES]
        return RuleTable(rows=found, count=len(found), table=_printed(found))
    box = access.mailbox(tx, call.principal, request.mailbox)
    address = people.named(tx, call, request.email, None, make=False).address
    open_question = consenting.known(tx, box, Purpose(None, topic), [address], call.now)[address]
    found = [
        row
        for region in open_question.regions
        for row in _rows_of(tx, call, box, address, Purpose(None, topic, _named(region)), region)
    ]
    return RuleTable(
        rows=found,
        count=len(found),
        email=address,
        regions=list(open_question.regions),
        table=_printed(found),
    )


def _named(region: str) -> str:
    return "" if region == "unknown" else region


def _rows_of(tx: Tx, call: Call, box: Mailbox, address: str, purpose: Purpose, region: str) -> list[RuleRow]:
    known = consenting.known(tx, box, purpose, [address], call.now)[address]
    answers = consent.answers(known)
    rule = next(one.rule for one in answers if one.region == region)
    return [_answered(_row(rule, word), word, answers, region) for word in _CLASSES]


def _answered(row: RuleRow, word: MessageClass, answers: tuple[Answer, ...], region: str) -> RuleRow:
    """Commercial mail needs what every region asks that has a say; the first that says no is named."""
    if word is not MessageClass.COMMERCIAL:
        return row.model_copy(update={"region": region, "allowed": True, "why": "not_asked"})
    own = next(one for one in answers if one.region == region)
    barring = next((one for one in answers if not one.allowed), None)
    why = (own.basis or own.why) if barring is None else f"{barring.why} ({barring.region})"
    return row.model_copy(update={"region": region, "allowed": barring is None, "why": why})


def _row(rule: RegionRule, word: MessageClass) -> RuleRow:
    commercial = word is MessageClass.COMMERCIAL
    implied = rule.implied_for // DAY if rule.implied_for is not None else None
    return RuleRow(
        region=rule.region,
        name=rule.name,
        law=rule.law,
        message_class=word.value,
        needs=list(rule.opens) if commercial else [],
        implied_days=implied if commercial else None,
        identity=True,
        physical_address=commercial,
        opt_out=commercial,
    )


def _printed(rows: list[RuleRow]) -> str:
    """The table as markdown, one line a row."""
    person = any(row.allowed is not None for row in rows)
    head = [
        "region",
        "class",
        "needs one of",
        "postal address",
        "opt-out",
        *(["goes", "why"] if person else ["law"]),
    ]
    lines = [head, ["---"] * len(head), *([*_cells(row), *_last(row, person=person)] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(row: RuleRow) -> list[str]:
    bases = [
        f"{one} ({row.implied_days} days)" if row.implied_days and one != CONSENT else one
        for one in row.needs
    ]
    nothing = "nothing, until they opt out" if row.message_class == "commercial" else "nothing"
    return [
        row.region, row.message_class, ", ".join(bases) or nothing, "yes" if row.physical_address else "no",
        "yes" if row.opt_out else "no",
    ]  # fmt: skip


def _last(row: RuleRow, *, person: bool) -> list[str]:
    return ["yes" if row.allowed else "no", row.why or ""] if person else [row.law]
