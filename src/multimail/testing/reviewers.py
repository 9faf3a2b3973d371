"""The scripted reviewer: a principal with a reviewer's key that decides by the test's scripts, as a person would.

It looks at what waits through the same door as anybody, and decides with the digest of what it looked at.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from multimail.contract.reviews import PendingItem, PendingList
from multimail.core.addresses import normalise
from multimail.core.errors import Problem
from multimail.core.times import SECOND, Micros
from multimail.services import dispatch
from multimail.services.context import Caller

if TYPE_CHECKING:
    from multimail.ports.store import Tx
    from multimail.services.context import Services

Rule: TypeAlias = "Callable[[PendingItem], object] | str"
"""A function of the mail, whose answer may be the note, or a regular expression looked for in subject and text."""
Edit: TypeAlias = "Callable[[PendingItem], str | Mapping[str, str]] | str"
"""The new text, or a function of the mail that gives it, or gives `body` and `subject`."""
_WAITING: Final = ("pending_approval", "pending_inbound_approval")
_MOST: Final = 10_000
_PATIENT: Final = frozenset({"busy", "storage_full", "storage_failed", "conflict", "digest_required"})


@dataclass(eq=False)
class Script:
    """How the reviewer decides on the mail it is for. In force until `clear` or the end of its `with` block."""

    after: Micros | None = None
    reject_if: Rule | None = None
    note: str = ""
    edit: Edit | None = None
    never: bool = False
    mailbox: str = ""
    tag: str = ""
    _off: Callable[[Script], None] = field(default=lambda _: None, repr=False)

    def clear(self) -> None:
        """From now on the reviewer does as it would without this script."""
        self._off(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def decision(self, item: PendingItem) -> dict[str, Any] | None:
        """What to decide; empty is nothing, ever, and None leaves it to the script before this one."""
        if (self.mailbox and normalise(self.mailbox) != item.mailbox) or (
            self.tag and self.tag not in item.tags
        ):
            return None
        if self.never:
            return {}
        if self.reject_if is not None:
            hit = _hit(self.reject_if, item)
            if hit:
                note = hit if isinstance(hit, str) and callable(self.reject_if) else self.note
                return {"decision": "reject", "note": note}
            if self.after is None and self.edit is None:
                return None
        return {"decision": "approve", "note": self.note} | _edited(self.edit, item)


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of the reviewer: what it looked at, what it decided, and the problem if that was refused."""

    item: PendingItem
    decision: str
    at: Micros
    problem: Problem | None = None


class Reviewers:
    """All scripts of one server, the newest first; the first that is about a mail decides on it."""

    def __init__(self, principal_id: str, changed: Callable[[], None]) -> None:
        self.decided: list[Decided] = []
        self._caller = Caller(principal_id, "rest")
        self._changed = changed
        self._scripts: list[Script] = []
        self._one_at_a_time = threading.Lock()
        self._looked_at: dict[tuple[str, str], tuple[PendingItem, Micros]] = {}
        self._done: set[tuple[str, str]] = set()
        self._due: Micros | None = None
        self.services: Services | None = None

    def add(self, script: Script) -> Script:
        script._off = self._remove
        with self._one_at_a_time:
            self._scripts.insert(0, script)
        self._changed()
        return script

    def clear(self) -> None:
        """Decide nothing any more."""
        with self._one_at_a_time:
            self._scripts.clear()
        self._changed()

    def next_due(self) -> Micros | None:
        """When the reviewer decides next, as far as it has looked."""
        return self._due

    async def step(self) -> int:
        """Look at what is new and decide what is due; returns how much was decided."""
        if not self._scripts or self.services is None:
            self._due = None
            return 0
        waiting = await self.services.store.read(_waiting)
        self._looked_at = {key: seen for key, seen in self._looked_at.items() if key in waiting}
        decided, later = 0, list[Micros]()
        for key in waiting:
            planned = None if key in self._done else await self._plan(self.services, key)
            if planned is None:
                continue
            item, decision, at = planned
            if at > self.services.clock.now():
                later.append(at)
            else:
                decided += await self._decide(self.services, item, decision)
        # At once: whoever asks in between hears what was so before.
        self._due = min(later, default=None)
        return decided

    async def _plan(
        self, services: Services, key: tuple[str, str]
    ) -> tuple[PendingItem, dict[str, Any], Micros] | None:
        """What to decide on a mail, and when; None for what is left alone."""
        if key not in self._looked_at:
            item = await self._look(services, key[0])
            if item is None or item.digest != key[1]:
                return None
            self._looked_at[key] = (item, services.clock.now())
        item, seen_at = self._looked_at[key]
        with self._one_at_a_time:
            scripts = list(self._scripts)
        for script in scripts:
            decision = script.decision(item)
            if decision is not None:
                return (item, decision, seen_at + (script.after or 0)) if decision else None
        return None

    async def _look(self, services: Services, message_id: str) -> PendingItem | None:
        arguments = {"message_id": message_id, "max_bytes": 1_048_576}
        try:
            found = await dispatch.call(services, self._caller, "list_pending", arguments)
        except Problem as problem:
            if problem.code == "not_found":
                return None
            raise
        assert isinstance(found, PendingList)
        return next(iter(found.pending), None)

    async def _decide(self, services: Services, item: PendingItem, decision: dict[str, Any]) -> int:
        arguments = {"message_id": item.message_id, "digest": item.digest} | decision
        refused = None
        try:
            await dispatch.call(services, self._caller, "decide_email", arguments)
        except Problem as problem:
            if problem.code in _PATIENT:
                return 0
            refused = problem
        self._done.add((item.message_id, item.digest))
        self.decided.append(Decided(item, str(decision["decision"]), services.clock.now(), refused))
        return 1

    def _remove(self, script: Script) -> None:
        with self._one_at_a_time:
            if script in self._scripts:
                self._scripts.remove(script)
        self._changed()


def script(delay: timedelta | float | None = None, **given: Any) -> Script:
    """A script; `delay` is in seconds of the server's clock, and without one it decides at once."""
    seconds = delay.total_seconds() if isinstance(delay, timedelta) else delay
    if seconds is not None and seconds < 0:
        raise ValueError("a reviewer decides after it looked, not before")
    if isinstance(rule := given.get("reject_if"), str):
        # A mistake in it is told here, not where some mail comes to be looked at.
        re.compile(rule)
    return Script(after=None if seconds is None else round(seconds * SECOND), **given)


def _waiting(tx: Tx) -> list[tuple[str, str]]:
    """What waits for a decision, oldest first, with the digest of what would leave."""
    found = tx.messages.pending(None, _WAITING, 0, _MOST)
    return [(one.id, one.digest or "") for one in found]


def _hit(rule: Rule, item: PendingItem) -> object:
    if callable(rule):
        return rule(item)
    return re.search(rule, f"{item.subject}\n{item.body}", re.IGNORECASE)


def _edited(edit: Edit | None, item: PendingItem) -> dict[str, str]:
    if edit is None:
        return {}
    new = edit(item) if callable(edit) else edit
    new = {"body": new} if isinstance(new, str) else new
    return {f"revised_{name}": value for name, value in new.items()}
