"""The policy's rules: an ordered tuple of tiny predicates.

A rule reads `Facts` and answers with a reason or nothing; it never acts, never looks anything up and knows no
other rule. The strictest outcome among the hits decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from multimail.core.consent import lacking, sentence
from multimail.core.message_class import believed
from multimail.core.model import MessageClass, Mode
from multimail.core.policy.facts import Facts, RecipientFacts
from multimail.core.suppression import barring, bars


class Result(IntEnum):
    """What a rule asks for, mild to strict: a note only, holding for a person, or refusal."""

    NOTE = 0
    HOLD = 1
    REFUSE = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A named predicate; `problem` is the code of a refusal, `sentence` says what the rule is for, `advice` what
    would be right, where it is not that an operator changes the mailbox's rules."""

    name: str
    result: Result
    test: Callable[[Facts], str]
    sentence: str
    problem: str = ""
    field: str = ""
    advice: str = ""


def _read_only(facts: Facts) -> str:
    return "The mode is read_only: nothing leaves." if facts.effective is Mode.READ_ONLY else ""


def _not_allowed(facts: Facts) -> str:
    outside = [one.address for one in facts.recipients if one.allowed is False and not one.automatic]
    return f"Not on the mailbox's allowed list: {_some(outside)}." if outside else ""


def _capped(facts: Facts) -> str:
    full = [cap for cap in facts.caps if cap.used >= cap.limit]
    return " ".join(
        f"The {cap.owner}'s cap of {cap.limit} mails per {cap.period} is reached." for cap in full
    )


def _too_many_drafts(facts: Facts) -> str:
    if facts.open_drafts < facts.open_drafts_limit or not _would_hold(facts):
        return ""
    return f"{facts.open_drafts} held mails of this key wait already; the limit is {facts.open_drafts_limit}."


def _gated_all(facts: Facts) -> str:
    return (
        "The mode is gated_all: a person decides on everything." if facts.effective is Mode.GATED_ALL else ""
    )


def _gated_send(facts: Facts) -> str:
    if facts.effective is not Mode.GATED_SEND or facts.approved_by is not None:
        return ""
    strangers = [one.address for one in facts.recipients if not one.trusted]
    return f"The mode is gated_send, and not trusted: {_some(strangers)}." if strangers else ""


def _placeholders(facts: Facts) -> str:
    if not facts.placeholders or facts.confirmed_placeholders:
        return ""
    return f"The text still contains placeholders: {_some(list(facts.placeholders))}."


def _many_visible(facts: Facts) -> str:
    visible = sum(one.visible for one in facts.recipients)
    return f"{visible} recipients can see one another's addresses." if visible > facts.visible_limit else ""


def _unwatched(facts: Facts) -> str:
    if facts.effective is not Mode.MONITORED or facts.oversight_address:
        return ""
    return "The mode is monitored, but the mailbox has no oversight address to send copies to."


def _delivery_held(facts: Facts) -> str:
    return "The mailbox is set to hold what would leave." if facts.deliver == "hold" else ""


def _claimed_transactional(facts: Facts) -> str:
    if facts.claimed_class is not MessageClass.TRANSACTIONAL or facts.operator_class is not None:
        return ""
    out = [one.address for one in facts.recipients if _opted_out(one)]
    return f"Unsubscribed, and transactional is only the author's word: {_some(out)}." if out else ""


def _commercial(facts: Facts) -> bool:
    return believed(facts.claimed_class, facts.operator_class) is MessageClass.COMMERCIAL


def _no_postal_address(facts: Facts) -> str:
    if facts.postal_address or not _commercial(facts):
        return ""
    return "Commercial mail names its sender's postal address, and the mailbox has none."


