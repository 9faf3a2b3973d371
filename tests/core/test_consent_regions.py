"""The rule of each region as it is written down by hand here, and which rules a mail has to keep."""

from __future__ import annotations

import pytest

from multimail.core.consent_regions import BASES, RULES, UNKNOWN, counts, judged, rule_for, within
from multimail.core.times import DAY

YES, NO = True, False
# region: consent, contract, legitimate interest, soft opt-in, nothing at all.
BY_HAND = {
    "EU": (YES, NO, NO, YES, NO),
    "GB": (YES, NO, NO, YES, NO),
    "CH": (YES, NO, NO, YES, NO),
    "CA": (YES, YES, NO, YES, NO),
    "US": (NO, NO, NO, NO, YES),
    "US-CA": (NO, NO, NO, NO, YES),
    "AU": (YES, YES, NO, YES, NO),
    "BR": (YES, NO, YES, YES, NO),
    "unknown": (YES, NO, NO, YES, NO),
}


def test_the_table_is_what_was_written_by_hand() -> None:
    table = {rule.region: (*(one in rule.opens for one in BASES), rule.opt_out_only) for rule in RULES}

    assert table == BY_HAND


@pytest.mark.parametrize(
    ("region", "rule"),
    [
        ("DE", "EU"), ("NO", "EU"), ("EU", "EU"), ("UK", "GB"), ("GB", "GB"), ("US-CA", "US-CA"), ("US-NY", "US"),
        ("CA-QC", "CA"), ("DE-BY", "EU"), ("JP", "unknown"), ("unknown", "unknown"), ("", "unknown"),
    ],
)  # fmt: skip
def test_a_place_is_judged_by_its_own_rule_its_countrys_or_the_strictest(region: str, rule: str) -> None:
    assert rule_for(region).region == rule


@pytest.mark.parametrize(
    ("region", "of", "holds"),
    [
        ("EU", "", True), ("EU", "EU", True), ("DE", "EU", True), ("EU", "DE", True), ("US-CA", "US", True),
        ("US-NY", "US", True), ("US", "US-CA", False), ("EU", "US", False), ("CA", "US-CA", False),
        ("unknown", "", True), ("unknown", "EU", True), ("unknown", "CH", True), ("unknown", "US", False),
        ("JP", "EU", False), ("JP", "JP", True),
    ],
)  # fmt: skip
def test_what_is_said_for_a_place_holds_for_its_parts_and_for_the_same_law(
    region: str, of: str, holds: bool
) -> None:
    assert within(region, of) is holds


@pytest.mark.parametrize(
    ("named", "trusted", "added", "fallback", "rules"),
    [
        ("", (), (), "", ("unknown",)),
        ("", (), (), "US", ("US",)),
        ("", (), ("US",), "", ("unknown", "US")),
        ("", ("EU", "US-CA"), (), "US", ("EU", "US-CA")),
        ("US-CA", ("EU", "US-CA"), (), "", ("US-CA",)),
        ("DE", ("EU", "US-CA"), (), "", ("DE",)),
        ("US-CA", ("EU",), (), "", ("EU", "US-CA")),
        ("US-CA", ("EU",), ("US-CA",), "", ("EU", "US-CA")),
        ("US", ("US-CA",), (), "", ("US-CA", "US")),
        ("JP", ("BO",), (), "", ("BO", "JP")),
    ],
)
def test_a_mail_that_names_a_role_is_judged_by_it_alone_only_if_the_recipient_is_known_to_have_it(
    named: str, trusted: tuple[str, ...], added: tuple[str, ...], fallback: str, rules: tuple[str, ...]
) -> None:
    assert judged(named, trusted, added, fallback) == rules


def test_implied_consent_of_canada_runs_out_after_two_years_and_express_consent_does_not() -> None:
    canada = rule_for("CA")

    assert counts(canada, "contract", 0, 730 * DAY - 1)
    assert not counts(canada, "contract", 0, 730 * DAY)
    assert counts(canada, "consent", 0, 10_000 * DAY)
    assert counts(rule_for("EU"), "soft_opt_in", 0, 10_000 * DAY)
    assert not counts(rule_for(UNKNOWN), "contract", 0, 1)
