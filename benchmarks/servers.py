"""Processes to measure: MultiMail's resident and doors as anybody starts them, and the bare servers beside them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from multimail.commands import lock

ERA: Final = "2026-07-28"
_START_LASTS: Final = 30.0
_DRAFTS: Final = "10000"
"""Benchmarks leave more held mail behind than an agent may."""


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a process of ours: nothing of the caller's own settings, free ports, one data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MULTIMAIL_")}
    ours = {"DATA": str(folder), "SMTP_PORT": "0", "HTTP_PORT": "0", "MAX_OPEN_DRAFTS": _DRAFTS, **more}
    return kept | {f"MULTIMAIL_{name}": value for name, value in ours.items()}


@contextmanager
def resident(folder: Path) -> Iterator[lock.Resident]:
    """`multimail serve` on the folder, once it answers."""
    command = [sys.executable, "-m", "multimail", "serve"]
    log = folder / "bench.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment(folder), stdout=out, stderr=out)
    try:
        yield answering(folder, process)
    finally:
        process.terminate()
        process.wait()


def answering(folder: Path, process: subprocess.Popen[bytes]) -> lock.Resident:
    """The server on the folder, as soon as it answers; what it wrote to its log if it never does."""
    until = time.monotonic() + _START_LASTS
    while time.monotonic() < until and process.poll() is None:
        found = lock.find(folder)
        if found is not None:
            return found
        time.sleep(0.02)
    raise RuntimeError(f"multimail serve did not start: {(folder / 'bench.log').read_text('utf-8')}")


@contextmanager
def echo_http(answers: Path) -> Iterator[tuple[str, int]]:
    """The bare server on HTTP: where it is, and its process id."""
    command = [sys.executable, "-m", "benchmarks.echo_server", "http", str(answers)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}", process.pid
        finally:
            process.stdin.close()


def door(folder: Path, **more: str) -> StdioServerParameters:
    """`multimail mcp` on the folder."""
    arguments = ["-m", "multimail", "mcp"]
    return StdioServerParameters(command=sys.executable, args=arguments, env=environment(folder, **more))


def echo_door(answers: Path | None = None) -> StdioServerParameters:
    """The bare server on stdio."""
    files = [str(answers)] if answers else []
    arguments = ["-m", "benchmarks.echo_server", "stdio", *files]
    return StdioServerParameters(command=sys.executable, args=arguments, env=dict(os.environ))


@asynccontextmanager
async def on_stdio(parameters: StdioServerParameters) -> AsyncIterator[Client]:
    """The official client on a new process."""
    async with Client(stdio_client(parameters), mode=ERA) as client:
        yield client


@asynccontextmanager
async def on_http(url: str, key: str) -> AsyncIterator[Client]:
    """The official client over streamable HTTP."""
    headers = {"authorization": f"Bearer {key}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(f"{url}/mcp", http_client=http), mode=ERA) as client,
    ):
        yield client


def children() -> frozenset[int]:
    """The processes that this one has started."""
    return frozenset(pid for pid, parent, _ in _processes() if parent == os.getpid())


def in_memory() -> dict[int, int]:
    """Kilobytes of every process that are in RAM."""
    return {pid: kilobytes for pid, _, kilobytes in _processes()}


def _processes() -> list[tuple[int, int, int]]:
    """Process id, parent and kilobytes of all but the one that lists them."""
    command = ["ps", "-axo", "pid=,ppid=,rss="]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as lister:
        rows = [line.split() for line in lister.communicate()[0].splitlines()]
    found = [(int(pid), int(parent), int(kilobytes)) for pid, parent, kilobytes in rows]
    return [one for one in found if one[0] != lister.pid]
