"""Whose consent commercial mail needs: asked at every way out, by what is on record and the rules of the regions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from multimail.core.consent_regions import UNKNOWN, RegionRule, counts, rule_for, within
from multimail.core.model import MessageClass
from multimail.core.times import Micros

NO_CONSENT: Final = "no_consent"
WITHDRAWAL: Final = "withdrawal"
"""The basis of a record that takes consent back."""
EVIDENCE: Final = frozenset({"operator", "inbound", "import"})
"""Whose word is evidence of consent. What an agent writes never is; what it takes back is taken back."""
PROVENANCES: Final = ("operator", "inbound", "import", "agent")


@dataclass(frozen=True, slots=True)
class Record:
    """One line of what somebody agreed to, or took back; '' as topic is all topics, '' as region everywhere."""

    seq: int
    topic: str
    region: str
    basis: str
    provenance: str
    given_at: Micros
    withdrawn_at: Micros | None = None
    expires_at: Micros | None = None

    def about(self, topic: str, region: str) -> bool:
        """Whether it says anything about mail of this topic to this region. What is taken back anywhere is taken back
        by somebody of whom nobody knows where they are."""
        here = within(region, self.region) or (region == UNKNOWN and self.basis == WITHDRAWAL)
        return here and self.topic in ("", topic)

    def live(self, now: Micros) -> bool:
        """Whether it is evidence that somebody agreed, and still does."""
        return (
            self.basis != WITHDRAWAL
            and self.provenance in EVIDENCE
            and self.withdrawn_at is None
            and (self.expires_at is None or now < self.expires_at)
        )


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """What is known of one recipient's consent, for the topic of the mail: the regions whose law holds, the bases
    that count in each, and the regions in which they took it back. Only evidence that no agent brought about is
    here."""

    regions: tuple[str, ...] = ()
    bases: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = ()


NEVER_ASKED: Final = ConsentFacts((UNKNOWN,))
"""Somebody of whom nothing is known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one region's rule says of a mail: `why` is a code, `basis` what opens it."""

    region: str
    rule: RegionRule
    allowed: bool
    why: str
    basis: str = ""


def known(regions: Sequence[str], records: Iterable[Record], topic: str, now: Micros) -> ConsentFacts:
    """What records say about mail of this topic in these regions.

    A withdrawal ends what was given before it. What is given later counts again, unless it is wider than what was
    taken back: who left the newsletter is not back on it by a general yes.
    """
    lines = tuple(records)
    bases: list[tuple[str, str]] = []
    refused: list[str] = []
    for region in regions:
        about = [one for one in lines if one.about(topic, region)]
        given = [one for one in about if one.live(now)]
        ended = [one for one in about if one.basis == WITHDRAWAL]
        if any(not any(_lifts(one, gone) for one in given) for gone in ended):
            refused.append(region)
            continue
        rule = rule_for(region)
        bases += [
            (region, one.basis)
            for one in given
            if rule.opt_out_only or counts(rule, one.basis, one.given_at, now)
        ]
    return ConsentFacts(tuple(regions), tuple(dict.fromkeys(bases)), tuple(refused))


def _lifts(given: Record, gone: Record) -> bool:
    """Whether somebody who took consent back gave it again by this."""
    later = (given.given_at, given.seq) > (gone.given_at, gone.seq)
    wider = (bool(gone.topic) and not given.topic) or (bool(gone.region) and not given.region)
    return later and not wider


def answers(known: ConsentFacts) -> tuple[Answer, ...]:
    """What each region's rule says of commercial mail."""
    return tuple(_answer(known, region) for region in known.regions)


def _answer(known: ConsentFacts, region: str) -> Answer:
    rule = rule_for(region)
    basis = next((one for where, one in known.bases if where == region), "")
    if region in known.refused:
        return Answer(region, rule, False, "withdrawn")
    if rule.opt_out_only:
        return Answer(region, rule, True, "opt_out_only", basis)
    return Answer(region, rule, bool(basis), "given" if basis else "not_given", basis)


def lacking(known: ConsentFacts | None, message_class: MessageClass | None) -> str:
    """Why somebody gets no mail of this class for want of consent, or ""."""
    if known is None or message_class is not MessageClass.COMMERCIAL:
        return ""
    return "" if all(one.allowed for one in answers(known)) else NO_CONSENT


def sentence(known: ConsentFacts) -> str:
    """What is missing, region by region, for whoever has to see to it."""
    return "; ".join(_said(one) for one in answers(known) if not one.allowed)


def _said(answer: Answer) -> str:
    nowhere = answer.region == UNKNOWN
    if answer.why == "withdrawn":
        return "consent was withdrawn" if nowhere else f"consent was withdrawn for {answer.region}"
    bases = " or ".join(answer.rule.opens)
    return f"the region is not known, which needs {bases}" if nowhere else f"{answer.region} needs {bases}"
