"""Named places where a crash is worth trying; nothing happens there unless a test arms them.

This module only knows the names and whom to call: what a hit does (kill the process, raise, count) is decided
by whoever arms it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

FAILPOINTS: Final[dict[str, str]] = {
    "store.before_begin": "works wait, the write transaction has not begun",
    "store.after_work": "one work of the group has run, nothing is committed",
    "store.before_commit": "every work of the group has run, nothing is committed",
    "store.after_commit": "the group is durable, nobody was told",
    "store.before_answer": "the group is durable and other processes may write, no caller was told",
}

_armed: Callable[[str], None] | None = None


def hit(name: str) -> None:
    """Pass the failpoint `name`: free unless armed. May not return, and may raise, when it is."""
    if _armed is not None:
        _armed(name)


def arm(callback: Callable[[str], None]) -> None:
    """Call `callback(name)` at every failpoint from now on, on whichever thread passes it."""
    global _armed  # noqa: PLW0603 - one switch for the process is what this is
    _armed = callback


def disarm() -> None:
    """Make every failpoint free again."""
    global _armed  # noqa: PLW0603
    _armed = None
