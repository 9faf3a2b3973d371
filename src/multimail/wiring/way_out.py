"""The way out that the settings name; apart from the system, so that who only looks at it imports no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multimail.adapters.transport.capture import CaptureTransport
from multimail.adapters.transport.relay import RelayTransport
from multimail.adapters.transport.relay_url import parse_relay_url

if TYPE_CHECKING:
    from multimail.config import Settings
    from multimail.ports.transport import Transport


def transport(settings: Settings) -> Transport:
    """The way out: the relay if there is one. Raises `invalid_setting` for a relay that cannot be understood."""
    url = settings.relay_url()
    if not url:
        return CaptureTransport()
    return RelayTransport(parse_relay_url(url), settings.hostname)
