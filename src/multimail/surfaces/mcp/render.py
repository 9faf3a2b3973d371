"""Answers as tool results: the same content twice, structured and as text, because hosts show only one of them."""

from __future__ import annotations

import mcp_types as types
from pydantic_core import to_json

from multimail.contract.shapes import View
from multimail.surfaces.mcp.fences import fence, new_nonce, plan


def tool_result(view: View) -> types.CallToolResult:
    """Fields that are None are left out, as the advertised schemas promise; both halves share one nonce."""
    answer = view.model_dump(mode="json", exclude_none=True)
    fence(answer, plan(type(view)), new_nonce())
    text = to_json(answer).decode()
    return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=answer)
