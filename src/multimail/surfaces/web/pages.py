"""The routes of the pages, and what holds for each of them: signed in, posted from our own page, protective headers.

A key in a header opens nothing here: pages know people by their session only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from multimail.core.errors import Problem
from multimail.ports.passkeys import Authenticator
from multimail.services import reviewing, signing_in
from multimail.services.signing_in import SigningIn
from multimail.services.standing import standing as standing_of
from multimail.surfaces.web import (
    audit,
    batch,
    confirm,
    entrance,
    figures,
    form_files,
    forms,
    frame,
    freeze,
    history,
    inbox,
    live,
    passkeys,
    people,
    queue,
    reference,
    reputation,
    review,
    session,
    settings,
    standing,
    style_guide,
    unsubscribe,
)
from multimail.surfaces.web.form_files import File
from multimail.surfaces.web.reference import Describe
from multimail.surfaces.web.routes import Page, PageRoute, is_page
from multimail.surfaces.web.site import Site, Visit, go
from multimail.surfaces.web.views import STATIC, Views, protected, static

if TYPE_CHECKING:
    from multimail.services.context import Services

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

__all__ = ["PAGES", "is_page", "routes"]

PAGES: Final[tuple[PageRoute, ...]] = (
    *queue.PAGES,
    *batch.PAGES,
    *review.PAGES,
    *frame.PAGES,
    *inbox.PAGES,
    *people.PAGES,
    *reputation.PAGES,
    *history.PAGES,
    *freeze.PAGES,
    *figures.PAGES,
    *audit.PAGES,
    *passkeys.PAGES,
    *standing.PAGES,
    *style_guide.PAGES,
    *settings.PAGES,
    PageRoute("/sign-out", entrance.sign_out, "POST"),
)
"""Every page that needs somebody signed in, room by room."""


def routes(
    services: Services,
    describe: Describe,
    authenticator: Callable[[], Authenticator],
    ending: asyncio.Event | None = None,
) -> list[Route]:
    """Every page of the server. GET shows and never decides; POST decides and then sends the browser on.

    `describe` gives the description of the API that the reference is printed from; `authenticator` is asked for when
    the first person uses a passkey. Streams end when `ending` is set.
    """
    streams = live.Streams(services, ending or asyncio.Event())
    site = Site(services, Views(), SigningIn(services), authenticator)
    return [
        Route("/", _answering(site, lambda request: _home(site, request)), methods=["GET"]),
        Route("/sign-in", _answering(site, lambda request: entrance.show(site, request)), methods=["GET"]),
        Route("/sign-in", _answering(site, lambda request: _sign_in(site, request)), methods=["POST"]),
        Route("/live", _answering(site, lambda request: live.follow(streams, request)), methods=["GET"]),
        *_references(site, describe),
        *_links(site),
        Route("/static/{name}", _answering(site, _static), methods=["GET"]),
        *(Route(one.path, _answering(site, _endpoint(site, one)), methods=[one.method]) for one in PAGES),
    ]


def _endpoint(site: Site, route: PageRoute) -> Endpoint:
    return _showing(site, route.page) if route.method == "GET" else _posting(site, route)


def _links(site: Site) -> list[Route]:
    """What links in mail lead to: who has one needs no session, and no page of ours is in between."""
    return [
        Route(
            unsubscribe.PATH,
            _answering(site, lambda request: unsubscribe.show(site, request)),
            methods=["GET"],
        ),
        Route(
            unsubscribe.PATH,
            _answering(site, lambda request: unsubscribe.honour(site, request)),
            methods=["POST"],
        ),
    ]


def _references(site: Site, describe: Describe) -> list[Route]:
    shown: dict[str, Endpoint] = {
        "/docs": lambda request: reference.show(site, describe, request),
        "/docs/errors": lambda request: reference.errors(site, request),
        "/docs/{name}": lambda request: reference.one(site, describe, request),
    }
    return [Route(path, _answering(site, page), methods=["GET"]) for path, page in shown.items()]


def _answering(site: Site, endpoint: Endpoint) -> Endpoint:
    """Faults that a person may be told about become a page, and every answer carries the headers."""

    async def answer(request: Request) -> Response:
        try:
            response = await endpoint(request)
        except Problem as problem:
            response = await site.problem(problem)
        return protected(response)

    return answer


def _showing(site: Site, page: Page) -> Endpoint:
    async def show(request: Request) -> Response:
        session.check_reader(request)
        visitor = await signing_in.visitor(site.services, session.session_id(request))
        if visitor is None:
            return go(_sign_in_for(f"{request.url.path}?{request.url.query}".rstrip("?")))
        visit = Visit(site, request, visitor)
        try:
            return await page(visit)
        except Problem as problem:
            return await site.problem(problem, visit)

    return show


def _posting(site: Site, route: PageRoute) -> Endpoint:
    """The page is asked only after the origin, the session and its token were found right."""

    async def post(request: Request) -> Response:
        origin = session.check_origin(request, reviewing.address(site.services))
        visitor = await signing_in.visitor(site.services, session.session_id(request))
        form, files = await _read(request, route, site.services.limits.message_bytes if visitor else 0)
        if visitor is None:
            return await site.problem(_signed_out(), form=form)
        visit = Visit(site, request, visitor, form, origin, files)
        try:
            session.check_token(visitor, form)
            return await confirm.guarded(visit, route.page)
        except Problem as problem:
            return await site.problem(problem, visit, form)

    return post


async def _read(request: Request, route: PageRoute, most: int) -> tuple[dict[str, str], tuple[File, ...]]:
    """The fields, and files where the page takes some: `most` is how many bytes of them are kept."""
    if route.files and form_files.is_one(request):
        return await form_files.read(request, route.longest, most)
    return await forms.read(request, route.longest), ()


def _signed_out() -> Problem:
    return Problem(
        "unauthenticated",
        "You are not signed in any more, so nothing was done.",
        advice="Sign in again and open the mail anew.",
    )


async def _sign_in(site: Site, request: Request) -> Response:
    origin = session.check_origin(request, reviewing.address(site.services))
    form = await forms.read(request, forms.SHORT)
    return await entrance.sign_in(site, request, form, origin)


async def _home(site: Site, request: Request) -> Response:
    """To what waits for this person, and to the mail when nothing does."""
    visitor = await signing_in.visitor(site.services, session.session_id(request))
    if visitor is None:
        return go(_sign_in_for(session.HOME))
    return go("/review" if (await standing_of(site.services, visitor.principal)).waiting else "/inbox")


def _sign_in_for(path: str) -> str:
    """Where a person signs in who is to come out there."""
    return f"/sign-in?{urlencode({'next': path})}"


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        raise Problem("not_found")
    # The address holds a digest of the content, so it may be kept for good.
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(static(name), media_type=STATIC[name], headers=headers)
