"""What may be stored of a contact: names of one line, and data that can be written, read and searched."""

from __future__ import annotations

import json
from typing import Any, Final

from multimail.core.errors import Problem
from multimail.core.text import typed_line

MAX_METADATA: Final = 65_536
"""Bytes of a contact's data as JSON."""
MAX_DEPTH: Final = 20
MAX_NAME: Final = 200


def checked_name(name: str) -> str:
    """One line of text without what hides in it."""
    if len(name) > MAX_NAME:
        raise Problem("invalid", f"A name has at most {MAX_NAME} characters.", field="name")
    return typed_line(name.strip(), "name")


def check_metadata(metadata: dict[str, Any]) -> None:
    """What is stored must be JSON, and of a bounded size and depth."""
    fault = fault_of(metadata)
    if fault == "metadata_too_deep":
        raise Problem("invalid", f"metadata is nested deeper than {MAX_DEPTH}.", field="metadata")
    if fault == "invalid_metadata":
        advice = "Text, numbers, true, false, null, lists and objects."
        raise Problem("invalid", "metadata is not valid JSON.", field="metadata", advice=advice)
    if fault:
        size = len(json.dumps(metadata, ensure_ascii=False).encode())
        raise Problem(
            "invalid", f"metadata would have {size} bytes.", field="metadata", advice="64 KB at most."
        )


def fault_of(metadata: dict[str, Any]) -> str:
    """Why data cannot be stored, as a code; empty if it can."""
    if depth(metadata) > MAX_DEPTH:
        return "metadata_too_deep"
    try:
        size = len(json.dumps(metadata, ensure_ascii=False, allow_nan=False).encode())
    except (ValueError, TypeError):
        return "invalid_metadata"
    return "metadata_too_large" if size > MAX_METADATA else ""


def depth(value: Any) -> int:
    """How deep lists and objects are nested, counted level by level; what goes in circles is very deep."""
    found, level = 0, [value]
    while level and found <= MAX_DEPTH:
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        ]
        found += bool(level)
    return found
