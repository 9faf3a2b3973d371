"""From an operation's request model to options of a command, and from what was typed back to arguments.

Nothing is judged here: text goes to the contract as it was typed, so that every surface gives the same errors.
Only structure is added, where text has none: lists, objects, files.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import click

from multimail.contract.operation import Operation
from multimail.contract.sending import AttachmentIn
from multimail.contract.shapes import Request
from multimail.core.errors import Problem

Schema = Mapping[str, Any]

_MANY_WORDS: Final = "query"
"""A search is typed without quotes: all words that are left belong to it."""
_FROM_INPUT: Final = "-"


def parameters(row: Operation) -> list[click.Parameter]:
    """The positional fields, then every field as an option. Aliases and hidden fields work and are not listed."""
    schema = _schema(row.request)
    fields: Schema = schema.get("properties", {})
    required = schema.get("required", ())
    found: list[click.Parameter] = [_argument(name, fields[name]) for name in row.positional]
    for name in sorted(fields, key=lambda one: one not in required):
        quiet = bool(fields[name].get("hidden")) or name in row.positional
        found.append(_option(name, fields[name], schema, hidden=quiet))
    taken = {_flag(name) for name in fields}
    for name, aliases in row.request.ALIASES.items():
        for alias in aliases if name in fields else ():
            if _flag(alias) not in taken:
                taken.add(_flag(alias))
                found.append(_option(alias, fields[name], schema, hidden=True))
    return found


def arguments(row: Operation, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The operation's arguments: what was typed and nothing else."""
    fields: Schema = _schema(row.request).get("properties", {})
    found: dict[str, Any] = {}
    for parameter, value in typed.items():
        if value is None or value == ():
            continue
        kind, _, key = parameter.partition("__")
        field = fields.get(_canonical(row, key), {})
        given = _words(value) if kind == "argument" else _told_of(key, field, value)
        if key in found and found[key] != given:
            raise Problem("contradiction", f"{key} is given twice.", field=key, advice="Give it once.")
        found[key] = given
    return found


@cache
def _schema(request: type[Request]) -> Schema:
    return request.model_json_schema()


def _canonical(row: Operation, key: str) -> str:
    return next((name for name, aliases in row.request.ALIASES.items() if key in aliases), key)


def _argument(name: str, field: Schema) -> click.Argument:
    count = -1 if name == _MANY_WORDS else 1
    return click.Argument([f"argument__{name}"], required=False, nargs=count, metavar=f"[{name.upper()}]")


def _flag(key: str) -> str:
    return f"--{key.replace('_', '-').strip('-')}"


def _option(key: str, field: Schema, whole: Schema, *, hidden: bool) -> click.Option:
    flag = _flag(key)
    parameter = f"option__{key}"
    help_text = _help(field, whole)
    if _type(field) == "boolean":
        both = f"{flag}/--no-{flag[2:]}"
        return click.Option([both, parameter], default=None, help=help_text, hidden=hidden)
    many = _type(field) in {"array", "object"}
    metavar = _metavar(field, whole)
    return click.Option([flag, parameter], multiple=many, help=help_text, hidden=hidden, metavar=metavar)


def _help(field: Schema, whole: Schema) -> str:
    text = str(field.get("description", ""))
    if _is_file(field):
        return f"{text} A path; may be repeated."
    if _type(field) == "array":
        return f"{text} May be repeated."
    if choices := list(_choices(field, whole)):
        return f"{text} One of: {', '.join(choices)}."
    return text


def _metavar(field: Schema, whole: Schema) -> str:
    if _is_file(field):
        return "PATH"
    if _type(field) == "object":
        return "KEY=VALUE"
    return (
        "WORD" if list(_choices(field, whole)) else {"integer": "N", "number": "N"}.get(_type(field), "TEXT")
    )


def _type(field: Schema) -> str:
    """The JSON type; of several, the one that needs a list or object on the command line."""
    kinds = [one.get("type") for one in (field, *field.get("anyOf", ()))]
    for kind in ("array", "object", "string", "integer", "number", "boolean"):
        if kind in kinds:
            return "string" if kind == "object" and "string" in kinds else kind
    return "string"


def _choices(field: Schema, whole: Schema) -> Iterator[str]:
    for one in (field, *field.get("anyOf", ())):
        target = whole["$defs"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one
        yield from map(str, target.get("enum", ()))


def _is_file(field: Schema) -> bool:
    return str(field.get("items", {}).get("$ref", "")).endswith(f"/{AttachmentIn.__name__}")


def _words(value: Any) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _told_of(key: str, field: Schema, value: Any) -> Any:
    """The value; what is wrong with it says of which option."""
    try:
        return _value(field, value)
    except Problem as problem:
        raise problem if problem.field else problem.within(key) from None


def _value(field: Schema, value: Any) -> Any:
    if not isinstance(value, tuple):
        return _text(field, value)
    if _is_file(field):
        return [_attachment(one) for one in value]
    if _type(field) == "object":
        return _object(value)
    # One value may be a list written as JSON: the contract knows.
    return value[0] if len(value) == 1 else list(value)


def _text(field: Schema, value: Any) -> Any:
    if value == _FROM_INPUT and isinstance(value, str):
        return sys.stdin.read()
    is_object = any(one.get("type") == "object" for one in field.get("anyOf", ()))
    return _json(value) if is_object and str(value).lstrip().startswith("{") else value


def _object(values: tuple[str, ...]) -> Any:
    """`KEY=VALUE`, repeated; a value that is JSON (true, 12, null, "x") means that, all else is text."""
    if len(values) == 1 and values[0].lstrip().startswith("{"):
        return _json(values[0])
    found: dict[str, Any] = {}
    for one in values:
        key, equals, text = one.partition("=")
        if not equals or not key.strip():
            raise Problem("invalid", f"{one[:60]!r} is not KEY=VALUE.", advice="Write it like plan=pro.")
        found[key.strip()] = _scalar(text)
    return found


def _scalar(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Problem("invalid", f"{text[:60]!r} is not JSON: {error}.") from None


def _attachment(value: str) -> dict[str, Any]:
    """A path, or the attachment as JSON."""
    if value.lstrip().startswith("{"):
        found: dict[str, Any] = _json(value)
        return found
    path = Path(value).expanduser()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Problem(
            "invalid",
            f"{value} cannot be read: {error.strerror}.",
            field="attachments",
            advice="Give the path of a file.",
        ) from None
    return {"filename": path.name, "content_base64": base64.b64encode(content).decode("ascii")}
