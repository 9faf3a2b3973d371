"""Asking who is at the browser before a session lets its first mail go: the form waits, whole, until they proved it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from multimail.core.errors import Problem
from multimail.ports.passkeys import Place
from multimail.services import passkeys
from multimail.services.passkeys import Door
from multimail.surfaces.web.site import NotConfirmed, Visit

if TYPE_CHECKING:
    from starlette.responses import Response

    from multimail.surfaces.web.routes import Page

PROOF: Final = "confirm_secret"
PASSKEY: Final = "confirm_passkey"
_OWN: Final = frozenset({PROOF, PASSKEY, "csrf"})


async def guarded(visit: Visit, page: Page) -> Response:
    """Carry a posted form out; where it needs a confirmed session, ask first and keep all that the form held."""
    try:
        if visit.form.keys() & {PROOF, PASSKEY}:
            visit = await _confirmed(visit)
        return await page(visit)
    except NotConfirmed:
        return await _ask(visit, None)
    except _Refused as refused:
        return await _ask(visit, refused.problem)


class _Refused(Exception):
    """What was given does not confirm anything."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def door(visit: Visit) -> Door | None:
    """Where the person's authenticator can be asked: passkeys are bound to a host name, never to an IP address."""
    name = urlsplit(visit.origin).hostname or ""
    if not name or name.replace(".", "").isdecimal() or ":" in name:
        return None
    return Door(visit.site.services, visit.site.authenticator(), Place(visit.origin, name))


async def _confirmed(visit: Visit) -> Visit:
    """The same form without the proof, by a person who is known to be there."""
    form = {name: value for name, value in visit.form.items() if name not in {PROOF, PASSKEY}}
    visit_as_sent = replace(visit, form=form)
    try:
        answer = visit.form.get(PASSKEY, "")
        here = door(visit) if answer else None
        if here is not None:
            await passkeys.confirm(here, visit.visitor, answer)
        else:
            await visit.site.signing_in.confirm(visit.visitor, visit.form.get(PROOF, ""))
    except Problem as problem:
        raise _Refused(problem) from None
    return replace(visit_as_sent, visitor=replace(visit.visitor, confirmed=True))


async def _ask(visit: Visit, problem: Problem | None) -> Response:
    kept = {name: value for name, value in visit.form.items() if name not in _OWN}
    path = visit.request.url.path
    query = visit.request.url.query
    here = door(visit) if await passkeys.mine(visit.site.services, visit.visitor) else None
    return await visit.page(
        "confirm.html",
        problem.row.http if problem else 200,
        action=f"{path}?{query}" if query else path,
        form=kept,
        problem=problem,
        options=await passkeys.request_options(here, visit.visitor) if here else "",
    )
