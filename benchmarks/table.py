"""The one table: what was measured, ours, the baseline of the same run, their ratio, the target, whether it is met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

_TITLES: Final = ("what", "ours", "baseline", "ratio", "runs", "target", "met")
_LEFT: Final = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """One process run: our figure and the baseline's, measured side by side."""

    ours: float
    baseline: float

    @property
    def ratio(self) -> float:
        return self.ours / self.baseline


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. The ratio is the median of the runs' own ratios, never a ratio of medians.

    `at_most` or `at_least` is the target; a line without one is a report.
    """

    what: str
    unit: str
    pairs: Sequence[Pair]
    at_most: float | None = None
    at_least: float | None = None

    @property
    def ratio(self) -> float:
        return median(pair.ratio for pair in self.pairs)

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.at_most is not None:
            return self.ratio <= self.at_most
        return self.ratio >= self.at_least if self.at_least is not None else None

    def cells(self) -> tuple[str, ...]:
        low, high = min(pair.ratio for pair in self.pairs), max(pair.ratio for pair in self.pairs)
        return (
            self.what,
            f"{_figure(median(pair.ours for pair in self.pairs))} {self.unit}",
            f"{_figure(median(pair.baseline for pair in self.pairs))} {self.unit}",
            f"{self.ratio:.2f}",
            f"{low:.2f}-{high:.2f}",
            self._target(),
            {True: "yes", False: "NO", None: ""}[self.met],
        )

    def _target(self) -> str:
        if self.at_most is not None:
            return f"<= {self.at_most:g}"
        return f">= {self.at_least:g}" if self.at_least is not None else "reported"


def table(rows: Sequence[Row]) -> str:
    """The lines as text, columns aligned."""
    cells = [_TITLES, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_TITLES))]
    lines = [_line(line, widths) for line in cells]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    aligned = (
        cell.ljust(width) if column == _LEFT else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(aligned).rstrip()


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
