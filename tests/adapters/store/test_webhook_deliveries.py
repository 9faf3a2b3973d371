"""Deliveries of webhooks: once for each webhook and event, claimed by one, settled by who holds the claim."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from multimail.core.times import HOUR, MINUTE
from multimail.ports.records import Event
from multimail.ports.webhooks import HookDelivery, NewDelivery, Try
from tests.adapters.store.test_webhooks import HOOK
from tests.support.mailroom import NOON, Mailroom

LATER = NOON + HOUR


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    made = Mailroom(tmp_path)
    for name in ("wh_1", "wh_2"):
        made.tx.webhooks.insert(replace(HOOK, id=name))
    return made


def add(room: Mailroom, *seqs: int, hook: str = "wh_1", at: int = NOON) -> list[str]:
    rows = [NewDelivery(f"whd_{hook}_{seq}", hook, seq, "message.sent") for seq in seqs]
    room.tx.webhook_deliveries.add(rows, at)
    return [row.id for row in rows]


def claim(room: Mailroom, hook: str = "wh_1", owner: str = "me", at: int = NOON) -> HookDelivery | None:
    return room.tx.webhook_deliveries.claim(hook, owner, at, at + MINUTE)


def settle(room: Mailroom, status: str = "delivered", due: int = NOON, owner: str = "me") -> HookDelivery:
    found = claim(room)
    assert found is not None
    assert room.tx.webhook_deliveries.settle(found, owner, status, due, NOON)
    return found


def test_an_event_has_one_delivery_for_each_webhook(room: Mailroom) -> None:
    add(room, 1, 2)
    room.tx.webhook_deliveries.add([NewDelivery("whd_again", "wh_1", 1, "message.sent")], LATER)
    add(room, 1, hook="wh_2")

    assert room.tx.value("SELECT count(*) FROM webhook_deliveries") == 3
    assert room.tx.webhook_deliveries.get("whd_again") is None
    found = room.tx.webhook_deliveries.of_event("wh_1", 1)
    assert found is not None
    assert (found.id, found.due_at, found.status) == ("whd_wh_1_1", NOON, "pending")


def test_the_one_that_is_due_longest_is_claimed_first_and_only_once(room: Mailroom) -> None:
    add(room, 1, 2)
    first, second = claim(room), claim(room)

    assert [one.event_seq for one in (first, second) if one] == [1, 2]
    assert claim(room) is None


def test_a_lease_that_ran_out_can_be_claimed_again_and_its_old_holder_settles_nothing(room: Mailroom) -> None:
    add(room, 1)
    old = claim(room)
    again = claim(room, owner="other", at=NOON + MINUTE)

    assert old is not None
    assert again is not None
    assert not room.tx.webhook_deliveries.settle(old, "me", "delivered", NOON, NOON)
    assert room.tx.webhook_deliveries.settle(again, "other", "delivered", NOON, NOON)


@pytest.mark.parametrize("changes", [{"state": "paused"}, {"state": "disabled"}, {"deleted_at": NOON}])
def test_nothing_is_due_for_a_webhook_that_is_not_active(room: Mailroom, changes: dict[str, object]) -> None:
    add(room, 1)
    room.tx.webhooks.save(replace(HOOK, **changes))  # type: ignore[arg-type]

    assert room.tx.webhook_deliveries.due(LATER) == []
    assert room.tx.webhook_deliveries.next_due(0) is None
    assert claim(room) is None


def test_webhooks_with_something_due_are_named(room: Mailroom) -> None:
    add(room, 1, at=LATER)
    add(room, 1, hook="wh_2")

    assert room.tx.webhook_deliveries.due(NOON) == ["wh_2"]
    assert room.tx.webhook_deliveries.due(LATER) == ["wh_1", "wh_2"]
    assert room.tx.webhook_deliveries.next_due(NOON) == LATER


def test_what_is_claimed_comes_due_again_when_its_lease_ends(room: Mailroom) -> None:
    add(room, 1)
    claim(room)

    assert room.tx.webhook_deliveries.next_due(NOON) == NOON + MINUTE
    assert room.tx.webhook_deliveries.release() == 1
    assert room.tx.webhook_deliveries.due(NOON) == ["wh_1"]


def test_body_and_tries_are_kept(room: Mailroom) -> None:
    add(room, 1)
    found = claim(room)
    assert found is not None
    room.tx.webhook_deliveries.keep_body(found.id, b'{"a":1}')
    tried = replace(found, attempts=1, tries=(Try(NOON, 5, 500, "ouch"), Try(NOON, 5, None, "gone")))
    room.tx.webhook_deliveries.settle(tried, "me", "pending", LATER, NOON)

    kept = room.tx.webhook_deliveries.get(found.id)

    assert kept == replace(tried, body=b'{"a":1}', due_at=LATER)


def test_a_page_is_newest_first_and_can_be_narrowed(room: Mailroom) -> None:
    add(room, 1, 2, 3)
    add(room, 1, hook="wh_2")
    settle(room, "failed")
    page = room.tx.webhook_deliveries.page

    assert [one.event_seq for one in page("wh_1", None, None, 2)] == [3, 2]
    assert [one.id for one in page(None, "failed", None, 9)] == ["whd_wh_1_1"]
    before = page("wh_1", None, None, 2)[-1].seq
    assert [one.event_seq for one in page("wh_1", None, before, 9)] == [1]


def test_what_failed_is_found_by_its_time_and_replayed_from_the_beginning(room: Mailroom) -> None:
    ids = add(room, 1, 2)
    settle(room, "failed")
    deliveries = room.tx.webhook_deliveries

    assert deliveries.failed_since(None, LATER, 9) == []
    assert [one.id for one in deliveries.failed_since("wh_1", NOON, 9)] == ids[:1]
    assert deliveries.replay(ids, LATER) == ids
    assert deliveries.failed_since(None, 0, 9) == []
    again = deliveries.get(ids[0])
    assert again is not None
    assert (again.status, again.attempts, again.due_at, again.done_at) == ("pending", 0, LATER, None)


def test_what_is_being_posted_is_not_replayed(room: Mailroom) -> None:
    ids = add(room, 1)
    claim(room)

    assert room.tx.webhook_deliveries.replay(ids, LATER) == []


def test_all_that_waits_can_be_given_up_or_taken_away(room: Mailroom) -> None:
    add(room, 1, 2, 3)
    add(room, 1, hook="wh_2")
    settle(room)

    assert room.tx.webhook_deliveries.pending("wh_1") == 2
    assert room.tx.webhook_deliveries.fail_pending("wh_1", NOON) == 2
    assert room.tx.webhook_deliveries.forget_pending("wh_2") == 1
    assert room.tx.webhook_deliveries.page("wh_2", None, None, 9) == []


def test_one_of_which_nothing_is_left_to_tell_is_taken_away(room: Mailroom) -> None:
    (one,) = add(room, 1)

    room.tx.webhook_deliveries.drop(one)

    assert room.tx.webhook_deliveries.get(one) is None


def test_bodies_are_forgotten_before_rows_and_what_waits_stays(room: Mailroom) -> None:
    ids = add(room, 1, 2)
    for one in ids:
        room.tx.webhook_deliveries.keep_body(one, b"{}")
    settle(room)
    prune = room.tx.webhook_deliveries.prune

    assert prune(NOON, NOON) == 0
    assert prune(NOON + 1, NOON) == 1
    bodies = [one.body for one in room.tx.webhook_deliveries.page(None, None, None, 9)]
    assert bodies == [b"{}", None]
    assert prune(NOON + 1, NOON + 1) == 1
    assert room.tx.webhook_deliveries.get(ids[0]) is None


def test_what_told_of_a_contact_is_forgotten_posted_or_not(room: Mailroom) -> None:
    for contact in ("contact_1", "contact_2"):
        room.tx.events.add(Event("contact.created", NOON, contact_id=contact))
    seq = int(room.tx.value("SELECT max(seq) FROM events"))
    for one in add(room, seq - 1, seq) + add(room, seq - 1, hook="wh_2"):
        room.tx.webhook_deliveries.keep_body(one, b"{}")
    settle(room)

    assert room.tx.webhook_deliveries.forget_contact("contact_1") == 2
    found = {(one.event_seq, one.body) for one in room.tx.webhook_deliveries.page(None, None, None, 9)}
    assert found == {(seq - 1, None), (seq, b"{}")}
