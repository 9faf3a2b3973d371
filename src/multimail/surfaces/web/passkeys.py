"""One's own passkeys: made in two steps, since the authenticator answers a question of the server, and removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from multimail.core.errors import Problem
from multimail.core.times import to_datetime
from multimail.services import passkeys
from multimail.services.passkeys import Door
from multimail.surfaces.web import confirm
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import NotConfirmed, Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

_HOME: Final = "/account"


@dataclass(frozen=True, slots=True)
class Row:
    """A passkey as its owner sees it."""

    id: str
    name: str
    rp_id: str
    created: datetime
    used: datetime | None


async def shown(visit: Visit) -> list[Row]:
    """One's own, for the page of the account."""
    return [
        Row(
            one.id,
            one.name,
            one.rp_id,
            to_datetime(one.created_at),
            to_datetime(one.used_at) if one.used_at else None,
        )
        for one in await passkeys.mine(visit.site.services, visit.visitor)
    ]


async def begin(visit: Visit) -> Response:
    """The page with the question to the authenticator; only a confirmed person adds what confirms them later."""
    if not visit.visitor.confirmed:
        raise NotConfirmed
    here = _door(visit)
    options = await passkeys.creation_options(here, visit.visitor)
    return await visit.page("settings/passkey_new.html", options=options, named=visit.form.get("name", ""))


async def add(visit: Visit) -> Response:
    """Keep what the authenticator made."""
    if not visit.visitor.confirmed:
        raise NotConfirmed
    await passkeys.add(_door(visit), visit.visitor, visit.form.get("name", ""), visit.form.get("passkey", ""))
    return go(_HOME)


async def remove(visit: Visit) -> Response:
    """One less."""
    await passkeys.remove(visit.site.services, visit.visitor, visit.form.get("passkey", ""))
    return go(_HOME)


def _door(visit: Visit) -> Door:
    here = confirm.door(visit)
    if here is None:
        raise Problem(
            "invalid",
            "Passkeys are bound to a host name, and this address is a number.",
            advice="Open these pages under a name, for example http://localhost with the same port.",
        )
    return here


PAGES: Final = (PageRoute("/account/passkeys/remove", remove, "POST"),)
