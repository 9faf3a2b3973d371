"""Memory: what of a door and of the resident is in RAM (RSS), against the bare SDK's servers, after the same calls."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from benchmarks import mailbox, servers
from benchmarks.mcp_calls import BOUND, callers
from benchmarks.plan import Plan
from benchmarks.table import Pair, Row

_CALLS: Final = 100
_KIND: Final = {"stdio": "door", "http": "resident"}


def measure(plan: Plan) -> list[Row]:
    """A hundred calls to each tool, on the full mailbox; reported without a target."""
    with plan.accounts(plan.size.messages, mailbox.FEW) as folders:
        megabytes = asyncio.run(_run(folders))
    return [
        Row(
            f"memory, {kind}: bare SDK on {door}",
            "MB",
            [Pair(megabytes["full", door], megabytes["echo", door])],
        )
        for door, kind in _KIND.items()
    ]


async def _run(folders: Sequence[Path]) -> dict[tuple[str, str], float]:
    async with AsyncExitStack() as stack:
        found = await callers(stack, folders)
        for one in found:
            for tool in BOUND:
                await one.round(tool, _CALLS)
        resident = servers.in_memory()
        return {(one.server, one.door): resident[one.pid] / 1024 for one in found}
