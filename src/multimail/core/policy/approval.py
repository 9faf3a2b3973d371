"""What an operator's approval rules say about a mail: each is asked, and names the first condition it misses.

A condition rests on what an operator set or on what the world knows, never on an author's word alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from multimail.core.addresses import listed, normalise
from multimail.core.model import MessageClass, Mode
from multimail.core.policy.facts import ApprovalRule, Facts

NOT_BY_DEFAULT: Final = "mode"
"""The miss of every rule where a call asked for another mode than the mailbox's own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A rule and the first condition that the mail misses; none missed is a hit."""

    rule_id: str
    missed: str = ""


def ask(facts: Facts) -> tuple[Answer, ...]:
    """The answers of the rules that are there; nothing where no person would be asked anyway."""
    if facts.effective is not Mode.GATED_SEND or facts.is_system:
        return ()
    return tuple(Answer(rule.id, _missed(rule, facts)) for rule in facts.approval.rules)


def _missed(rule: ApprovalRule, facts: Facts) -> str:
    if not facts.approval.by_default:
        return NOT_BY_DEFAULT
    return next((name for name, holds in CONDITIONS.items() if not holds(rule, facts)), "")


def _domains(rule: ApprovalRule, facts: Facts) -> bool:
    domains = rule.recipient_domains
    return domains is None or all(listed(domains, one.address) for one in facts.recipients)


def _few(rule: ApprovalRule, facts: Facts) -> bool:
    return rule.max_recipients is None or len(facts.recipients) <= rule.max_recipients


def _principal(rule: ApprovalRule, facts: Facts) -> bool:
    return rule.principal_id in {None, facts.approval.principal_id}


def _class(rule: ApprovalRule, facts: Facts) -> bool:
    """An operator's word counts; an author's can only say that it is something else."""
    wanted = rule.message_class
    if wanted is None:
        return True
    # The author names the topic, so what a topic alone makes of a mail lets none go without a person.
    chosen = facts.class_by_topic and wanted is not MessageClass.COMMERCIAL
    return not chosen and facts.operator_class is wanted and facts.claimed_class in {None, wanted}


def _reply(rule: ApprovalRule, facts: Facts) -> bool:
    """To whom is answered and to nobody else; automatic copies are the operator's own."""
    if not rule.reply_to_known_sender:
        return True
    reply = facts.approval.reply
    if reply is None or not reply.known or not (reply.authenticated or rule.accept_unauthenticated):
        return False
    people = {normalise(one.address) for one in facts.recipients if not one.automatic}
    return people == {normalise(reply.sender)}


def _template(rule: ApprovalRule, facts: Facts) -> bool:
    """The operator's own text, in which the author filled in short words and added nothing."""
    filled = facts.approval.template
    return rule.template_id is None or (
        filled is not None and filled.plain and filled.template_id == rule.template_id
    )


CONDITIONS: Final[dict[str, Callable[[ApprovalRule, Facts], bool]]] = {
    "recipient_domains": _domains,
    "max_recipients": _few,
    "principal": _principal,
    "message_class": _class,
    "reply_to_known_sender": _reply,
    "template": _template,
}
