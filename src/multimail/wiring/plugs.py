"""What a system stands on, and what somebody else's tests put in its place: time, ids, the way out, the work.

The program itself always runs with the plugs as they are here; nothing in a setting or a request changes them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from multimail.adapters.system import Ids, SystemClock

if TYPE_CHECKING:
    from multimail.ports import outside
    from multimail.ports.store import Store
    from multimail.ports.transport import Transport
    from multimail.ports.webhooks import HookSender
    from multimail.services.context import Services
    from multimail.wiring.work import Work


@dataclass(frozen=True, slots=True)
class Plugs:
    """`store` is given the account's store and returns what the services shall use. Without a `transport` the
    settings say which one it is, without `hooks` webhooks are posted over the network, and without a `work` the loops
    run by the wall clock."""

    clock: outside.Clock = field(default_factory=SystemClock)
    ids: outside.Ids = field(default_factory=Ids)
    store: Callable[[Store], Store] = lambda store: store
    transport: Transport | None = None
    hooks: HookSender | None = None
    work: Callable[[Services, Transport, HookSender], Work] | None = None
