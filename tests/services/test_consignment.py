"""What is handed over, and which way each recipient goes."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import MINUTE
from multimail.ports.store import Tx
from multimail.services.consignment import Consignment, consignment
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

EVERYBODY = ["ann@example.org", "gone@example.org", "agent+tag@localhost"]


async def claimed(desk: Desk, *, captures: bool = False, **mail: Any) -> Consignment:
    """A mail that may leave, claimed."""
    await desk.set(default_mode="autonomous")
    await desk.send(**mail)
    now = desk.clock.now()

    def work(tx: Tx) -> Consignment:
        (claim,) = tx.deliveries.claim("desk", now, now + MINUTE, 10)
        return consignment(tx, claim, 0, captures=captures)

    return await desk.write(work)


def ways(load: Consignment) -> dict[str, list[str]]:
    return {
        "local": [one.address for one, _ in load.local],
        "barred": [one.address for one, _ in load.barred],
        "outside": [one.address for one in load.outside],
        "kept": [one.address for one in load.kept],
    }


async def test_each_recipient_goes_one_way(desk: Desk) -> None:
    load = await claimed(desk, to=EVERYBODY[::2])

    assert load.intact
    assert b"See you on" in load.raw
    assert ways(load) == {
        "local": ["agent+tag@localhost"], "barred": [], "outside": ["ann@example.org"], "kept": []
    }  # fmt: skip


async def test_without_a_way_out_everything_that_is_not_for_this_server_is_kept(desk: Desk) -> None:
    load = await claimed(desk, captures=True, to=EVERYBODY)

    assert sorted(ways(load)["kept"]) == ["ann@example.org", "gone@example.org"]
    assert ways(load)["outside"] == []


async def test_who_opted_out_after_admission_is_barred_with_the_reason(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    await desk.send(to=EVERYBODY[:2])
    await desk.call("operator", "tag_email", email="gone@example.org", tags=["suppressed"])
    now = desk.clock.now()

    def work(tx: Tx) -> Consignment:
        (claim,) = tx.deliveries.claim("desk", now, now + MINUTE, 10)
        return consignment(tx, claim, 0, captures=False)

    load = await desk.write(work)

    assert [(one.address, bool(reason)) for one, reason in load.barred] == [("gone@example.org", True)]
    assert ways(load)["outside"] == ["ann@example.org"]
