"""The tools that a principal is shown: the snapshot, narrowed to its scopes, always in the same order.

Being listed grants nothing: dispatch checks the scope again at every call.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import mcp_types as types

from multimail.core.model import Scope

SNAPSHOT: Final = Path(__file__).with_name("tools.json")

_NEEDED: Final = {"agent": None, "review": Scope.OVERSIGHT, "admin": Scope.ADMIN}
"""The scope that opens a toolset, apart from the scope of each tool in it."""


@cache
def tools_for(scopes: frozenset[Scope]) -> types.ListToolsResult:
    """The tool list for these scopes. The same object each time: nobody may change it."""
    offered = [offer["tool"] for offer in _offers() if _is_open(offer, scopes)]
    return types.ListToolsResult(tools=[types.Tool.model_validate(tool) for tool in offered])


@cache
def names() -> tuple[str, ...]:
    """The name of every tool there is, offered to somebody or other."""
    return tuple(offer["tool"]["name"] for offer in _offers())


def _is_open(offer: dict[str, Any], scopes: frozenset[Scope]) -> bool:
    needed = _NEEDED[offer["toolset"]]
    return offer["scope"] in scopes and (needed is None or needed in scopes)


@cache
def _offers() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(SNAPSHOT.read_text("utf-8")))
