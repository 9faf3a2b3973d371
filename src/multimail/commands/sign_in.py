"""`multimail sign-in`: a link for the person's browser, shown on a terminal only."""

from __future__ import annotations

from multimail.commands import identity, residents
from multimail.commands.terminal import is_shown, say
from multimail.config import Settings
from multimail.core.errors import Problem
from multimail.core.model import PrincipalKind, Scope
from multimail.services import signing_in
from multimail.services.context import Services


def show(settings: Settings) -> None:
    """Print a new link to the resident's pages for whoever proves to be a person with oversight."""
    if not is_shown():
        raise Problem(
            "confirmation_required",
            "A sign-in link is shown on a terminal only.",
            advice="Run this command yourself, in a terminal.",
        )
    with identity.session(settings, Scope.OVERSIGHT) as session:
        place = residents.ensure(settings.folder).base_url
        say(session.runner.run(link(session.services, place, session.principal_id)))


async def link(services: Services, base_url: str, principal_id: str) -> str:
    """A link that signs this person in, once. Programs and agents do not sign in."""
    now = services.clock.now()
    found = services.store.instant(lambda tx: tx.principals.get(principal_id))
    if found is None or found.principal.kind is not PrincipalKind.PERSON:
        raise Problem("forbidden", "Only people sign in.", advice="Give the key of a person.")
    token = await services.store.write(lambda tx: signing_in.make_link(tx, services.ids, principal_id, now))
    return f"{base_url}/sign-in?token={token}"
