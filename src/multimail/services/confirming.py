"""Asking a signed-in person again who they are: before the first approval of a session, and the first change of rules.

A browser that somebody left open may look, refuse and freeze; it lets nothing go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from multimail.contract.operation import Effect
from multimail.contract.registry import operation
from multimail.core.model import Scope

_APPROVING: Final = frozenset({"approve", "approved"})
_LOOSENING: Final = frozenset({"unfreeze"})


def needed(name: str, arguments: Mapping[str, Any]) -> bool:
    """Whether a session has to be confirmed for this call: what lets mail leave, and what changes rules. Asking what
    a change would do is neither."""
    row = operation(name)
    if arguments.get("dry_run") is True and "dry_run" in row.request.model_fields:
        return False
    if row.scope is Scope.ADMIN:
        return row.effect in {Effect.WRITE, Effect.SEND}
    return name in _LOOSENING or (row.scope is Scope.OVERSIGHT and _approves(arguments))


def _approves(arguments: Mapping[str, Any]) -> bool:
    """One mail, or any of several."""
    each = (arguments, *(arguments.get("decisions") or ()))
    return any(one.get("decision") in _APPROVING for one in each)
