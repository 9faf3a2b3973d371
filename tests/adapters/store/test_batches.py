"""Templates that never change, and batches with what was filled in."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from multimail.ports.approvals import BatchMail, StoredBatch, StoredTemplate
from tests.support.mailroom import NOON, Letter, Mailroom

RECEIPT = StoredTemplate("tpl_1", "receipt", "Receipt {{n}}", "Thank you", "key_op", NOON)


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


def test_a_template_is_found_by_id_and_name_until_it_is_deleted(room: Mailroom) -> None:
    templates = room.tx.templates
    templates.insert(RECEIPT)
    assert templates.get("tpl_1") == templates.named("receipt") == RECEIPT
    assert templates.all() == [RECEIPT]

    templates.delete("tpl_1", NOON + 1)
    templates.delete("tpl_1", NOON + 2)

    assert (templates.named("receipt"), templates.all()) == (None, [])
    found = templates.get("tpl_1")
    assert found is not None
    assert found.deleted_at == NOON + 1


@pytest.mark.parametrize("column", ["subject", "body", "name"])
def test_a_template_never_changes(room: Mailroom, column: str) -> None:
    room.tx.templates.insert(RECEIPT)

    with pytest.raises(sqlite3.IntegrityError, match="conflict:templates"):
        room.tx.run(f"UPDATE templates SET {column} = 'other'")


def test_a_batch_is_read_back_with_its_mails_in_their_order(room: Mailroom) -> None:
    box = room.mailbox()
    of_batch = {"batch_id": "batch_1"}
    one, two = (room.send(box, Letter(to=(f"{name}@example.org",), more=of_batch)) for name in ("ann", "bob"))
    room.send(box, Letter(to=("eve@example.org",)))
    batch = StoredBatch("batch_1", "key_1", box.id, "Hi {{n}}", "Body", None, NOON)
    filled = [BatchMail(two.id, "bob@example.org", {"n": "Bób"}), BatchMail(one.id, "ann@example.org", {})]
    room.tx.batches.insert(batch, filled)

    assert room.tx.batches.get("batch_1") == batch
    assert room.tx.batches.get("batch_2") is None
    assert room.tx.batches.mails("batch_1") == {each.message_id: each for each in filled}
    assert [each.id for each in room.tx.batches.messages("batch_1")] == [one.id, two.id]
    assert {each.batch_id for each in room.tx.batches.messages("batch_1")} == {"batch_1"}


def test_a_mail_stays_in_its_batch(room: Mailroom) -> None:
    mail = room.send(room.mailbox(), Letter(to=("ann@example.org",)))

    with pytest.raises(sqlite3.IntegrityError, match="conflict:messages"):
        room.tx.run("UPDATE messages SET batch_id = 'batch_1' WHERE id = :id", id=mail.id)
