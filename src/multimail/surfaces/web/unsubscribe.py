"""The page behind a recipient's own unsubscribe link, open to whoever has the link, and what mailbox providers post to.

GET shows and changes nothing: programs follow links. POST is honoured at once (RFC 8058), asks for no session, sets no
cookie and never redirects. Every token that is not ours gets the very same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from multimail.core.errors import Problem
from multimail.services import unsubscribing
from multimail.services.convert import shown
from multimail.surfaces.web import form_files, forms

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from multimail.services.unsubscribing import Shown
    from multimail.surfaces.web.site import Site

PATH: Final = "/u/{token:path}"
_ONE_CLICK: Final = ("List-Unsubscribe", "One-Click")
_TOPIC: Final = "topic:"
_HEADERS: Final = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


async def show(site: Site, request: Request) -> Response:
    """What the link is about, with a button."""
    about = await unsubscribing.shown(site.services, request.path_params["token"])
    if about is None:
        return await _page(site, "unknown", 404)
    return await _page(site, "ask", about=about)


async def honour(site: Site, request: Request) -> Response:
    """Carry it out: for the mail's topic at one click, for what was chosen on the page."""
    token = request.path_params["token"]
    about = await unsubscribing.shown(site.services, token)
    if about is None:
        return await _page(site, "unknown", 404)
    try:
        form = await _form(request)
    except Problem as problem:
        return await _page(site, "unclear", problem.row.http, about=about)
    if form.get(_ONE_CLICK[0], "").strip() == _ONE_CLICK[1]:
        await unsubscribing.by_link(site.services, token, "one_click")
        return await _page(site, "done", about=about, topics=[about.topic] if about.topic else [])
    topics = _chosen(form, about)
    if topics is None:
        return await _page(site, "unclear", 422, about=about)
    await unsubscribing.by_link(site.services, token, "page", topics)
    return await _page(site, "done", about=about, topics=[one for one in topics if one])


async def _form(request: Request) -> dict[str, str]:
    if form_files.is_one(request):
        fields, _ = await form_files.read(request, forms.SHORT, 0)
        return fields
    # Some who post for a mailbox provider do not say, or say wrongly, that it is a form.
    return await forms.read(request, forms.SHORT, any_type=True)


def _chosen(form: dict[str, str], about: Shown) -> tuple[str, ...] | None:
    """The topics that the page's form names, "" being all; None where it names nothing."""
    if form.get("choice") == "all":
        return unsubscribing.EVERYTHING
    return tuple(one for one in about.topics if f"{_TOPIC}{one}" in form) or None


async def _page(site: Site, state: str, status: int = 200, **context: Any) -> Response:
    about: Shown | None = context.get("about")
    box = about.mailbox if about is not None else None
    response = await site.views.page(
        "unsubscribe.html",
        status,
        state=state,
        sender=box.address if box is not None else "",
        sender_name=shown(box.display_name) if box is not None else "",
        whom=_masked(about.address) if about is not None and about.address else "",
        topic=about.topic if about is not None else "",
        choices=about.topics if about is not None else (),
        stopped=about.stopped if about is not None else frozenset(),
        topics=context.get("topics", []),
    )
    response.headers.update(_HEADERS)
    return response


def _masked(address: str) -> str:
    """Enough to know one's own address by, and no more: mail is passed on, with its links."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"
