"""Responses in the description: answers with their headers, and problems by status with an example for each code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from multimail.core.errors import CODES, Problem
from multimail.surfaces.http import problems
from multimail.surfaces.http.name_schemas import REF

Node = dict[str, Any]

EVERYWHERE: Final = (
    "malformed", "unauthenticated", "forbidden", "unknown_operation", "rate_limited", "busy", "storage_failed",
    "unavailable", "timeout", "internal",
)  # fmt: skip
"""What any path may answer, whatever is behind it."""
WITH_BODY: Final = ("unsupported_media_type", "too_large")
WRITING: Final = ("storage_full",)
_TEXT: Final[Node] = {"type": "string"}
_NUMBER: Final[Node] = {"type": "integer", "minimum": 0}

HEADERS: Final[Mapping[str, Node]] = {
    "RateLimit": {"description": "What is left of the minute: `\"minute\";r=…;t=…`.", "schema": _TEXT},
    "RateLimit-Policy": {"description": "How many requests a minute: `\"minute\";q=…;w=60`.", "schema": _TEXT},
    "Retry-After": {"description": "Seconds after which the same call may succeed.", "schema": _NUMBER},
    "WWW-Authenticate": {"description": "How to authenticate.", "schema": _TEXT},
    "Location": {"description": "Where what was made is.", "schema": _TEXT},
    "Link": {"description": "The next page, where there is one.", "schema": _TEXT},
    "ETag": {"description": "The SHA-256 of the bytes.", "schema": _TEXT},
    "Content-Disposition": {"description": "Always `attachment`, with the file's name.", "schema": _TEXT},
}  # fmt: skip
_LIMITS: Final = ("RateLimit", "RateLimit-Policy")
PROBLEM: Final[Node] = {
    "type": "object",
    "description": "Problem details (RFC 9457). `code` is stable; `retry`: the same call may succeed later.",
    "properties": {
        "type": {"type": "string", "description": "Where the code is described."},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong, in a sentence that may be shown."},
        "code": {"type": "string", "enum": [*CODES]},
        "field": {"type": "string", "description": "The field that it is about, by its canonical name."},
        "advice": {"type": "string", "description": "What would be right."},
        "retry": {"type": "boolean"},
    },
    "required": ["type", "title", "status", "detail", "code", "retry"],
}


def headers(*names: str) -> Node:
    """References to headers, those of the rate limit first."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*_LIMITS, *names)}


def refusals(codes: Iterable[str], also: Mapping[str, Any] | None = None) -> Node:
    """A response for each status that the codes have. `also` are further members of these problems."""
    by_status: dict[int, list[str]] = {}
    for code in CODES:
        if code in set(codes):
            by_status.setdefault(CODES[code].http, []).append(code)
    return {str(status): _refusal(status, found, also) for status, found in sorted(by_status.items())}


def _refusal(status: int, codes: list[str], also: Mapping[str, Any] | None) -> Node:
    told = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}.get(status, ())
    schema: Node = {"$ref": f"{REF}Problem"}
    if also:
        extra = {name: {"const": value} for name, value in also.items()}
        schema = {"allOf": [schema, {"type": "object", "properties": extra}]}
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
    return {
        "description": " ".join(CODES[code].meaning for code in codes),
        "headers": headers(*told),
        "content": {problems.MEDIA_TYPE: {"schema": schema, "examples": examples}},
    }


def shared(paths: Mapping[str, Mapping[str, Node]]) -> Node:
    """Put each refusal once into what is returned, by name, and leave references to it in the paths."""
    found: dict[str, Node] = {}
    known: dict[str, str] = {}
    for methods in paths.values():
        for node in methods.values():
            for status, response in node["responses"].items():
                if problems.MEDIA_TYPE not in response["content"]:
                    continue
                text = json.dumps(response, sort_keys=True)
                name = known.setdefault(text, f"{status}.{len(known)}")
                found[name] = response
                node["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    return found


def examples() -> Node:
    """A problem for each code, as it is sent."""
    return {
        code: {"summary": row.meaning, "value": problems.document(Problem(code), "")}
        for code, row in CODES.items()
    }
