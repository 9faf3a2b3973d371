"""What is taken from a client's request besides its arguments."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from multimail.surfaces.mcp.calls import host_name, rising


def context(name: str | None) -> Any:
    told = SimpleNamespace(client_info=SimpleNamespace(name=name)) if name is not None else None
    return SimpleNamespace(session=SimpleNamespace(client_params=told))


@pytest.mark.parametrize(
    ("claimed", "kept"), [("desk", "desk"), ("a\x1b[2J\nb\u202e", "a[2Jb"), ("x" * 200, "x" * 80), (None, "")]
)
def test_a_hosts_name_is_a_short_printable_claim(claimed: str | None, kept: str) -> None:
    assert host_name(context(claimed)) == kept


@pytest.mark.anyio
async def test_progress_only_rises() -> None:
    told: list[tuple[float, float]] = []

    async def report(progress: float, total: float) -> None:
        told.append((progress, total))

    session: Any = SimpleNamespace(session=SimpleNamespace(report_progress=report))
    note = rising(session)
    for progress in (0.0, 0.0, 5.0, 4.0, 9.5):
        await note(progress, 30.0)

    assert told == [(0.0, 30.0), (5.0, 30.0), (9.5, 30.0)]
