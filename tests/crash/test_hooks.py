"""kill -9 between the commit of an event and the end of its post: the event arrives all the same."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from multimail.config import Settings
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import dispatch, first_start
from multimail.services.context import Caller
from multimail.wiring.account import opened
from tests.crash.residents import Residents, residents
from tests.support.program import environment
from tests.support.receiver import Receiver

POSTED = {"hooks.derived": 1, "hooks.claimed": 1, "hooks.posted": 2}
"""How often the event arrives: twice only where the receiver had answered and nobody had written that down."""


async def something_happened(data: Path, url: str) -> None:
    """A webhook, and behind it an event that no process has looked at."""
    async with opened(Settings(data=data)) as services:
        now = services.clock.now()
        operator, _ = await services.store.write(lambda tx: first_start.first_operator(tx, services.ids, now))
        hook = {"url": url, "events": ["freeze.*"]}
        await dispatch.call(services, Caller(operator, "cli"), "create_webhook", hook)

        def work(tx: Tx) -> None:
            tx.events.add(Event("freeze.started", now))

        await services.store.write(work)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Residents]:
    folder = tmp_path_factory.mktemp("hooks")
    with residents(folder / "log", environment(folder / "data")) as found:
        yield found


@pytest.mark.parametrize("failpoint", POSTED)
def test_an_event_survives_the_death_of_who_was_to_post_it(
    failpoint: str, house: Residents, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with Receiver() as receiver:
        asyncio.run(something_happened(data, receiver.url))
        house.fork(MULTIMAIL_DATA=str(data), MULTIMAIL_FAILPOINT=failpoint)
        assert house.until("ended") == -signal.SIGKILL
        before = len(receiver.posted)
        pid = house.fork(MULTIMAIL_DATA=str(data))
        house.until("ready")
        arrived = receiver.wait_for(POSTED[failpoint])
        os.kill(pid, signal.SIGTERM)
        assert (house.until("ended"), house.complaints()) == (0, "")

    assert before == POSTED[failpoint] - 1
    assert {one.event for one in arrived} == {"freeze.started"}
    assert len({(one.headers["webhook-id"], one.raw) for one in receiver.posted}) == 1
    assert len(receiver.posted) == POSTED[failpoint]
