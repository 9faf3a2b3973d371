"""What happened to a mail, as a receipt: rules, revisions, decisions, recipients, events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multimail.contract.reviews import HistoryView
from multimail.surfaces.web.routes import PageRoute

if TYPE_CHECKING:
    from starlette.responses import Response

    from multimail.surfaces.web.site import Visit


_LONGEST: Final = 20_000
"""Characters shown of each text: a mail may have many revisions, and each may be long."""
_MOST: Final = 1_048_576


async def show(visit: Visit) -> Response:
    """All of it, oldest first."""
    history = await visit.call("get_message_history", {"message_id": visit.message_id, "max_bytes": _MOST})
    assert isinstance(history, HistoryView)
    return await visit.page("history.html", history=history, longest=_LONGEST)


PAGES: Final = (PageRoute("/history/{message_id}", show),)
