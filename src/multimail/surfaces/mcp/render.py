"""Answers as tool results: the same content twice, structured and as text, because hosts show only one of them."""

from __future__ import annotations

from typing import Any, Final

import mcp_types as types
from pydantic import TypeAdapter

from multimail.contract.shapes import View
from multimail.surfaces.mcp.fences import fence, new_nonce, plan

_JSON: Final = TypeAdapter(dict[str, Any])


def tool_result(view: View) -> types.CallToolResult:
    """Fields that are None are left out, as the advertised schemas promise; both halves share one nonce."""
    answer = view.model_dump(mode="json", exclude_none=True)
    fence(answer, plan(type(view)), new_nonce())
    text = _JSON.dump_json(answer).decode()
    return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=answer)
