"""The baseline of the MCP benchmarks: an echo tool on the bare SDK, `python -m benchmarks.echo_server stdio|http FILE`.

Its tools have the names, arguments and output schemas of ours, so that the client has the same to do, and answer at
once with the very bytes that ours answered with, read from FILE; without a file there is one tool, which echoes.
`http` prints its port first. Both end with their input.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.types import CallToolResult
from pydantic import BaseModel, ConfigDict


def server(answers: dict[str, dict[str, Any]]) -> MCPServer[Any]:
    """The high-level server of the SDK, as its documentation has it."""
    bare = MCPServer[Any]("echo", log_level="WARNING")
    for name, answer in answers.items():
        bare.add_tool(_TOOLS[name](answer), name=name, description="Answer as MultiMail did.")
    if not answers:

        @bare.tool()
        async def echo(text: str) -> str:
            """Echo the text."""
            return text

    return bare


def _answering(answer: dict[str, Any]) -> tuple[CallToolResult, type[BaseModel]]:
    """The ready result, and a model that has the schema of ours and accepts anything."""

    def as_ours(schema: dict[str, Any]) -> None:
        schema.clear()
        schema.update(answer["schema"])

    class Answer(BaseModel):
        """Whatever it may be."""

        model_config = ConfigDict(extra="allow", json_schema_extra=as_ours)

    return CallToolResult.model_validate(answer["result"]), Answer


def _check_inbox(answer: dict[str, Any]) -> Callable[..., Awaitable[CallToolResult]]:
    result, model = _answering(answer)

    async def check_inbox(limit: int) -> CallToolResult:
        return result

    check_inbox.__annotations__ = {"limit": int, "return": Annotated[CallToolResult, model]}
    return check_inbox


def _read_email(answer: dict[str, Any]) -> Callable[..., Awaitable[CallToolResult]]:
    result, model = _answering(answer)

    async def read_email(message_id: str) -> CallToolResult:
        return result

    read_email.__annotations__ = {"message_id": str, "return": Annotated[CallToolResult, model]}
    return read_email


def _send_email(answer: dict[str, Any]) -> Callable[..., Awaitable[CallToolResult]]:
    result, model = _answering(answer)

    async def send_email(to: list[str], subject: str, body: str) -> CallToolResult:
        return result

    arguments = {"to": list[str], "subject": str, "body": str}
    send_email.__annotations__ = arguments | {"return": Annotated[CallToolResult, model]}
    return send_email


_TOOLS = {"check_inbox": _check_inbox, "read_email": _read_email, "send_email": _send_email}


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
