"""The list of conversations: folders, search, and what is done with those that were ticked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from starlette.responses import JSONResponse

from multimail.contract.administration import MailboxDetails, MailboxList
from multimail.contract.conversations import ConversationList, Suggestions
from multimail.contract.reading import MessageList, MessageRow
from multimail.core.errors import Problem
from multimail.services import reviewing
from multimail.surfaces.web.inbox import where
from multimail.surfaces.web.inbox.where import FOLDERS, Where
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

_PER_PAGE: Final = 50
_IN_ONE: Final = 1_000
_FROM: Final = {
    "read": ("unread",),
    "unread": ("read",),
    "archived": ("unread", "read"),
    "spam": ("unread", "read", "archived"),
    "not_spam": ("spam",),
    "deleted": ("unread", "read", "archived"),
}
"""For each mark, the states of the mails of a conversation that it is for: the others stay where they are."""
_APART: Final = frozenset({"archived", "spam", "deleted"})
"""Folders in which a mark is for the mails that lie there and no others of their conversations."""
_BESIDE: Final = {"query": "q", "cursor": "q"}


async def show(visit: Visit) -> Response:
    """A folder, or what a search finds."""
    return await _page(visit, where.of(visit.request.query_params))


async def act(visit: Visit) -> Response:
    """Mark or tag what was ticked; then the same list. What could not be done is said, and stays ticked."""
    at = where.of(visit.form)
    picked = where.ids(visit.form.get("pick", ""), "thread")
    try:
        if not picked:
            raise Problem("invalid", "Nothing is ticked.", field="pick", advice="Tick conversations first.")
        await _done(visit, at, picked)
    except Problem as problem:
        return await _page(visit, at, problem)
    return go(at.here)


async def _done(visit: Visit, at: Where, picked: list[str]) -> None:
    wanted = visit.form.get("do", "")
    if wanted == "tag":
        given = {"tags": _words(visit.form.get("tag", ""))}
        await each(visit.call("tag_email", {"thread_id": one} | given) for one in picked)
    elif wanted in _FROM:
        states = (at.folder,) if at.folder in _APART else _FROM[wanted]
        mails = await mails_of(visit, picked, states)
        if not mails and not any(one.direction == "inbound" for one in await mails_of(visit, picked)):
            message = "Only received mail is marked, and none of this was received."
            raise Problem("conflict", message, field="pick", advice="Tag it, or delete it for good.")
        await each(visit.call("mark_email", {"message_id": one.message_id, "mark": wanted}) for one in mails)
    else:
        raise Problem("invalid", "The form does not say what to do.", field="do")


def _words(text: str) -> list[str]:
    """Tags as people write them: with commas or spaces between."""
    tags = text.replace(",", " ").split()
    if not tags:
        raise Problem("invalid", "Write a tag.", field="tag")
    return tags


async def each(calls: Iterable[Any]) -> None:
    """All of them, in one commit where that can be; afterwards the first fault is raised, if there was one."""
    ends = await asyncio.gather(*calls, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException):
            raise end


async def mails_of(visit: Visit, threads: list[str], states: Sequence[str] = ()) -> list[MessageRow]:
    """The mails of conversations in these states; in any but thrown away and spam, where none are named."""

    async def of(thread_id: str) -> list[MessageRow]:
        wanted = {"thread_id": thread_id} | ({"status": list(states)} if states else {})
        view = await visit.call("check_inbox", {"filter": wanted, "limit": _IN_ONE})
        assert isinstance(view, MessageList)
        return view.messages

    return [mail for one in threads for mail in await of(one)]


async def _page(visit: Visit, at: Where, problem: Problem | None = None) -> Response:
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    found = ConversationList(conversations=[], count=0)
    try:
        found = await conversations(visit, at, _PER_PAGE)
    except Problem as refused:
        problem = problem or refused
        if refused.code == "unknown_mailbox":
            raise
    suggested = await suggestions(visit, "", at.mailbox)
    box = next((one for one in boxes.mailboxes if at.mailbox in (one.mailbox_id, one.address)), None)
    return await visit.page(
        "inbox/list.html",
        200 if problem is None else problem.row.http,
        at=at,
        folders=FOLDERS,
        boxes=boxes.mailboxes,
        box=box,
        unread=sum(one.unread or 0 for one in ([box] if box else boxes.mailboxes)),
        details=await _details(visit, box.mailbox_id) if box else None,
        smtp=_smtp(visit),
        found=found,
        suggested=suggested,
        picked=frozenset(visit.form.get("pick", "").split()),
        form=visit.form,
        problem=problem,
        advice=problem.advice if problem else "",
        beside=_BESIDE.get(problem.field, problem.field) if problem else "",
    )


async def _details(visit: Visit, mailbox_id: str) -> MailboxDetails | None:
    """How long the mailbox keeps mail, for those who may know."""
    if not reviewing.may(visit.visitor.principal, "list_pending"):
        return None
    view = await visit.call("get_mailbox", {"mailbox": mailbox_id})
    assert isinstance(view, MailboxDetails)
    return view


def _smtp(visit: Visit) -> str:
    """Where applications hand in mail, as it was published; empty before."""
    known = visit.site.services.store.instant(lambda tx: tx.settings.get("server")) or {}
    host, port = urlsplit(known.get("base_url", "")).hostname, known.get("smtp_port")
    return f"{host}:{port}" if host and port else ""


async def conversations(visit: Visit, at: Where, limit: int) -> ConversationList:
    """The conversations of a list."""
    view = await visit.call("list_conversations", at.arguments(limit=limit))
    assert isinstance(view, ConversationList)
    return view


async def suggest(visit: Visit) -> Response:
    """What a search may go on with, for the script of the search box."""
    query = visit.request.query_params
    found = await suggestions(visit, query.get("text", ""), query.get("mailbox", ""))
    return JSONResponse([{"value": one.insert, "label": one.label} for one in found.suggestions])


async def suggestions(visit: Visit, text: str, mailbox: str) -> Suggestions:
    """What a search may go on with."""
    view = await visit.call("suggest_search", {"text": text} | ({"mailbox": mailbox} if mailbox else {}))
    assert isinstance(view, Suggestions)
    return view


PAGES: Final = (
    PageRoute("/inbox", show),
    PageRoute("/inbox", act, "POST"),
    PageRoute("/inbox/suggest", suggest),
)
