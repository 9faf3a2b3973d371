"""The form of ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.ids import PACKED, RANDOM_BITS, TICK_BITS, made_at, new_id, packed, prefix_of, unpacked
from multimail.core.times import DAY

LAST = (1 << 40 + TICK_BITS) - 1

moments = st.integers(0, LAST)
random_bits = st.integers(0, (1 << RANDOM_BITS) - 1)


def test_an_id_is_a_prefix_and_fourteen_characters() -> None:
    assert new_id("msg", 1_772_366_400_000_000, 12345) == "msg_cjzn6pqh000c1s"


@given(moments, random_bits)
def test_an_id_says_its_kind_and_its_time_to_the_tick(at: int, bits: int) -> None:
    text = new_id("thread", at, bits)

    assert prefix_of(text) == "thread"
    assert made_at(text) == at >> TICK_BITS << TICK_BITS


@given(moments, random_bits)
def test_a_packed_id_comes_back_whole(at: int, bits: int) -> None:
    text = new_id("dlv", at, bits)

    assert len(packed(text)) == PACKED
    assert unpacked("dlv", packed(text)) == text


@given(moments, moments, random_bits, random_bits)
def test_ids_sort_by_time(one: int, other: int, bits: int, more_bits: int) -> None:
    if one >> TICK_BITS < other >> TICK_BITS:
        assert new_id("msg", one, bits) < new_id("msg", other, more_bits)


@given(random_bits, random_bits)
def test_of_one_moment_other_random_bits_make_another_id(one: int, other: int) -> None:
    assert (new_id("msg", DAY, one) == new_id("msg", DAY, other)) == (one == other)


@pytest.mark.parametrize(("at", "bits"), [(-1, 0), (LAST + 1, 0), (0, 1 << RANDOM_BITS), (0, -1)])
def test_what_does_not_fit_is_refused(at: int, bits: int) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        new_id("msg", at, bits)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "msg",
        "msg_",
        "msg_cjzn6pqh000c1",
        "msg_cjzn6pqh000c1ss",
        "MSG_cjzn6pqh000c1s",
        "msg_cjzn6pqh000c1u",
        "_cjzn6pqh000c1s",
    ],
)
def test_what_is_no_id_has_no_kind_and_no_time(text: str) -> None:
    assert prefix_of(text) == ""
    with pytest.raises(ValueError, match="not an id"):
        made_at(text)


def test_what_is_no_id_cannot_be_packed() -> None:
    with pytest.raises(ValueError, match="not an id"):
        packed("msg_cjzn6pqh000c1u")
