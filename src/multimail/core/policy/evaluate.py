"""Evaluating the rules: every rule is asked, hits and misses are kept, the strictest hit decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from multimail.core.errors import Problem
from multimail.core.model import MessageClass
from multimail.core.policy.approval import Answer, ask
from multimail.core.policy.facts import Facts, RecipientFacts
from multimail.core.policy.rules import RULES, Result, Rule, suppression

NOBODY_LEFT: Final = "nobody_left"
"""Why an automatic copy is not sent: everybody it would be a copy to is left out."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that applied, with its reason in plain words."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision with all it rests on. `suppressed` maps addresses that get nothing to the reason."""

    result: Result
    hits: tuple[Hit, ...]
    misses: tuple[str, ...]
    suppressed: tuple[tuple[str, str], ...] = ()
    refusing: Rule | None = None
    approvals: tuple[Answer, ...] = ()
    approved_by: str | None = None

    @property
    def held(self) -> bool:
        """Whether a person has to decide first."""
        return self.result is Result.HOLD

    @property
    def rules(self) -> list[str]:
        """Names of the rules that applied."""
        return [hit.rule for hit in self.hits]

    @property
    def reasons(self) -> list[str]:
        """Their reasons."""
        return [hit.reason for hit in self.hits]

    def hold(self, rule: str, reason: str) -> Verdict:
        """The same verdict, held at least, for a reason that is no rule about the mail itself."""
        result = max(self.result, Result.HOLD)
        return replace(self, result=result, hits=(*self.hits, Hit(rule, reason)), approved_by=None)

    def raise_refusal(self) -> None:
        """Raise the refusal's `Problem`, if the verdict is one."""
        if self.refusing is None:
            return
        rule = self.refusing
        reason = next(hit.reason for hit in self.hits if hit.rule == rule.name)
        advice = rule.advice or "An operator can change the mailbox's rules; an agent cannot."
        raise Problem(rule.problem, reason, field=rule.field, advice=advice, rules=self.rules)

    def as_record(self) -> dict[str, Any]:
        """What is stored with the message: enough to answer "why was it held?" for ever."""
        record: dict[str, Any] = {
            "result": self.result.name.lower(),
            "hits": [[hit.rule, hit.reason] for hit in self.hits],
            "misses": list(self.misses),
            "suppressed": [list(pair) for pair in self.suppressed],
        }
        if self.approvals:
            record["approvals"] = [[one.rule_id, one.missed] for one in self.approvals]
        if self.approved_by is not None:
            record["approved_by"] = self.approved_by
        return record


def evaluate(facts: Facts) -> Verdict:
    """Ask every rule. System mail is exempt from holding, never from refusal or suppression.

    An operator's approval rule counts only where the mode alone would hold the mail.
    """
    verdict = _verdict(facts)
    answers = ask(facts) if facts.approval.rules else ()
    rule = next((one for one in facts.approval.rules if Answer(one.id) in answers), None)
    if rule is not None and verdict.result is not Result.NOTE:
        lifted = _verdict(replace(facts, approved_by=rule))
        if lifted.result is Result.NOTE:
            return replace(lifted, approvals=answers, approved_by=rule.id)
    return replace(verdict, approvals=answers) if answers else verdict


def _verdict(facts: Facts) -> Verdict:
    hits: list[Hit] = []
    misses: list[str] = []
    strictest: Rule | None = None
    for rule in RULES:
        reason = "" if facts.is_system and rule.result is Result.HOLD else rule.test(facts)
        if not reason:
            misses.append(rule.name)
            continue
        hits.append(Hit(rule.name, reason))
        if strictest is None or rule.result > strictest.result:
            strictest = rule
    result = strictest.result if strictest else Result.NOTE
    return Verdict(
        result=result,
        hits=tuple(hits),
        misses=tuple(misses),
        suppressed=suppressions(facts.recipients, facts.claimed_class, facts.operator_class),
        refusing=strictest if result is Result.REFUSE else None,
    )


def suppressions(
    recipients: Sequence[RecipientFacts], claimed: MessageClass | None, by_operator: MessageClass | None
) -> tuple[tuple[str, str], ...]:
    """Recipients that get nothing, with the reason; asked again at approval and at hand-over.

    When nobody the author wrote to is left, the automatic copies have nothing to be copies of.
    """
    found = [(one, suppression(one, claimed, by_operator)) for one in recipients]
    addressed = [reason for one, reason in found if not one.automatic]
    nobody_left = bool(addressed) and all(addressed)
    return tuple(
        (one.address, reason or NOBODY_LEFT)
        for one, reason in found
        if reason or (nobody_left and one.automatic)
    )
