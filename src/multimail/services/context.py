"""What a use case is given: who calls, when, and the plugs. Explicit, per call, no globals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from multimail.core.model import Principal
from multimail.core.times import Micros
from multimail.ports.outside import Clock, Ids
from multimail.ports.store import Store, Tx

HOUR: Final = 3_600_000_000
DAY: Final = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that hold for every mailbox; times in microseconds, sizes in bytes. The caps are on mails accepted
    for sending, of all mailboxes together; None is no limit."""

    message_bytes: int = 25 * 1024 * 1024
    recipients: int = 100
    visible_recipients: int = 10
    open_drafts: int = 50
    uploads: int = 50
    upload_bytes: int = 250 * 1024 * 1024
    uploads_for: Micros = DAY
    held_for: Micros = 7 * DAY
    unapproved_after_schedule: Micros = DAY
    repeat_window: Micros = 10 * 60 * 1_000_000
    late_after: Micros = HOUR
    idempotency_for: Micros = DAY
    undo_monitored: Micros = 10 * 1_000_000
    lease: Micros = 10 * 60 * 1_000_000
    thread_rate_per_hour: int = 30
    cap_per_hour: int | None = None
    cap_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Services:
    """The plugs that use cases work with; made once per process by wiring."""

    store: Store
    clock: Clock
    ids: Ids
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Asserted:
    """A person's answer that a host vouches for: which host, and the digest the person was shown."""

    host: str
    digest: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls through which door; the principal is looked up again inside each transaction.

    `surface` is `mcp:stdio`, `mcp:http`, `cli`, `web` or `rest`. `fences` asks for mail text between fences.
    """

    principal_id: str
    surface: str
    host: str = ""
    asserted: Asserted | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One operation under way: valid inside its transaction only.

    `after` collects writes that a read brings about (marking as read): they are posted once the read is answered,
    and later reads of this process see them. `later` collects those that nobody waits for, such as a line in a
    contact's log. `notes` lives as long as a wait does, from its first look to its last. The caller's key is over at
    `key_until`.
    """

    principal: Principal
    caller: Caller
    now: Micros
    services: Services
    after: list[Callable[[Tx], None]] = field(default_factory=list)
    later: list[Callable[[Tx], None]] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)
    key_until: Micros | None = None

    def new_id(self, prefix: str) -> str:
        """A new id such as `msg_…`, sortable by time."""
        return self.services.ids.new(prefix, self.now)

    @property
    def limits(self) -> Limits:
        """The server's bounds."""
        return self.services.limits
