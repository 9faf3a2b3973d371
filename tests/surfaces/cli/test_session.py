"""A session is one principal, and each of its calls goes through dispatch as that principal."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from multimail import config
from multimail.config import Settings
from multimail.core.errors import Problem
from multimail.ports.records import StoredCall
from multimail.services.first_start import BUILT_IN_AGENT
from multimail.surfaces.cli.session import SURFACE, Session
from multimail.wiring.account import opened


async def recorded(settings: Settings) -> list[StoredCall]:
    async with opened(settings) as services:
        return await services.store.read(lambda tx: tx.events.calls(BUILT_IN_AGENT, 10))


def test_calls_are_made_and_recorded_as_the_sessions_principal(tmp_path: Path) -> None:
    settings = config.load(data=tmp_path / "data")
    with asyncio.Runner() as runner:
        account = opened(settings)
        session = Session(runner, runner.run(account.__aenter__()), BUILT_IN_AGENT)
        session.call("list_mailboxes", {})
        with pytest.raises(Problem, match="forbidden"):
            session.call("freeze", {})
        runner.run(account.__aexit__(None, None, None))
        calls = runner.run(recorded(settings))

    assert {(one.operation, one.outcome, one.surface) for one in calls} == {
        ("list_mailboxes", "ok", SURFACE),
        ("freeze", "forbidden", SURFACE),
    }
