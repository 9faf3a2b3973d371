"""One row of a file of contacts, whatever its format: what it says, checked, or why it is passed over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from multimail.core.addresses import normalise, parse_address
from multimail.core.errors import Problem
from multimail.core.tags import read_tags
from multimail.services import contact_data

KNOWN: Final = ("email", "name", "tags", "metadata")
SHOWN: Final = (
    "contact_id", "last_contacted", "last_inbound", "replied", "interaction_count", "created_at",
)  # fmt: skip
"""What an export says besides; an import does not read it: it is a record of what happened here."""
_LARGEST_JSON: Final = 1_048_576


@dataclass(frozen=True, slots=True)
class Row:
    """A contact as a file has it. No name and no tags leave what is there; a key of data that is null clears it."""

    line: int
    address: str
    name: str
    metadata: dict[str, Any]
    tags: dict[str, str]


@dataclass(frozen=True, slots=True)
class Skip:
    """A row that is passed over. `code` is one of `contract.contact_files.SKIPS`."""

    line: int
    code: str


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in a row before it is looked at."""

    line: int
    email: Any = ""
    name: Any = ""
    tags: Any = ()
    metadata: Any = None


def checked(said: Said) -> Row | Skip:
    """The row, or the first thing that is wrong with it."""
    if not isinstance(said.email, str) or not said.email.strip():
        return Skip(said.line, "no_address")
    try:
        given = parse_address(said.email.strip())
    except Problem:
        return Skip(said.line, "invalid_address")
    try:
        if said.name is not None and not isinstance(said.name, str):
            return Skip(said.line, "invalid_name")
        name = contact_data.checked_name(said.name or given.name)
    except Problem:
        return Skip(said.line, "invalid_name")
    metadata = {} if said.metadata is None else said.metadata
    fault = contact_data.fault_of(metadata) if isinstance(metadata, dict) else "invalid_metadata"
    if fault:
        return Skip(said.line, fault)
    tags = _tags(said.tags)
    if tags is None:
        return Skip(said.line, "invalid_tag")
    return Row(said.line, normalise(given.address), name, metadata, tags)


def _tags(given: Any) -> dict[str, str] | None:
    if given is None:
        return {}
    tags = [given] if isinstance(given, str) else given
    if not isinstance(tags, list | tuple) or not all(isinstance(one, str) for one in tags):
        return None
    try:
        return read_tags([one for one in tags if one.strip()])
    except Problem:
        return None


def strict_json(text: str | bytes) -> Any:
    """What the text says, if it can only be read one way. Raises `ValueError`."""
    if len(text) > _LARGEST_JSON:
        raise ValueError("too long")
    try:
        return _DECODER.decode(text if isinstance(text, str) else text.decode("utf-8"))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def of_object(line: int, given: Any) -> Row | Skip:
    """A row of JSON: an object with the fields of a contact, and what an export says besides."""
    if not isinstance(given, Mapping) or not given.keys() <= {*KNOWN, *SHOWN}:
        return Skip(line, "invalid_row")
    return checked(
        Said(line, given.get("email"), given.get("name"), given.get("tags"), given.get("metadata"))
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
