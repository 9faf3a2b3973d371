"""Asking a signed-in person again who they are: before a session lets its first mail leave, or changes its first rule.

A browser that somebody left open may look, refuse and freeze; it lets nothing go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from multimail.contract.operation import Effect
from multimail.contract.registry import operation
from multimail.core.errors import Problem
from multimail.core.model import RESERVED_TAGS, Scope
from multimail.core.tags import read_tags
from multimail.services.consenting import REGION_KEYS

_REFUSING: Final = frozenset({"reject", "rejected", "request_changes", "escalate", "defer", "cancel"})
_TAGGING: Final = frozenset({"tag_email", "manage_contacts"})


def needed(name: str, arguments: Mapping[str, Any]) -> bool:
    """Whether a session has to be confirmed for this call: what lets mail leave, and what changes rules. Asking what
    a change would do is neither."""
    row = operation(name)
    if arguments.get("dry_run") is True and "dry_run" in row.request.model_fields:
        return False
    if row.scope is Scope.ADMIN:
        return row.effect in {Effect.WRITE, Effect.SEND}
    if name in _TAGGING:
        return _opens(arguments)
    if name == "set_preferences":
        return any({**(arguments.get("topics") or {}), **(arguments.get("channels") or {})}.values())
    if name == "record_consent":
        return True
    return row.effect is Effect.SEND and (row.scope is Scope.SEND or not _refuses(arguments))


def _opens(arguments: Mapping[str, Any]) -> bool:
    """Whether somebody may be written to by it who was not before: a tag stopped that, or the law where they are."""
    where = {*REGION_KEYS}.intersection(arguments.get("metadata") or ())
    try:
        tags = RESERVED_TAGS.intersection(read_tags(arguments.get("remove") or ()))
    except Problem:
        return False  # what is no tag is refused
    return bool(where or tags) or arguments.get("action") == "delete"


def _refuses(arguments: Mapping[str, Any]) -> bool:
    """One mail, or all of several. A decision that is not known to refuse may let something go."""
    each = [arguments, *(arguments.get("decisions") or ())]
    decisions = [one["decision"] for one in each if "decision" in one]
    return bool(decisions) and all(one in _REFUSING for one in decisions)
