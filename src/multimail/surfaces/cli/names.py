"""What operations are called on the command line: short words for people, the operation's own name for scripts."""

from __future__ import annotations

from typing import Final

from multimail.contract.operation import CLI, Operation
from multimail.contract.registry import OPERATIONS

SHORT: Final[dict[str, str]] = {
    "check_inbox": "inbox",
    "read_email": "read",
    "get_thread": "thread",
    "send_email": "send",
    "reply_email": "reply",
    "forward_email": "forward",
    "edit_pending": "edit",
    "cancel_message": "cancel",
    "mark_email": "mark",
    "tag_email": "tag",
    "download_attachment": "attachment",
    "wait_for_email": "wait",
    "search_contacts": "contacts",
    "manage_contacts": "contact",
    "list_pending": "pending",
    "wait_for_decision": "outcome",
    "get_message_history": "history",
    "decide_email": "decide",
    "release_message": "release",
    "list_mailboxes": "mailboxes",
}
"""Operations that are not here keep their name, with hyphens."""


def command_name(row: Operation) -> str:
    """The word that stands in the list of commands."""
    return SHORT.get(row.name) or row.name.replace("_", "-")


def by_name() -> dict[str, Operation]:
    """Every word that means an operation: the short one, and its own name with hyphens or underscores."""
    rows = [row for row in OPERATIONS if CLI in row.surfaces]
    every = {spelling: row for row in rows for spelling in (row.name, row.name.replace("_", "-"))}
    return every | {command_name(row): row for row in rows}
