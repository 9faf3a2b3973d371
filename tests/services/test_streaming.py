"""The door for streams: a principal that is valid now and has the scope, and a line for whatever comes of it."""

from __future__ import annotations

import pytest

from multimail.contract.streams import BY_NAME
from multimail.core.errors import Problem
from multimail.services import streaming
from multimail.services.context import Caller
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

UPLOAD, RAW = BY_NAME["upload_file"], BY_NAME["download_message"]


async def lines(desk: Desk, who: str) -> list[tuple[str, str, str | None]]:
    await desk.reopen()
    found = await desk.read(lambda tx: tx.events.calls(desk.who[who], 10))
    return [(one.operation, one.outcome, one.target) for one in found]


async def test_reads_and_writes_are_written_down_with_what_they_are_about(desk: Desk) -> None:
    agent = Caller(desk.who["agent"], "rest")
    about = "msg_00000000000000"
    assert (
        await streaming.read(desk.services, agent, RAW, lambda tx, call: call.principal.name, about)
        == "agent"
    )
    assert await streaming.read(desk.services, agent, RAW, lambda tx, call: 1, "some text") == 1
    assert await streaming.write(desk.services, agent, UPLOAD, lambda tx, call: 2) == 2

    assert set(await lines(desk, "agent")) == {
        ("download_message", "ok", None),
        ("download_message", "ok", about),
        ("upload_file", "ok", None),
    }


async def test_without_the_scope_nothing_is_read_or_written(desk: Desk) -> None:
    viewer = Caller(desk.who["viewer"], "rest")
    with pytest.raises(Problem, match="forbidden"):
        await streaming.write(desk.services, viewer, UPLOAD, lambda tx, call: pytest.fail("it ran"))
    with pytest.raises(Problem, match="forbidden"):
        streaming.permit(desk.services, viewer, UPLOAD)

    assert await lines(desk, "viewer") == [("upload_file", "forbidden", None)] * 2


async def test_a_problem_undoes_the_work_and_is_written_down(desk: Desk) -> None:
    def work(tx: object, call: object) -> None:
        raise Problem("too_large")

    agent = Caller(desk.who["agent"], "rest")
    with pytest.raises(Problem, match="too_large"):
        await streaming.write(desk.services, agent, UPLOAD, work)
    streaming.refused(desk.services, agent, UPLOAD, Problem("invalid"))

    assert {line[:2] for line in await lines(desk, "agent")} == {
        ("upload_file", "too_large"), ("upload_file", "invalid"),
    }  # fmt: skip


async def test_a_fault_that_nobody_expected_is_written_down_too(desk: Desk) -> None:
    agent = Caller(desk.who["agent"], "rest")
    with pytest.raises(ZeroDivisionError):
        await streaming.read(desk.services, agent, RAW, lambda tx, call: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        await streaming.write(desk.services, agent, UPLOAD, lambda tx, call: 1 // 0)

    assert {line[:2] for line in await lines(desk, "agent")} == {
        ("download_message", "internal"), ("upload_file", "internal"),
    }  # fmt: skip
