"""The checked-in tool list is what the operation rows say, with every hint told and within its price."""

from __future__ import annotations

import json
from typing import Any

import pytest

from multimail.contract.operation import MCP
from multimail.contract.registry import BY_NAME, OPERATIONS
from multimail.surfaces.mcp.catalogue import SNAPSHOT
from multimail.surfaces.mcp.snapshot import is_tool, tool, tools_json

OFFERS: list[dict[str, Any]] = json.loads(SNAPSHOT.read_text("utf-8"))
INPUT, OUTPUT, DESCRIPTION = 700, 500, 200

# Writing a mail and setting up a mailbox take many arguments; reading one gives many fields.
LARGER_INPUT = {
    "send_email": 1900, "reply_email": 1950, "forward_email": 2000, "create_mailbox": 2700, "update_mailbox": 2900,
    "check_inbox": 1300, "manage_contacts": 1250, "search_contacts": 900, "decide_email": 850, "tag_email": 800,
    "create_approval_rule": 1050, "simulate_oversight": 900, "search_audit": 950, "list_reviews": 1000,
    "update_webhook": 850,
}  # fmt: skip
LARGER_OUTPUT = {
    "read_email": 1050, "send_email": 850, "reply_email": 850, "forward_email": 850, "edit_pending": 850,
    "release_message": 850, "simulate_oversight": 550, "update_webhook": 750, "delete_webhook": 750,
}  # fmt: skip

every_tool = pytest.mark.parametrize(
    "wire", [offer["tool"] for offer in OFFERS], ids=lambda wire: wire["name"]
)


def size(part: object) -> int:
    return len(json.dumps(part, separators=(",", ":")).encode())


def test_the_file_is_what_the_rows_say() -> None:
    assert SNAPSHOT.read_text("utf-8") == tools_json()


def test_what_shows_a_secret_is_no_tool_nor_is_what_is_for_programs() -> None:
    assert {row.name for row in OPERATIONS if not is_tool(row)} == {
        row.name for row in OPERATIONS if row.secret or MCP not in row.surfaces
    }


@every_tool
def test_a_tool_tells_all_four_hints_and_a_title(wire: dict[str, Any]) -> None:
    row = BY_NAME[wire["name"]]

    assert wire["annotations"] == {
        "readOnlyHint": row.read_only,
        "destructiveHint": row.destructive,
        "idempotentHint": row.idempotent,
        "openWorldHint": row.open_world,
    }
    assert wire["title"] == row.title == tool(row).title


@every_tool
def test_a_tool_stays_within_its_price(wire: dict[str, Any]) -> None:
    assert size(wire["inputSchema"]) <= LARGER_INPUT.get(wire["name"], INPUT)
    assert size(wire["outputSchema"]) <= LARGER_OUTPUT.get(wire["name"], OUTPUT)
    assert len(wire["description"]) <= DESCRIPTION
