"""A campaign while people say no: not one mail to who did, every other mail once, as it arrives at the next hop."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from multimail.commands import lock
from tests.support.account import account
from tests.support.campaign import BOXES, LEAVES, OUT, Campaign, way_of
from tests.support.program import serving
from tests.support.tally_sink import TallySink

FEW: Final = 400
MANY: Final = 50_000
WIDE: Final = {"MULTIMAIL_RATE_PER_MINUTE": "100000000"}


@contextmanager
def campaign(folder: Path, people: int, limit_s: float) -> Iterator[Campaign]:
    """A server in a process of its own, ready for it."""
    data = folder / "data"
    keys = account(data, BOXES, "agent")
    with TallySink(folder / "ledger") as sink:
        settings: dict[str, Any] = {**WIDE, "MULTIMAIL_RELAY": sink.url}
        with serving(data, "serve", limit_s=limit_s, **settings) as server:
            server.until("Ctrl-C")
            url = f"http://127.0.0.1:{port(data)}"
            yield Campaign(url, keys["operator"], keys["agent"], sink, data, people)


def port(data: Path) -> int:
    found = lock.find(data)
    assert found is not None
    return int(found.base_url.rpartition(":")[2])


def run(folder: Path, people: int, limit_s: float) -> tuple[Campaign, float]:
    with campaign(folder, people, limit_s) as one:
        took = asyncio.run(one.run())
        assert one.wrong() == []
        return one, took


def test_who_said_no_gets_nothing_and_everybody_else_one_mail(tmp_path: Path) -> None:
    one, _ = run(tmp_path, FEW, 100)

    ways = Counter(map(way_of, range(FEW)))
    assert {way: ways[way] for way in OUT} == dict.fromkeys(OUT, FEW // 50)
    assert len(one.left) == ways[LEAVES] == FEW // 50
    assert ways[""] <= len(one.arrived()) < FEW - len(OUT) * FEW // 50


@pytest.mark.soak
@pytest.mark.timeout(1_500)
def test_nor_among_fifty_thousand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, took = run(tmp_path, MANY, 1_400)

    with capsys.disabled():
        print(f"\n{len(one.arrived())} of {MANY} mails in {took:.0f} s; {len(one.left)} left meanwhile")
