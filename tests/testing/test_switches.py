"""Switches of faults: which one is hit, how often, and that each is off when it is cleared."""

from __future__ import annotations

import pytest

from multimail.testing.switches import Switch, Switchboard


def board() -> tuple[Switchboard, list[str]]:
    changes: list[str] = []
    return Switchboard(lambda: changes.append("changed")), changes


def test_the_newest_that_fits_is_hit_so_many_times() -> None:
    switches, _ = board()
    old, new = switches.add(Switch("smtp")), switches.add(Switch("smtp", times=2))

    assert [switches.take("smtp") for _ in range(3)] == [new, new, old]
    assert (new.hits, old.hits) == (2, 1)
    assert switches.take("full") is None


def test_looking_uses_nothing_up() -> None:
    switches, _ = board()
    switch = switches.add(Switch("smtp", times=1))

    assert switches.find("smtp") is switches.find("smtp") is switch
    assert switch.hits == 0


def test_every_change_is_told_and_a_switch_goes_off_once() -> None:
    switches, changes = board()
    with switches.add(Switch("full")) as switch:
        assert switches.find("full") is switch
    switch.clear()
    switches.clear()

    assert switches.find("full") is None
    assert changes == ["changed"] * 4


def test_a_switch_is_for_a_mailbox_and_a_pattern_of_recipients() -> None:
    switch = Switch("smtp", mailbox="A@here.test", recipient="*@gone.test")

    assert switch.meets("a@here.test", "Bob@gone.test")
    assert not switch.meets("b@here.test", "bob@gone.test")
    assert not switch.meets("a@here.test", "bob@there.test")
    assert Switch("smtp").meets("anybody@here.test")


def test_never_is_no_number_of_times() -> None:
    switches, changes = board()

    with pytest.raises(ValueError, match="once or more often"):
        switches.add(Switch("smtp", times=0))
    assert changes == []
