"""A refusal or fault as the result of a tool: text that a model can act on, never a protocol error."""

from __future__ import annotations

from collections.abc import Iterator

import mcp_types as types

from multimail.core.errors import Problem


def tool_error(problem: Problem) -> types.CallToolResult:
    """The problem as `is_error`. Everything is in the text: hosts drop structured content of errors."""
    text = "\n".join(_lines(problem))
    return types.CallToolResult(content=[types.TextContent(text=text)], is_error=True)


def _lines(problem: Problem) -> Iterator[str]:
    """`code: sentence`, then one `name: value` a line."""
    yield f"{problem.code}: {_one_line(problem.message)}"
    if problem.field:
        yield f"field: {_one_line(problem.field)}"
    if problem.advice:
        yield f"advice: {_one_line(problem.advice)}"
    yield f"retryable: {'yes' if problem.row.retry else 'no'}"
    for name, value in problem.details.items():
        if value not in ("", None):
            yield f"{name}: {_one_line(str(value))}"


def _one_line(text: str) -> str:
    """Values may quote a caller or a mail: neither can add a line of its own."""
    return " ".join(text.split())
