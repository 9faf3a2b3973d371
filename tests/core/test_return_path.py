"""The keyed envelope sender."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.ids import new_id
from multimail.core.return_path import make, plain, read

SECRET = b"the account's own secret, thirty-two"
DELIVERY = new_id("dlv", 1_772_366_400_000_000, 1)
BOX = "agent@here.example"
KEYED = make(SECRET, DELIVERY, BOX)


@given(st.integers(0, (1 << 30) - 1), st.sampled_from([BOX, "o'neill.+x@here.example", "grüße@here.example"]))
def test_a_keyed_sender_names_its_delivery_and_its_mailbox(bits: int, box: str) -> None:
    delivery_id = new_id("dlv", 1_772_366_400_000_000, bits)

    sender = make(SECRET, delivery_id, box)

    assert read(SECRET, sender) == delivery_id
    assert plain(sender) == box


def test_a_keyed_sender_stays_readable_by_servers_to_come() -> None:
    assert KEYED == "agent+b-cjzn6pqh000001eqx9mffgsnd58z@here.example"


def test_its_case_does_not_matter() -> None:
    assert read(SECRET, KEYED.upper()) == DELIVERY
    assert plain(KEYED.upper()) == BOX.upper()


@given(st.integers(0, len(KEYED) - 1), st.characters())
def test_one_other_character_makes_it_an_address_like_any_other(position: int, other: str) -> None:
    changed = KEYED[:position] + other + KEYED[position + 1 :]

    assert read(SECRET, changed) in ({DELIVERY} if changed.isascii() and changed.lower() == KEYED else {None})


@given(st.text(max_size=40))
def test_an_address_without_a_key_names_nothing_and_is_its_own_mailbox(text: str) -> None:
    assert read(SECRET, text) is None
    assert plain(text) == text


def test_the_key_of_another_account_or_mailbox_is_none() -> None:
    assert read(b"another secret", KEYED) is None
    assert read(SECRET, KEYED.replace("agent", "other")) is None
    assert plain(KEYED.replace("agent", "other")) == "other@here.example"


@pytest.mark.parametrize(
    ("local", "keyed"), [("a" * 33, True), ("a" * 34, False), ("ü" * 17, False), ('"two words"', False)]
)
def test_an_address_without_room_for_a_key_is_used_as_it_is(local: str, keyed: bool) -> None:
    sender = make(SECRET, DELIVERY, f"{local}@here.example")

    assert (sender != f"{local}@here.example") == keyed
    assert len(sender.rpartition("@")[0].encode()) <= 64


def test_what_is_no_delivery_makes_no_sender() -> None:
    with pytest.raises(ValueError, match="not an id"):
        make(SECRET, "dlv_1", BOX)
