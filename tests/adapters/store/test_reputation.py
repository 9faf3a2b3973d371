"""Counts by the hour, campaigns, breakers and their rules, at the data file."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail.core.reputation import CAMPAIGN, DOMAIN, MAILBOX, Counts, State, WarmUp
from multimail.ports.reputation import Breaker, Campaign, Subject
from tests.adapters.store.test_deliveries import NOW, Yard

BOX = Subject(MAILBOX, "mbx_1")
TAG = Subject(CAMPAIGN, "spring")


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(tmp_path)


def test_counts_grow_in_their_hour_and_are_summed_over_hours(yard: Yard) -> None:
    store = yard.tx.reputation
    assert store.add(BOX, 10, {"sent": 3}) == 3
    assert store.add(BOX, 10, {"sent": 2, "bounced": 1}) == 5
    store.add(BOX, 12, {"replied": 1})
    store.add(TAG, 12, {"sent": 9})

    assert store.counts(BOX, 10) == Counts(sent=5, bounced=1, replied=1)
    assert store.counts(BOX, 11) == Counts(replied=1)
    assert store.by_hour(BOX, 0) == [(10, Counts(sent=5, bounced=1)), (12, Counts(replied=1))]
    assert store.sent_by_hour(BOX, 10, 12) == [5]
    assert (store.prune(12), store.counts(BOX, 0).sent) == (1, 0)


def test_what_is_not_counted_is_a_mistake(yard: Yard) -> None:
    with pytest.raises(ValueError, match="clicked"):
        yard.tx.reputation.add(BOX, 1, {"clicked": 1})


def test_the_busiest_are_those_most_was_sent_to(yard: Yard) -> None:
    for name, sent in (("a.test", 1), ("b.test", 5), ("c.test", 3)):
        yard.tx.reputation.add(Subject(DOMAIN, name), 7, {"sent": sent})

    assert [name for name, _ in yard.tx.reputation.busiest(DOMAIN, 7, 2)] == ["b.test", "c.test"]
    assert yard.tx.reputation.busiest(DOMAIN, 8, 2) == []


def test_a_campaign_is_known_by_variant_and_to_those_whose_mailbox_it_left(yard: Yard) -> None:
    store = yard.tx.reputation
    store.add_total(Campaign("spring", "A"), "mbx_1", {"sent": 2}, NOW)
    store.add_total(Campaign("spring", "A"), "mbx_2", {"sent": 1}, NOW + 5)
    store.add_total(Campaign("spring"), "mbx_1", {"bounced": 1}, NOW - 5)
    store.add_total(Campaign("autumn"), "mbx_2", {"sent": 1}, NOW + 9)

    every = [
        (one.campaign.variant, one.counts.sent, one.first_at, one.last_at)
        for one in store.totals("spring", None)
    ]
    assert every == [("", 0, NOW - 5, NOW - 5), ("A", 3, NOW, NOW + 5)]
    assert [one.counts.sent for one in store.totals("spring", ["mbx_2"])] == [1]
    assert (store.totals("spring", []), store.left_from("spring")) == ([], ["mbx_1", "mbx_2"])
    assert store.campaigns(None, 9) == ["autumn", "spring"]
    assert (store.campaigns(["mbx_1"], 9), store.campaigns(None, 1)) == (["spring"], ["autumn"])


def test_a_mail_joins_its_campaigns_once_and_leaves_them_with_its_row(yard: Yard) -> None:
    yard.tx.reputation.join(yard.message.id, ("spring", "vip"), "B")
    yard.tx.reputation.join(yard.message.id, ("spring",), "C")

    found = yard.tx.reputation.campaigns_of(yard.message.id)
    assert found == [Campaign("spring", "B"), Campaign("vip", "B")]


def test_whatever_is_said_of_a_delivery_is_said_once(yard: Yard) -> None:
    delivery = f"{yard.message.id}-0"

    assert [yard.tx.reputation.first(delivery, kind, NOW) for kind in ("bounced", "replied", "bounced")] == [
        True, True, False,
    ]  # fmt: skip
    assert yard.tx.reputation.delivery(delivery) == (yard.message.id, "ann@example.org")
    assert yard.tx.reputation.delivery("dlv_none") is None


def test_a_breaker_comes_back_as_it_was_saved(yard: Yard) -> None:
    breaker = Breaker(TAG, State.PAUSED, "bounces", NOW, "key_1", 12, Counts(sent=3, bounced=1))
    yard.tx.reputation.save_breaker(Breaker(TAG, State.WARNED, "bounces", NOW - 1))
    yard.tx.reputation.save_breaker(breaker)

    assert yard.tx.reputation.breaker(TAG) == breaker
    assert yard.tx.reputation.breaker(BOX) is None
    assert yard.tx.reputation.breakers([State.PAUSED]) == [breaker]
    assert yard.tx.reputation.breakers([State.WARNED]) == []


def test_rules_are_of_one_or_of_all_and_none_are_no_row(yard: Yard) -> None:
    store = yard.tx.reputation
    store.set_rules(None, {"minimum": 9})
    store.set_rules(TAG, {"minimum": 5})
    store.set_rules(TAG, {"minimum": 6})

    assert (store.rules(None), store.rules(TAG), store.rules(BOX)) == ({"minimum": 9}, {"minimum": 6}, {})
    store.set_rules(TAG, {})
    assert store.rules(TAG) == {}


def test_a_warm_up_counts_by_day(yard: Yard) -> None:
    store, box, plan = yard.tx.warm_ups, yard.box.id, WarmUp(NOW, 5, 50, 3)
    assert (store.of(box), store.used(box, 1)) == (None, 0)
    store.put(box, WarmUp(NOW))
    store.put(box, plan)

    store.use(box, 1, 4)
    store.use(box, 1, 1)
    assert (store.of(box), store.used(box, 1), store.used(box, 2)) == (plan, 5, 0)
    store.use(box, 2, 7)
    assert (store.used(box, 1), store.used(box, 2)) == (0, 7)
    store.put(box, None)
    assert store.of(box) is None
