"""The loop that processes run on."""

from __future__ import annotations

import asyncio

import pytest
import uvloop

from multimail.commands import event_loop


def test_what_is_run_runs_to_its_end_on_the_quicker_loop_which_is_closed_then() -> None:
    loops: list[asyncio.AbstractEventLoop] = []

    async def main() -> None:
        await asyncio.sleep(0)
        loops.append(asyncio.get_running_loop())

    event_loop.run(main())

    assert isinstance(loops[0], uvloop.Loop)
    assert loops[0].is_closed()


def test_a_fault_is_the_callers() -> None:
    async def main() -> None:
        raise ValueError("as it was")

    with pytest.raises(ValueError, match="as it was"):
        event_loop.run(main())
