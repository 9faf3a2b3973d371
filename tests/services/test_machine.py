"""The server acting on its own: it stands in the record and can carry out no operation."""

from __future__ import annotations

import pytest

from multimail.contract.registry import OPERATIONS
from multimail.core.errors import Problem
from multimail.services import dispatch
from multimail.services.machine import SERVER, machine_call
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


async def test_no_operation_is_open_to_it(desk: Desk) -> None:
    principal = machine_call(desk.services).principal

    for row in OPERATIONS:
        with pytest.raises(Problem, match="scope"):
            dispatch.require(principal, row)


async def test_what_time_and_next_hops_bring_is_recorded_as_its_own(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")
    sent = await desk.send()
    await desk.step(sink)

    by = {one.kind: one.principal_id for one in await desk.events(sent.message_id)}

    assert (by["message.queued"], by["message.delivered"]) == (desk.who["agent"], SERVER)
