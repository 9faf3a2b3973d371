"""How much is measured, and the accounts it is measured on, made once for all parts of a run."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks import mailbox

CACHE: Final = "MULTIMAIL_BENCH_CACHE"
"""An environment variable: a folder in which filled accounts are kept for the next run."""


@dataclass(frozen=True, slots=True)
class Size:
    """Process runs, and in each of them shuffled rounds of so many calls to each tool of each server; how many
    mails the full mailbox has, and how many are sent at once to measure ingest."""

    runs: int
    rounds: int
    calls: int
    messages: int
    mails: int


FULL: Final = Size(runs=5, rounds=12, calls=25, messages=mailbox.MESSAGES, mails=2_000)
QUICK: Final = Size(runs=1, rounds=5, calls=20, messages=10_000, mails=1_000)


@dataclass(slots=True)
class Plan:
    """A run of the benchmarks in a folder of its own."""

    size: Size
    place: Path
    copies: int = field(default=0)

    def copy_of(self, messages: int) -> Path:
        """A fresh data folder with so many mails, which nobody else uses."""
        self.copies += 1
        return mailbox.copy(self._template(messages), self.place / f"account-{self.copies}")

    def _template(self, messages: int) -> Path:
        kept = os.environ.get(CACHE)
        template = (Path(kept) if kept else self.place) / f"mails-{messages}"
        if not (template / mailbox.KEYS).exists():
            mailbox.build(template, messages)
        return template