def _no_consent(facts: Facts) -> str:
    word = believed(facts.claimed_class, facts.operator_class)
    without = [one for one in facts.recipients if lacking(one.consent, word)]
    if not without:
        return ""
    why = _some([f"{one.address} ({sentence(one.consent)})" for one in without if one.consent is not None])
    about = f" about {facts.topic}" if facts.topic else ""
    return (
        f"Left out of commercial mail{about} for want of consent: {why}. An operator records it with"
        " record_consent (email, topic, region, basis); check_consent tells what is on record."
    )


def _frozen(facts: Facts) -> str:
    return "Sending is frozen; this waits until the freeze ends." if facts.frozen else ""


def _mode_capped(facts: Facts) -> str:
    return facts.mode.reason


def _approval_rule(facts: Facts) -> str:
    rule = facts.approved_by
    return f"The operator's rule {rule.name!r} lets it go without a person." if rule is not None else ""


RULES: Final[tuple[Rule, ...]] = (
    Rule("read_only", Result.REFUSE, _read_only, "A read_only mailbox lets nothing leave.", "read_only"),
    Rule(
        "not_allowed", Result.REFUSE, _not_allowed, "Only listed recipients may be mailed.",
        "recipient_not_allowed", "to",
    ),
    Rule("cap", Result.REFUSE, _capped, "Hard caps per hour and day for mailbox, key and server.", "cap_reached"),
    Rule(
        "open_drafts", Result.REFUSE, _too_many_drafts, "A key may have so many held mails at once.",
        "too_many_open_drafts",
    ),
    Rule("gated_all", Result.HOLD, _gated_all, "gated_all holds everything."),
    Rule("gated_send", Result.HOLD, _gated_send, "gated_send holds mail to anyone not trusted."),
    Rule("placeholder", Result.HOLD, _placeholders, "Unresolved placeholders hold in every mode."),
    Rule("visible_recipients", Result.HOLD, _many_visible, "Mail with many visible recipients is held."),
    Rule("no_oversight_address", Result.HOLD, _unwatched, "monitored needs somebody who is copied."),
    Rule("delivery_hold", Result.HOLD, _delivery_held, "The mailbox holds all delivery."),
    Rule(
        "claimed_transactional", Result.HOLD, _claimed_transactional,
        "An author's own claim does not reach people who unsubscribed.",
    ),
    Rule(
        "no_postal_address", Result.REFUSE, _no_postal_address, "Commercial mail names a postal address.", "invalid",
        "mailbox",
        'An operator sets it once: update_mailbox with metadata {"physical_address": "Example Ltd, 1 High Street, …"}.',
    ),
    Rule(
        "no_consent", Result.NOTE, _no_consent,
        "Commercial mail leaves out whoever has not agreed to it, where a region's law asks for that.",
    ),
    Rule("frozen", Result.NOTE, _frozen, "Under a freeze accepted mail waits."),
    Rule("approval_rule", Result.NOTE, _approval_rule, "A rule of an operator can stand for the person in gated_send."),
    Rule("mode_capped", Result.NOTE, _mode_capped, "More freedom was asked for than the ceiling gives."),
)  # fmt: skip


def _would_hold(facts: Facts) -> bool:
    return any(rule.test(facts) for rule in RULES if rule.result is Result.HOLD)


def suppression(one: RecipientFacts, claimed: MessageClass | None, by_operator: MessageClass | None) -> str:
    """Why this recipient gets nothing, or "": the contact's tags, the records of suppression, then consent.

    `suppressed` bars everything, `unsubscribed` what is not transactional by an operator's word (an author's word
    alone holds the mail instead).
    """
    word = believed(claimed, by_operator)
    if "suppressed" in one.tags:
        return "suppressed"
    if "unsubscribed" in one.tags and bars("unsubscribe", word):
        return "unsubscribed"
    return barring(one.suppressions, word) or lacking(one.consent, word)


def _opted_out(one: RecipientFacts) -> bool:
    return "unsubscribed" in one.tags or "unsubscribe" in one.suppressions


def _some(items: list[str]) -> str:
    shown = ", ".join(items[:3])
    return f"{shown} and {len(items) - 3} more" if len(items) > 3 else shown
