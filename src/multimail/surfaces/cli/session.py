"""An account as commands use it: somebody is known, and operations are carried out one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

import click

from multimail.contract.operation import Operation
from multimail.contract.shapes import View
from multimail.services import dispatch
from multimail.services.context import Caller, Services

SURFACE: Final = "cli"


@dataclass(frozen=True, slots=True)
class Session:
    """One principal at the command line. Between two calls nothing runs: a prompt may take as long as it likes."""

    runner: asyncio.Runner
    services: Services
    principal_id: str

    def call(self, name: str, arguments: Mapping[str, Any]) -> View:
        """Carry an operation out; raises `Problem`."""
        caller = Caller(self.principal_id, SURFACE)
        return self.runner.run(dispatch.call(self.services, caller, name, arguments))


Connect = Callable[[click.Context, Operation], AbstractContextManager[Session]]
"""Opens the account for an operation, as whoever the person proves to be: a context's `obj` says how."""
