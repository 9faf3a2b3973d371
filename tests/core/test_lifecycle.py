"""The life of messages and deliveries: the tables themselves, and that nothing but them allows a move."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.errors import Problem
from multimail.core.lifecycle import (
    CANCELLABLE,
    DELIVERY,
    HELD,
    HIDDEN_FROM_AGENTS,
    INBOUND,
    LEFT_OR_WILL,
    OUTBOUND,
    Machine,
)

MACHINES = (OUTBOUND, INBOUND, DELIVERY)
each_machine = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)


@each_machine
def test_every_state_has_a_meaning_and_a_row_of_moves(machine: Machine) -> None:
    assert machine.moves.keys() == machine.states.keys()
    assert all(machine.states.values())


@each_machine
def test_births_and_moves_name_known_states_and_no_state_moves_to_itself(machine: Machine) -> None:
    assert machine.births <= machine.states.keys()
    for state, targets in machine.moves.items():
        assert targets <= machine.states.keys() - {state}


@each_machine
def test_every_state_can_be_reached(machine: Machine) -> None:
    reached = set(machine.births)
    while new := {target for state in reached for target in machine.moves[state]} - reached:
        reached |= new

    assert reached == machine.states.keys()


@each_machine
def test_a_step_follows_the_table_and_nothing_else(machine: Machine) -> None:
    for old, new in itertools.product(machine.states, repeat=2):
        if new in machine.moves[old]:
            assert machine.step(old, new) == new
        else:
            with pytest.raises(Problem, match=f"cannot go from {old} to {new}") as caught:
                machine.step(old, new)
            assert caught.value.code == "illegal_move"


@given(st.text(max_size=20), st.text(max_size=20))
def test_states_that_do_not_exist_lead_nowhere(old: str, new: str) -> None:
    for machine in MACHINES:
        if old not in machine.states or new not in machine.states:
            with pytest.raises(Problem):
                machine.step(old, new)


def test_what_is_final_stays() -> None:
    assert OUTBOUND.final() == {"bounced", "rejected", "cancelled", "expired", "superseded", "suppressed"}
    assert INBOUND.final() == {"rejected"}
    assert DELIVERY.final() == {"stored", "bounced", "suppressed", "cancelled"}


def test_nothing_leaves_without_having_been_queued_and_sending() -> None:
    def before(machine: Machine, state: str) -> set[str]:
        return {old for old, news in machine.moves.items() if state in news}

    assert before(OUTBOUND, "sending") == {"queued"}
    assert before(DELIVERY, "sending") == {"claimed"}
    assert before(DELIVERY, "sent") == {"sending", "unknown"}
    assert before(DELIVERY, "unknown") == {"sending"}


def test_held_mail_can_be_decided_expire_or_be_withdrawn_and_never_leaves_at_once() -> None:
    for state in HELD:
        assert {"rejected", "cancelled", "expired", "superseded"} <= OUTBOUND.moves[state]
        assert not {"sending", "sent", "delivered"} & OUTBOUND.moves[state]
    assert not {"queued", "scheduled"} & OUTBOUND.moves["changes_requested"]


def test_what_can_be_withdrawn_may_become_cancelled() -> None:
    assert all("cancelled" in OUTBOUND.moves[state] for state in CANCELLABLE)


def test_held_arrivals_become_unread_or_are_kept_back() -> None:
    assert INBOUND.moves["pending_inbound_approval"] == {"unread", "rejected"}
    assert {"pending_inbound_approval", "rejected"} == HIDDEN_FROM_AGENTS


def test_what_left_or_will_leave_out_what_never_does() -> None:
    assert not LEFT_OR_WILL & {
        "draft",
        "failed",
        "rejected",
        "cancelled",
        "expired",
        "superseded",
        "suppressed",
    }


@each_machine
def test_the_diagram_shows_every_birth_and_every_move(machine: Machine) -> None:
    lines = machine.diagram().splitlines()

    assert lines[0] == "stateDiagram-v2"
    assert len(lines) == 1 + len(machine.births) + sum(map(len, machine.moves.values()))
    assert all(f"    [*] --> {state}" in lines for state in machine.births)
