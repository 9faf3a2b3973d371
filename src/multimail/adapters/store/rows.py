"""How a row of `messages` becomes a `StoredMessage`: one list of columns, read by position; no SQL beyond it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from multimail.ports.records import StoredMessage

if TYPE_CHECKING:
    import sqlite3

_COLUMNS: Final = (
    "seq", "id", "mailbox_id", "thread_id", "direction", "status", "class", "mode", "requested_mode", "operation",
    "principal_id", "answers", "sender", "sender_name", "reply_to", "subject", "preview", "header_id", "in_reply_to",
    "header_refs", "held_from_agents", "has_attachments", "has_replies", "new_sender", "size", "metadata", "problems",
    "hidden_text", "authentication", "verdict", "revision", "digest", "approved_digest", "approved_by", "approved_at",
    "released_digest", "delivery", "scheduled_at", "undo_until", "expires_at", "superseded_by", "content_hash",
    "created_at", "updated_at", "batch_id",
)  # fmt: skip

MESSAGE_COLUMNS: Final = ", ".join(_COLUMNS)
"""What to select from `messages`, in the order `stored_message` reads it."""

# What `json.loads` does for text without space around it, as the database writes it, at a quarter of the price.
_decode: Final = json.JSONDecoder().raw_decode

_FLAGS: Final = slice(_COLUMNS.index("held_from_agents"), _COLUMNS.index("new_sender") + 1)
_OBJECT: Final = _COLUMNS.index("metadata")
_PROBLEMS: Final = _COLUMNS.index("problems")
_OBJECTS: Final = slice(_COLUMNS.index("hidden_text"), _COLUMNS.index("verdict") + 1)


def stored_message(row: sqlite3.Row) -> StoredMessage:
    """The message of a row that begins with `MESSAGE_COLUMNS`; columns after them are left alone."""
    values: list[Any] = list(row)[: len(_COLUMNS)]
    values[_FLAGS] = map(bool, values[_FLAGS])
    values[_OBJECT] = json_object(values[_OBJECT])
    values[_PROBLEMS] = tuple(json_array(values[_PROBLEMS]))
    values[_OBJECTS] = map(json_object, values[_OBJECTS])
    return StoredMessage(*values)


def json_object(text: str) -> dict[str, Any]:
    """A JSON object; nearly all of them are empty, which costs nothing."""
    if text == "{}":
        return {}
    value: dict[str, Any] = _decode(text)[0]
    return value


def json_array(text: str) -> list[Any]:
    """A JSON array; an empty one costs nothing."""
    if text == "[]":
        return []
    value: list[Any] = _decode(text)[0]
    return value
