"""Examining what waits and was not examined yet, without keeping anybody waiting: new drafts, held mail that came in,
and all that waited already when there was nothing to examine it.
"""

from __future__ import annotations

import logging
from typing import Final

from multimail.core.caution import HIGHEST
from multimail.ports.desk import Examined
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import cautions
from multimail.services.context import Services
from multimail.services.desk_order import ALL

_LOG: Final = logging.getLogger(__name__)
AT_ONCE: Final = 5
BYTES_AT_ONCE: Final = 1_000_000


async def step(services: Services) -> int:
    """Examine a few on a snapshot, then keep what was found; returns how many there were."""
    now = services.clock.now()
    found, over = await services.store.read(_examined, search=True)
    if not found and not over:
        return 0

    def keep(tx: Tx) -> None:
        for one in found:
            tx.desk.keep(one, now)
        for message_id in over:
            tx.desk.pass_over(message_id)

    await services.store.write(keep)
    return len(found) + len(over)


def _examined(tx: Tx) -> tuple[list[Examined], list[str]]:
    """What was found, and the ids of those that wait no more."""
    ids = tx.desk.unexamined(AT_ONCE)
    found: list[Examined] = []
    over: list[str] = []
    left = BYTES_AT_ONCE
    for message_id in ids:
        message = tx.messages.get(message_id)
        if message is None or message.status not in ALL:
            over.append(message_id)
        elif left > 0:
            # The last one may be larger than what is left: one is examined always.
            left -= message.size
            found.append(_found(tx, message))
    return found, over


def _found(tx: Tx, message: StoredMessage) -> Examined:
    """One mail that cannot be examined must not keep the others from it; it stands at the top of the queue."""
    try:
        return cautions.examine(tx, message).kept(message)
    except Exception:  # noqa: BLE001 - whatever it is, a person has to look
        _LOG.exception("%s could not be examined", message.id)
        return Examined(message.id, message.revision, HIGHEST, ("damaged",), b"")
