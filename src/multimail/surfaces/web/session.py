"""Who is at the browser, and whether a form came from our own page: cookie, Origin, Sec-Fetch-Site, token.

A cookie proves nothing about the page that posted: other ports of this machine are the same site to it.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from multimail.core.errors import Problem
from multimail.core.times import SECOND
from multimail.services.signing_in import SESSION_LASTS
from multimail.surfaces.web.routes import is_own

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from multimail.services.signing_in import Visitor

COOKIE: Final = "multimail_session"
_OWN: Final = frozenset({"same-origin", "none"})
HOME: Final = "/"
"""Goes on to what waits for the person, or to the mail."""


def session_id(request: Request) -> str:
    """What the browser brought, or nothing."""
    return request.cookies.get(COOKIE, "")


def check_origin(request: Request, address: str) -> str:
    """The origin of our own page, which is where the form must have come from: scheme, host and port.

    `address` is how this server is reached; loopback names are plain HTTP. Raises `forbidden`.
    """
    host = request.headers.get("host", "").lower()
    public = urlsplit(address.lower())
    scheme = public.scheme if public.netloc == host else "http"
    expected = f"{scheme}://{host}"
    sites = request.headers.getlist("sec-fetch-site")
    if request.headers.getlist("origin") != [expected] or any(site != "same-origin" for site in sites):
        raise Problem(
            "forbidden",
            "This form was not sent by a page of this server, so nothing was done.",
            advice="Open the page from the link again and send it from there.",
        )
    return expected


def check_reader(request: Request) -> None:
    """Refuse to look anything up for another origin that only loads a page; a person may follow a link from anywhere.

    Such a page could not read the answer, but time it, and have it written down as looked at by this person.
    """
    sites = request.headers.getlist("sec-fetch-site")
    fetched = (request.headers.get("sec-fetch-mode"), request.headers.get("sec-fetch-dest"))
    if any(site not in _OWN for site in sites) and fetched != ("navigate", "document"):
        raise Problem("forbidden", "Pages of other sites are shown nothing.")


def check_token(visitor: Visitor, form: Mapping[str, str]) -> None:
    """Refuse a form that does not carry the token of this very session."""
    given = form.get("csrf", "").encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(given, visitor.csrf.encode()):
        raise Problem(
            "forbidden",
            "This form belongs to another session, so nothing was done.",
            advice="You have signed in again since: open the page anew and decide there.",
        )


def keep(response: Response, new_id: str, origin: str) -> None:
    """Give the session to the browser; over TLS never without it."""
    response.set_cookie(
        COOKIE,
        new_id,
        max_age=SESSION_LASTS // SECOND,
        path="/",
        httponly=True,
        samesite="lax",
        secure=origin.startswith("https:"),
    )


def forget(response: Response, origin: str) -> None:
    """Take it back."""
    response.delete_cookie(
        COOKIE, path="/", httponly=True, samesite="lax", secure=origin.startswith("https:")
    )


def own_path(path: str) -> str:
    """Where to go after signing in: a page of ours, never anywhere else."""
    return path if is_own(path) else HOME
