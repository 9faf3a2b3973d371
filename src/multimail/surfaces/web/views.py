"""From views and values to a page: the templates, how numbers are written for people, and the protective headers.

Whatever a template prints is made harmless twice over: hidden and acting characters become visible, then HTML
is escaped. There is no way around either.
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from multimail.core.events import KINDS
from multimail.services.convert import shown
from multimail.surfaces.web.wording import said

if TYPE_CHECKING:
    from starlette.responses import Response

STATIC: Final = {
    **dict.fromkeys(("style.css", "guide.css"), "text/css; charset=utf-8"),
    "icon.svg": "image/svg+xml",
    **dict.fromkeys(
        ("page.js", "keys.js", "live.js", "search.js", "passkeys.js"), "text/javascript; charset=utf-8"
    ),
}
_STYLES: Final = (
    "tokens",
    "elements",
    "layout",
    "parts",
    "review",
    "inbox",
    "mail",
    "figures",
    "settings",
    "people",
)
"""The pieces of the one stylesheet, in the order in which they hold."""
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not no-referrer: with that, browsers send "Origin: null" along with our own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_UNITS: Final = ((86_400, "day"), (3_600, "hour"), (60, "minute"))
_LENGTHS: Final = ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "min"), (60, "min", 1, "s"))
_MARKS: Final = {"+": "added", "-": "removed"}
_DECIDED: Final = {
    "approve": "Approved",
    "reject": "Rejected",
    "request_changes": "Changes asked for",
    "escalate": "Passed on",
    "escalated": "Passed on: outside the program's limit",
    "cancel": "Cancelled",
    "undo": "Approval taken back",
    "thaw": "Let go out of the freeze",
    "release": "Sent for real",
}


def static(name: str) -> bytes:
    """A file that pages refer to."""
    folder = resources.files(__package__).joinpath("static")
    if name == "style.css":
        return b"\n".join(folder.joinpath(f"{one}.css").read_bytes() for one in _STYLES)
    return folder.joinpath(name).read_bytes()


@cache
def _templates() -> Environment:
    """Templates are compiled at their first use, once in a process."""
    made = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (ago, until, moment, number, percent, rate, duration, size, diff_lines, decided, plain, said)
    made.filters.update({one.__name__: one for one in filters})
    made.globals["meaning"] = KINDS
    made.globals["version"] = hashlib.sha256(b"".join(map(static, STATIC))).hexdigest()[:12]
    return made


class Views:
    """The templates; one of these serves all requests."""

    def __init__(self) -> None:
        self._templates = _templates()

    async def page(self, name: str, status: int = 200, **context: Any) -> Response:
        """The page, as an answer of this status. Long mail takes a while: nobody else waits for it."""
        text = await asyncio.to_thread(self._templates.get_template(name).render, context)
        return HTMLResponse(text, status)


def protected(response: Response) -> Response:
    """With the headers that every answer of these pages carries, unless it brought its own; no cache keeps it."""
    for name, value in (*HEADERS.items(), ("Cache-Control", "no-store")):
        response.headers.setdefault(name, value)
    return response


def harmless(value: Any) -> Any:
    """Text with whatever hides or acts made visible; markup of our own templates has been through this."""
    return shown(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def ago(then: datetime, now: datetime) -> str:
    """How long it has been, in the largest unit that fits."""
    return f"{_span(now - then)} ago" if now - then >= timedelta(minutes=1) else "just now"


def until(then: datetime, now: datetime) -> str:
    """How long it will be, or has been."""
    return ago(then, now) if then <= now else f"in {_span(then - now)}"


def _span(length: timedelta) -> str:
    seconds = length.total_seconds()
    for unit, name in _UNITS:
        if seconds >= unit:
            count = round(seconds / unit)
            return f"{count} {name}{'s' if count > 1 else ''}"
    return "less than a minute"


def moment(at: datetime) -> str:
    """A moment in UTC, which is said: pages without script do not know where the reader is."""
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M} UTC"


def number(count: int) -> str:
    """A count for people."""
    return f"{count:,}"


def percent(share: float) -> str:
    """A share between 0 and 1. What is nearly nothing, or nearly all, is not rounded to it."""
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 < share < 1:
        return "over 99%"
    return f"{share * 100:.0f}%"


def rate(percents: float) -> str:
    """A rate in percent: one decimal, two below one, and all there are where fewer would look like a round number
    that it is not: a rate just below a threshold must not read as the threshold."""
    digits = 1 if percents >= 1 else 2
    text = f"{percents:.{digits}f}"
    if text.endswith("0") and float(text) != percents:
        text = f"{percents:.3f}"
    return f"{text.rstrip('0').rstrip('.')} %"


def duration(seconds: float) -> str:
    """A length of time, in the two largest units that say something."""
    whole = round(seconds)
    if whole < 10:
        return f"{seconds:.1f} s"
    for unit, name, less, part in _LENGTHS:
        if whole >= unit:
            rest = whole % unit // less
            return f"{whole // unit} {name} {rest} {part}" if rest else f"{whole // unit} {name}"
    return f"{whole} s"


def size(count: int) -> str:
    """Bytes for people."""
    if count < 1_000:
        return f"{count} bytes"
    if count < 999_500:
        return f"{count / 1_000:.0f} KB"
    return f"{count / 1_000_000:.1f} MB"


def diff_lines(text: str) -> list[tuple[str, str]]:
    """The lines of a unified diff, each with what it is; between its parts stands an ellipsis."""
    lines = text.splitlines()
    body = lines[2:] if lines[:1] and lines[0].startswith("--- ") else lines
    shown_lines = [
        ("place", "⋯") if line.startswith("@@ ") else (_MARKS.get(line[:1], "same"), line) for line in body
    ]
    return shown_lines[1:] if shown_lines[:1] == [("place", "⋯")] else shown_lines


def decided(verb: str) -> str:
    """What somebody did, for the record."""
    return _DECIDED.get(verb, verb)


def plain(value: Any) -> str:
    """A value of metadata or of an event, without the marks of a programming language."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {plain(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(plain, value))
    return str(value)
