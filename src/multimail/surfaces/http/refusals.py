"""What is refused before any route runs, in the form that the path's clients read: problem details on the API's
paths, an object named `error` for the hosts on all others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse, Response

from multimail.surfaces.http import problems

if TYPE_CHECKING:
    from starlette.types import Scope

    from multimail.core.errors import Problem

OWN: Final = ("v1", "contacts")
PRIVATE: Final = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
"""Headers of every answer of the API: it is for its caller alone, and never anything else than it says."""


def is_api(path: str) -> bool:
    """Whether a path is the API's, known or not."""
    return path.split("/", 2)[1:2] in [[own] for own in OWN]


def refusal(scope: Scope, problem: Problem, base_url: str, status: int | None = None) -> Response:
    """The answer; `status` replaces the code's own."""
    if is_api(scope.get("path", "")):
        response = problems.response(problem, base_url, status=status)
        response.raw_headers.extend(PRIVATE)
        return response
    error = {"code": problem.code, "message": problem.message, "advice": problem.advice}
    return JSONResponse({"error": error}, status or problem.row.http)
