"""Deliveries: the claim takes what may leave and nothing else, whatever the rest of the program got wrong."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from multimail.core.lifecycle import DELIVERY
from multimail.core.model import Mailbox, Mode
from multimail.ports.records import StoredDelivery, StoredMessage
from tests.support.mailroom import NOON, Letter, Mailroom

NOW = NOON + 100_000_000
LATER = NOW + 60_000_000


class Yard:
    """A mailbox with one cleared mail that waits to be handed over."""

    def __init__(self, folder: Path) -> None:
        self.room = Mailroom(folder)
        self.tx = self.room.tx
        self.box = self.room.mailbox()
        self.message = self.mail("ann@example.org")

    def mail(self, *addresses: str, state: str = "queued", **more: Any) -> StoredMessage:
        message = self.room.send(self.box, Letter(status="queued", more=more))
        rows = [
            StoredDelivery(f"{message.id}-{number}", message.id, address, state, 0, None, NOW, None, "")
            for number, address in enumerate(addresses)
        ]
        self.tx.deliveries.add(rows, NOW)
        return message

    def claim(self, owner: str = "one", now: int = NOW, limit: int = 10) -> list[str]:
        claims = self.tx.deliveries.claim(owner, now, now + 1_000, limit)
        return [delivery.id for claim in claims for delivery in claim.deliveries]

    def of(self, message: StoredMessage | None = None) -> list[str]:
        return [one.status for one in self.tx.deliveries.of((message or self.message).id)]

    def behind(self, sql: str) -> None:
        """Change the file as no code of ours would, guards or no guards."""
        for (name,) in self.tx.all("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            self.tx.run(f"DROP TRIGGER {name}")
        self.tx.run(sql)


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(tmp_path)


def test_what_may_leave_is_claimed_once_with_its_message_and_mailbox(yard: Yard) -> None:
    assert yard.tx.deliveries.claimable(NOW)

    [claim] = yard.tx.deliveries.claim("one", NOW, LATER, 10)

    assert (claim.message.id, claim.mailbox, len(claim.deliveries)) == (yard.message.id, yard.box, 1)
    assert (claim.deliveries[0].status, claim.deliveries[0].first_at) == ("claimed", NOW)
    assert (yard.claim("two"), yard.tx.deliveries.claimable(NOW)) == ([], False)


FORBIDDEN = {
    "not approved": "UPDATE messages SET released_digest = NULL",
    "approved another digest": "UPDATE messages SET released_digest = NULL, approved_digest = 'other'",
    "changed since": "UPDATE messages SET digest = 'other'",
    "held": "UPDATE messages SET status = 'pending_approval'",
    "scheduled": "UPDATE messages SET status = 'scheduled'",
    "rejected": "UPDATE messages SET status = 'rejected'",
    "cancelled": "UPDATE messages SET status = 'cancelled'",
    "in its undo window": f"UPDATE messages SET undo_until = {NOW + 1}",
    "frozen mailbox": "UPDATE mailboxes SET frozen_at = 1",
    "everything frozen": "INSERT INTO settings (name, value) VALUES ('frozen_at', '1')",
    "read_only": "UPDATE mailboxes SET ceiling = 'read_only'",
    "read_only by default": "UPDATE mailboxes SET default_mode = 'read_only', ceiling = 'autonomous'",
    "mailbox holds": "UPDATE mailboxes SET deliver = 'hold'",
    "mailbox closed": "UPDATE mailboxes SET deleted_at = 1",
    "not due": f"UPDATE deliveries SET due_at = {NOW + 1}",
    "waiting": "UPDATE deliveries SET status = 'waiting'",
    "suppressed": "UPDATE deliveries SET status = 'suppressed'",
    "unknown": "UPDATE deliveries SET status = 'unknown'",
    "sending": "UPDATE deliveries SET status = 'sending'",
    "sent": "UPDATE deliveries SET status = 'sent'",
}


@pytest.mark.parametrize("sql", FORBIDDEN.values(), ids=FORBIDDEN)
def test_what_may_not_leave_is_not_claimed_whoever_wrote_the_row(yard: Yard, sql: str) -> None:
    yard.behind(sql)

    assert not yard.tx.deliveries.claimable(NOW)
    assert yard.claim() == []


@pytest.mark.parametrize(
    "sql",
    [sql for sql in FORBIDDEN.values() if "deliveries" not in sql],
    ids=lambda sql: sql.partition("SET ")[2],
)
def test_it_is_asked_again_before_the_content_goes(yard: Yard, sql: str) -> None:
    ids = yard.claim()
    assert yard.tx.deliveries.still_may_leave("one", ids, NOW) == ids
    yard.behind(sql)

    assert yard.tx.deliveries.still_may_leave("one", ids, NOW) == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE messages SET released_digest = NULL, approved_digest = digest",
        f"UPDATE messages SET undo_until = {NOW}",
        "UPDATE messages SET status = 'sending'", "UPDATE messages SET status = 'sent'",
        "UPDATE messages SET status = 'bounced'",
        "UPDATE mailboxes SET default_mode = 'read_only', ceiling = 'gated_send';",
        "INSERT INTO settings (name, value) VALUES ('frozen_at', 'null')",
    ],
)  # fmt: skip
def test_what_comes_close_and_may_leave_is_claimed(yard: Yard, sql: str) -> None:
    yard.behind("UPDATE messages SET requested_mode = 'gated_send'")
    yard.behind(sql)

    assert len(yard.claim()) == 1


def test_another_sender_may_not_use_my_claim(yard: Yard) -> None:
    ids = yard.claim("one")

    assert yard.tx.deliveries.still_may_leave("two", ids, NOW) == []


def test_claims_come_in_order_of_time_and_are_bounded(yard: Yard) -> None:
    more = yard.mail("bob@example.org", "cat@example.org")
    yard.tx.run("UPDATE deliveries SET due_at = due_at - 1 WHERE message_id = :id", id=more.id)

    assert yard.claim(limit=2) == [f"{more.id}-0", f"{more.id}-1"]
    assert yard.claim() == [f"{yard.message.id}-0"]


def test_a_move_takes_only_those_that_are_where_they_are_said_to_be(yard: Yard) -> None:
    message = yard.mail("ann@example.org", "bob@example.org")
    first, second = (one.id for one in yard.tx.deliveries.of(message.id))
    yard.tx.deliveries.move([first], "queued", "cancelled", NOW)

    assert yard.tx.deliveries.move([first, second], "queued", "suppressed", NOW, detail="x") == [second]
    assert yard.of(message) == ["cancelled", "suppressed"]


def test_only_what_belongs_to_an_attempt_can_be_changed(yard: Yard) -> None:
    with pytest.raises(ValueError, match="not changeable"):
        yard.tx.deliveries.move([], "queued", "claimed", NOW, address="eve@example.net")
    with pytest.raises(sqlite3.IntegrityError, match=r"conflict:deliveries\.address"):
        yard.tx.run("UPDATE deliveries SET address = 'eve@example.net'")


def test_waiting_deliveries_are_queued_for_their_time(yard: Yard) -> None:
    message = yard.mail("ann@example.org", "bob@example.org", state="waiting")

    assert yard.tx.deliveries.queue(message.id, LATER, NOW) == 2
    assert {one.due_at for one in yard.tx.deliveries.of(message.id)} == {LATER}


@pytest.mark.parametrize(("act", "state"), [("hold", "waiting"), ("cancel", "cancelled")])
def test_what_is_queued_or_claimed_is_taken_back_and_what_is_under_way_is_not(
    yard: Yard, act: str, state: str
) -> None:
    message = yard.mail("a@x.org", "b@x.org", "c@x.org")
    ids = [one.id for one in yard.tx.deliveries.of(message.id)]
    yard.claim()
    yard.tx.deliveries.move([ids[0]], "claimed", "queued", NOW)
    yard.tx.deliveries.move([ids[2]], "claimed", "sending", NOW)

    assert getattr(yard.tx.deliveries, act)(message.id, NOW) == 2
    assert yard.of(message) == [state, state, "sending"]
    assert yard.tx.deliveries.still_may_leave("one", ids, NOW) == []


def test_leases_are_over_at_their_time_or_when_nobody_else_can_be_alive(yard: Yard) -> None:
    yard.claim()

    assert yard.tx.deliveries.leased(NOW, whoever=False) == []
    assert len(yard.tx.deliveries.leased(NOW, whoever=True)) == 1
    assert len(yard.tx.deliveries.leased(NOW + 1_000, whoever=False)) == 1


def test_a_lease_is_extended_by_whoever_holds_it(yard: Yard) -> None:
    ids = yard.claim("one")

    assert (yard.tx.deliveries.extend_lease(ids, "two", LATER), yard.tx.deliveries.extend_lease(ids, "one", LATER)) == (
        0, 1,
    )  # fmt: skip
    assert yard.tx.deliveries.leased(NOW + 1_000, whoever=False) == []


def test_deliveries_name_their_messages_and_the_next_time(yard: Yard) -> None:
    other = yard.mail("bob@example.org", "cat@example.org")
    ids = [one.id for message in (yard.message, other) for one in yard.tx.deliveries.of(message.id)]

    assert sorted(yard.tx.deliveries.messages_of(ids)) == sorted([yard.message.id, other.id])
    assert (yard.tx.deliveries.next_due(NOW - 1), yard.tx.deliveries.next_due(NOW)) == (NOW, None)


@pytest.mark.parametrize("state", sorted(DELIVERY.states.keys() - DELIVERY.births))
def test_no_delivery_is_born_in_the_middle_of_its_life(yard: Yard, state: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="illegal_move"):
        yard.mail("bob@example.org", state=state)


def test_no_delivery_of_a_mail_that_was_not_cleared_is_queued(yard: Yard) -> None:
    held = yard.room.send(yard.box, Letter(more={"released_digest": None}))
    row = StoredDelivery("dlv_1", held.id, "ann@example.org", "waiting", 0, None, NOW, None, "")
    yard.tx.deliveries.add([row], NOW)

    with pytest.raises(sqlite3.IntegrityError, match="illegal_move"):
        yard.tx.deliveries.queue(held.id, NOW, NOW)
    with pytest.raises(sqlite3.IntegrityError, match="illegal_move"):
        yard.tx.deliveries.add([replace(row, id="dlv_2", status="queued")], NOW)


def test_a_claim_carries_the_mailbox_as_it_is(yard: Yard) -> None:
    changed: Mailbox = replace(yard.box, default_mode=Mode.AUTONOMOUS, ceiling=Mode.AUTONOMOUS)
    yard.tx.mailboxes.save(changed)

    [claim] = yard.tx.deliveries.claim("one", NOW, LATER, 10)

    assert claim.mailbox == changed


def test_soft_returns_of_an_address_are_counted_from_a_time_on(yard: Yard) -> None:
    [row] = yard.tx.deliveries.of(yard.message.id)
    other = yard.mail("bob@example.org")
    before = yard.tx.deliveries.came_back_softly("ann@example.org", 0)
    for one in (row, *yard.tx.deliveries.of(other.id)):
        yard.tx.reputation.first(one.id, "soft_bounced", NOW)
    yard.tx.reputation.first(row.id, "bounced", NOW)

    after = [yard.tx.deliveries.came_back_softly("Ann@Example.org", since) for since in (NOW, NOW + 1)]
    assert (before, after) == (0, [1, 0])
