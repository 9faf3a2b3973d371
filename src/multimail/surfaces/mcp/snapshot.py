"""The tool list as a checked-in file, made from the operation rows; doors read the file and never build it."""

from __future__ import annotations

import json
from typing import Any

import mcp_types as types

from multimail.contract.operation import MCP, Operation
from multimail.contract.registry import OPERATIONS
from multimail.surfaces.mcp.schemas import input_schema, output_schema


def tools_json() -> str:
    """Every tool with the scope and toolset it is offered for, in the registry's order."""
    offers = [_offer(row) for row in OPERATIONS if is_tool(row)]
    return json.dumps(offers, indent=1, ensure_ascii=False) + "\n"


def is_tool(row: Operation) -> bool:
    """Whether an operation is a tool at all: what shows a secret belongs on a terminal."""
    return MCP in row.surfaces and not row.secret


def tool(row: Operation) -> types.Tool:
    """The tool of a row; all four hints are said, because their defaults are the most frightening ones."""
    return types.Tool(
        name=row.name,
        title=row.title,
        description=row.description,
        input_schema=input_schema(row.request),
        output_schema=output_schema(row.view),
        annotations=types.ToolAnnotations(
            read_only_hint=row.read_only,
            destructive_hint=row.destructive,
            idempotent_hint=row.idempotent,
            open_world_hint=row.open_world,
        ),
    )


def _offer(row: Operation) -> dict[str, Any]:
    described = tool(row).model_dump(mode="json", by_alias=True, exclude_none=True)
    return {"scope": row.scope, "toolset": row.toolset, "tool": described}
