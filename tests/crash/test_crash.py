"""kill -9 at every named place and at random, under load: nothing that was promised is lost, nothing happens twice.

A kill leaves what the system has in memory, so it proves the order of promises and not the disk: that commits are
synced is asserted of the resident's own connection in every run.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.books import Books
from tests.crash.harness import MAIL, Harness

SEEDED = {
    "ok_before_commit": ("store.before_commit", "lost"),
    "no_dedupe": ("smtp_in.accepted", "twice"),
    "no_mark": ("smtp_out.after_reply", "twice"),
}
"""Faults that the harness has to find: where it kills, and how it complains."""


def run(folder: Path, each: int, at_random: int) -> tuple[Books, str, str]:
    """Kill `each` times at every failpoint, and so often at random, in between one another.

    Returns the books, their figures, and where residents died.
    """
    with Harness(folder) as harness:
        for number in range(max(each, at_random)):
            for failpoint in MAIL if number < each else ():
                harness.kill_at(failpoint)
            if number < at_random:
                harness.kill_at_random()
        books = harness.finish()
        return books, harness.figures(books), harness.table()


def test_a_crash_anywhere_loses_nothing_and_repeats_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books, figures, _ = run(tmp_path, each=1, at_random=10)
    with capsys.disabled():
        print(f"\n{figures}")

    assert books.faults == []
    assert min(books.acked, books.accepted, books.sent, books.stored_here) > 10
    assert books.unknown > 0


@pytest.mark.soak
def test_hundreds_of_crashes_lose_nothing_and_repeat_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books, figures, table = run(tmp_path, each=6, at_random=120)
    with capsys.disabled():
        print(f"\n{table}\n{figures}")

    assert books.faults == []
    assert min(books.acked, books.accepted, books.sent, books.stored_here) > 100
    assert books.unknown > 0


@pytest.mark.parametrize(("rounds", "least"), [(2, 10), pytest.param(60, 1_000, marks=pytest.mark.soak)])
def test_in_a_crowd_whoever_dies_takes_no_mail_along(
    rounds: int, least: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Receiving processes are killed under their peers, and their residents soon after."""
    with Harness(tmp_path, peers=14) as harness:
        for _ in range(rounds):
            harness.kill_a_receiver()
        books = harness.finish()
        figures = harness.figures(books)
    with capsys.disabled():
        print(f"\n{figures}")

    assert books.faults == []
    assert min(books.acked, books.stored_here) > least


@pytest.mark.soak
@pytest.mark.parametrize("fault", SEEDED)
def test_the_harness_finds_a_seeded_fault(fault: str, tmp_path: Path) -> None:
    failpoint, complaint = SEEDED[fault]
    with Harness(tmp_path, fault=fault) as harness:
        for _ in range(5):
            harness.kill_at(failpoint)
        books = harness.finish()

    assert getattr(books, complaint) != []
    assert books.faults == getattr(books, complaint)
