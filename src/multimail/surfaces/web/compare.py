"""The reviewer's own text beside the draft's, before anything leaves: the form on this page approves what it shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from multimail.core.diff import Span, words
from multimail.core.placeholders import find_placeholders
from multimail.services.convert import shown
from multimail.surfaces.web import faults, item

if TYPE_CHECKING:
    from starlette.responses import Response

    from multimail.core.errors import Problem
    from multimail.surfaces.web.item import Look
    from multimail.surfaces.web.site import Visit

_HIDDEN_MARK: Final = re.compile(r"⟨U\+[0-9A-F]{4,6}|[\u2400-\u2421]")


async def page(visit: Visit, found: Look, problem: Problem | None) -> Response:
    """What the form on the page carries is exactly the text that the page shows."""
    draft = found.item
    subject, body = shown(visit.form.get("subject", draft.subject)), shown(visit.form.get("body", draft.body))
    changed = {
        name: text
        for name, text, old in (("subject", subject, draft.subject), ("body", body, draft.body))
        if text != old
    }
    spans: dict[str, tuple[Span, ...]] = {
        "subject": words(draft.subject, subject),
        "body": words(draft.body, body),
    }
    return await visit.page(
        "compare.html",
        faults.status(problem),
        item=draft,
        subject=subject,
        body=body,
        changed=changed,
        spans=spans,
        placeholders=[one.text for one in find_placeholders(f"{subject}\n{body}")],
        has_marks=_HIDDEN_MARK.search(subject + body) is not None,
        late=item.is_late(visit, draft),
        trail=item.trail_of(visit),
        **faults.told(visit, problem),
    )
