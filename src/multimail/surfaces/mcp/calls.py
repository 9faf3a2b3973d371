"""One call of a tool: which operation it is, who calls, and the answer as a result. It decides nothing about mail."""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext

from multimail.contract.operation import Operation
from multimail.contract.registry import operation
from multimail.core.errors import Problem
from multimail.core.model import Principal, Role
from multimail.services import dispatch
from multimail.services.context import Caller, Services
from multimail.surfaces.mcp import catalogue
from multimail.surfaces.mcp.ask import Asking
from multimail.surfaces.mcp.render import tool_result

Context = ServerRequestContext[Any, Any]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A `tools/call` with everything it needs."""

    services: Services
    principal_id: str
    surface: str
    context: Context
    params: types.CallToolRequestParams

    async def answer(self, ask_seconds: float) -> types.CallToolResult | types.InputRequiredResult:
        """The operation's answer, or the question that a person has to answer first."""
        row = _row(self.params.name)
        caller = Caller(self.principal_id, self.surface, host=host_name(self.context))
        arguments = self.params.arguments or {}
        owner = self._owner() if row.asks else None
        if owner is not None:
            asking = Asking(self.services, owner, caller, row, self.context, self.params)
            outcome = await asking.decide(arguments, ask_seconds)
            return outcome if isinstance(outcome, types.InputRequiredResult) else tool_result(outcome)
        view = await dispatch.call(self.services, caller, row.name, arguments, rising(self.context))
        return tool_result(view)

    def _owner(self) -> Principal | None:
        """The principal if its decisions are a person's only with that person's own answer."""
        stored = self.services.store.instant(lambda tx: tx.principals.get(self.principal_id))
        return stored.principal if stored is not None and stored.principal.role is Role.OWNER else None


def host_name(context: Context) -> str:
    """What the client calls itself; a claim, kept for the record."""
    told = context.session.client_params
    name = told.client_info.name if told is not None else ""
    return "".join(letter for letter in name if letter.isprintable())[:80]


def rising(context: Context) -> Callable[[float, float], Awaitable[None]]:
    """Progress notes to a client that asked for them; the protocol wants each to be higher than the last."""
    last = -1.0

    async def report(progress: float, total: float) -> None:
        nonlocal last
        if progress > last:
            last = progress
            await context.session.report_progress(progress, total)

    return report


def _row(name: str) -> Operation:
    if name in catalogue.names():
        return operation(name)
    near = difflib.get_close_matches(name, catalogue.names(), n=3)
    raise Problem(
        "unknown_operation",
        f"There is no tool {name[:80]!r}.",
        field="name",
        advice=f"Did you mean {' or '.join(near)}?" if near else "tools/list names those you have.",
    )
