"""The style guide: every token and every part of the pages in each of its states, on one page.

Whoever changes a part looks here first; what it shows is invented, and nothing on it does anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from multimail.core.errors import Problem
from multimail.surfaces.web.routes import PageRoute

if TYPE_CHECKING:
    from starlette.responses import Response

    from multimail.surfaces.web.site import Visit

_TOKEN: Final = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")
_DIFFERENCE: Final = """\
--- before
+++ after
@@ -1,4 +1,4 @@
 Dear Ann,

-see you on **Monday** at nine.
+see you on **Tuesday** at nine.
 The desk
"""
_DAYS: Final = (4, 9, 7, 12, 3, 0, 0, 8, 14, 11, 9, 6, 1, 2)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Names and values as tokens.css has them, by what they are for."""

    colours: tuple[tuple[str, str], ...]
    text: tuple[tuple[str, str], ...]
    spaces: tuple[tuple[str, str], ...]


@cache
def tokens() -> Tokens:
    """Read from the stylesheet: a token that is new there is shown here."""
    source = resources.files(__package__).joinpath("static/tokens.css").read_text("utf-8")
    light = source.partition("@media")[0]
    found = [(name, value.strip()) for name, value in _TOKEN.findall(light)]
    return Tokens(
        tuple(one for one in found if one[1].startswith("#")),
        tuple(one for one in found if one[0].startswith("text-")),
        tuple(one for one in found if one[0].startswith("space-")),
    )


async def show(visit: Visit) -> Response:
    """All of it."""
    now = visit.site.now()
    problem = Problem("invalid", "It has to end with a domain.", field="wrong", advice="Such as example.org.")
    return await visit.page(
        "style.html",
        tokens=tokens(),
        difference=_DIFFERENCE,
        days=_DAYS,
        problem=problem,
        moments=[now - timedelta(minutes=ago) for ago in (3, 44, 190, 2900)],
        soon=now + timedelta(hours=20),
    )


PAGES: Final = (PageRoute("/style", show),)
