"""Passkeys in the data file: each is one person's, and its count is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from multimail.ports.passkeys import Passkey
from multimail.ports.store import Tx
from tests.support.desk import NOON, Desk, opened

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as made:
        yield made


async def test_a_passkey_belongs_to_one_person_and_one_host(desk: Desk) -> None:
    mine = Passkey("a", desk.who["reviewer"], "Phone", "localhost", b"key", 0, NOON)
    other = replace(mine, id="b", rp_id="mail.example.org", created_at=NOON + 1)

    def work(tx: Tx) -> tuple[bool, bool]:
        tx.passkeys.insert(mine)
        tx.passkeys.insert(other)
        tx.passkeys.used("a", 4, NOON + 5)
        return tx.passkeys.remove(desk.who["second"], "b"), tx.passkeys.remove(mine.principal_id, "none")

    assert await desk.write(work) == (False, False)
    used = replace(mine, sign_count=4, used_at=NOON + 5)
    assert await desk.write(lambda tx: tx.passkeys.of(mine.principal_id)) == [used, other]
    assert await desk.write(lambda tx: tx.passkeys.of(mine.principal_id, "localhost")) == [used]
    assert await desk.write(lambda tx: tx.passkeys.get("b")) == other
    assert await desk.write(lambda tx: tx.passkeys.remove(mine.principal_id, "b"))
    assert await desk.write(lambda tx: tx.passkeys.get("b")) is None
