"""Who said what is stored of a contact, field by field: what an agent writes is known as such, and what was said with
authority before it is kept beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from multimail.core.times import Micros

NAME: Final = "name"
ALL: Final = "*"
"""Stands for every field without a line of its own."""
_NOTHING: Final = object()


class Source(StrEnum):
    """Where a value came from."""

    OPERATOR = "operator"
    INBOUND = "inbound"
    IMPORT = "import"
    AGENT = "agent"
    SYSTEM = "system"

    @property
    def is_evidence(self) -> bool:
        """Whether anything that loosens may rest on it: never on what an agent or the server itself wrote."""
        return self in (Source.OPERATOR, Source.INBOUND, Source.IMPORT)


@dataclass(frozen=True, slots=True)
class Said:
    """Who said something, and when. `by` is a principal's id, empty where nobody was called."""

    source: Source
    by: str = ""
    at: Micros = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A value as it was said with authority."""

    value: Any
    said: Said


@dataclass(frozen=True, slots=True)
class Field:
    """Who said the value of today; `kept` is the evidence that an agent's value stands in front of."""

    said: Said
    kept: Evidence | None = None


UNKNOWN: Final = Field(Said(Source.AGENT))
"""Of what nobody noted down: nothing may rest on it."""


def metadata_field(key: str) -> str:
    """The name of a field of the contact's data."""
    return f"metadata.{key}"


def fields_of(name: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a contact by field."""
    named = {NAME: name} if name else {}
    return named | {metadata_field(key): value for key, value in metadata.items()}


def evidence(field: str, values: Mapping[str, Any], known: Mapping[str, Field]) -> Evidence | None:
    """What is known of a field from a source that counts; None where there is nothing."""
    line = line_of(field, known)
    if line.kept is not None:
        return line.kept
    if field in values and line.said.source.is_evidence:
        return Evidence(values[field], line.said)
    return None


def line_of(field: str, known: Mapping[str, Field]) -> Field:
    """Who said the value of a field."""
    return known.get(field) or known.get(ALL) or UNKNOWN


def rewritten(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    known: Mapping[str, Field],
    said: Said,
    given: Collection[str] = (),
) -> dict[str, Field | None]:
    """The lines that change when the values do; None takes a line away.

    Who speaks with authority also stands for values it only repeats: those `given`. A whole contact from an import is
    one line.
    """
    if said.source is Source.IMPORT and not before and not known and after:
        return {ALL: Field(said)}
    changed = [
        field
        for field in {**before, **after}
        if not _same(before.get(field, _NOTHING), after.get(field, _NOTHING))
    ]
    if said.source.is_evidence:
        repeated = [
            field for field in given if field in after and not line_of(field, known).said.source.is_evidence
        ]
        return {field: Field(said) if field in after else None for field in (*changed, *repeated)}
    return {field: _behind(field, before, after, known, said) for field in changed}


def _behind(
    field: str, before: Mapping[str, Any], after: Mapping[str, Any], known: Mapping[str, Field], said: Said
) -> Field | None:
    """The line of a value without authority, with the evidence that it hides; the same value as that is no change."""
    kept = evidence(field, before, known)
    if kept is not None and field in after and _same(kept.value, after[field]):
        return Field(kept.said)
    if field in after or kept is not None:
        return Field(said, kept)
    return None


def _same(one: Any, other: Any) -> bool:
    """Equal, and of one type: 1 is neither true nor 1.0 here."""
    return type(one) is type(other) and one == other
