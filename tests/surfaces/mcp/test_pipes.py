"""Standard input and output without threads: whole lines, in order, and an end in good time."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from multimail.surfaces.mcp import pipes
from multimail.surfaces.mcp.pipes import Input, Output, standard_pipes
from tests.architecture.sources import PROJECT

pytestmark = pytest.mark.anyio
BOUND = 20.0
MUCH = "".join(f"line {number} ü\n" for number in range(200_000))
INITIALIZE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "raw", "version": "1"},
}
LINE = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": INITIALIZE}) + "\n"


@asynccontextmanager
async def output() -> AsyncIterator[tuple[Output, int]]:
    """What a client reads from, and what is written to it; closed by whoever is done with it."""
    theirs, ours = os.pipe()
    pipe = os.fdopen(ours, "wb", buffering=0)
    _, found = await asyncio.get_running_loop().connect_write_pipe(Output, pipe)
    yield found, theirs


def read_all(descriptor: int) -> str:
    with os.fdopen(descriptor, "rb") as file:
        return file.read().decode()


async def lines_of(data: bytes) -> list[str]:
    reader = asyncio.StreamReader(limit=sys.maxsize)
    reader.feed_data(data)
    reader.feed_eof()
    return [line async for line in Input(reader)]


async def test_who_reads_late_has_everything_in_order_and_the_writer_waits_meanwhile() -> None:
    async with output() as (to, client):
        await to.write(MUCH)
        waiting = asyncio.ensure_future(to.flush())
        await asyncio.sleep(0)
        assert not waiting.done()
        reading = asyncio.ensure_future(asyncio.to_thread(read_all, client))
        await asyncio.wait_for(waiting, BOUND)
        await to.write("the last one\n")
        await to.end()

    assert await reading == f"{MUCH}the last one\n"


async def test_a_client_that_never_reads_holds_up_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipes, "_LAST_WORDS", 0.01)
    async with output() as (to, client):
        await to.write(MUCH)
        await asyncio.wait_for(to.end(), BOUND)
    os.close(client)


async def test_to_a_client_that_is_gone_nothing_is_written() -> None:
    async with output() as (to, client):
        os.close(client)
        await to.write(MUCH)
        await asyncio.wait_for(to.flush(), BOUND)
        with pytest.raises(BrokenPipeError):
            await to.write("more\n")
        await to.end()


async def test_lines_come_whole_whatever_their_length_and_bytes() -> None:
    long = "x" * 5_000_000

    assert await lines_of(b"one\r\n\ntwo\xff\nlast") == ["one\r\n", "\n", "two\ufffd\n", "last"]
    assert await lines_of(f"{long}\n{long}".encode()) == [f"{long}\n", long]


def test_files_are_left_to_the_sdk(tmp_path: Path) -> None:
    questions, answers = tmp_path / "in", tmp_path / "out"
    questions.write_text(LINE)
    with questions.open() as incoming, answers.open("w") as outgoing:
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.mcp_server", "stdio", "agent"], cwd=PROJECT, stdin=incoming,
            stdout=outgoing, stderr=subprocess.PIPE, timeout=BOUND, check=False,
        )  # fmt: skip

    assert done.returncode == 0
    assert json.loads(answers.read_text())["id"] == 1


def test_one_socket_may_be_both() -> None:
    """As inetd and socat start programs."""
    ours, theirs = socket.socketpair()
    with theirs:
        door = subprocess.Popen(
            [sys.executable, "-m", "tests.support.mcp_server", "stdio", "agent"], cwd=PROJECT,
            stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=subprocess.DEVNULL,
        )  # fmt: skip
    ours.settimeout(BOUND)
    with door, ours, ours.makefile("rw", encoding="utf-8") as wire:
        answers = []
        for number in (1, 2):
            wire.write(LINE.replace('"id": 1', f'"id": {number}'))
            wire.flush()
            answers.append(json.loads(wire.readline())["id"])
        ours.shutdown(socket.SHUT_WR)

        assert answers == [1, 2]
        assert door.wait(BOUND) == 0


def test_a_door_whose_client_is_gone_ends_without_a_complaint() -> None:
    door = subprocess.Popen(
        [sys.executable, "-m", "tests.support.mcp_server", "stdio", "agent"], cwd=PROJECT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert door.stdin is not None
    assert door.stdout is not None
    door.stdout.close()
    door.stdin.write(LINE)
    errors = door.communicate(timeout=BOUND)[1]

    assert door.returncode == 0
    assert "Traceback" not in errors


async def test_without_pipes_there_is_nothing_to_give(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipes, "_is_pipe", lambda descriptor: descriptor == 0)

    async with standard_pipes() as wire:
        assert wire == (None, None)
