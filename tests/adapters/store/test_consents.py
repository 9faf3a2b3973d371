"""Records of consent in the file: found by person in one statement, in order, and the reach moves with them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from multimail.core.consent import WITHDRAWAL, Record
from multimail.ports.consent import Channel, ConsentSearch, StoredConsent
from multimail.ports.store import Tx
from tests.support.desk import NOON, Desk, opened

pytestmark = pytest.mark.anyio
ANN, BOB = bytes(16), bytes(15) + b"\1"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as made:
        yield made


def line(name: str, key: bytes = ANN, topic: str = "", region: str = "", **more: object) -> StoredConsent:
    told = {"basis": "consent", "provenance": "operator", "given_at": NOON} | more
    record = Record(0, topic, region, **told)  # type: ignore[arg-type]
    return StoredConsent(f"consent_{name}", key, record, None, "form", {"a": [1]}, NOON, "key_x")


async def add(desk: Desk, *lines: StoredConsent) -> None:
    await desk.write(lambda tx: [tx.consents.add(one) for one in lines])


async def test_the_records_of_many_people_come_in_order_and_of_nobody_else(desk: Desk) -> None:
    await add(desk, line("1", topic="a"), line("2", BOB), line("3", topic="b", expires_at=NOON + 5))

    found = await desk.read(lambda tx: tx.consents.records([ANN, b"\7" * 16]))

    assert list(found) == [ANN]
    assert [(one.topic, one.expires_at) for one in found[ANN]] == [("a", None), ("b", NOON + 5)]
    assert found[ANN][0].seq < found[ANN][1].seq


async def test_a_search_finds_by_what_is_asked_newest_first(desk: Desk) -> None:
    await add(
        desk, line("1", topic="a", region="EU"), line("2", BOB, topic="a", basis="contract"),
        line("3", topic="a", provenance="agent"), line("4", expires_at=NOON), line("5", basis=WITHDRAWAL),
    )  # fmt: skip

    async def names(**asked: object) -> str:
        search = ConsentSearch(**asked)  # type: ignore[arg-type]
        found = await desk.read(lambda tx: tx.consents.search(search))
        return "".join(one.id[-1] for one in found)

    assert [await names(), await names(key=BOB), await names(topic="a"), await names(region="EU")] == [
        "54321", "2", "321", "1",
    ]  # fmt: skip
    assert [await names(basis="contract"), await names(provenance="agent"), await names(live_at=NOON)] == [
        "2", "3", "21",
    ]  # fmt: skip
    assert [await names(before="consent_4", limit=2), await names(before="consent_none")] == ["32", ""]


async def test_a_record_comes_back_whole(desk: Desk) -> None:
    await add(desk, line("1", topic="a", region="EU"))

    (one,) = await desk.read(lambda tx: tx.consents.search(ConsentSearch()))

    assert (one.key, one.source, dict(one.evidence), one.by, one.recorded_at) == (
        ANN,
        "form",
        {"a": [1]},
        "key_x",
        NOON,
    )


async def test_whatever_changes_who_may_be_reached_moves_the_version(desk: Desk) -> None:
    versions = [await desk.read(lambda tx: tx.suppressions.version())]

    async def moved() -> bool:
        versions.append(await desk.read(lambda tx: tx.suppressions.version()))
        return versions[-1] > versions[-2]

    await add(desk, line("1"))
    assert await moved()
    await desk.write(lambda tx: tx.consents.end([1], NOON))
    assert await moved()
    await desk.sql("DELETE FROM consents")
    assert await moved()
    about = {"action": "upsert", "email": "ann@example.org"}
    await desk.call("operator", "manage_contacts", **about, metadata={"plan": "pro"})
    await desk.call("operator", "manage_contacts", **about, metadata={"plan": "free"})
    assert not await moved()
    for region in ({"region": "EU"}, {"regions": ["US"]}):
        await desk.call("operator", "manage_contacts", **about, metadata=region)
        assert await moved()


async def test_a_channel_is_what_was_said_last(desk: Desk) -> None:
    def work(tx: Tx) -> list[Channel]:
        for wanted in (True, False):
            tx.consents.set_channel(ANN, Channel("sms", wanted, NOON + int(not wanted)), "key_x")
        return tx.consents.channels(ANN)

    assert await desk.write(work) == [Channel("sms", wanted=False, changed_at=NOON + 1)]
    assert await desk.read(lambda tx: tx.consents.channels(BOB)) == []


async def test_people_are_counted_once_by_what_counts(desk: Desk) -> None:
    await add(
        desk, line("1", topic="a"), line("2", topic="a", region="EU"), line("3", BOB, topic="a"),
        line("4", provenance="agent"), line("5", withdrawn_at=NOON), line("6", basis=WITHDRAWAL),
    )  # fmt: skip

    assert await desk.read(lambda tx: tx.consents.counts(NOON)) == {"a": {"consent": 2}}


async def test_records_are_found_by_an_index_and_not_by_reading_them_all(desk: Desk) -> None:
    def work(tx: Tx) -> str:
        rows = tx.all(  # type: ignore[attr-defined]
            "EXPLAIN QUERY PLAN SELECT * FROM consents WHERE address_key IN (SELECT value FROM json_each('[]'))"
            " ORDER BY address_key, seq"
        )
        return " ".join(row[3] for row in rows)

    assert "SEARCH consents USING INDEX consents_by_person" in await desk.read(work)
