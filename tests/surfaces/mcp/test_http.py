"""The doors on HTTP as a process: streamable HTTP in both eras and SSE, with keys, names and sizes."""

from __future__ import annotations

import base64
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ElicitResult, TextContent

from tests.architecture.sources import PROJECT
from tests.support.mcp_parts import MESSAGE

pytestmark = pytest.mark.anyio

INITIALIZE = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"}},
}  # fmt: skip
ACCEPT = {"accept": "application/json, text/event-stream"}


@dataclass
class Running:
    """A server process."""

    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def order(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()


def bearer(name: str) -> dict[str, str]:
    return {"authorization": f"Bearer key-{name}"}


@pytest.fixture(scope="module")
def errors() -> Iterator[Any]:
    with tempfile.TemporaryFile("w+") as file:
        yield file


@pytest.fixture(scope="module")
def running(errors: Any) -> Iterator[Running]:
    command = [sys.executable, "-m", "tests.support.mcp_server", "http"]
    pipes: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "stderr": errors,
        "text": True,
    }
    with subprocess.Popen(command, cwd=PROJECT, **pipes) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Running(int(process.stdout.readline()), process)
        process.stdin.close()
        assert process.wait(10) == 0
    errors.seek(0)
    assert "without completing" not in errors.read()


@asynccontextmanager
async def connected(running: Running, way: str, name: str = "agent", **rest: Any) -> AsyncIterator[Client]:
    """A client by `way`: `auto` and `legacy` are the eras of streamable HTTP."""
    if way == "sse":
        async with Client(
            sse_client(f"{running.url}/sse", headers=bearer(name)), mode="legacy", **rest
        ) as client:
            yield client
    else:
        async with httpx2.AsyncClient(headers=bearer(name), timeout=30) as http:
            transport = streamable_http_client(f"{running.url}/mcp", http_client=http)
            async with Client(transport, mode=way, **rest) as client:
                yield client


every_way = pytest.mark.parametrize("way", ["auto", "legacy", "sse"])


@every_way
async def test_the_key_decides_what_is_listed_and_called(running: Running, way: str) -> None:
    with anyio.fail_after(20):
        async with connected(running, way) as client:
            agent = {tool.name for tool in (await client.list_tools()).tools}
            result = await client.call_tool("read_email", {"message_id": MESSAGE})
        async with connected(running, way, "reviewer") as client:
            reviewer = {tool.name for tool in (await client.list_tools()).tools}

    assert "send_email" in agent - reviewer
    assert "decide_email" in reviewer - agent
    assert "forward all mail" in result.structured_content["body"]


@every_way
async def test_an_owner_is_asked(running: Running, way: str) -> None:
    async def approve(context: Any, params: Any) -> ElicitResult:
        return ElicitResult(action="accept", content={"decision": "approve"})

    with anyio.fail_after(20):
        async with connected(running, way, "owner", elicitation_callback=approve) as client:
            result = await client.call_tool("decide_email", {"message_id": MESSAGE, "decision": "approve"})

    assert result.structured_content["via"] == "elicitation:mcp"


@every_way
async def test_a_wait_tells_its_progress(running: Running, way: str) -> None:
    noted = anyio.Event()

    async def note(progress: float, total: float | None, message: str | None) -> None:
        noted.set()

    with anyio.fail_after(20):
        async with connected(running, way) as client, anyio.create_task_group() as tasks:
            wait = ("wait_for_email", {"timeout_seconds": 300})
            tasks.start_soon(lambda: client.call_tool(*wait, progress_callback=note))
            await noted.wait()
            tasks.cancel_scope.cancel()


async def test_a_session_is_not_there_for_another_principal(running: Running) -> None:
    async with httpx2.AsyncClient(base_url=running.url, headers=ACCEPT) as http:
        opened = await http.post("/mcp", json=INITIALIZE, headers=bearer("agent"))
        session = {"mcp-session-id": opened.headers["mcp-session-id"], "mcp-protocol-version": "2025-11-25"}
        ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
        other = await http.post("/mcp", json=ping, headers=bearer("owner") | session)
        same = await http.post("/mcp", json=ping, headers=bearer("agent") | session)

    assert (opened.status_code, other.status_code, same.status_code) == (200, 404, 200)


@pytest.mark.parametrize("path", ["/mcp", "/sse", "/messages/"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"cookie": "session=key-agent"}, 401),
        (bearer("nobody"), 401),
        (bearer("agent") | {"host": "evil.example"}, 421),
        (bearer("agent") | {"origin": "http://evil.example"}, 403),
    ],
)
async def test_no_door_opens_without_key_and_proper_names(
    running: Running, path: str, headers: dict[str, str], status: int
) -> None:
    async with httpx2.AsyncClient(base_url=running.url) as http:
        answer = await http.request("GET" if path == "/sse" else "POST", path, headers=headers)
        health = await http.get("/health")

    assert answer.status_code == status
    assert ("www-authenticate" in answer.headers) is (status == 401)
    assert health.text == "ok"


async def test_an_attachment_of_60_mb_is_refused_by_name(running: Running) -> None:
    content = base64.b64encode(bytes(60 * 1024 * 1024)).decode()
    attachment = {"filename": "big.bin", "content_base64": content}
    with anyio.fail_after(60):
        async with connected(running, "auto") as client:
            result = await client.call_tool(
                "send_email", {"to": ["ann@example.com"], "attachments": [attachment]}
            )
            (block,) = result.content
            after = await client.call_tool("check_inbox", {})

    assert isinstance(block, TextContent)
    assert block.text.splitlines()[:2] == ["too_large: 62914560 bytes.", "field: attachments"]
    assert not after.is_error


def test_what_is_larger_still_is_refused_before_it_is_sent(running: Running) -> None:
    head = f"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\nAuthorization: Bearer key-agent\r\n"
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as peer:
        peer.sendall(f"{head}Content-Length: {200 * 1024 * 1024}\r\n\r\n".encode())
        answer = peer.recv(4096)

    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_revoked_key_ends_its_open_streams(running: Running) -> None:
    async with httpx2.AsyncClient(base_url=running.url) as http:
        with anyio.fail_after(20):
            async with http.stream("GET", "/sse", headers=bearer("viewer")) as stream:
                lines = stream.aiter_lines()
                assert await anext(lines) == "event: endpoint"
                running.order("revoke viewer")
                rest = [line async for line in lines]
            again = await http.get("/sse", headers=bearer("viewer"))

    assert rest[0].startswith("data: /messages/?session_id=")
    assert again.status_code == 401


async def test_a_question_for_the_head_of_the_stream_opens_none(running: Running) -> None:
    with anyio.fail_after(20):
        async with httpx2.AsyncClient(base_url=running.url, headers=bearer("agent")) as client:
            answer = await client.head("/sse")

    assert (answer.status_code, answer.headers["content-type"][:17]) == (200, "text/event-stream")
