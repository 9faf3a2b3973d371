"""The way in and out: sign in by a link, key or passphrase; sign out. GET shows, POST does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multimail.core.errors import Problem
from multimail.services import signing_in
from multimail.surfaces.web import session
from multimail.surfaces.web.site import Site, Visit, go

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def show(site: Site, request: Request) -> Response:
    """The form; a link puts its token into it, and is spent by the button only."""
    token = request.query_params.get("token", "")
    if not token and await signing_in.visitor(site.services, session.session_id(request)):
        return go(session.HOME)
    return await _form(site, request.query_params.get("next", ""), token)


async def sign_in(site: Site, request: Request, form: dict[str, str], origin: str) -> Response:
    """A new session for whoever proved to be a person here, and on to where they wanted to go."""
    old = session.session_id(request)
    token = form.get("token", "")
    try:
        if token:
            new_id = await site.signing_in.with_link(token, old)
        else:
            new_id = await site.signing_in.with_secret(form.get("secret", ""), old)
    except Problem as problem:
        return await _form(site, form.get("next", ""), "", problem)
    response = go(session.own_path(form.get("next", "")))
    session.keep(response, new_id, origin)
    return response


async def sign_out(visit: Visit) -> Response:
    """The session is over on the server too."""
    await signing_in.sign_out(visit.site.services, visit.visitor)
    response = go("/sign-in")
    session.forget(response, visit.origin)
    return response


async def _form(site: Site, onward: str, link: str, problem: Problem | None = None) -> Response:
    return await site.views.page(
        "sign_in.html",
        problem.row.http if problem else 200,
        visitor=None,
        onward=session.own_path(onward),
        link=link,
        problem=problem,
    )
