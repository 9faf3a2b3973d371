"""The ways out, of mail and of webhooks; apart from the system, so that who only looks at them imports no more.

What is needed to go a way is imported by whoever goes it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from multimail.adapters.transport.capture import CaptureTransport

if TYPE_CHECKING:
    from multimail.config import Settings
    from multimail.core.reach import Reach
    from multimail.ports.transport import Transport
    from multimail.ports.webhooks import Answer, HookSender, Post


def transport(settings: Settings) -> Transport:
    """The way out: the relay if there is one. Raises `invalid_setting` for a relay that cannot be understood."""
    url = settings.relay_url()
    if not url:
        return CaptureTransport()
    from multimail.adapters.transport.relay import RelayTransport  # noqa: PLC0415 - see above
    from multimail.adapters.transport.relay_url import parse_relay_url  # noqa: PLC0415

    return RelayTransport(parse_relay_url(url), settings.hostname)


class Posting:
    """See `ports.webhooks.HookSender`: posts over the network, within reach."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def post(self, post: Post) -> Answer:
        return await self._sender.post(post)

    @cached_property
    def _sender(self) -> HookSender:
        from multimail.adapters.hooks.sender import Sender  # noqa: PLC0415 - a whole HTTP client, see above

        return Sender(self._reach)
