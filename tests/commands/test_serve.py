"""`multimail serve` as a process: what it says, what it refuses, how it ends."""

from __future__ import annotations

import signal
import socket
import urllib.request
from pathlib import Path

import httpx2
import pytest

from multimail.commands import lock
from tests.support.program import Serving, operator_key, run, serving, terminal

READY = "Ctrl-C stops it."


def place_of(server: Serving) -> str:
    said = server.until(READY)
    return next(word.rstrip("/") for word in said.split() if word.startswith("http://127.0.0.1:"))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_answers_until_it_is_told_to_stop_and_leaves_nothing_open(
    tmp_path: Path, how: signal.Signals
) -> None:
    data = tmp_path / "data"
    with serving(data, cold=True) as server:
        place = place_of(server)
        with urllib.request.urlopen(f"{place}/health", timeout=10) as answer:
            assert answer.status == 200

        assert server.stop(how) == (0, "")

    assert not list(data.glob("*-wal"))
    assert not (data / lock.FILE).exists()


def test_a_waiting_client_does_not_hold_up_the_end(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        port = int(place_of(server).rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n")

            assert server.stop()[0] == 0


def test_a_call_that_waits_is_cut_off_at_the_end_without_a_word(tmp_path: Path) -> None:
    headers = {
        "Authorization": f"Bearer {operator_key(tmp_path / 'data')}",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-11-25",
    }
    client_info = {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    }
    waiting = {"name": "wait_for_email", "arguments": {"timeout_seconds": 60}}
    with serving(tmp_path / "data") as server, httpx2.Client(timeout=30) as client:
        place = f"{place_of(server)}/mcp"

        def message(method: str, number: int, params: object) -> dict[str, object]:
            return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}

        hello = client.post(place, headers=headers, json=message("initialize", 1, client_info))
        headers["Mcp-Session-Id"] = hello.headers["mcp-session-id"]
        call = message("tools/call", 2, waiting)
        with client.stream("POST", place, headers=headers, json=call) as answer:
            assert answer.status_code == 200
            assert server.stop() == (0, "")


def test_in_a_pipe_no_key_is_shown_and_the_way_to_one_is(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        said = server.until(READY)

    assert "mm_" not in said
    assert "keys first" in said


def test_on_a_terminal_the_operators_key_is_shown_once(tmp_path: Path) -> None:
    shown = []
    for _ in range(2):
        with terminal(tmp_path / "data", "serve") as screen:
            shown.append(screen.until(READY))
            screen.process.terminate()
            assert screen.finish() == 0

    assert [text.count("mm_") for text in shown] == [1, 0]
    assert [text.count("/sign-in?token=") for text in shown] == [1, 1]
    assert "keys first" not in shown[1]


def test_a_busy_port_is_an_error_that_names_its_holder(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run(tmp_path / "data", "serve", MULTIMAIL_HTTP_PORT=port)

    assert done.returncode == 7
    assert done.stderr.startswith(f"port_busy (http_port): Port {port} is in use by")
    assert "(process " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_server_on_the_folder_is_told_of_the_first(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        place = place_of(server)

        done = run(tmp_path / "data", "serve")

    assert done.returncode == 5
    assert f"process {server.process.pid}, {place}/" in done.stderr


def test_a_server_that_was_killed_leaves_a_folder_that_serves_again(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        server.until(READY)
        server.process.kill()
        server.process.wait()

    with serving(tmp_path / "data") as server:
        server.until(READY)
        assert server.stop() == (0, "")


def test_a_failpoint_of_the_environment_is_armed(tmp_path: Path) -> None:
    done = run(tmp_path / "data", "serve", cold=True, MULTIMAIL_FAILPOINT="store.before_commit:2")

    assert done.returncode == -signal.SIGKILL


def test_a_relay_that_cannot_be_understood_is_refused_without_its_password(tmp_path: Path) -> None:
    done = run(tmp_path / "data", "serve", MULTIMAIL_RELAY="ftp://me:hunter2@relay.example")

    assert done.returncode == 2
    assert done.stderr.startswith("invalid_setting (relay):")
    assert "hunter2" not in done.stderr
