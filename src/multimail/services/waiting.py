"""Waiting for mail: one look at what appeared since the wait began, or since a message the caller knows."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from multimail.contract.reading import WaitForEmail, WaitResult
from multimail.contract.shapes import View
from multimail.core.errors import Problem
from multimail.ports.reading import MailSearch
from multimail.ports.store import Tx
from multimail.services import convert
from multimail.services.context import Call
from multimail.services.searching import START, mail_search

_PAGE: Final = 20


def look(tx: Tx, call: Call, request: WaitForEmail) -> tuple[bool, WaitResult]:
    """Whether there is matching mail, and the oldest of it.

    What matters is when mail appeared to this reader, so mail released from holding counts as new then.
    """
    search = mail_search(tx, call, request)
    if search.direction == "outbound":
        raise Problem("invalid", "Only arriving mail can be waited for.", field="filter")
    position = call.notes.get("position")
    if position is None:
        position = (
            tx.inbox.position_of(search.after) if search.after else tx.inbox.position_at(call.notes["began"])
        )
        call.notes["position"] = position
    found = tx.inbox.arrived(replace(search, after=None, limit=_PAGE), position)
    if not found and not (request.tags or request.query or request.filter):
        # What is there now does not fit and never will; a tag or a mark may still make other mail fit.
        call.notes["position"] = tx.inbox.position_now()
    last = found[-1].id if found else _newest(tx, search)
    view = WaitResult.model_validate(
        {"found": bool(found), "messages": convert.rows(found), "waited_seconds": 0.0, "last_id": last}
    )
    return bool(found), view


def finish(view: View, waited: float) -> View:
    """The answer, with how long it took."""
    return view.model_copy(update={"waited_seconds": round(waited, 3)})


def _newest(tx: Tx, search: MailSearch) -> str:
    """What to go on from when nothing was found: all that is there now was looked at."""
    everything = MailSearch(search.mailbox_ids, search.see_held, direction="inbound", limit=1)
    found = tx.inbox.search(everything)
    return found[0].id if found else START
