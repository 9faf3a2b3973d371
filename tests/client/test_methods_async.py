"""The methods to be awaited are those of the other client, each a coroutine."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from multimail.client.methods_async import AsyncMethods
from multimail.client.methods_sync import SyncMethods
from multimail.contract.operation import REST, Operation
from multimail.contract.registry import OPERATIONS

OFFERED = [row for row in OPERATIONS if REST in row.surfaces]


class Listening(AsyncMethods):
    """Methods whose calls go nowhere."""

    async def _call(self, route: Any, given: dict[str, Any]) -> Any:
        return route.name, {name: value for name, value in given.items() if value is not None}


@pytest.mark.parametrize("row", OFFERED, ids=lambda row: row.name)
def test_a_method_is_the_other_clients_to_be_awaited(row: Operation) -> None:
    mine, other = getattr(AsyncMethods, row.name), getattr(SyncMethods, row.name)

    assert inspect.iscoroutinefunction(mine)
    assert inspect.signature(mine) == inspect.signature(other)
    assert mine.__doc__ == other.__doc__


@pytest.mark.anyio
@pytest.mark.parametrize("row", OFFERED, ids=lambda row: row.name)
async def test_every_example_can_be_called(row: Operation) -> None:
    for example in row.examples:
        assert await getattr(Listening(), row.name)(**example.arguments) == (row.name, example.arguments)
