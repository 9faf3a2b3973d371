"""Answers as JSON: each value is written once, and long lists away from the event loop."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import anyio.to_thread
from starlette.responses import Response

if TYPE_CHECKING:
    from multimail.contract.shapes import View

_LONG: Final = 200
"""Elements from which on a list is written in another thread, so that others are answered meanwhile."""
_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


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
    """The object as JSON; a list under several names is written once and copied."""
    lists: dict[int, str] = {}
    members = [f"{_ENCODE(name)}:{_written(value, lists)}" for name, value in answer.items()]
    return f"{{{','.join(members)}}}".encode("utf-8", "replace")


def _written(value: Any, lists: dict[int, str]) -> str:
    if not isinstance(value, list):
        return _ENCODE(value)
    if id(value) not in lists:
        lists[id(value)] = _ENCODE(value)
    return lists[id(value)]


def json_response(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(body, status, headers, "application/json")
