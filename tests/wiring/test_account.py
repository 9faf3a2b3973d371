"""Opening an account: it is set up the first time, by whoever comes first, and keeps its settings' bounds."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from multimail import config
from multimail.core.times import DAY
from multimail.services import dispatch
from multimail.services.context import Caller
from multimail.services.first_start import BUILT_IN_AGENT, READY_MAILBOX
from multimail.wiring.account import limits, opened

pytestmark = pytest.mark.anyio


async def mailboxes(data: Path) -> list[str]:
    async with opened(config.load(data=data)) as services:
        view = await dispatch.call(services, Caller(BUILT_IN_AGENT, "cli"), "list_mailboxes", {})
        return [box["address"] for box in view.model_dump()["mailboxes"]]


async def test_a_new_account_has_its_ready_mailbox_at_once(tmp_path: Path) -> None:
    assert READY_MAILBOX in await mailboxes(tmp_path / "data")


async def test_opening_it_again_finds_the_same(tmp_path: Path) -> None:
    first = await mailboxes(tmp_path / "data")

    assert await mailboxes(tmp_path / "data") == first


async def test_several_that_open_a_new_account_at_once_set_it_up_once(tmp_path: Path) -> None:
    every = await asyncio.gather(*(mailboxes(tmp_path / "data") for _ in range(4)))

    assert [len(found) for found in every] == [2, 2, 2, 2]


def test_the_bounds_are_those_that_were_set() -> None:
    found = limits(config.load(max_message_bytes=100_000, held_days=2, max_recipients=7))

    assert (found.message_bytes, found.held_for, found.recipients) == (100_000, 2 * DAY, 7)
