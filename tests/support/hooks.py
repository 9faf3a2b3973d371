"""Webhooks at a desk: subscribing a receiver, and posting what is due when a test says so."""

from __future__ import annotations

from typing import Any

from multimail.adapters.hooks.sender import Sender
from multimail.core.reach import Reach
from multimail.services.notify import Notifier
from tests.support.desk import Desk
from tests.support.receiver import Receiver

HERE = Reach(loopback=True)


def notifier(desk: Desk, timeout: float = 20.0, owner: str = "desk") -> Notifier:
    """Posts over the network of this machine; each wait is as long as the table says."""
    return Notifier(desk.services, Sender(HERE, timeout=timeout), owner, jitter=lambda: 0.5)


async def subscribe(desk: Desk, receiver: Receiver | str, *events: str, **more: Any) -> Any:
    """A webhook to the receiver, of all events unless some are named."""
    url = receiver if isinstance(receiver, str) else receiver.url
    return await desk.call("operator", "create_webhook", url=url, events=list(events) or ["*"], **more)


async def deliveries(desk: Desk, **narrower: Any) -> list[Any]:
    """The log, oldest first."""
    found = await desk.call("operator", "list_webhook_deliveries", limit=100, **narrower)
    return list(reversed(found.deliveries))


async def webhook(desk: Desk, webhook_id: str) -> Any:
    found = await desk.call("operator", "list_webhooks")
    return next(one for one in found.webhooks if one.webhook_id == webhook_id)
