"""Ports for sequences: their plans, and where everybody in them is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from multimail.core.sequences import Plan
from multimail.core.times import Micros


@dataclass(frozen=True, slots=True)
class StoredSequence:
    """A sequence with its plan, which never changes. `run_by` is `server`, or `agents` who claim the steps."""

    id: str
    name: str
    mailbox_id: str
    plan: Plan
    run_by: str
    status: str
    reason: str
    principal_id: str
    made_at: Micros
    updated_at: Micros


@dataclass(frozen=True, slots=True)
class Enrollment:
    """Where somebody is: `step` is the next one. The `lease` is that of who does it now, or who did the last one."""

    id: str
    sequence_id: str
    contact_id: str
    address_key: str
    step: int
    status: str
    reason: str
    due_at: Micros
    lease: str
    lease_by: str
    lease_until: Micros
    last_message: str | None
    version: int
    made_at: Micros
    updated_at: Micros


class Sequences(Protocol):
    """Sequences and enrollments. A change names the version it expects; `False` says that somebody was faster."""

    def insert(self, sequence: StoredSequence) -> None: ...
    def get(self, sequence_id: str) -> StoredSequence | None: ...
    def named(self, name: str, mailbox_ids: Sequence[str] | None) -> list[StoredSequence]:
        """Those of this name that go on, in these mailboxes."""
        ...

    def all(self, mailbox_ids: Sequence[str] | None) -> list[StoredSequence]: ...
    def end(self, sequence_id: str, status: str, reason: str, now: Micros) -> None: ...
    def counts(self, sequence_ids: Sequence[str]) -> dict[tuple[str, str], int]:
        """How many are in each, by sequence and status, or for those that ended otherwise, reason."""
        ...

    def enroll(self, enrollment: Enrollment) -> None: ...
    def enrollment(self, enrollment_id: str) -> Enrollment | None: ...
    def enrolled(self, sequence_id: str, address_key: str) -> Enrollment | None: ...
    def page(self, sequence_id: str, status: str | None, after: str, limit: int) -> list[Enrollment]: ...
    def of_somebody(self, address_key: str, mailbox_id: str) -> list[Enrollment]:
        """What somebody is in at present, of sequences of this mailbox."""
        ...

    def stop_all(self, sequence_id: str, reason: str, now: Micros) -> list[str | None]:
        """Stop it for everybody; the last mail of each whom it was stopped for."""
        ...

    def any_active(self) -> bool: ...
    def due(self, sequence_id: str, now: Micros, limit: int) -> list[Enrollment]:
        """Those whose next step is due and that nobody has the lease of, the longest due first."""
        ...

    def to_run(self, now: Micros, limit: int) -> list[Enrollment]:
        """Those the server has to look at: due in a sequence that it runs, or something happened to them."""
        ...

    def change(self, enrollment: Enrollment, now: Micros, **changes: Any) -> Enrollment | None:
        """Change it, unless somebody was faster: then None."""
        ...

    def next_due(self, after: Micros) -> Micros | None: ...
