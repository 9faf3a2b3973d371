"""The stdio door as a host starts it: by mcp.json, with and without a key, and with a resident beside it."""

from __future__ import annotations

import json
import sys
import tempfile
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from multimail.commands import door, lock, residents
from multimail.commands.lock import Resident
from multimail.services.first_start import READY_MAILBOX
from tests.support.program import PROJECT, environment, operator_key, resident_of, run

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def connected(data: Path, command: str = sys.executable, **more: str) -> AsyncIterator[Client]:
    parameters = StdioServerParameters(
        command=command, args=["-m", "multimail", "mcp"], cwd=PROJECT, env=environment(data, **more)
    )
    with tempfile.TemporaryFile("w+") as errors, anyio.fail_after(60):
        async with Client(stdio_client(parameters, errlog=errors)) as client:
            yield client
        errors.seek(0)
        assert errors.read() == ""


async def test_a_client_that_reads_mcp_json_in_the_project_folder_has_a_mailbox(tmp_path: Path) -> None:
    entry = json.loads((PROJECT / "mcp.json").read_text("utf-8"))["mcpServers"]["multimail"]

    assert entry["args"] == ["-m", "multimail", "mcp"]
    async with connected(tmp_path / "data", entry["command"]) as client:
        tools = [tool.name for tool in (await client.list_tools()).tools]
        result = await client.call_tool("list_mailboxes", {})

    assert "send_email" in tools
    assert "decide_email" not in tools
    assert READY_MAILBOX in [box["address"] for box in (result.structured_content or {})["mailboxes"]]


async def test_a_key_opens_the_door_as_its_principal(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(operator_key(tmp_path / "data"), "utf-8")

    async with connected(tmp_path / "data", MULTIMAIL_KEY_FILE=str(tmp_path / "key")) as client:
        tools = [tool.name for tool in (await client.list_tools()).tools]

    assert {"decide_email", "update_mailbox"} <= set(tools)


async def test_a_key_that_is_none_opens_nothing(tmp_path: Path) -> None:
    async with connected(tmp_path / "data", MULTIMAIL_KEY="mm_wrong") as client:
        result = await client.call_tool("list_mailboxes", {})

    assert result.is_error
    assert "unauthenticated" in str(result.content)


async def test_a_door_has_a_resident_started_that_outlives_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    try:
        async with connected(data, MULTIMAIL_START_RESIDENT="yes") as client:
            await client.list_tools()
            started = await anyio.to_thread.run_sync(resident_of, data)

        assert started.started_by == "door"
        assert lock.find(data) == started
    finally:
        await anyio.to_thread.run_sync(residents.stop, data)


@pytest.mark.parametrize(
    ("name", "value"), [("MULTIMAIL_ASK_SECONDS", "soon"), ("MULTIMAIL_FAILPOINT", "no.such")]
)
def test_a_wrong_setting_is_told_on_standard_error_and_ends_it(tmp_path: Path, name: str, value: str) -> None:
    given: Any = {name: value}
    done = run(tmp_path / "data", "mcp", **given)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("invalid_setting")


def test_options_before_the_command_are_taken_along(tmp_path: Path) -> None:
    done = run(tmp_path / "data", "--key-file", str(tmp_path / "none"), "mcp")

    assert done.returncode == 2
    assert str(tmp_path / "none") in done.stderr


@pytest.mark.parametrize(("crashed", "started"), [(True, 2), (False, 1)])
def test_only_a_resident_that_crashed_is_started_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, crashed: bool, started: int
) -> None:
    closing = threading.Event()
    times: list[Path] = []
    looks: list[Path] = []

    def ensure(folder: Path) -> Resident | None:
        times.append(folder)
        return None

    def looked(folder: Path) -> bool:
        looks.append(folder)
        if len(looks) == 2:
            closing.set()
        return crashed and len(looks) == 1

    monkeypatch.setattr(door, "_BETWEEN_LOOKS", 0.001)
    monkeypatch.setattr(residents, "ensure", ensure)
    monkeypatch.setattr(lock, "crashed", looked)
    door._keep_resident(tmp_path, closing)

    assert len(times) == started
