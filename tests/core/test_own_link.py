"""The token of a recipient's own unsubscribe link."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.ids import new_id
from multimail.core.own_link import LENGTH, SLOT, Link, make, read, topic_key

SECRET = b"the account's own secret, thirty-two"
DELIVERY = new_id("dlv", 1_772_366_400_000_000, 1)
MAILBOX = new_id("mbx", 1_772_366_400_000_000, 2)
LINK = Link(DELIVERY, b"sixteen octets k", MAILBOX, topic_key("newsletter"))
TOKEN = make(SECRET, LINK)
TRUE_FORM = re.compile(rf"[A-Za-z0-9_-]{{{LENGTH - 1}}}[A-Za-z0-9]")


@given(st.integers(0, (1 << 30) - 1), st.binary(min_size=16, max_size=16), st.text(max_size=20))
def test_a_token_says_what_it_was_made_of(bits: int, key: bytes, topic: str) -> None:
    link = Link(new_id("dlv", 0, bits), key, new_id("mbx", 1, bits), topic_key(topic))

    token = make(SECRET, link)

    assert TRUE_FORM.fullmatch(token)
    assert read(SECRET, token) == link


def test_a_token_stays_readable_by_servers_to_come() -> None:
    assert TOKEN == "GS_U1rxAAAABc2l4dGVlbiBvY3RldHMgaxkv1Na8QAAAAt1vRl9oEOksv-YOlvPYRMBMtf4B"
    assert read(SECRET, TOKEN) == LINK


@given(st.integers(0, LENGTH - 1), st.characters())
def test_a_token_with_one_other_character_is_none(position: int, other: str) -> None:
    changed = TOKEN[:position] + other + TOKEN[position + 1 :]

    assert (read(SECRET, changed) is None) == (changed != TOKEN)


@given(st.text(max_size=LENGTH + 1) | st.text("AZaz09-_=+/ \n", min_size=LENGTH, max_size=LENGTH))
def test_whatever_else_is_given_is_none(text: str) -> None:
    assert read(SECRET, text) is None


@pytest.mark.parametrize("text", [TOKEN + "A", TOKEN[:-1], TOKEN[:-4] + "====", SLOT, "?" * LENGTH])
def test_what_is_nearly_a_token_is_none(text: str) -> None:
    assert read(SECRET, text) is None


def test_another_accounts_token_is_none() -> None:
    assert read(b"another secret", TOKEN) is None


def test_no_topic_is_told_from_every_topic() -> None:
    assert topic_key("") == Link(DELIVERY, b"", MAILBOX).topic_key == bytes(8)
    assert len({topic_key(""), topic_key("news"), topic_key("offers")}) == 3


@pytest.mark.parametrize(
    "link",
    [
        Link("dlv_1", LINK.address_key, MAILBOX),
        Link(DELIVERY, b"short", MAILBOX),
        Link(DELIVERY, LINK.address_key, "mbx"),
        Link(DELIVERY, LINK.address_key, MAILBOX, b""),
    ],
)
def test_what_has_another_form_makes_no_token(link: Link) -> None:
    with pytest.raises(ValueError, match="not "):
        make(SECRET, link)


def test_the_slot_is_as_long_as_a_token_and_of_the_same_characters() -> None:
    assert TRUE_FORM.fullmatch(SLOT)
    assert "--" not in SLOT
    assert "_" not in SLOT
