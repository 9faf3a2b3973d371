"""Where a webhook may point: which URLs are usable, and which addresses of the network this server may call.

An address is judged when the connection is made, because a name can lead anywhere by then.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from multimail.core.errors import Problem

LONGEST: Final = 2_000
_PORTS: Final = {"http": 80, "https": 443}
_PRIVATE: Final = tuple(
    map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))
)
_NEVER: Final = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",
            "100.100.100.200/32",
            "168.63.129.16/32",
            "fd00:ec2::254/128",
            "fd20:ce::254/128",
            "3fff::/20",
        ),
    )
)
"""Where clouds keep credentials outside of link-local addresses, and what is nobody's."""
_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be called besides the public network over https: this machine, and private networks."""

    loopback: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart: whom to ask for, where, and what."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def address(self) -> str | None:
        """The address, where the host is one or is always this machine."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return "127.0.0.1"
        try:
            return str(ipaddress.ip_address(self.host))
        except ValueError:
            return None

    @property
    def authority(self) -> str:
        """What stands in the `Host` header (RFC 9110 section 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def read_url(url: str, *, field: str = "url") -> Target:
    """Take a URL apart, or raise `invalid`."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise _unusable(url, "it cannot be read", field) from None
    fault = (
        "it is too long" if len(url) > LONGEST
        else "it holds spaces or characters that are not ASCII" if not url.isascii() or not _is_printable(url)
        else "it does not begin with https://" if parts.scheme not in _PORTS
        else "it names no host" if not host
        else "it holds a user or password" if "@" in parts.netloc
        else ""
    )  # fmt: skip
    if fault:
        raise _unusable(url, fault, field)
    path = parts.path or "/"
    return Target(
        parts.scheme, host, port or _PORTS[parts.scheme], f"{path}?{parts.query}" if parts.query else path
    )


def check_url(url: str, reach: Reach, *, field: str = "url") -> Target:
    """As `read_url`, refusing too what can be known to be out of reach before anything is looked up."""
    target = read_url(url, field=field)
    if target.address is not None:
        reason = refusal(target.address, target.scheme, reach)
    else:
        reason = _NEEDS_TLS if target.scheme == "http" and not reach.private else None
    if reason:
        raise _unusable(url, reason, field)
    return target


_NOT_PUBLIC: Final = "it leads to an address that is not public"
_NEEDS_TLS: Final = "http is for this machine and for private networks that an operator opened; use https"


def refusal(address: str, scheme: str, reach: Reach) -> str | None:
    """Why this server does not call an address; None when it may.

    Addresses that carry another one inside (mapped, 6to4, translated) count as the one inside. Where clouds keep
    their secrets, link-local or not, and multicast are refused whatever is opened.
    """
    found = _inner(ipaddress.ip_address(address.partition("%")[0]))
    if found.is_loopback:
        return None if reach.loopback else "it leads to this machine"
    if any(found in network for network in _NEVER):
        return _NOT_PUBLIC
    if any(found in network for network in _PRIVATE):
        return None if reach.private else "it leads into a private network"
    if not found.is_global or found.is_multicast or found.is_reserved or _is_site_local(found):
        return _NOT_PUBLIC
    return _NEEDS_TLS if scheme == "http" else None


def _inner(address: _Address) -> _Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_site_local(address: _Address) -> bool:
    return isinstance(address, ipaddress.IPv6Address) and address.is_site_local


def _is_printable(url: str) -> bool:
    return url.isprintable() and " " not in url and "\\" not in url


def _unusable(url: str, reason: str, field: str) -> Problem:
    return Problem(
        "invalid",
        f"{url[:80]!a} cannot be called: {reason}.",
        field=field,
        advice="Give an address that answers from the public network, such as https://example.com/hooks.",
    )
