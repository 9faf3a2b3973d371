"""What the law of each region asks for before somebody is written to: one row a region, printed and tested as it is.

The rows say what is asked of commercial mail; mail that is not commercial needs nobody's consent anywhere. What is not
in the table, and who is nowhere known to be, is treated as in the EU.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from multimail.core.times import DAY, Micros

CONSENT: Final = "consent"
CONTRACT: Final = "contract"
LEGITIMATE_INTEREST: Final = "legitimate_interest"
SOFT_OPT_IN: Final = "soft_opt_in"
BASES: Final = (CONSENT, CONTRACT, LEGITIMATE_INTEREST, SOFT_OPT_IN)
"""On what ground somebody may be written to."""
UNKNOWN: Final = "unknown"
"""The region of somebody of whom nobody knows where they are."""

_EEA: Final = frozenset(
    "AT BE BG CY CZ DE DK EE ES EU FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()
)
"""The European Union, by itself and by its members, and who applies its rules with it."""


@dataclass(frozen=True, slots=True)
class RegionRule:
    """One row. `opens` are the bases on which commercial mail may be sent, none where it may be until somebody opts
    out; every base but consent holds for `implied_for` where that is set. Identity, postal address and a way to opt
    out are asked for everywhere."""

    region: str
    name: str
    law: str
    opens: tuple[str, ...] = ()
    implied_for: Micros | None = None

    @property
    def opt_out_only(self) -> bool:
        """Whether commercial mail needs no base."""
        return not self.opens


_OPT_IN: Final = (CONSENT, SOFT_OPT_IN)
RULES: Final[tuple[RegionRule, ...]] = (
    RegionRule("EU", "European Union and EEA", "GDPR; ePrivacy Directive, Art. 13", _OPT_IN),
    RegionRule("GB", "United Kingdom", "UK GDPR; PECR, reg. 22", _OPT_IN),
    RegionRule("CH", "Switzerland", "FADP; UCA, Art. 3 (1) (o)", _OPT_IN),
    RegionRule("CA", "Canada", "CASL, s. 6 and 10", (CONSENT, SOFT_OPT_IN, CONTRACT), 730 * DAY),
    RegionRule("US", "United States", "CAN-SPAM Act"),
    RegionRule("US-CA", "California", "CCPA/CPRA; CAN-SPAM Act"),
    RegionRule("AU", "Australia", "Spam Act 2003, s. 16", (CONSENT, SOFT_OPT_IN, CONTRACT)),
    RegionRule("BR", "Brazil", "LGPD, Art. 7 and 10", (CONSENT, SOFT_OPT_IN, LEGITIMATE_INTEREST)),
    RegionRule(UNKNOWN, "Anywhere else, or not known", "as in the EU", _OPT_IN),
)
"""Every region with rules of its own."""
_BY_REGION: Final = {row.region: row for row in RULES}
_SPELT: Final = {"UK": "GB", **dict.fromkeys(_EEA, "EU")}


def rule_for(region: str) -> RegionRule:
    """The row that holds for a region: its own, its country's, or the one for what is not known."""
    named = _SPELT.get(region, region)
    country = named.partition("-")[0]
    return _BY_REGION.get(named) or _BY_REGION.get(_SPELT.get(country, country)) or _BY_REGION[UNKNOWN]


def within(region: str, of: str) -> bool:
    """Whether what holds in `of` holds for somebody in `region`: the same place, the same law, or a part of it."""
    if of in (region, ""):
        return True
    if rule_for(region).region == UNKNOWN:
        return region == UNKNOWN and rule_for(of).opens == _OPT_IN
    return rule_for(region) is rule_for(of) or region.startswith(f"{of}-")


def judged(named: str, trusted: Iterable[str], added: Iterable[str], fallback: str) -> tuple[str, ...]:
    """The regions whose rules a mail has to keep, all of them.

    `trusted` are where the recipient is known to be, `added` what an agent says: it adds and replaces nothing. The
    region that a mail names is enough by itself where it is among the trusted; else it adds as well.
    """
    known = sorted(set(trusted))
    if named and any(_same_law(named, one) for one in known):
        return (named,)
    more = {*added, *((named,) if named else ())}
    return tuple(dict.fromkeys((*(known or [fallback or UNKNOWN]), *sorted(more))))


def _same_law(one: str, other: str) -> bool:
    return one == other or (rule_for(one) is rule_for(other) and rule_for(one).region != UNKNOWN)


def counts(rule: RegionRule, basis: str, given_at: Micros, now: Micros) -> bool:
    """Whether a base, given then, opens commercial mail under this rule now."""
    if basis not in rule.opens:
        return False
    return basis == CONSENT or rule.implied_for is None or now < given_at + rule.implied_for
