"""The one place that knows the HTTP library: requests and answers of the codec to and from httpx2."""

from __future__ import annotations

from typing import Any, Final

import httpx2

from multimail.client.codec import Incoming, Outgoing
from multimail.client.errors import ConnectionFailed, Details, MultimailError, Timeout
from multimail.client.settings import Settings

# A server closes an idle connection after five seconds; who asks at that moment would get no answer.
_LIMITS = httpx2.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=4.0)

_PATIENCE: Final = (
    "timeout, or MULTIMAIL_TIMEOUT, gives it longer. It may have been carried out all the same."
)
_PLACE: Final = "Is the server running? base_url, or MULTIMAIL_BASE_URL, says where it is."


def options(settings: Settings) -> dict[str, Any]:
    """How the library is set up. A server on this machine is never asked through a proxy.

    Without TLS there is nothing to verify, and no certificates are loaded, which takes long.
    """
    is_plain = settings.is_local and settings.base_url.startswith("http://")
    direct = {"trust_env": not settings.is_local, "verify": not is_plain}
    return {"limits": _LIMITS, "follow_redirects": False, **direct}


def sent(outgoing: Outgoing) -> dict[str, Any]:
    """A request as the library's arguments."""
    return {
        "method": "POST",
        "url": outgoing.url,
        "headers": dict(outgoing.headers),
        "content": outgoing.content,
        "timeout": httpx2.Timeout(outgoing.timeout, connect=min(outgoing.timeout, 10.0)),
    }


def received(response: httpx2.Response) -> Incoming:
    """An answer that was read to its end."""
    return Incoming(response.status_code, response.headers, response.content)


def failure(error: httpx2.HTTPError, outgoing: Outgoing) -> MultimailError:
    """What the library raised, as an exception of ours."""
    if isinstance(error, httpx2.TimeoutException):
        message = f"{outgoing.url} did not answer within {outgoing.timeout:g} seconds."
        return Timeout(message, Details(advice=_PATIENCE))
    reason = (str(error) or type(error).__name__).rstrip(".")
    return ConnectionFailed(f"{outgoing.url}: {reason}.", Details(advice=_PLACE))
