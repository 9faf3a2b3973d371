"""The two kinds of model: requests forbid what they do not know, views leave out what is not there.

Aliases are accepted everywhere and advertised nowhere: `Request.ALIASES` maps a canonical field to the
other names it may arrive under, and two names that disagree are refused.
"""

import difflib
import json
import re
from functools import cache
from typing import Any, ClassVar, Final, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from multimail.core.errors import Problem

_FORM: Final = re.compile(r"(constrained-)?str|(list|dict|function-\w+)\[.*")


class Request(BaseModel):
    """Base of every operation's arguments. A field that is null is a field that was not given.

    `LISTS` names the fields that are lists even when a text comes, and `WORDS` those of them whose entries hold no
    commas, so that a text with commas is several. `OBJECTS` names the fields that may come as the text of an object.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=4_000_000, defer_build=True)
    ALIASES: ClassVar[dict[str, tuple[str, ...]]] = {}
    LISTS: ClassVar[frozenset[str]] = frozenset()
    WORDS: ClassVar[frozenset[str]] = frozenset()
    OBJECTS: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def parse(cls, arguments: dict[str, Any]) -> Self:
        """Validate arguments; every fault becomes a `Problem` that names its field."""
        try:
            return cls.model_validate(arguments)
        except ValidationError as error:
            raise _problem(cls, error) from None

    @classmethod
    def parse_within(cls, arguments: dict[str, Any], field: str) -> Self:
        """As `parse`, of arguments that are the value of a field themselves."""
        try:
            return cls.parse(arguments)
        except Problem as problem:
            raise problem.within(field) from None

    @model_validator(mode="before")
    @classmethod
    def _resolve(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            raise Problem("invalid", "The arguments must be an object.")
        if data.keys() <= cls.model_fields.keys():
            return {
                name: _shaped(cls, name, value)
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
        value = _shaped(cls, name, raw)
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
    fields = ", ".join(cls.model_fields)
    hint = (
        f"Did you mean {' or '.join(near)}?"
        if near
        else f"Known fields: {fields}."
        if fields
        else "It takes none."
    )
    return Problem("unknown_field", f"There is no field {key[:80]!r}.", field=key[:80], advice=hint)


def _shaped(cls: type[Request], name: str, value: Any) -> Any:
    """Hosts send lists and objects as JSON text, people lists as one string or with commas: all mean the same."""
    if isinstance(value, str):
        if name in cls.OBJECTS and value.lstrip().startswith("{"):
            return _json(value, value)
        return _listed(cls, name, value) if name in cls.LISTS else value
    if isinstance(value, dict) and name in cls.LISTS - cls.OBJECTS and name.endswith("tags"):
        return [json.dumps(value)]
    if isinstance(value, bool) and name in _numbers(cls):
        raise Problem(
            "invalid",
            f"{name}: A number is wanted.",
            field=name,
            advice=cls.model_fields[name].description or "",
        )
    return value


@cache
def _numbers(cls: type[Request]) -> frozenset[str]:
    """Fields that are numbers. Where texts may be numbers, as in a query, yes and no would be 1 and 0."""
    kinds = {
        name: get_args(field.annotation) or (field.annotation,) for name, field in cls.model_fields.items()
    }
    return frozenset(name for name, kind in kinds.items() if {int, float} & {*kind} and bool not in kind)


def _listed(cls: type[Request], name: str, value: str) -> Any:
    if value.lstrip().startswith("["):
        return _json(value, [value])
    parts = value.split(",") if name in cls.WORDS else [value]
    return [part.strip() for part in parts if part.strip()]


def _json(text: str, otherwise: Any) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return otherwise


def _problem(cls: type[Request], error: ValidationError) -> Problem:
    first = error.errors(include_url=False, include_input=False)[0]
    root, *inner = map(str, first["loc"]) if first["loc"] else [""]
    # Where a field may have several forms, pydantic puts the form it tried into the path.
    field = ".".join([root, *(part for part in inner if not _FORM.fullmatch(part))])
    known = cls.model_fields.get(root)
    advice = (known.description or "") if known else ""
    return Problem(
        "invalid", f"{field}: {first['msg']}." if field else f"{first['msg']}.", field=field, advice=advice
    )


class View(BaseModel):
    """Base of every answer; dumped without the fields that are None.

    `ECHOED` names what only repeats the caller's own words; it need not be advertised. `SHOWN_ONCE` names the field
    that holds a secret, if there is one.
    """

    ECHOED: ClassVar[frozenset[str]] = frozenset()
    SHOWN_ONCE: ClassVar[str] = ""
    model_config = ConfigDict(frozen=True, defer_build=True)
