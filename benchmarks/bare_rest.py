"""The baseline of the REST benchmarks, `python -m benchmarks.bare_rest FILE`: a Starlette route as one would write it.

One look-up of the key's hash and one row by its id in a SQLite file, which answers with bytes that MultiMail
answered with. FILE is that database; the port is printed first, and the end of the input ends the server.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import sqlite3
import sys
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_OTHER_ROWS: Final = 10_000


def fill(database: Path, key: str, message_id: str, answer: bytes) -> None:
    """A file with that key and that row among others."""
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE keys (hash TEXT PRIMARY KEY, principal TEXT)")
        connection.execute("CREATE TABLE messages (id TEXT PRIMARY KEY, answer BLOB)")
        connection.execute("INSERT INTO keys VALUES (?, 'key_1')", [_hash(key)])
        rows = [(f"msg_{number}", answer) for number in range(_OTHER_ROWS)]
        connection.executemany("INSERT INTO messages VALUES (?, ?)", [*rows, (message_id, answer)])


def application(connection: sqlite3.Connection) -> Starlette:
    """`POST /v1/read_email` and nothing else."""

    async def read_email(request: Request) -> Response:
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        if connection.execute("SELECT principal FROM keys WHERE hash = ?", [_hash(key)]).fetchone() is None:
            return Response(status_code=401)
        asked = json.loads(await request.body())["message_id"]
        row = connection.execute("SELECT answer FROM messages WHERE id = ?", [asked]).fetchone()
        return Response(row[0], media_type="application/json")

    return Starlette(routes=[Route("/v1/read_email", read_email, methods=["POST"])])


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


async def _serve(database: Path) -> None:
    # Named as TCP: on other sockets asyncio does not send at once, and each answer waits 40 ms for an acknowledgement.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        app = application(sqlite3.connect(database))
        config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        print(listener.getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)
        server.should_exit = True
        await serving


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
