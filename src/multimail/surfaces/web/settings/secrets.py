"""A secret that was made by a form: shown on the answer to that form, and never again.

Each form carries a name of its own. Sent again, by a second click or by loading the answer anew, it makes nothing and
shows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from multimail.surfaces.web.settings import asking

if TYPE_CHECKING:
    from starlette.responses import Response

    from multimail.surfaces.web.site import Visit

ONCE: Final = "once"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page of a secret says: `secret` is empty where the form came a second time."""

    title: str
    what: str
    secret: str
    use: str
    back: str
    back_label: str


def once(visit: Visit) -> str:
    """The name of the form that is filled in; a new one where there is none yet."""
    return visit.form.get(ONCE) or anew(visit)


def anew(visit: Visit) -> str:
    """The name of a form that has not been sent."""
    return visit.site.services.ids.secret(12)


async def page(visit: Visit, shown: Shown) -> Response:
    """The answer of the form."""
    return await asking.page(visit, "secret", shown=shown)
