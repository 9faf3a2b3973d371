"""How soon a host has the list of tools: from the start of the process to the answer, by the official client.

The bare SDK lists one tool. Launches are interleaved, and a run's figure is the median of its launches.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

from mcp import StdioServerParameters

from benchmarks import mailbox, servers
from benchmarks.plan import Plan
from benchmarks.table import Pair, Row
from multimail.commands import residents

AT_MOST: Final = 1.2
_LAUNCHES: Final = 7
_WITH: Final = "door to tools/list, resident running"
_WITHOUT: Final = "door to tools/list, it starts the resident"

Start = tuple[StdioServerParameters, Callable[[], object]]
"""What to launch, and what to put away afterwards."""


def measure(plan: Plan) -> list[Row]:
    """With the resident running, which is the target, and without, which is the first start of a day."""
    pairs: dict[str, list[Pair]] = {_WITH: [], _WITHOUT: []}
    for _ in range(max(plan.size.runs, 3)):
        with (
            plan.accounts(mailbox.FEW, mailbox.FEW) as (lived_in, alone),
            servers.resident(lived_in),
        ):
            medians = _launched(lived_in, alone)
        for what, found in pairs.items():
            found.append(Pair(medians[what], medians["bare"]))
    return [
        Row(f"{_WITH}: bare SDK", "ms", pairs[_WITH], at_most=AT_MOST),
        Row(f"{_WITHOUT}: bare SDK", "ms", pairs[_WITHOUT]),
    ]


def _launched(lived_in: Path, alone: Path) -> dict[str, float]:
    starts: dict[str, Start] = {
        _WITH: (servers.door(lived_in), lambda: None),
        _WITHOUT: (servers.door(alone), lambda: residents.stop(alone)),
        "bare": (servers.echo_door(), lambda: None),
    }
    took: dict[str, list[float]] = {name: [] for name in starts}
    names = list(starts)
    for turn in range(_LAUNCHES + 1):
        random.shuffle(names)
        for name in names:
            parameters, put_away = starts[name]
            milliseconds = asyncio.run(_until_listed(parameters))
            put_away()
            # The first launch of each fills the caches of the machine.
            if turn:
                took[name].append(milliseconds)
    return {name: median(times) for name, times in took.items()}


async def _until_listed(parameters: StdioServerParameters) -> float:
    began = time.perf_counter()
    async with servers.on_stdio(parameters) as client:
        await client.list_tools()
        return (time.perf_counter() - began) * 1_000
