"""One's own account: passphrase, passkeys, and the browsers in which one is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multimail.contract.sessions import SessionList
from multimail.core.errors import Problem
from multimail.services import own_passphrase, passphrases
from multimail.services.sessions import named
from multimail.surfaces.web import passkeys, session
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings import asking
from multimail.surfaces.web.settings.fields import Field, Section
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

    from multimail.surfaces.web.routes import Page

_AT: Final = "/account"
_PASSPHRASE: Final = Section("passphrase", "Passphrase", (
    Field("current", "Your key, or your passphrase so far", "", "secret", complete="current-password", required=True),
    Field("passphrase", "New passphrase", f"{passphrases.SHORTEST} characters or more.", "secret",
          complete="new-password", required=True),
    Field("repeat", "The new one again", "", "secret", complete="new-password", required=True),
), "It signs you in and confirms that it is you, as your key does, and is easier to type. "
   "Setting it ends your other sign-ins.")  # fmt: skip
_LABELS: Final = {one.name: one.label for one in _PASSPHRASE.fields}
_DONE: Final = {"passphrase": "Your passphrase is set. Your other sign-ins have ended.", "ended": "Ended."}


async def show(visit: Visit) -> Response:
    """What is known of this person here."""
    return await _page(visit, None)


async def set_passphrase(visit: Visit) -> Response:
    """Set it. What was typed into these fields is in no page: it is typed again."""
    new = visit.form.get("passphrase", "")
    try:
        if new != visit.form.get("repeat", ""):
            advice = "Type both again."
            raise Problem("invalid", "The two are not the same.", field="repeat", advice=advice)
        await own_passphrase.set_own(
            visit.site.services, visit.site.signing_in, visit.visitor, visit.form.get("current", ""), new
        )
    except Problem as problem:
        return await _page(visit, problem)
    return go(f"{_AT}?done=passphrase")


async def end(visit: Visit) -> Response:
    """End one sign-in, all others, or every one; this one leads to the way in."""
    mine = named(visit.visitor.session_hash)
    which = visit.form.get("session", "")
    if not which:
        raise Problem("invalid", "The form names no sign-in.", field="session")
    wanted = {"others": {"keep": mine}, "all": {}}.get(which, {"session_id": which})
    await visit.call("close_sessions", wanted)
    if which not in {"all", mine}:
        return go(f"{_AT}?done=ended")
    response = go("/sign-in")
    session.forget(response, visit.origin)
    return response


async def begin_passkey(visit: Visit) -> Response:
    """On to the authenticator, or back here with the name that was given."""
    return await _named(visit, passkeys.begin)


async def add_passkey(visit: Visit) -> Response:
    """Keep what the authenticator made, or say here why not."""
    return await _named(visit, passkeys.add)


async def _named(visit: Visit, page: Page) -> Response:
    try:
        return await page(visit)
    except Problem as problem:
        return await _page(visit, Problem(problem.code, problem.message, field="name", advice=problem.advice))


async def _page(visit: Visit, problem: Problem | None) -> Response:
    listed = await visit.call("list_sessions", {})
    assert isinstance(listed, SessionList)
    return await asking.page(
        visit,
        "account",
        problem,
        (_LABELS | {"name": "Name of a new passkey"}, {}),
        section=_PASSPHRASE,
        form=dict.fromkeys(_LABELS, ""),
        sessions=listed.sessions,
        mine=named(visit.visitor.session_hash),
        passkeys=await passkeys.shown(visit),
        passkey_name=visit.form.get("name", ""),
        done=_DONE.get(visit.request.query_params.get("done", ""), ""),
    )


PAGES: Final = (
    PageRoute(_AT, show),
    PageRoute(f"{_AT}/passphrase", set_passphrase, "POST"),
    PageRoute(f"{_AT}/sessions", end, "POST"),
    PageRoute(f"{_AT}/passkeys/begin", begin_passkey, "POST"),
    PageRoute(f"{_AT}/passkeys/add", add_passkey, "POST"),
)
