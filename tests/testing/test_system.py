"""The composition: the program's own parts with the kit's clock, store, next hop and work, and nothing left behind."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import httpx2

from multimail.testing import desk
from multimail.testing.serving import server


def test_it_is_the_program_that_answers(tmp_path: Path) -> None:
    with server(folder=tmp_path, hostname="mail.here.test") as mail:
        health = httpx2.get(f"{mail.base_url}/health").json()
        refused = httpx2.get(f"{mail.base_url}/v1/list_mailboxes")

    assert health["status"] == "ok"
    assert refused.status_code == 401


def test_nothing_in_the_api_turns_a_fault_on(tmp_path: Path) -> None:
    with server(folder=tmp_path) as mail:
        headers = {"Authorization": f"Bearer {mail.operator_key}"}
        paths = httpx2.get(f"{mail.base_url}/v1/openapi.json", headers=headers).json()["paths"]

    assert len(paths) > 28
    assert [path for path in paths if "fault" in path or "clock" in path] == []


def test_when_it_has_ended_no_thread_and_no_file_is_left() -> None:
    before = set(threading.enumerate())
    with server() as mail:
        data = mail.folder
        assert data.exists()

    assert set(threading.enumerate()) - before == set()
    assert not data.exists()


def test_it_ends_while_something_waits_behind_a_fault() -> None:
    with server() as mail:
        thread = mail._thread
        mail.faults.locked_database(waits=True)
        call = desk.call(thread.value, mail.operator_key.id, "freeze", {})
        frozen = asyncio.run_coroutine_threadsafe(call, thread._loop)
        mail.settle()
        assert not frozen.done()

    assert frozen.result(30)["frozen"]
