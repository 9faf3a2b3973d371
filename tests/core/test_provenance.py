"""Who said what: evidence survives what an agent writes, and nobody gets authority by repeating."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.provenance import (
    ALL,
    NAME,
    UNKNOWN,
    Evidence,
    Field,
    Said,
    Source,
    evidence,
    fields_of,
    line_of,
    rewritten,
)

OPERATOR = Said(Source.OPERATOR, "key_op", 1)
IMPORT = Said(Source.IMPORT, "key_op", 2)
AGENT = Said(Source.AGENT, "key_ag", 3)
REGION = "metadata.region"
EU = {REGION: "EU"}
US = {REGION: "US"}


@pytest.mark.parametrize("source", list(Source))
def test_only_operators_mail_and_imports_are_evidence(source: Source) -> None:
    assert source.is_evidence is (source in (Source.OPERATOR, Source.INBOUND, Source.IMPORT))


def test_the_fields_of_a_contact_are_its_name_and_the_keys_of_its_data() -> None:
    assert fields_of("", {}) == {}
    assert fields_of("Ann", {"plan": "pro"}) == {NAME: "Ann", "metadata.plan": "pro"}


@pytest.mark.parametrize(
    ("before", "after", "known", "said", "given", "lines"),
    [
        ({}, EU, {}, OPERATOR, (), {REGION: Field(OPERATOR)}),
        ({}, EU, {}, AGENT, (), {REGION: Field(AGENT)}),
        ({}, EU, {}, IMPORT, (), {ALL: Field(IMPORT)}),
        ({}, {}, {}, IMPORT, (), {}),
        ({NAME: "A"}, {NAME: "A", **EU}, {}, IMPORT, (), {REGION: Field(IMPORT)}),
        (EU, EU, {REGION: Field(AGENT)}, AGENT, (REGION,), {}),
        (EU, EU, {REGION: Field(AGENT)}, OPERATOR, (REGION,), {REGION: Field(OPERATOR)}),
        (EU, {}, {REGION: Field(AGENT)}, OPERATOR, (REGION,), {REGION: None}),
        (EU, {}, {REGION: Field(AGENT)}, AGENT, (), {REGION: None}),
        (EU, US, {REGION: Field(AGENT)}, AGENT, (), {REGION: Field(AGENT)}),
        (EU, US, {REGION: Field(OPERATOR)}, AGENT, (), {REGION: Field(AGENT, Evidence("EU", OPERATOR))}),
        (EU, {}, {REGION: Field(OPERATOR)}, AGENT, (), {REGION: Field(AGENT, Evidence("EU", OPERATOR))}),
        (EU, US, {ALL: Field(IMPORT)}, AGENT, (), {REGION: Field(AGENT, Evidence("EU", IMPORT))}),
        (US, EU, {REGION: Field(AGENT, Evidence("EU", OPERATOR))}, AGENT, (), {REGION: Field(OPERATOR)}),
        (US, {}, {REGION: Field(AGENT, Evidence("EU", IMPORT))}, OPERATOR, (), {REGION: None}),
        ({REGION: 1}, {REGION: True}, {REGION: Field(OPERATOR)}, AGENT, (),
         {REGION: Field(AGENT, Evidence(1, OPERATOR))}),
    ],
)  # fmt: skip
def test_a_write_changes_the_lines(
    before: dict[str, Any],
    after: dict[str, Any],
    known: dict[str, Field],
    said: Said,
    given: tuple[str, ...],
    lines: dict[str, Field | None],
) -> None:
    assert rewritten(before, after, known, said, given) == lines


def test_evidence_is_what_was_kept_or_what_stands_there_with_authority() -> None:
    kept = Evidence("EU", OPERATOR)

    assert evidence(REGION, EU, {REGION: Field(OPERATOR)}) == kept
    assert evidence(REGION, US, {REGION: Field(AGENT, kept)}) == kept
    assert evidence(REGION, {}, {REGION: Field(AGENT, kept)}) == kept
    assert evidence(REGION, EU, {ALL: Field(IMPORT)}) == Evidence("EU", IMPORT)
    assert evidence(REGION, {}, {ALL: Field(IMPORT)}) is None
    assert evidence(REGION, EU, {}) is None


def test_what_nobody_noted_down_is_nobodys_evidence() -> None:
    assert line_of(REGION, {}) is UNKNOWN
    assert not UNKNOWN.said.source.is_evidence
