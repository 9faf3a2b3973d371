"""Deleting for good, at the data file: no table is forgotten, slices go on where the last one ended."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from multimail.adapters.store.engine import Store
from multimail.core.model import Mailbox
from multimail.ports.keeping import Purging

pytestmark = pytest.mark.anyio

ERASED = {
    "attachments", "batch_mails", "decisions", "deliveries", "idempotency", "interactions", "message_ids", "arrivals",
    "revisions", "served", "webhook_deliveries", "tags", "recipients", "threads", "thread_participants", "batches",
    "unsubscribe_requests",
}  # fmt: skip
CASCADES = {"admissions", "awaiting", "campaign_mails", "cautions", "unexamined"}
RECORD = {"events", "calls", "looks"}
"""Ids and codes: they outlive the mail."""


async def schema(path: Path) -> dict[str, list[tuple[str, str]]]:
    """Each table's columns."""
    await Store.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {
            table: [(row[1], row[2]) for row in connection.execute(f"PRAGMA table_info({table})")]
            for table in tables
        }


async def test_every_table_with_mail_in_it_is_known_here(tmp_path: Path) -> None:
    found = await schema(tmp_path / "mail.db")

    naming = {table for table, columns in found.items() if ("message_id", "TEXT") in columns}

    assert naming <= ERASED | CASCADES | RECORD
    assert found.keys() >= ERASED | CASCADES | RECORD


async def test_what_refers_to_a_mail_goes_with_it_or_before_it(tmp_path: Path) -> None:
    path = tmp_path / "mail.db"
    tables = await schema(path)
    with closing(sqlite3.connect(path)) as connection:
        rules = {
            table: row[6]
            for table in tables
            for row in connection.execute(f"PRAGMA foreign_key_list({table})")
            if row[2] == "messages"
        }

    assert {table for table, on_delete in rules.items() if on_delete == "CASCADE"} == CASCADES
    assert rules.keys() - CASCADES <= ERASED


async def test_what_is_begun_is_known_until_it_is_ended_and_forgotten_once_it_is_tidied(
    tmp_path: Path,
) -> None:
    store = Store.open(tmp_path / "mail.db")
    job = Purging("prg_1", "mbx_1", 5, 10, "key_1", "asked", 0, 1)

    def work(tx: object) -> list[object]:
        purge = tx.purge  # type: ignore[attr-defined]
        purge.begin(job)
        seen = [purge.under_way() == [job], purge.get("prg_1") == job, purge.get("prg_2")]
        purge.done("prg_1", 3)
        purge.done("prg_1", 4)
        seen += [purge.get("prg_1").deleted, purge.untidied(), purge.end("prg_1", 2), purge.end("prg_1", 3)]
        seen += [purge.under_way(), purge.untidied(), purge.forget(100)]
        purge.tidied()
        return [*seen, purge.untidied(), purge.forget(2), purge.forget(3), purge.get("prg_1")]

    seen = await store.write(work)
    await store.close()

    assert seen == [True, True, None, 7, False, True, False, [], True, 0, False, 0, 1, None]


async def test_the_index_is_written_anew_only_for_the_mail_that_was_seen(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "mail.db")

    assert await store.read(lambda tx: tx.purge.entries(0)) == frozenset()
    assert await store.write(lambda tx: tx.purge.index_anew(frozenset()))
    assert not await store.write(lambda tx: tx.purge.index_anew(frozenset({("msg_1", 1)})))
    await store.close()


async def test_an_empty_mailbox_has_no_places(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "mail.db")
    await store.write(lambda tx: tx.mailboxes.insert(Mailbox("mbx_1", "a@here.test")))

    places = await store.read(
        lambda tx: [
            tx.purge.newest("mbx_1"), tx.purge.overflow("mbx_1", 3), tx.purge.aged("mbx_1", 5),
            tx.purge.count("mbx_1"), tx.purge.mailboxes(None), tx.purge.mailboxes(("b", "a")), tx.purge.erase([]),
        ]
    )  # fmt: skip
    await store.close()

    assert places == [0, 0, 0, 0, ["mbx_1"], ["a", "b"], 0]
