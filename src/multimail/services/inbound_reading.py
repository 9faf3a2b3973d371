"""What receiving a mail takes before anybody files it: known recipients, and reading that holds nobody up.

It needs no store, so whichever process receives can do it.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from multimail.core.envelope import Envelope
from multimail.core.times import SECOND, Micros
from multimail.services.inbound_mail import Arrival, read

_LOG: Final = logging.getLogger(__name__)
_LARGE: Final = 128 * 1024
"""From so many bytes on a mail is read on another thread, so that other peers are not kept waiting."""
_REMEMBERED: Final = SECOND
_MOST_REMEMBERED: Final = 10_000


class Taken:
    """Addresses that were taken a moment ago. What was refused is not remembered: whoever is new is taken at once."""

    def __init__(self) -> None:
        self._at: dict[str, Micros] = {}

    def holds(self, address: str, now: Micros) -> bool:
        """Whether it was added within the last second."""
        return 0 <= now - self._at.get(address, -_REMEMBERED) < _REMEMBERED

    def add(self, address: str, now: Micros) -> None:
        """Remember it."""
        if len(self._at) >= _MOST_REMEMBERED:
            self._at.clear()
        self._at[address] = now


async def read_any(envelope: Envelope) -> Arrival | None:
    """Read a mail, None when that fails; a large one while others are served."""
    try:
        if len(envelope.raw) < _LARGE:
            return read(envelope)
        return await asyncio.to_thread(read, envelope)
    except Exception:  # noqa: BLE001 - reading is total; if it is not, the mail is kept all the same
        _LOG.exception("a mail could not be read")
        return None
