"""Answers as JSON, written once; long lists away from the event loop."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import anyio.to_thread
from pydantic import TypeAdapter
from starlette.responses import Response

if TYPE_CHECKING:
    from multimail.contract.shapes import View

_LONG: Final = 200
"""Elements from which on a list is written in another thread, so that others are answered meanwhile."""
_JSON: Final = TypeAdapter(dict[str, Any])


async def rendered(
    view: View, shape: Callable[[dict[str, Any]], dict[str, Any]]
) -> tuple[dict[str, Any], bytes]:
    """The answer after `shape`, and its bytes."""

    def render() -> tuple[dict[str, Any], bytes]:
        answer = shape(view.model_dump(mode="json", exclude_none=True))
        return answer, encode(answer)

    if any(isinstance(value, list) and len(value) > _LONG for value in vars(view).values()):
        return await anyio.to_thread.run_sync(render)
    return render()


def encode(answer: dict[str, Any]) -> bytes:
    """The object as JSON in UTF-8. Half a surrogate pair, which UTF-8 cannot say, is escaped."""
    try:
        return _JSON.dump_json(answer)
    except ValueError:
        return json.dumps(answer).encode()


def json_response(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer whose bytes are there already."""
    return Response(body, status, headers, "application/json")
