"""Stops: what they cover is never claimed, and waits in a lane that no claim looks at."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail.adapters.store.deliveries import MAY_LEAVE
from multimail.adapters.store.stops import FREE
from multimail.core.reputation import CAMPAIGN, MAILBOX
from multimail.core.times import MINUTE
from multimail.ports.records import StoredMessage
from multimail.ports.reputation import Subject
from tests.adapters.store.test_deliveries import NOW, Yard

TAG = Subject(CAMPAIGN, "spring")
OTHER = Subject(CAMPAIGN, "other")


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(tmp_path)


def own(yard: Yard) -> Subject:
    return Subject(MAILBOX, yard.box.id)


def tagged(yard: Yard, message: StoredMessage, *tags: str) -> StoredMessage:
    yard.tx.reputation.join(message.id, tags or ("spring",), "")
    return message


def lanes(yard: Yard) -> list[int]:
    return [row[0] for row in yard.tx.all("SELECT lane FROM deliveries ORDER BY id")]


def align(yard: Yard) -> int:
    found = yard.tx.stops.queued_after((-1, ""), 100)
    return yard.tx.stops.park([delivery_id for _, delivery_id in found])


def stop_id(yard: Yard, subject: Subject) -> int:
    return next(one.id for one in yard.tx.stops.all() if one.subject == subject)


@pytest.mark.parametrize("mode", ["paused", "warming"])
def test_what_was_queued_before_is_not_claimed_and_gets_its_lane(yard: Yard, mode: str) -> None:
    yard.tx.stops.put(own(yard), mode)

    assert not yard.tx.deliveries.claimable(NOW)
    assert yard.claim() == []
    assert (lanes(yard), yard.tx.stops.unaligned()) == ([0], True)
    assert (align(yard), align(yard)) == (1, 0)
    yard.tx.stops.aligned([stop_id(yard, own(yard))])
    assert (lanes(yard), yard.tx.stops.unaligned()) == ([stop_id(yard, own(yard))], False)
    assert yard.tx.stops.behind(own(yard)) == 1


def test_what_is_queued_behind_a_stop_has_its_lane_from_the_beginning(yard: Yard) -> None:
    yard.tx.stops.put(TAG, "paused")
    tagged(yard, yard.mail("bob@example.org"))
    yard.mail("cat@example.org")

    assert lanes(yard) == [0, stop_id(yard, TAG), 0]
    assert len(yard.claim()) == 2


def test_a_campaigns_own_stop_is_where_its_mail_waits_though_its_mailbox_is_stopped_too(yard: Yard) -> None:
    yard.claim()
    for subject in (own(yard), TAG):
        yard.tx.stops.put(subject, "paused")
    tagged(yard, yard.mail("bob@example.org"))

    assert [yard.tx.stops.behind(one) for one in (own(yard), TAG)] == [0, 1]


def test_of_a_campaign_waits_what_its_own_stop_or_its_mailboxs_keeps(yard: Yard) -> None:
    yard.claim()
    yard.tx.stops.put(own(yard), "paused")
    tagged(yard, yard.mail("ann@example.org"), "spring", "other")
    yard.tx.stops.put(TAG, "paused")
    tagged(yard, yard.mail("bob@example.org"))

    assert [yard.tx.stops.behind(one) for one in (own(yard), TAG)] == [1, 1]
    assert yard.tx.stops.waiting(["spring", "other", "third"]) == {"spring": 2, "other": 1}
    for subject in (own(yard), TAG):
        yard.tx.stops.lift(subject, ["paused"], NOW)
    assert yard.tx.stops.waiting(["spring"]) == {}


def test_what_was_claimed_before_may_not_leave_and_goes_back_to_its_lane(yard: Yard) -> None:
    (claimed,) = yard.claim("one")
    yard.tx.stops.put(own(yard), "paused")

    assert yard.tx.deliveries.still_may_leave("one", [claimed], NOW) == []
    yard.tx.deliveries.move([claimed], "claimed", "queued", NOW, holder="one")

    assert lanes(yard) == [stop_id(yard, own(yard))]


def test_the_servers_own_mail_is_never_stopped(yard: Yard) -> None:
    yard.claim()
    yard.tx.stops.put(own(yard), "paused")
    yard.mail("boss@example.org", message_class="system")

    assert lanes(yard)[-1] == 0
    assert len(yard.claim()) == 1


def test_a_lifted_stop_lets_its_lane_go_in_slices_and_is_forgotten(yard: Yard) -> None:
    for name in ("bob", "cat"):
        yard.mail(f"{name}@example.org")
    yard.tx.stops.put(own(yard), "paused")
    align(yard)
    number = stop_id(yard, own(yard))

    assert yard.tx.stops.lift(own(yard), ("paused",), NOW) == 1
    assert yard.claim() == []
    assert [yard.tx.stops.free(number, 2) for _ in range(3)] == [2, 1, 0]
    yard.tx.stops.forget(number)

    assert yard.tx.stops.lifted() == []
    assert len(yard.claim()) == 3


def test_what_two_stops_cover_goes_on_once_both_are_lifted(yard: Yard) -> None:
    tagged(yard, yard.message)
    yard.tx.stops.put(own(yard), "paused")
    yard.tx.stops.put(TAG, "paused")
    align(yard)
    first = stop_id(yard, TAG)
    assert lanes(yard) == [first]

    yard.tx.stops.lift(TAG, ("paused",), NOW)
    yard.tx.stops.free(first, 10)

    assert lanes(yard) == [stop_id(yard, own(yard))]
    assert yard.claim() == []


def test_a_throttle_has_room_for_so_many_in_any_minute(yard: Yard) -> None:
    tagged(yard, yard.message)
    for number in range(4):
        tagged(yard, yard.mail(f"p{number}@example.org"))
    yard.tx.stops.put(TAG, "throttled", per_minute=2)
    align(yard)

    assert (len(yard.claim()), yard.tx.deliveries.claimable(NOW)) == (2, False)
    assert yard.tx.stops.next_due(NOW) == NOW + MINUTE
    assert len(yard.claim(now=NOW + MINUTE - 1)) == 0
    assert len(yard.claim(now=NOW + MINUTE)) == 2
    assert len(yard.claim(now=NOW + 5 * MINUTE)) == 1


def test_what_a_throttle_let_through_may_leave_unless_it_becomes_a_pause(yard: Yard) -> None:
    tagged(yard, yard.message)
    yard.tx.stops.put(TAG, "throttled", per_minute=2)
    align(yard)
    (claimed,) = yard.claim()
    assert yard.tx.deliveries.still_may_leave("one", [claimed], NOW) == [claimed]

    yard.tx.stops.put(TAG, "paused")

    assert yard.tx.deliveries.still_may_leave("one", [claimed], NOW) == []
    assert [one.mode for one in yard.tx.stops.all()] == ["paused"]


def test_behind_two_throttles_each_counts_and_a_pause_keeps_what_the_other_would_pass(yard: Yard) -> None:
    tagged(yard, yard.message, "spring", "other")
    yard.tx.stops.put(TAG, "throttled", per_minute=2)
    align(yard)
    yard.tx.stops.put(OTHER, "paused")

    assert yard.claim() == []
    assert lanes(yard) == [stop_id(yard, OTHER)]


def test_a_warm_ups_stop_ends_at_its_time_and_stands_beside_a_breakers(yard: Yard) -> None:
    yard.tx.stops.put(own(yard), "warming", until=NOW + 10)
    yard.tx.stops.put(own(yard), "paused")

    assert yard.tx.stops.next_due(NOW) == NOW + 10
    assert (yard.tx.stops.over(NOW + 9), len(yard.tx.stops.over(NOW + 10))) == ([], 1)
    assert yard.tx.stops.lift(own(yard), ("warming",), NOW + 10) == 1
    assert [one.mode for one in yard.tx.stops.all()] == ["paused"]


def test_a_claim_reads_the_index_of_free_deliveries_only(yard: Yard) -> None:
    plan = yard.tx.all(
        "EXPLAIN QUERY PLAN SELECT d.id FROM deliveries d INDEXED BY deliveries_due CROSS JOIN messages m"
        " ON m.id = d.message_id CROSS JOIN mailboxes b ON b.id = m.mailbox_id"
        f" WHERE {FREE} AND d.due_at <= :now AND {MAY_LEAVE} ORDER BY d.due_at LIMIT 50",
        now=NOW,
    )

    steps = [row[3] for row in plan]
    assert steps[0] == "SEARCH d USING INDEX deliveries_due (due_at<?)"
    assert [one for one in steps if "SCAN" in one] == ["SCAN sending_stops"]
    assert not any("TEMP B-TREE" in one for one in steps)


def steps_of_a_look(yard: Yard) -> int:
    """How much work SQLite has with finding out that nothing may leave, and with looking for what is due next."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection = yard.tx._connection
    connection.set_progress_handler(count, 1)
    found = (yard.tx.deliveries.claimable(NOW), yard.claim(), yard.tx.deliveries.next_due(NOW))
    connection.set_progress_handler(None, 1)
    assert found == (False, [], None)
    return steps


@pytest.mark.parametrize("subject", ["mailbox", "campaign"])
def test_a_thousand_mails_behind_a_stop_cost_a_claim_nothing(yard: Yard, subject: str) -> None:
    stopped = own(yard) if subject == "mailbox" else TAG
    yard.tx.stops.put(stopped, "paused")
    tagged(yard, yard.message)
    align(yard)
    few = steps_of_a_look(yard)

    message = tagged(yard, yard.mail(*(f"p{number}@example.org" for number in range(1_000))))

    assert yard.tx.stops.behind(stopped) == 1_001
    assert steps_of_a_look(yard) == few
    yard.tx.stops.lift(stopped, ("paused",), NOW)
    yard.tx.stops.free(1, 2_000)
    assert yard.claim(limit=2_000)
    assert yard.of(message) == ["claimed"] * 1_000
