"""How an operation is carried out: the shapes of the lines in `bindings`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from multimail.contract.shapes import Request, View
from multimail.ports.store import Tx
from multimail.services.context import Call, Services

Handler = Callable[[Tx, Call, Any], View]


@dataclass(frozen=True, slots=True)
class Wait:
    """An operation that waits: `look` is its read, repeated at every change until it is done or time is up.

    `Call.notes` is the same for all looks of a wait; it holds `began`, the time of the call.
    """

    look: Callable[[Tx, Call, Any], tuple[bool, View]]
    finish: Callable[[View, float], View]


@dataclass(frozen=True, slots=True)
class Binding:
    """How an operation is carried out: on a snapshot, in the group commit where it `writes`, or as a wait.

    `then` makes the answer out of the handler's, after its commit and in transactions of its own: for what one writes
    down and takes many to do. `only_reads` knows the requests for which an operation that writes changes nothing;
    `search` those that may take long and must not delay look-ups.
    """

    handler: Handler | None = None
    writes: bool = False
    wait: Wait | None = None
    then: Callable[[Services, View], Awaitable[View]] | None = None
    only_reads: Callable[[Any], bool] = lambda request: False
    search: Callable[[Any], bool] = lambda request: False

    def changes(self, request: Request) -> bool:
        """Whether this request goes through the group commit."""
        return self.writes and not self.only_reads(request)
