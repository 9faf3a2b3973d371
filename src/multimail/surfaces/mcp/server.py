"""One MCP server for one door: tools from the operation rows, both protocol eras, every call through dispatch.

What a call needs (contract, services) is imported at the first call, so that a door can list its tools at once.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import mcp_types as types
from mcp.server import Server
from mcp.server.caching import CacheableMethod, CacheHint
from mcp.server.context import ServerRequestContext
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity

import multimail
from multimail.core.errors import Problem
from multimail.core.model import Scope
from multimail.surfaces.mcp.catalogue import tools_for
from multimail.surfaces.mcp.errors import tool_error

if TYPE_CHECKING:
    from multimail.services.context import Services

NAME: Final = "multimail"
INSTRUCTIONS: Final = Path(__file__).with_name("instructions.md")

_LOG: Final = logging.getLogger(__name__)
_HINTS: Final[dict[CacheableMethod, CacheHint]] = {
    "tools/list": CacheHint(ttl_ms=300_000, scope="private"),
    "server/discover": CacheHint(ttl_ms=3_600_000, scope="public"),
}
Context = ServerRequestContext[Any, Any]


@dataclass(frozen=True, slots=True)
class Options:
    """What an operator may set about this surface.

    `ask_seconds` bounds how long a call waits for the person at the host (hosts give up on a tool after about a
    minute). `state_keys` (32 bytes or more each) seal questions that a client carries to another process or
    over a restart; without any, such a question is asked again.
    """

    ask_seconds: float = 45.0
    state_keys: tuple[bytes, ...] = ()


class Door(Protocol):
    """How a connection knows who calls."""

    @property
    def surface(self) -> str:
        """The name calls are recorded under."""
        ...

    def principal_id(self) -> str:
        """Who sent the message being handled, or the empty string while that is not known."""
        ...

    async def services(self) -> Services:
        """The plugs; may wait until they are there. Raises `Problem` when they cannot be had."""
        ...

    async def scopes(self) -> frozenset[Scope]:
        """What the caller holds, for the tool list only."""
        ...


def build(door: Door, options: Options) -> Server[Any]:
    """The server of a door; the same object serves any number of connections."""

    async def list_tools(
        context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return tools_for(await door.scopes())

    async def call_tool(
        context: Context, params: types.CallToolRequestParams
    ) -> types.CallToolResult | types.InputRequiredResult:
        return await _answered(door, options, context, params)

    server = Server[Any](
        NAME,
        version=multimail.__version__,
        title="MultiMail",
        instructions=INSTRUCTIONS.read_text("utf-8"),
        cache_hints=_HINTS,
        # Arguments are judged by the contract: without this each call would list the tools first.
        get_tool_input_schema=lambda name: None,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
    server.middleware.append(RequestStateBoundary(_seal(options, door.principal_id), default_audience=NAME))
    return server


def _seal(options: Options, principal_id: Callable[[], str]) -> RequestStateSecurity:
    return RequestStateSecurity(
        keys=options.state_keys or (os.urandom(32),), bind_principal=lambda context: principal_id() or None
    )


async def _answered(
    door: Door, options: Options, context: Context, params: types.CallToolRequestParams
) -> types.CallToolResult | types.InputRequiredResult:
    """Whatever goes wrong is a result that the model reads: a raise would become a protocol error."""
    from multimail.surfaces.mcp import calls  # noqa: PLC0415 - brings contract and services

    try:
        services = await door.services()
        call = calls.ToolCall(services, door.principal_id(), door.surface, context, params)
        return await call.answer(options.ask_seconds)
    except Problem as problem:
        return tool_error(problem)
    except Exception:  # noqa: BLE001 - logged here, and nothing about it is told
        _LOG.exception("a tool call failed: %.40r", params.name)
        return tool_error(Problem("internal"))
