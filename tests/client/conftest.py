"""A server of its own for each file of tests, and what programs need to call it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from multimail import Client
from tests.support.office import AUDITOR, Office, office

OPEN: dict[str, Any] = {
    "default_mode": "monitored", "ceiling": "autonomous", "oversight_address": AUDITOR, "undo_seconds": 0,
}  # fmt: skip


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("firm")) as one:
        yield one


@pytest.fixture
def box(firm: Office, request: pytest.FixtureRequest) -> str:
    """A mailbox of the test's own, from which mail leaves at once where the call asks for nothing else."""
    name = request.node.name.replace("[", "-").replace("]", "").replace("_", "-")[-60:].strip("-")
    return firm.mailbox(f"{name}@house.example", **OPEN)


@pytest.fixture
def client(firm: Office) -> Iterator[Client]:
    """A program whose key may decide on what it sent, as the operator marked it."""
    with Client(firm.key("agent", self_approving=True), firm.url) as made:
        yield made


@pytest.fixture
def operator(firm: Office) -> Iterator[Client]:
    with Client(firm.operator, firm.url) as made:
        yield made
