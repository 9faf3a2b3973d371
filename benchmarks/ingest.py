"""Ingest: mails per second until the 250, against a bare aiosmtpd server that throws the mail away.

Plain text and a real multipart mail, few peers and many, a connection for each mail and connections kept; every
mail has a Message-ID of its own, and two of three multipart mails answer an earlier one.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.smtp_load import Load, on_the_wire, run_load
from benchmarks.table import Pair, Row, table

ALTERNATIVE: Final = Path(__file__).with_name("mails") / "alternative.eml"
MAILS: Final = 2_000
ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of the table."""

    multipart: bool
    peers: int
    keep: bool

    @property
    def what(self) -> str:
        kind = "multipart" if self.multipart else "plain 5 KB"
        return f"ingest, {kind}, {self.peers} peers, connection {'kept' if self.keep else 'each'}"

    @property
    def at_least(self) -> float:
        """The target."""
        return 0.6 if self.multipart else 0.7 if self.keep else 0.8

    def load(self, port: int, mails: int) -> Load:
        """What is sent to a server."""
        content = on_the_wire(ALTERNATIVE.read_bytes()) if self.multipart else None
        return Load(port, self.peers, mails, self.keep, content=content)


CELLS: Final = tuple(
    Cell(multipart, peers, keep)
    for multipart in (False, True)
    for peers in (10, 50)
    for keep in (False, True)
)


def measure(rounds: int = ROUNDS, mails: int = MAILS) -> list[Row]:
    """Both servers run throughout; who is first changes with each round."""
    pairs: dict[Cell, list[Pair]] = {cell: [] for cell in CELLS}
    with ExitStack() as stack:
        ours = stack.enter_context(listening("benchmarks.ingest_server"))
        sink = stack.enter_context(listening("benchmarks.ingest_sink"))
        for cell in (CELLS[0], CELLS[-1]):
            run_load(cell.load(ours, 200), first=-1_000)
            run_load(cell.load(sink, 200), first=-1_000)
        for number in range(rounds * len(CELLS)):
            cell = CELLS[number % len(CELLS)]
            pairs[cell].append(_both(cell, ours, sink, (number, mails)))
    return [Row(cell.what, "mail/s", found, at_least=cell.at_least) for cell, found in pairs.items()]


@contextmanager
def listening(module: str) -> Iterator[int]:
    """A server in a process of its own; the port it listens on."""
    process = subprocess.Popen(
        [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()


def _both(cell: Cell, ours: int, sink: int, run: tuple[int, int]) -> Pair:
    number, mails = run
    rates: dict[int, float] = {}
    for port in (ours, sink) if number % 2 else (sink, ours):
        rates[port] = run_load(cell.load(port, mails), first=number * mails)
    return Pair(rates[ours], rates[sink])


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--mails", type=int, default=MAILS)
    given = parser.parse_args()
    print(table(measure(given.rounds, given.mails)))


if __name__ == "__main__":
    main()
