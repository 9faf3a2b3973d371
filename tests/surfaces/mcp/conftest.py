"""A door whose principal is whoever the test says, and clients of both protocol eras for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from mcp import Client

from multimail.core.model import Scope
from multimail.services.context import Services
from multimail.surfaces.mcp.server import Options, build
from tests.support.mcp_parts import Memory, plain_operations, services


@dataclass
class TestDoor:
    """Lets the test choose who calls."""

    __test__ = False

    memory: Memory = field(default_factory=Memory)
    name: str = "agent"
    surface: str = "mcp:test"
    options: Options = field(default_factory=lambda: Options(ask_seconds=0.3))

    def principal_id(self) -> str:
        return f"key_{self.name}"

    async def services(self) -> Services:
        return services(self.memory)

    async def scopes(self) -> frozenset[Scope]:
        return self.memory.principals_by_id[self.principal_id()].principal.scopes

    def client(self, mode: str, **rest: Any) -> Client:
        return Client(build(self, self.options), mode=mode, **rest)


@pytest.fixture(params=["auto", "legacy"])
def era(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def door() -> Iterator[TestDoor]:
    with plain_operations():
        yield TestDoor()


@pytest.fixture
def client(door: TestDoor, era: str) -> Callable[..., Client]:
    return lambda **rest: door.client(era, **rest)
