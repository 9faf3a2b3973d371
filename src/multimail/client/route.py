"""What a client knows of an operation; the table of all of them is generated from the registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Route(Generic[T]):
    """An operation: its name and the class of its answer.

    `repeatable` says that carrying it out twice is as good as once; for the actions in `looks` that is so too.
    `keyed` operations take an idempotency key. `waits` is how many seconds the server takes at most where the
    caller names no limit. `mailbox` says that the client's own mailbox is meant where a call names none.
    """

    name: str
    answer: type[T]
    repeatable: bool = False
    looks: tuple[str, ...] = ()
    keyed: bool = False
    waits: float | None = None
    mailbox: bool = False

    def may_be_repeated(self, given: Mapping[str, Any]) -> bool:
        """Whether a call whose answer got lost may be made again without doing anything twice."""
        if given.get("idempotency_key") and self.keyed:
            return True
        if given.get("only_if_absent"):
            # A claim that succeeded would fail the second time.
            return False
        looks = (
            bool(self.looks) and given.get("action", self.looks[0]) in self.looks and not given.get("upsert")
        )
        return self.repeatable or looks
