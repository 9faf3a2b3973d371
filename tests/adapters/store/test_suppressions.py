"""Suppression records and requests to stop, at the data file."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from multimail.ports.suppression import Suppression, SuppressionSearch, UnsubscribeRequest
from tests.support.mailroom import Mailroom

ANN, BOB = b"a" * 16, b"b" * 16


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


def record(**values: Any) -> Suppression:
    given: dict[str, Any] = {
        "seq": 0, "address_key": ANN, "address": "ann@example.org", "reason": "manual", "mailbox_id": "", "topic": "",
        "source": "test", "made_at": 10,
    }  # fmt: skip
    return Suppression(**given | values)


def test_a_record_comes_back_as_it_was_written(room: Mailroom) -> None:
    made = record(evidence={"message_id": "m"}, expires_at=50, made_by="key", mailbox_id="box", topic="news")
    assert not room.tx.suppressions.any()
    room.tx.suppressions.add(made)

    (found,) = room.tx.suppressions.unlifted(ANN)
    assert found == record(**{name: getattr(made, name) for name in made.__slots__} | {"seq": found.seq})
    assert room.tx.suppressions.any()


@pytest.mark.parametrize(
    ("box", "topic", "now", "reasons"),
    [
        ("box", "news", 20, {"manual", "complaint", "unsubscribe"}),
        ("box", "", 20, {"manual", "complaint"}),
        ("other", "news", 20, {"manual"}),
        ("box", "news", 50, {"manual", "unsubscribe"}),
    ],
)
def test_what_covers_a_mail_is_its_mailboxs_its_topics_and_everybodys(
    room: Mailroom, box: str, topic: str, now: int, reasons: set[str]
) -> None:
    room.tx.suppressions.add(record())
    room.tx.suppressions.add(record(reason="complaint", mailbox_id="box", expires_at=50))
    room.tx.suppressions.add(record(reason="unsubscribe", mailbox_id="box", topic="news"))
    room.tx.suppressions.add(record(address_key=BOB, reason="erasure"))

    assert set(room.tx.suppressions.covering([ANN], box, topic, now)) == {(ANN, one) for one in reasons}


def test_one_record_a_reason_is_in_force_and_an_expired_one_gives_way(room: Mailroom) -> None:
    room.tx.suppressions.add(record(expires_at=50))
    with pytest.raises(sqlite3.IntegrityError):
        room.tx.suppressions.add(record(made_at=49))

    room.tx.suppressions.add(record(made_at=50))
    (over,) = room.tx.suppressions.search(SuppressionSearch(lifted=True))
    assert (over.lifted_at, over.lifted_by) == (50, "expired")
    assert len(room.tx.suppressions.unlifted(ANN)) == 1


def test_what_is_lifted_stays_with_who_did_it_and_why(room: Mailroom) -> None:
    room.tx.suppressions.add(record())
    (there,) = room.tx.suppressions.unlifted(ANN)
    room.tx.suppressions.extend(there.seq, 99)
    room.tx.suppressions.lift([there.seq], 20, "key", "asked")
    room.tx.suppressions.lift([there.seq], 30, "other", "again")

    assert room.tx.suppressions.unlifted(ANN) == []
    (over,) = room.tx.suppressions.search(SuppressionSearch(lifted=True))
    assert (over.expires_at, over.lifted_at, over.lifted_by, over.lifted_why) == (99, 20, "key", "asked")


def test_a_search_is_the_newest_first_within_mailboxes(room: Mailroom) -> None:
    for number, box in enumerate(("", "one", "two")):
        room.tx.suppressions.add(record(mailbox_id=box, address=f"p{number}@example.org"))

    def found(**search: Any) -> list[str]:
        return [one.mailbox_id for one in room.tx.suppressions.search(SuppressionSearch(**search))]

    assert found() == ["two", "one", ""]
    assert found(limit=1) == ["two"]
    assert found(before=3) == ["one", ""]
    assert found(mailbox_ids=("one",)) == ["one"]
    assert (found(query="p2@"), found(query="%"), found(reason="erasure")) == (["two"], [], [])
    assert room.tx.suppressions.counts(("one", "two"), 10) == {"manual": 2}
    assert room.tx.suppressions.counts(None, 10) == {"manual": 3}


def test_whatever_changes_who_may_be_reached_moves_the_version_and_nothing_else_does(room: Mailroom) -> None:
    seen = [room.tx.suppressions.version()]

    def moved() -> bool:
        seen.append(room.tx.suppressions.version())
        return seen[-1] != seen[-2]

    room.tx.suppressions.add(record())
    assert moved()
    room.tx.suppressions.lift([1], 20, "key", "asked")
    assert moved()
    room.tx.tags.add("contact", "c", ["vip"], "", 1)
    assert not moved()
    room.tx.tags.add("contact", "c", ["unsubscribed"], "", 1)
    assert moved()
    room.tx.tags.add("contact", "c", ["unsubscribed"], "", 2)
    assert not moved()


def test_requests_are_counted_since_a_moment_and_listed_newest_first(room: Mailroom) -> None:
    for number, box in enumerate(("one", "two", "one")):
        asked = UnsubscribeRequest(ANN, box, "", "mail", None, number, number * 10)
        room.tx.unsubscribes.add(asked)

    assert room.tx.unsubscribes.since(10, None) == [("mail", 1, 10), ("mail", 2, 20)]
    assert room.tx.unsubscribes.since(0, ("two",)) == [("mail", 1, 10)]
    assert [one.honoured_at for one in room.tx.unsubscribes.newest(("one",), 5)] == [20, 0]


def test_who_was_told_is_known_with_the_last_time(room: Mailroom) -> None:
    assert room.tx.unsubscribes.confirmed_at(ANN) is None
    room.tx.unsubscribes.confirm(ANN, 1)
    room.tx.unsubscribes.confirm(ANN, 2)

    assert (room.tx.unsubscribes.confirmed_at(ANN), room.tx.unsubscribes.confirmed_at(BOB)) == (2, None)


def test_no_record_is_read_but_those_of_the_people_asked_for(room: Mailroom) -> None:
    connection = room.tx._connection
    plan = connection.execute(
        "EXPLAIN QUERY PLAN SELECT address_key, reason FROM suppressions INDEXED BY suppressions_in_force"
        " WHERE lifted_at IS NULL AND address_key IN (SELECT value FROM json_each('[]'))"
        " AND mailbox_id IN ('', 'x') AND topic IN ('', 'y') AND (expires_at IS NULL OR expires_at > 1)"
    ).fetchall()

    assert any("address_key=? AND mailbox_id=? AND topic=?" in row[3] for row in plan)
