"""Erasures as they are written down: how far each is, and what is known of it at the end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from multimail.adapters.store.engine import Store
from multimail.core.traces import Traces
from multimail.ports.erasure import Erasure, Proof

pytestmark = pytest.mark.anyio

TRACES = Traces("jane@acme.example", ("Jane Quux",), ("1234567",))
FIRST = Erasure("era_1", "ab" * 16, "key_1", "sweeping", TRACES, 10, 10)
SECOND = replace(FIRST, id="era_2", key="cd" * 16, asked_at=20, touched_at=20)


async def test_what_is_begun_is_known_until_it_is_ended_and_then_only_as_a_proof(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "mail.db")

    def work(tx: Any) -> list[Any]:
        tx.erasures.begin(FIRST)
        tx.erasures.begin(SECOND)
        seen = [tx.erasures.get("era_1") == FIRST, tx.erasures.get("era_3")]
        seen.append([one.id for one in tx.erasures.under_way(15)])
        ended = replace(
            FIRST, stage="ended", traces=None, ended_at=30, touched_at=30, removed=2, redacted=3, rows=4
        )
        tx.erasures.progress(ended)
        tx.erasures.progress(replace(ended, removed=9))
        seen += [tx.erasures.get("era_1") == ended, [one.id for one in tx.erasures.under_way(99)]]
        seen.append(tx.erasures.in_copies())
        tx.erasures.copied(["era_1"], 40)
        return [*seen, tx.erasures.in_copies(), tx.erasures.get("era_1").copies_at, tx.erasures.proofs()]

    seen = await store.write(work)
    await store.close()

    proofs = [Proof("era_1", "ab" * 16, 10), Proof("era_2", "cd" * 16, 20)]
    assert seen == [True, None, ["era_1"], True, ["era_2"], ["era_1"], [], 40, proofs]


async def test_the_record_is_read_page_by_page_and_by_key(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "mail.db")
    for one in (FIRST, SECOND):
        await store.write(lambda tx, one=one: tx.erasures.begin(one))  # type: ignore[misc]

    found = await store.read(
        lambda tx: [
            [one.id for one in tx.erasures.of(None, None, 9)],
            [one.id for one in tx.erasures.of(None, (20, "era_2"), 9)],
            [one.id for one in tx.erasures.of("ab" * 16, None, 9)],
        ]
    )
    await store.close()

    assert found == [["era_2", "era_1"], ["era_1"], ["era_1"]]
