"""Stdio doors as hosts start them: processes of their own, spoken to by the official client."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult

from tests.support.program import environment


def parameters(data: Path, **settings: str) -> StdioServerParameters:
    """How a host starts `multimail mcp` on a data folder."""
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "multimail", "mcp"],
        env=environment(data, **settings),
        cwd=data.parent,
    )


@asynccontextmanager
async def door(data: Path, **settings: str) -> AsyncIterator[Client]:
    """A client with a door behind it. What the door complains about fails the test."""
    with tempfile.TemporaryFile("w+") as complaints:
        async with Client(stdio_client(parameters(data, **settings), errlog=complaints)) as client:
            yield client
        complaints.seek(0)
        said = complaints.read()
    assert not said, said


def answer(result: CallToolResult) -> dict[str, Any]:
    """The structured half of an answer that is no error."""
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return dict(result.structured_content)
