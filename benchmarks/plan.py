"""How much is measured, and the accounts it is measured on, made once for all parts of a run."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import mailbox

CACHE: Final = "MULTIMAIL_BENCH_CACHE"
"""An environment variable: a folder in which filled accounts are kept for the next run."""


@dataclass(frozen=True, slots=True)
class Size:
    """Process runs, and in each of them shuffled rounds of so many calls to each tool of each server; how many
    mails the full mailbox has, how many are sent at once to measure ingest, and how many contacts are searched."""

    runs: int
    rounds: int
    calls: int
    messages: int
    mails: int
    contacts: int = 1_000_000


FULL: Final = Size(runs=5, rounds=12, calls=25, messages=mailbox.MESSAGES, mails=2_000)
QUICK: Final = Size(runs=1, rounds=5, calls=20, messages=10_000, mails=1_000, contacts=100_000)


@dataclass(frozen=True, slots=True)
class Plan:
    """A run of the benchmarks in a folder of its own."""

    size: Size
    place: Path

    @contextmanager
    def accounts(self, *messages: int) -> Iterator[list[Path]]:
        """Fresh data folders with so many mails each, gone afterwards."""
        with tempfile.TemporaryDirectory(dir=self.place) as name:
            yield [
                mailbox.copy(self._template(number), Path(name) / f"account-{place}")
                for place, number in enumerate(messages)
            ]

    def _template(self, messages: int) -> Path:
        kept = os.environ.get(CACHE)
        template = (Path(kept) if kept else self.place) / f"mails-{messages}"
        if not (template / mailbox.KEYS).exists():
            mailbox.build(template, messages)
        return template
