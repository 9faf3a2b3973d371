"""The arguments of an operation out of an HTTP request: its body or query, its path, its headers.

What they mean is judged by the contract. Here they only come together, and what disagrees is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from multimail.contract.contact_filter import ContactFilter
from multimail.core.errors import Problem
from multimail.surfaces.http.bodies import read_object

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest

    from multimail.contract.operation import Operation
    from multimail.contract.shapes import Request

WHOLE: Final = 10_000
"""Rows of a list whose caller follows no cursor."""
TEXTS: Final = 1_048_576
"""Bytes of mail texts in one answer, unless the caller says otherwise."""
WITH_FILES: Final = 96 * 1024 * 1024
"""An attachment beyond the limit of a mail has to get in to be told so by name."""
WITHOUT: Final = 8 * 1024 * 1024
_KEY: Final = "idempotency_key"
_MOST_PARAMETERS: Final = 200


async def from_body(request: HttpRequest, row: Operation) -> dict[str, Any]:
    """The object in the body. What stands in the query would not be looked at, so it is refused."""
    if request.scope["query_string"]:
        name = next(iter(_pairs(request)), ("", ""))[0]
        raise Problem(
            "invalid", "Arguments of this request belong into its body.", field=name[:80],
            advice="Send one JSON object.",
        )  # fmt: skip
    return await read_object(request, most(row.request))


@cache
def most(request: type[Request]) -> int:
    """Bytes that a body may have."""
    return WITH_FILES if "attachments" in request.model_fields else WITHOUT


def from_query(request: HttpRequest, row: Operation) -> dict[str, Any]:
    """Names and values of the query: a name that comes again is a list, a dot leads into an object."""
    found: dict[str, Any] = {}
    for key, value in _pairs(request):
        target, name = _place(found, row.request, key)
        if name in target:
            earlier = target[name]
            target[name] = [*earlier, value] if isinstance(earlier, list) else [earlier, value]
        else:
            target[name] = value
    return {key: _object(value) for key, value in found.items()}


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    try:
        text = request.scope["query_string"].decode("utf-8")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except UnicodeDecodeError:
        raise Problem("malformed", "The query is not UTF-8.", advice="Write it percent-encoded.") from None
    except ValueError:
        raise Problem(
            "malformed", f"The query has more than {_MOST_PARAMETERS} parameters.",
            advice="POST takes the same arguments as a JSON object.",
        ) from None  # fmt: skip


def _place(found: dict[str, Any], request: type[Request], key: str) -> tuple[dict[str, Any], str]:
    """Where a value goes. Conditions on contacts may stand beside the other fields, as in a filter."""
    fields = request.model_fields
    is_condition = key.startswith("metadata.") or key in ContactFilter.model_fields
    if is_condition and "filters" in fields and canonical(request, key) not in fields:
        return _inside(found, "filters", key), key
    head, dot, rest = key.partition(".")
    name = canonical(request, head)
    if dot and rest and name in fields:
        # Keys of a filter may have dots themselves: metadata.plan is one.
        return _inside(found, head, key), rest
    return found, key


def _inside(found: dict[str, Any], name: str, key: str) -> dict[str, Any]:
    inner = found.setdefault(name, {})
    if not isinstance(inner, dict):
        raise Problem("contradiction", f"{name} is given whole and in parts.", field=key[:80])
    return inner


def _object(value: Any) -> Any:
    """Objects may come as JSON text; text that is none is text."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def canonical(request: type[Request], key: str) -> str:
    """The field that a name means, or the name itself."""
    return _aliases(request).get(key, key)


@cache
def _aliases(request: type[Request]) -> Mapping[str, str]:
    return {alias: name for name, aliases in request.ALIASES.items() for alias in aliases}


def fix(arguments: dict[str, Any], request: type[Request], fixed: Mapping[str, Any], where: str) -> None:
    """Set what the path or method stands for; whoever says something else in so many words is refused."""
    for key in [key for key in arguments if canonical(request, key) in fixed]:
        name = canonical(request, key)
        given = arguments.pop(key)
        if given is not None and _plain(given) != _plain(fixed[name]):
            raise Problem(
                "contradiction", f"{key} differs from what {where} stands for.", field=name,
                advice=f"Leave {key} out.",
            )  # fmt: skip
    arguments.update(fixed)


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool | str) else value


def add_idempotency(request: HttpRequest, row: Operation, arguments: dict[str, Any]) -> None:
    """The header is the argument of the same name.

    Reads and what may be repeated anyway need none, so it is ignored there; a change that could not honour it is
    refused, because its caller counts on it.
    """
    given = {*request.headers.getlist("idempotency-key")}
    if not given:
        return
    if len(given) > 1:
        raise Problem(
            "contradiction",
            "There are several keys in headers.",
            field=_KEY,
            advice="Send one Idempotency-Key.",
        )
    if _KEY in row.request.model_fields:
        fix(arguments, row.request, {_KEY: given.pop().strip('"')}, "the header Idempotency-Key")
    elif not (row.read_only or row.idempotent):
        raise Problem(
            "invalid", f"{row.name} cannot be made repeatable by a key.", field="Idempotency-Key",
            advice="Leave the header out, and look at what was done before you repeat the call.",
        )  # fmt: skip


@cache
def whole(request: type[Request], *, rows: bool) -> Mapping[str, int]:
    """What is asked for where nothing is said: as much text as one answer takes and, with `rows`, whole lists."""
    wanted = {"max_bytes": TEXTS, **({"limit": WHOLE} if rows else {})}
    return {
        name: min(number, _greatest(request, name))
        for name, number in wanted.items()
        if name in request.model_fields
    }


def _greatest(request: type[Request], name: str) -> int:
    bounds = [getattr(bound, "le", None) for bound in request.model_fields[name].metadata]
    return min((int(bound) for bound in bounds if bound is not None), default=WHOLE)
