"""What a use case is given: ids of its own moment, and the server's bounds."""

from __future__ import annotations

from typing import cast

from multimail.adapters.system import Ids, VirtualClock
from multimail.core.ids import made_at, prefix_of
from multimail.core.times import DAY, SECOND
from multimail.ports.store import Store
from multimail.services.context import Limits, Services
from multimail.services.machine import machine_call
from tests.support.desk import NOON


def test_ids_are_made_at_the_moment_of_the_call() -> None:
    services = Services(cast("Store", None), VirtualClock(NOON), Ids(lambda bits: 0))
    call = machine_call(services)
    services.clock.advance(DAY)  # type: ignore[attr-defined]

    made = call.new_id("msg")

    assert prefix_of(made) == "msg"
    assert NOON - SECOND < made_at(made) <= NOON


def test_bounds_are_those_of_the_server() -> None:
    services = Services(cast("Store", None), VirtualClock(NOON), Ids(), Limits(open_drafts=3))

    assert machine_call(services).limits.open_drafts == 3


def test_unless_said_otherwise_bounds_are_those_that_were_decided() -> None:
    limits = Limits()

    assert (limits.open_drafts, limits.visible_recipients, limits.held_for) == (50, 10, 7 * DAY)
    assert (limits.unapproved_after_schedule, limits.idempotency_for) == (DAY, DAY)
    assert (limits.repeat_window, limits.late_after, limits.undo_monitored) == (
        600 * SECOND,
        3600 * SECOND,
        10 * SECOND,
    )
    assert (limits.cap_per_hour, limits.cap_per_day) == (None, None)
