"""Where the server is and who calls: from arguments, then from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from multimail.client.errors import Details, Invalid, Unauthenticated

DEFAULT_BASE_URL: Final = "http://127.0.0.1:8025"
DEFAULT_TIMEOUT: Final = 30.0
DEFAULT_RETRIES: Final = 2
EVENTS_WAIT: Final = 25.0
"""Seconds that following events waits at the server before it asks again."""

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Settings:
    """A client's settings, checked. `timeout` is in seconds for each try; `retries` come after the first try."""

    api_key: str = field(repr=False)
    base_url: str = DEFAULT_BASE_URL
    timeout: float = DEFAULT_TIMEOUT
    mailbox: str | None = None
    retries: int = DEFAULT_RETRIES

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine, where no proxy stands in between."""
        return urlsplit(self.base_url).hostname in _LOOPBACK


def resolved(
    api_key: str | None,
    base_url: str | None,
    timeout: float | None,
    mailbox: str | None,
    retries: int,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """Arguments before MULTIMAIL_API_KEY, MULTIMAIL_BASE_URL and MULTIMAIL_TIMEOUT, before the defaults."""
    return Settings(
        _key(api_key or environment.get("MULTIMAIL_API_KEY", "")),
        _url(base_url or environment.get("MULTIMAIL_BASE_URL", "") or DEFAULT_BASE_URL),
        _seconds(timeout if timeout is not None else environment.get("MULTIMAIL_TIMEOUT") or DEFAULT_TIMEOUT),
        mailbox,
        max(retries, 0),
    )


def _key(text: str) -> str:
    key = text.strip()
    advice = "Give api_key, or set MULTIMAIL_API_KEY."
    if not key:
        raise Unauthenticated("No key was given.", Details(field="api_key", advice=advice))
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise Unauthenticated("This cannot be a key.", Details(field="api_key", advice=advice))
    return key


def _url(text: str) -> str:
    """The address without what the client adds itself."""
    url = text.strip().rstrip("/").removesuffix("/v1")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        details = Details(field="base_url", advice=f"Like {DEFAULT_BASE_URL}.")
        raise Invalid(f"{text[:200]!r} is no address of a server.", details)
    return url


def _seconds(value: float | str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1
    if not 0 < seconds < 86_400:
        details = Details(field="timeout", advice="Seconds, like 30.")
        raise Invalid(f"{str(value)[:40]!r} is no time limit.", details)
    return seconds
