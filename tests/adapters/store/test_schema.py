"""What the lifecycle tables refuse, the data file refuses as well: a bug in Python moves nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from multimail.core.lifecycle import DELIVERY, INBOUND, OUTBOUND, Machine
from tests.support.mailroom import Letter, Mailroom

CLEARED = {"scheduled", "queued", "sending"}


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


def allowed(room: Mailroom, sql: str, **params: str) -> bool:
    """Whether the file lets a row be changed so; nothing stays changed."""
    room.tx.run("SAVEPOINT tried")
    try:
        room.tx.run(sql, **params)
    except sqlite3.IntegrityError as error:
        if not str(error).startswith("illegal_move:"):
            raise
        return False
    finally:
        room.tx.run("ROLLBACK TO tried")
        room.tx.run("RELEASE tried")
    return True


def force(room: Mailroom, table: str, state: str, key: str) -> None:
    """Put a row into a state past its guards."""
    triggers = room.tx.all("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    for row in triggers:
        room.tx.run(f"DROP TRIGGER {row['name']}")
    room.tx.run(f"UPDATE {table} SET status = :state WHERE id = :key", state=state, key=key)
    for row in triggers:
        room.tx.run(row["sql"])


@pytest.mark.parametrize(("machine", "direction"), [(OUTBOUND, "outbound"), (INBOUND, "inbound")])
def test_the_file_allows_the_moves_of_the_table_and_no_other(
    room: Mailroom, machine: Machine, direction: str
) -> None:
    box = room.mailbox()
    message = room.send(box, Letter()) if direction == "outbound" else room.receive(box, Letter())
    for old in machine.states:
        force(room, "messages", old, message.id)
        for new in machine.states.keys() - {old}:
            moved = allowed(room, "UPDATE messages SET status = :new WHERE id = :id", new=new, id=message.id)
            assert moved is (new in machine.moves[old]), (old, new)


def test_so_it_does_for_deliveries(room: Mailroom) -> None:
    message = room.send(room.mailbox(), Letter(status="queued"))
    room.tx.run(
        "INSERT INTO deliveries (id, message_id, address, status, due_at, updated_at)"
        " VALUES ('d', :id, 'a', 'queued', 0, 0)",
        id=message.id,
    )
    for old in DELIVERY.states:
        force(room, "deliveries", old, "d")
        for new in DELIVERY.states.keys() - {old}:
            moved = allowed(room, "UPDATE deliveries SET status = :new WHERE id = 'd'", new=new)
            assert moved is (new in DELIVERY.moves[old]), (old, new)


@pytest.mark.parametrize("cleared", ["released_digest", "approved_digest", ""])
def test_no_mail_is_cleared_to_leave_without_a_release_or_an_approval_of_its_digest(
    room: Mailroom, cleared: str
) -> None:
    message = room.send(room.mailbox(), Letter(more={"released_digest": None}))
    if cleared:
        room.tx.run(f"UPDATE messages SET {cleared} = digest WHERE id = :id", id=message.id)

    for state in OUTBOUND.moves["pending_approval"]:
        moved = allowed(room, "UPDATE messages SET status = :new WHERE id = :id", new=state, id=message.id)
        assert moved is (bool(cleared) or state not in CLEARED), state


def test_the_digest_of_another_revision_clears_nothing(room: Mailroom) -> None:
    message = room.send(room.mailbox(), Letter(more={"released_digest": "another"}))

    assert not allowed(room, "UPDATE messages SET status = 'queued' WHERE id = :id", id=message.id)


@pytest.mark.parametrize("state", sorted(OUTBOUND.states.keys() | INBOUND.states.keys()))
def test_no_mail_is_born_in_the_middle_of_its_life(room: Mailroom, state: str) -> None:
    box = room.mailbox()
    template = {"outbound": room.send(box, Letter()), "inbound": room.receive(box, Letter())}
    columns = [row["name"] for row in room.tx.all("PRAGMA table_info(messages)")]
    copied = ", ".join(
        f"'{state}'" if one == "status" else "'x'" if one == "id" else one for one in columns if one != "seq"
    )
    into = ", ".join(one for one in columns if one != "seq")

    for direction, machine in (("outbound", OUTBOUND), ("inbound", INBOUND)):
        born = allowed(
            room, f"INSERT INTO messages ({into}) SELECT {copied} FROM messages WHERE id = :id",
            id=template[direction].id,
        )  # fmt: skip
        assert born is (state in machine.births), direction
