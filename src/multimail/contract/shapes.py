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
    """Base of every operation's arguments."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=4_000_000, defer_build=True)
    ALIASES: ClassVar[dict[str, tuple[str, ...]]] = {}
    LISTS: ClassVar[frozenset[str]] = frozenset()

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
        known = cls.model_fields
        resolved = dict(data) if data.keys() <= known.keys() else _unalias(cls, data)
        for name in cls.LISTS & resolved.keys():
            resolved[name] = _listed(resolved[name])
        return resolved


def _unalias(cls: type[Request], data: dict[str, Any]) -> dict[str, Any]:
    canonical = {alias: name for name, aliases in cls.ALIASES.items() for alias in aliases}
    resolved: dict[str, Any] = {}
    given: dict[str, str] = {}
    for key, value in data.items():
        name = canonical.get(key, key)
        if name not in cls.model_fields:
            raise _unknown(cls, key, (*cls.model_fields, *canonical))
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


def _listed(value: Any) -> Any:
    """Hosts send lists as JSON text, people as one string or with commas: all mean a list."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            return [value]
    return [value] if value.strip() else []


def _problem(cls: type[Request], error: ValidationError) -> Problem:
    first = error.errors(include_url=False, include_input=False)[0]
    cause = first.get("ctx", {}).get("error")
    field = ".".join(str(part) for part in first["loc"])
    if isinstance(cause, Problem):
        return cause if cause.field else Problem(cause.code, cause.message, field=field, advice=cause.advice)
    if first["type"] == "extra_forbidden":
        return _unknown(cls, field, tuple(cls.model_fields))
    root = str(first["loc"][0]) if first["loc"] else ""
    known = cls.model_fields.get(root)
    advice = (known.description or "") if known else ""
    return Problem(
        "invalid", f"{field}: {first['msg']}." if field else f"{first['msg']}.", field=field, advice=advice
    )


class View(BaseModel):
    """Base of every answer; dumped without the fields that are None."""

    model_config = ConfigDict(frozen=True, defer_build=True)
