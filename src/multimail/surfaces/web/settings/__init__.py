"""The settings: pages on which operators set the rules, and everybody sees to their own account.

Each button is an operation. A form that is refused comes back as it was written, with the fault beside its field;
what loosens a rule is told and asked once more.
"""

from __future__ import annotations

from typing import Final

from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings import (
    account,
    keys,
    mailbox,
    mailboxes,
    overview,
    pace,
    rules,
    templates,
    webhook,
    webhooks,
)

PAGES: Final[tuple[PageRoute, ...]] = (
    *overview.PAGES,
    *mailboxes.PAGES,
    *mailbox.PAGES,
    *rules.PAGES,
    *templates.PAGES,
    *pace.PAGES,
    *keys.PAGES,
    *webhooks.PAGES,
    *webhook.PAGES,
    *account.PAGES,
)
"""Every page of the settings."""
