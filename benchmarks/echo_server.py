"""The baseline of the MCP benchmarks: an echo tool on the bare SDK, `python -m benchmarks.echo_server stdio|http FILE`.

Its tools have the names and arguments of ours and answer at once with the very bytes that ours answered with, read
from FILE; without a file there is one tool, which echoes. `http` prints its port first. Both end with their input.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from pathlib import Path
from typing import Any

from mcp.server import MCPServer
from mcp.types import CallToolResult


def server(answers: dict[str, dict[str, Any]]) -> MCPServer[Any]:
    """The high-level server of the SDK, as its documentation has it."""
    bare = MCPServer[Any]("echo", log_level="WARNING")
    if not answers:

        @bare.tool()
        async def echo(text: str) -> str:
            """Echo the text."""
            return text

        return bare
    ready = {name: CallToolResult.model_validate(answer) for name, answer in answers.items()}

    @bare.tool()
    async def check_inbox(limit: int) -> CallToolResult:
        """Answer as MultiMail did."""
        return ready["check_inbox"]

    @bare.tool()
    async def read_email(message_id: str) -> CallToolResult:
        """Answer as MultiMail did."""
        return ready["read_email"]

    @bare.tool()
    async def send_email(to: list[str], subject: str, body: str) -> CallToolResult:
        """Answer as MultiMail did."""
        return ready["send_email"]

    return bare


async def serve_http(bare: MCPServer[Any]) -> None:
    """Serve without access log until standard input is closed."""
    import uvicorn  # noqa: PLC0415 - the one on stdio does not pay for it

    # With its protocol named, asyncio turns Nagle's algorithm off, as it does where uvicorn makes the socket.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        bare.streamable_http_app(), log_level="warning", access_log=False, timeout_graceful_shutdown=1
    )
    uvicorn_server = uvicorn.Server(config)
    serving = asyncio.create_task(uvicorn_server.serve([listener]))
    print(listener.getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    uvicorn_server.should_exit = True
    await serving


def main() -> None:
    """Serve on the door named first."""
    door, *files = sys.argv[1:]
    bare = server(json.loads(Path(files[0]).read_text("utf-8")) if files else {})
    if door == "stdio":
        bare.run()
    else:
        asyncio.run(serve_http(bare))


if __name__ == "__main__":
    main()
