"""Which names this server answers to: a page of another site must not reach it through a browser (DNS rebinding).

Outermost of all layers, in front of every route but links in mail. Names are compared whole, never by their beginning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from multimail.core.errors import Problem
from multimail.surfaces.http.refusals import refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
OF_MAIL: Final = "/u/"
"""Where links in mail lead: their own token is all that counts, wherever the request comes from (RFC 8058), and by
whatever name: mail outlives the name that this server had when it was written."""
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Names:
    """Values of `Host` and `Origin` that are ours, in lower case."""

    hosts: frozenset[str]
    origins: frozenset[str]


def names(port: int, public_url: str = "") -> Names:
    """Loopback on the port that was bound, and the public address if there is one."""
    urls = [f"http://{host}:{port}" for host in _LOOPBACK]
    urls += [public_url] if public_url else []
    pairs = [_spellings(url) for url in urls]
    return Names(
        frozenset(host for hosts, _ in pairs for host in hosts),
        frozenset(origin for _, origins in pairs for origin in origins),
    )


def _spellings(url: str) -> tuple[list[str], list[str]]:
    """The default port may be written or left out (RFC 9110, section 7.2)."""
    parts = urlsplit(url.lower())
    host = parts.netloc.rpartition("@")[2]
    default = _DEFAULT_PORTS.get(parts.scheme)
    bare = host.removesuffix(f":{default}")
    has_port = bare.rpartition(":")[2].isdigit() and not bare.endswith("]")
    hosts = [bare] if has_port else [bare, f"{bare}:{default}"]
    return hosts, [f"{parts.scheme}://{name}" for name in hosts]


class HostGuard:
    """Answers 421 to another `Host` and 403 to another `Origin`; neither reaches a route."""

    def __init__(self, app: ASGIApp, allowed: Names, base_url: str = "") -> None:
        """`base_url` is how this server is reached, for the links in what it refuses."""
        self._app = app
        self._allowed = allowed
        self._base_url = base_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or (scope["type"] == "http" and scope["path"].startswith(OF_MAIL)):
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        elif _values(scope, b"host") - self._allowed.hosts or len(_all(scope, b"host")) != 1:
            await self._refuse(421, "This server does not answer to that name.", scope, receive, send)
        elif _values(scope, b"origin") - self._allowed.origins:
            await self._refuse(403, "Requests from pages of other sites are refused.", scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _refuse(self, status: int, message: str, scope: Scope, receive: Receive, send: Send) -> None:
        problem = Problem("forbidden", message, advice="Operators set MULTIMAIL_PUBLIC_URL.")
        await refusal(scope, problem, self._base_url, status)(scope, receive, send)


def _all(scope: Scope, name: bytes) -> list[bytes]:
    return [value for key, value in scope["headers"] if key == name]


def _values(scope: Scope, name: bytes) -> set[str]:
    return {value.decode("latin-1").lower() for value in _all(scope, name)}
