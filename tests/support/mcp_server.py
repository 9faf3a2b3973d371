"""The MCP doors as a process of its own, with the plain operations behind them: `stdio [role]`, `slow` or `http`.

`http` prints its port; `revoke <name>` on standard input revokes a key, the end of the input stops it.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from multimail.core.errors import Problem
from multimail.core.model import Role
from multimail.surfaces.http.auth import KeyAuthentication
from multimail.surfaces.http.guard import HostGuard, names
from multimail.surfaces.mcp.http import doors
from multimail.surfaces.mcp.server import Options
from multimail.surfaces.mcp.stdio import Behind, serve_stdio
from tests.support.mcp_parts import Memory, plain_operations, services

OPTIONS = Options(ask_seconds=0.5)


@asynccontextmanager
async def behind(name: str) -> AsyncIterator[Behind]:
    print("stray output", flush=True)
    if name == "nobody":
        raise Problem("unauthenticated", "The key is not valid.")
    try:
        yield Behind(services(Memory()), f"key_{name}")
    finally:
        await asyncio.sleep(0)
        print("put away", file=sys.stderr, flush=True)


async def stdio(name: str) -> None:
    await serve_stdio(lambda: behind(name), OPTIONS, listed=Role.AGENT if name == "agent" else None)


async def http() -> None:
    memory = Memory()
    parts = services(memory)
    found = doors(parts, OPTIONS)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]

    async def health(request: object) -> PlainTextResponse:
        return PlainTextResponse("ok")

    routes = [*found.routes, Route("/health", health)]
    app = Starlette(routes=routes, lifespan=lambda app: found.run())
    guarded = HostGuard(KeyAuthentication(app, parts, exempt={"/health"}.__contains__), names(port))
    config = uvicorn.Config(guarded, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    orders = asyncio.create_task(obey(memory, server))
    print(port, flush=True)
    await server.serve([listening])
    orders.cancel()


async def obey(memory: Memory, server: uvicorn.Server) -> None:
    while line := await asyncio.to_thread(sys.stdin.readline):
        memory.revoke(f"key_{line.split()[1]}")
    server.should_exit = True


def main(arguments: list[str]) -> None:
    with plain_operations():
        asyncio.run(http() if arguments == ["http"] else stdio(arguments[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
