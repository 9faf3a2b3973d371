"""Mail that could not be filed can be seen and saved by an operator, and by nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail.adapters.store.engine import Store
from multimail.ports.intake import SetAside
from tests.support.program import operator_key, run

RAW = b"From: x\r\n\r\nhello\r\n"


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    run(folder, "mailboxes")
    store = Store.open(folder / "multimail.db")
    envelope = {"sender": "x@\x1b[2Jexample.com", "recipients": ["agent@localhost"]}
    await store.write(lambda tx: tx.arrivals.set_aside(SetAside("msg_1", 1, "unreadable", envelope, RAW)))
    await store.close()
    return folder


@pytest.mark.anyio
async def test_an_operator_lists_and_saves_what_is_kept_aside(data: Path, tmp_path: Path) -> None:
    done = run(data, "aside", "--save", str(tmp_path / "saved"), MULTIMAIL_KEY=operator_key(data))

    assert done.returncode == 0, done.stderr
    assert "unreadable" in done.stdout
    assert "\x1b" not in done.stdout
    assert (tmp_path / "saved" / "msg_1.eml").read_bytes() == RAW


@pytest.mark.anyio
async def test_nobody_else_sees_it(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "agent"
    run(data, "keys", "create", "a", "--write-to", str(path), MULTIMAIL_KEY=operator_key(data))

    without = run(data, "aside", cold=True)
    agent = run(data, "aside", MULTIMAIL_KEY_FILE=str(path))

    assert (without.returncode, agent.returncode) == (3, 3)
    assert "agent@localhost" not in without.stdout + agent.stdout
