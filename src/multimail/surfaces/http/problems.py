"""A refusal or fault as an HTTP answer: RFC 9457 problem details, one form for every route that is not MCP's.

The type of a problem is the address of its row in the reference of error codes; `code` is the same in short.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

if TYPE_CHECKING:
    from multimail.core.errors import Problem

MEDIA_TYPE: Final = "application/problem+json"
CHALLENGE: Final = 'Bearer realm="multimail"'
_SOON: Final = "1"
"""Seconds after which what was busy or broken for a moment is worth another try."""


def document(problem: Problem, base_url: str, status: int | None = None) -> dict[str, Any]:
    """The members of the problem; what it knows besides comes along under names of its own."""
    known = {
        "type": f"{base_url}/docs/errors#{problem.code}",
        "title": problem.row.meaning.rstrip("."),
        "status": status or problem.row.http,
        "detail": problem.message,
        "code": problem.code,
        "field": problem.field or None,
        "advice": problem.advice or None,
        "retry": problem.row.retry,
    }
    more = {name: value for name, value in problem.details.items() if name not in known}
    return {name: value for name, value in {**known, **more}.items() if value is not None}


def response(
    problem: Problem, base_url: str, also: Mapping[str, Any] | None = None, status: int | None = None
) -> Response:
    """The answer; `also` are further members, and `status` replaces the code's own."""
    content = {**document(problem, base_url, status), **(also or {})}
    headers = dict(_headers(problem))
    body = json.dumps(content, default=str).encode()
    return Response(body, content["status"], headers, MEDIA_TYPE)


def _headers(problem: Problem) -> Mapping[str, str]:
    if problem.row.http == 401:
        return {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}
    if problem.row.http == 405:
        return {"Allow": str(problem.details.get("allow", ""))}
    if "retry_after" in problem.details:
        return {"Retry-After": str(problem.details["retry_after"])}
    return {"Retry-After": _SOON} if problem.row.http == 503 and problem.row.retry else {}
