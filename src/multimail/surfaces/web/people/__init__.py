"""The pages about people: who they are, what they agreed to, who must get nothing, and how mail to them fares.

Each button is an operation; nothing on these pages decides anything by itself.
"""

from __future__ import annotations

from typing import Final

from multimail.surfaces.web.people import (
    card,
    consent,
    contacts,
    erase,
    files,
    held,
    register,
    sequences,
    suppressed,
    unsubscribes,
)
from multimail.surfaces.web.routes import PageRoute

PAGES: Final[tuple[PageRoute, ...]] = (
    *contacts.PAGES,
    *files.PAGES,
    *suppressed.PAGES,
    *unsubscribes.PAGES,
    *sequences.PAGES,
    *register.PAGES,
    *erase.PAGES,
    *card.PAGES,
    *consent.PAGES,
    *held.PAGES,
)
"""Every page about people. What is fixed comes before what names a contact: the first path that fits is taken."""
