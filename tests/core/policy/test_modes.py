"""The lattice of modes: its order, and that a wish is capped and never an error."""

from __future__ import annotations

import itertools

from multimail.core.model import Mode
from multimail.core.policy.modes import MEANING, ORDER, effective, freedom, stricter


def test_the_order_is_strict_to_free_and_every_mode_has_its_meaning() -> None:
    assert ORDER == (Mode.READ_ONLY, Mode.GATED_ALL, Mode.GATED_SEND, Mode.MONITORED, Mode.AUTONOMOUS)
    assert [freedom(mode) for mode in ORDER] == [0, 1, 2, 3, 4]
    assert MEANING.keys() == set(ORDER)


def test_the_stricter_of_two_allows_less_whichever_comes_first() -> None:
    for one, other in itertools.product(ORDER, repeat=2):
        assert stricter(one, other) is stricter(other, one) is ORDER[min(freedom(one), freedom(other))]


def test_a_call_that_names_no_mode_gets_the_default() -> None:
    held = effective(None, Mode.GATED_SEND, Mode.AUTONOMOUS)

    assert (held.requested, held.effective, held.reason) == (None, Mode.GATED_SEND, "")


def test_a_call_gets_what_it_asks_for_up_to_the_ceiling_and_is_told_when_that_is_less() -> None:
    for wish, default, ceiling in itertools.product(ORDER, repeat=3):
        got = effective(wish, default, ceiling)

        assert got.requested is wish
        assert got.effective is stricter(wish, ceiling)
        assert bool(got.reason) == (freedom(wish) > freedom(ceiling))


def test_the_reason_names_what_was_asked_for_and_what_holds() -> None:
    got = effective(Mode.AUTONOMOUS, Mode.GATED_SEND, Mode.GATED_SEND)

    assert (
        got.reason == "autonomous was asked for; this mailbox allows at most gated_send, so gated_send holds."
    )


def test_a_default_above_the_ceiling_is_capped_as_well() -> None:
    assert effective(None, Mode.AUTONOMOUS, Mode.GATED_ALL).effective is Mode.GATED_ALL
