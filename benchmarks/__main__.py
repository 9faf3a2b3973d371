"""`python -m benchmarks`: measure and print the one table; the exit code says whether all targets are met."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks import (
    campaign,
    cold_start,
    contacts,
    group_commit,
    imports,
    ingest,
    mcp_calls,
    memory,
    pages,
    rest_calls,
)
from benchmarks.plan import FULL, QUICK, Plan
from benchmarks.table import Row, table

PARTS: Final[dict[str, Callable[[Plan], list[Row]]]] = {
    "calls": mcp_calls.measure,
    "start": cold_start.measure,
    "ingest": lambda plan: ingest.measure(plan.size.runs, plan.size.mails),
    "commit": group_commit.measure,
    "memory": memory.measure,
    "rest": rest_calls.measure,
    "import": imports.measure,
    "pages": pages.measure,
    "contacts": contacts.measure,
    "campaign": campaign.measure,
}


def main() -> int:
    """Measure the parts asked for, all by default."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument(
        "--quick", action="store_true", help="one short run of each: says little, takes a minute"
    )
    given = parser.parse_args()
    unknown = [part for part in given.parts if part not in PARTS]
    if unknown:
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    rows = _rows(given.parts or list(PARTS), quick=given.quick)
    print(table(rows))
    return sum(row.met is False for row in rows) and 1


def _rows(parts: list[str], *, quick: bool) -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="multimail-bench-") as name:
        for part in parts:
            began = time.monotonic()
            print(f"{part} …", end=" ", file=sys.stderr, flush=True)
            rows += PARTS[part](Plan(QUICK if quick else FULL, Path(name)))
            print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
    return rows


if __name__ == "__main__":
    sys.exit(main())
