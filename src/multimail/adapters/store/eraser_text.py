"""One value of a row, whatever it is: whether somebody is in it, and what it is without them."""

from __future__ import annotations

import json
import zlib
from typing import Any

from multimail.adapters.store import dialect
from multimail.core.addresses import normalise
from multimail.core.traces import ERASED, Traces
from multimail.mime import uncovered

Value = str | int | float | bytes | None


def traced_value(value: Value, traces: Traces) -> bool:
    """Whether traces are in a text, or in bytes once they are unpacked and decoded."""
    if isinstance(value, str):
        return traces.found(value)
    if isinstance(value, bytes):
        return traced_bytes(unpacked(value), traces)
    return False


def traced_bytes(data: bytes, traces: Traces) -> bool:
    """Whether traces are in a raw mail or file, in whatever encoding mail has."""
    return any(traces.found(text) for text in uncovered.texts(data)) or _in_json(data, traces)


def _in_json(data: bytes, traces: Traces) -> bool:
    """JSON may hold letters as numbers."""
    if b"\\u" not in data:
        return False
    try:
        return traces.found(json.dumps(json.loads(data), ensure_ascii=False))
    except ValueError:
        return False


def unpacked(data: bytes) -> bytes:
    """Without compression, if there is any."""
    try:
        return zlib.decompress(data)
    except zlib.error:
        return data


def redacted_value(value: Value, traces: Traces) -> Value:
    """Text without traces; JSON stays JSON, and a list loses who is in it. Of bytes nothing is kept."""
    if isinstance(value, bytes):
        return None
    if not isinstance(value, str):
        return value
    if value[:1] in "[{":
        try:
            return dialect.json_dump(_walked(json.loads(value), traces))
        except ValueError:
            pass
    return traces.redacted(value)


def without_files(envelope: str) -> str:
    """An envelope that names no file: they went with the bytes."""
    value = dialect.json_load(envelope)
    return dialect.json_dump(value | {"attachments": []}) if value.get("attachments") else envelope


def _walked(value: Any, traces: Traces) -> Any:
    if isinstance(value, str):
        return traces.redacted(value)
    if isinstance(value, list):
        return [_walked(one, traces) for one in value if not _is_about(one, value, traces)]
    if isinstance(value, dict):
        return {traces.redacted(name): _walked(one, traces) for name, one in value.items()}
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return ERASED if is_number and traces.found(str(value)) else value


def _is_about(item: Any, among: list[Any], traces: Traces) -> bool:
    """In a list of addresses the person's; in a list of lists, such as recipients, one that has it."""
    if isinstance(item, list):
        return any(_is_person(one, traces) for one in item)
    return all(isinstance(one, str) for one in among) and _is_person(item, traces)


def _is_person(value: Any, traces: Traces) -> bool:
    return isinstance(value, str) and normalise(value) == traces.address
