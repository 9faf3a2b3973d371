"""The two kinds of model: requests forbid what they do not know, views leave out what is not there.

Aliases are accepted everywhere and advertised nowhere: `Request.ALIASES` maps a canonical field to the
other names it may arrive under, and two names that disagree are refused.
"""

from __future__ import annotations

import difflib
import json
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from multimail.core.errors import Problem


class Request(BaseModel):
    """Base of every operation's arguments. A field that is null is a field that was not given.

    `LISTS` names the fields that are lists even when a text comes, and `WORDS` those of them whose entries hold no
    commas, so that a text with commas is several.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=4_000_000, defer_build=True)
    ALIASES: ClassVar[dict[str, tuple[str, ...]]] = {}
    LISTS: ClassVar[frozenset[str]] = frozenset()
    WORDS: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def parse(cls, arguments: dict[str, Any]) -> Self:
        """Validate arguments; every fault becomes a `Problem` that names its field."""
        try:
            return cls.model_validate(arguments)
        except ValidationError as error:
            raise _problem(cls, error) from None

    @model_validator(mode="before")
    @classmethod
    def _resolve(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            raise Problem("invalid", "The arguments must be an object.")
        if data.keys() <= cls.model_fields.keys():
            return {
                name: _listed(cls, name, value)
                for name, value in data.items()
                if value is not None or cls.model_fields[name].is_required()
            }
        return _unalias(cls, data)


def _unalias(cls: type[Request], data: dict[str, Any]) -> dict[str, Any]:
    canonical = {alias: name for name, aliases in cls.ALIASES.items() for alias in aliases}
    resolved: dict[str, Any] = {}
    given: dict[str, str] = {}
    for key, raw in data.items():
        name = canonical.get(key, key)
        if name not in cls.model_fields:
            raise _unknown(cls, key, (*cls.model_fields, *canonical))
        value = _listed(cls, name, raw)
        if value is None:
            continue
        if name in resolved and resolved[name] != value:
            raise Problem(
                "contradiction",
                f"{given[name]} and {key} mean the same field but differ.",
                field=name,
                advice=f"Give {name} only.",
            )
        resolved[name], given[name] = value, key
    return resolved


def _unknown(cls: type[Request], key: str, known: tuple[str, ...]) -> Problem:
    near = difflib.get_close_matches(key, known, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Known fields: {', '.join(cls.model_fields)}."
    return Problem("unknown_field", f"There is no field {key[:80]!r}.", field=key[:80], advice=hint)


def _listed(cls: type[Request], name: str, value: Any) -> Any:
    """Hosts send lists as JSON text, people as one string or with commas: all mean a list."""
    if not isinstance(value, str) or name not in cls.LISTS:
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            return [value]
    parts = value.split(",") if name in cls.WORDS else [value]
    return [part.strip() for part in parts if part.strip()]


def _problem(cls: type[Request], error: ValidationError) -> Problem:
    first = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    root = str(first["loc"][0]) if first["loc"] else ""
    known = cls.model_fields.get(root)
    advice = (known.description or "") if known else ""
    return Problem(
        "invalid", f"{field}: {first['msg']}." if field else f"{first['msg']}.", field=field, advice=advice
    )


class View(BaseModel):
    """Base of every answer; dumped without the fields that are None."""

    model_config = ConfigDict(frozen=True, defer_build=True)
