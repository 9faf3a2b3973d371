"""What may go wrong on purpose: switches that a test turns on and off while the server runs.

They exist in this kit only: nothing in the program looks at them. Set on the test's thread, read on the server's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Literal, Self

from multimail.core.addresses import normalise

At = Literal["CONNECT", "MAIL", "RCPT", "DATA", "DOT"]
Kind = Literal["smtp", "lost_acknowledgement", "locked", "full", "hook_lost", "hook_delayed"]


@dataclass(eq=False)
class Switch:
    """One fault. On from when it is made until `clear`, the end of its `with` block, or its last time.

    `mailbox` is a mailbox of the server under test, `recipient` an address or a pattern such as `*@example.org`;
    empty means all.
    """

    kind: Kind
    mailbox: str = ""
    recipient: str = ""
    times: int | None = None
    at: At = "RCPT"
    reply: str = ""
    seconds: float = 0.0
    waits: bool = False
    url: str = ""
    hits: int = 0
    _off: Callable[[Switch], None] = field(default=lambda _: None, repr=False)

    def clear(self) -> None:
        """Turn it off; nothing happens when it is off."""
        self._off(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def meets(self, mailbox: str, recipient: str = "") -> bool:
        """Whether it is about this mailbox and recipient."""
        is_mailbox = not self.mailbox or normalise(self.mailbox) == normalise(mailbox)
        return is_mailbox and (
            not self.recipient or fnmatchcase(normalise(recipient), normalise(self.recipient))
        )


class Switchboard:
    """All switches of one server, the newest first. `changed` is called after each change, on any thread."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._on: list[Switch] = []
        self._one_at_a_time = threading.Lock()

    def add(self, switch: Switch) -> Switch:
        if switch.times is not None and switch.times < 1:
            raise ValueError("a fault happens once or more often: leave times out for as often as it can")
        switch._off = self._remove
        with self._one_at_a_time:
            self._on.insert(0, switch)
        self._changed()
        return switch

    def clear(self) -> None:
        """Turn everything off."""
        with self._one_at_a_time:
            self._on.clear()
        self._changed()

    def find(self, kind: Kind, fits: Callable[[Switch], bool] = lambda _: True) -> Switch | None:
        """The newest that is on and fits, without using it up."""
        with self._one_at_a_time:
            return next((one for one in self._on if one.kind == kind and fits(one)), None)

    def take(self, kind: Kind, fits: Callable[[Switch], bool] = lambda _: True) -> Switch | None:
        """As `find`, and count it as one of its times."""
        with self._one_at_a_time:
            found = next((one for one in self._on if one.kind == kind and fits(one)), None)
            if found is not None:
                found.hits += 1
                if found.times is not None and found.hits >= found.times:
                    self._on.remove(found)
        return found

    def _remove(self, switch: Switch) -> None:
        with self._one_at_a_time:
            if switch in self._on:
                self._on.remove(switch)
        self._changed()
