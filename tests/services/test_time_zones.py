"""Whose clock counts: the contact's own, else his domain's, else the mailbox's, else none in particular."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.ports.store import Tx
from multimail.services.time_zones import clean_zone, zone_named, zones
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def zone_of(desk: Desk, address: str) -> str:
    def look(tx: Tx) -> str:
        box = tx.mailboxes.by_address(desk.box)
        assert box is not None
        return str(zones(tx, box, [address])[address])

    return await desk.read(look)


async def contact(desk: Desk, **metadata: Any) -> None:
    await desk.call(
        "operator", "manage_contacts", action="upsert", email="ann@example.org", metadata=metadata
    )


async def test_what_is_known_nearest_to_a_person_counts(desk: Desk) -> None:
    assert await zone_of(desk, "ann@example.org") == "UTC"
    await desk.set(metadata={"timezone": "Asia/Tokyo"})
    assert await zone_of(desk, "ann@example.org") == "Asia/Tokyo"
    await desk.call("operator", "set_time_zone", domain="Example.ORG", timezone="Europe/Berlin")
    assert await zone_of(desk, "ann@example.org") == "Europe/Berlin"
    assert await zone_of(desk, "ann@mail.example.org") == "Asia/Tokyo"

    await contact(desk, timezone="america/new_york")

    assert await zone_of(desk, "Ann@Example.org") == "America/New_York"
    assert await zone_of(desk, "bob@example.org") == "Europe/Berlin"


@pytest.mark.parametrize(
    "nonsense", ["Mars/Base", "+02:00", "", "../etc/passwd", 7, ["UTC"], {"a": 1}, "x" * 5000]
)
async def test_what_nobody_can_read_as_a_zone_counts_as_not_given(desk: Desk, nonsense: Any) -> None:
    await desk.set(metadata={"timezone": nonsense})
    await contact(desk, timezone=nonsense)

    assert await zone_of(desk, "ann@example.org") == "UTC"


@pytest.mark.parametrize(
    "name", ["", "Mars/Base", "UTC+2", "../Europe/Berlin", "posixrules/", "Europe/Berlin\0"]
)
def test_where_a_zone_is_asked_for_only_one_is_taken(name: str) -> None:
    with pytest.raises(Problem, match="is no time zone") as caught:
        clean_zone(name)

    assert (caught.value.code, caught.value.field) == ("invalid", "timezone")


def test_a_zone_has_one_spelling() -> None:
    assert clean_zone(" europe/BERLIN ") == "Europe/Berlin"
    assert zone_named("Etc/UTC") is not None


async def test_what_an_agent_says_of_a_clock_counts_only_where_nobody_with_authority_did(desk: Desk) -> None:
    about: dict[str, Any] = {"action": "upsert", "email": "ann@example.org"}
    await desk.call("agent", "manage_contacts", **about, metadata={"timezone": "Asia/Tokyo"})
    assert await zone_of(desk, "ann@example.org") == "Asia/Tokyo"
    await contact(desk, timezone="Europe/Berlin")

    for said in ("Asia/Tokyo", "nonsense", None):
        await desk.call("agent", "manage_contacts", **about, metadata={"timezone": said})
        assert await zone_of(desk, "Ann@example.org") == "Europe/Berlin"
