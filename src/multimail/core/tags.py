"""Tags: the one way to read them, and which of them only an operator may take away or give.

A tag is a name with an optional value, written `name` or `name=value`. Names are codes that logs may carry.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from multimail.core.errors import Problem
from multimail.core.model import RESERVED_TAGS

MAX_NAME: Final = 64
MAX_VALUE: Final = 256
MAX_TAGS: Final = 50
TRUSTED: Final = "trusted:"


def read_tags(given: Iterable[str] | Mapping[str, Any], *, field: str = "tags") -> dict[str, str]:
    """Names with their values, from a list (entries may be `name=value` or hold commas) or an object.

    Raises `invalid` for what is no tag. Names keep their case, except that reserved ones have one spelling.
    """
    pairs = given.items() if isinstance(given, Mapping) else _pairs(given, field)
    tags = {_name(name, field): _value(value, field) for name, value in pairs}
    if len(tags) > MAX_TAGS:
        raise Problem("invalid", f"More than {MAX_TAGS} tags at once.", field=field)
    return tags


def clean_tags(given: Iterable[str], *, field: str = "tags") -> tuple[str, ...]:
    """The tags of a mail, as written. They reach its recipients' contacts, so none may loosen anything."""
    tags = read_tags(given, field=field)
    for name in filter(is_trust, tags):
        raise Problem("forbidden", f"The tag {name!a} is an operator's to give.", field=field)
    return tuple(written(name, value) for name, value in tags.items())


def split(tag: str) -> tuple[str, str]:
    """Name and value of a written tag."""
    name, _, value = tag.partition("=")
    return name.strip(), value.strip()


def written(name: str, value: str) -> str:
    """The tag as a list shows it."""
    return f"{name}={value}" if value else name


def is_reserved(name: str) -> bool:
    """Whether only an operator may take the tag away: it stops mail, or lets it go."""
    return name in RESERVED_TAGS or is_trust(name)


def is_trust(name: str) -> bool:
    """Whether the tag loosens what policy says, so that only an operator may give it."""
    return name.startswith(TRUSTED)


def _pairs(given: Iterable[str], field: str) -> Iterable[tuple[str, Any]]:
    for entry in given:
        if entry.lstrip().startswith("{"):
            yield from _object(entry, field).items()
        else:
            yield from (split(part) for part in entry.split(","))


def _object(text: str, field: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Problem("invalid", "This is no JSON object of tags.", field=field)
    return found


def _name(name: str, field: str) -> str:
    name = unicodedata.normalize("NFC", name.strip())
    if not 0 < len(name) <= MAX_NAME or not _printable(name) or set(name) & set("=,{}"):
        raise Problem(
            "invalid",
            f"{name[:MAX_NAME]!a} is no tag.",
            field=field,
            advice=f"1 to {MAX_NAME} printable characters without comma, equals sign and braces.",
        )
    folded = name.casefold()
    return folded if is_reserved(folded) else name


def _value(value: Any, field: str) -> str:
    text = "" if value is None or value is True else str(value).strip()
    if isinstance(value, dict | list) or len(text) > MAX_VALUE or not _printable(text):
        advice = f"Text or a number of at most {MAX_VALUE} printable characters."
        raise Problem("invalid", "A tag has an unusable value.", field=field, advice=advice)
    return text


def _printable(text: str) -> bool:
    """Spaces and all that is seen; a code that looks like another because of what is not seen is no code."""
    return text.isprintable()
