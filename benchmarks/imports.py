"""What the client costs to import: `import multimail` with its client against the libraries it stands on."""

from __future__ import annotations

import random
import subprocess
import sys
from statistics import median
from typing import Final

from benchmarks.plan import Plan
from benchmarks.table import Pair, Row

AT_MOST: Final = 1.3
_EACH: Final = 7
_TIMED: Final = "import time\nbegan = time.perf_counter()\n{}\nprint((time.perf_counter() - began) * 1_000)"
_BARE: Final = "import httpx2, pydantic"
_OURS: Final = {
    "import multimail": "import multimail",
    "import multimail, a client made": 'import multimail\nmultimail.Client(api_key="mm_none")',
}


def measure(plan: Plan) -> list[Row]:
    """Without a client, and with one: the first does not need the libraries yet."""
    pairs: dict[str, list[Pair]] = {what: [] for what in _OURS}
    for _ in range(max(plan.size.runs, 3)):
        programs = {"bare": _BARE, **_OURS}
        took: dict[str, list[float]] = {what: [] for what in programs}
        for turn in range(_EACH + 1):
            for what in random.sample(list(programs), len(programs)):
                milliseconds = _timed(programs[what])
                # The first of each fills the caches of the machine.
                if turn:
                    took[what].append(milliseconds)
        for what, found in pairs.items():
            found.append(Pair(median(took[what]), median(took["bare"])))
    return [Row(f"{what}: {_BARE}", "ms", found, at_most=AT_MOST) for what, found in pairs.items()]


def _timed(program: str) -> float:
    """Milliseconds a new process took to carry it out."""
    command = [sys.executable, "-c", _TIMED.format(program)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
