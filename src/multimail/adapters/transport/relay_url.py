"""The relay's address as one URL, read strictly; the password never shows in an error, a log or a repr."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from enum import Enum
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from multimail.core.errors import Problem

FIELD: Final = "relay"
EXAMPLE: Final = (
    "Write it as smtp://user:password@host:587, smtps://host:465 or smtp+insecure://127.0.0.1:2525."
)


class Security(Enum):
    """How the connection is protected. With STARTTLS the upgrade is required, never opportunistic."""

    STARTTLS = "STARTTLS"
    TLS = "TLS"
    NONE = "no encryption"


_SCHEMES: Final = {
    "smtp": (Security.STARTTLS, 587),
    "smtps": (Security.TLS, 465),
    "smtp+insecure": (Security.NONE, 25),
}


@dataclass(frozen=True, slots=True)
class RelayAddress:
    """Where mail leaves to. `str()` of it is fit for people: it has no password."""

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        sign_in = f", signing in as {self.username}" if self.username else ""
        return f"{host}:{self.port} ({self.security.value}{sign_in})"


def parse_relay_url(url: str) -> RelayAddress:
    """Raises `Problem("invalid_setting")`; neither it nor its cause repeats any part of the URL."""
    parts, port = _split(url.strip())
    if parts.scheme not in _SCHEMES:
        raise _bad("The relay's URL starts with none of smtp://, smtps:// and smtp+insecure://.")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise _bad(
            "The relay's URL has something after the port; '/', '?' and '#' in a password are %-encoded."
        )
    if not parts.hostname:
        raise _bad("The relay's URL names no host.")
    security, usual_port = _SCHEMES[parts.scheme]
    username, password = _credentials(parts)
    if username and security is Security.NONE and not _is_loopback(parts.hostname):
        raise _bad("A password would travel unencrypted to another machine.")
    return RelayAddress(parts.hostname, usual_port if port is None else port, security, username, password)


def _split(url: str) -> tuple[SplitResult, int | None]:
    if not url.isprintable() or " " in url:
        raise _bad("The relay's URL contains a space or control character.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        # The parser's own message quotes what it could not read, which may be a piece of the password.
        raise _bad("The relay's URL cannot be read: its host or port is malformed.") from None
    if port == 0:
        raise _bad("The relay's port is 0.")
    return parts, port


def _credentials(parts: SplitResult) -> tuple[str, str]:
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(username) != bool(password):
        raise _bad("The relay's URL has a user without a password or a password without a user.")
    if not (username + password).isprintable():
        raise _bad("The relay's user or password contains a control character.")
    return username, password


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _bad(message: str) -> Problem:
    return Problem("invalid_setting", message, field=FIELD, advice=EXAMPLE)
