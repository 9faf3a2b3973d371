"""Lines on standard input that the SDK's parser refuses, and that nobody would ever be answered for.

Hosts written in JavaScript send half of a surrogate pair (an emoji that a model cut in two): as in web browsers, the
half becomes U+FFFD and the call goes on. What is nested too deeply goes on to the contract, which says so.
"""

from __future__ import annotations

import json
from types import TracebackType
from typing import Any, Self

import mcp_types as types
from mcp.shared.message import SessionMessage
from pydantic import ValidationError

Item = SessionMessage | Exception


class Mended:
    """A stream of the SDK's, with what could be mended mended. Everything else passes as it is."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def receive(self) -> Item:
        return mended(await self._inner.receive())

    async def aclose(self) -> None:
        await self._inner.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Item:
        return mended(await self._inner.__anext__())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


def mended(item: Item) -> Item:
    """The message of a line that is one after all; else the item."""
    if not isinstance(item, ValidationError):
        return item
    line = item.errors(include_url=False)[0]["input"]
    try:
        return SessionMessage(
            types.jsonrpc_message_adapter.validate_python(_whole(json.loads(line)), by_name=False)
        )
    except (ValueError, TypeError, RecursionError):
        return item


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(one) for name, one in value.items()}
    return value
