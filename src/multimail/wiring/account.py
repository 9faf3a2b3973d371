"""Opening an account: the plugs that every process of it works with, a door as well as the resident."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from multimail.adapters.store.engine import Store
from multimail.config import Settings
from multimail.core.times import DAY
from multimail.services import first_start
from multimail.services.context import Limits, Services
from multimail.wiring.folder import DATABASE, prepare
from multimail.wiring.plugs import Plugs


@asynccontextmanager
async def opened(
    settings: Settings, plugs: Plugs | None = None, *, one_caller: bool = False
) -> AsyncIterator[Services]:
    """The account of the data folder, set up if this is its first moment; closed at the end. See `Store.open`.

    What was written is durable when this returns. Raises `Problem` for a folder that cannot be used.
    """
    plugs = plugs or Plugs()
    store = Store.open(prepare(settings.folder) / DATABASE, one_caller=one_caller)
    try:
        services = Services(plugs.store(store), plugs.clock, plugs.ids, limits(settings))
        if not store.instant(first_start.is_prepared):
            now = services.clock.now()
            await store.write(lambda tx: first_start.prepare(tx, services.ids, now))
        yield services
    finally:
        await store.close()


def limits(settings: Settings) -> Limits:
    """The bounds that an operator set, and ours for the rest."""
    return Limits(
        message_bytes=settings.max_message_bytes,
        recipients=settings.max_recipients,
        visible_recipients=settings.max_visible_recipients,
        open_drafts=settings.max_open_drafts,
        held_for=settings.held_days * DAY,
        cap_per_hour=settings.cap_per_hour,
        cap_per_day=settings.cap_per_day,
        thread_rate_per_hour=settings.thread_rate_per_hour,
    )
