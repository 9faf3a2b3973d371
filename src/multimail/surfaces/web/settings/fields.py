"""What a form of the settings is made of: its fields with a sentence each, and reading back what a person wrote.

What is written goes to the contract as it is wherever that can judge it; here it only becomes a number or a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from multimail.core.errors import Problem

_BETWEEN: Final = re.compile(r"[\n,;]+")
_WHOLE: Final = re.compile(r"\d{1,15}", re.ASCII)
TICKED: Final = "1"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several; `text` says what it does."""

    value: str
    label: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A control of a form: `kind` is text, number, area, check, radio, select or secret; `hint` is its sentence."""

    name: str
    label: str
    hint: str = ""
    kind: str = "text"
    choices: tuple[Choice, ...] = ()
    example: str = ""
    rows: int = 3
    longest: int = 0
    complete: str = "off"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under one heading."""

    name: str
    title: str
    fields: tuple[Field, ...]
    text: str = ""


def names(sections: Iterable[Section]) -> tuple[str, ...]:
    """All field names, in order."""
    return tuple(field.name for section in sections for field in section.fields)


def kept(form: Mapping[str, str], sections: Iterable[Section]) -> dict[str, str]:
    """What the person wrote into each field; a box that is not ticked is not sent."""
    return {name: form.get(name, "") for name in names(sections)}


def number(text: str, field: str) -> int | None:
    """A whole number from 0 on; None for an empty field. Spaces and commas between digits are how people write."""
    digits = re.sub(r"[\s,_']", "", text)
    if not digits:
        return None
    if not _WHOLE.fullmatch(digits):
        advice = "Write digits only, such as 20."
        raise Problem("invalid", f"{text.strip()[:40]!a} is not a whole number.", field=field, advice=advice)
    return int(digits)


def entries(text: str) -> list[str]:
    """The entries of a list that stands on lines of its own or with commas between."""
    return [entry for part in _BETWEEN.split(text) if (entry := part.strip())]


def lines(given: Iterable[str] | None) -> str:
    """A list as it stands in a form."""
    return "\n".join(given or ())


def given(**arguments: Any) -> dict[str, Any]:
    """The arguments that say something; empty text and None are left out."""
    return {name: value for name, value in arguments.items() if value not in ("", None)}


def filled(form: Mapping[str, str], *wanted: str) -> None:
    """Refuse a form in which one of these fields is empty."""
    for name in wanted:
        if not form.get(name, "").strip():
            raise Problem("invalid", "This is needed.", field=name)
