"""A mail from every side: as it looks, as text, as the agent reads it, its source, header, parts, links, claims, files.

One mail has a page of its own; a conversation shows all its mails and the newest of them opened. Showing changes
nothing: a mail is marked as read when somebody says so.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from multimail.contract.administration import MailboxList, MailboxView
from multimail.contract.conversations import ConversationList
from multimail.contract.inspection import MessageInspection
from multimail.contract.reading import MessageView, ThreadView
from multimail.core.errors import Problem
from multimail.core.lifecycle import HELD
from multimail.mime.parse import parse
from multimail.services import convert, reviewing
from multimail.services.first_start import CAPTURE_MAILBOX
from multimail.surfaces.web.inbox import listing, where
from multimail.surfaces.web.inbox.files import previews, raw_mail
from multimail.surfaces.web.inbox.where import Where
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import Visit

if TYPE_CHECKING:
    from starlette.responses import Response

SIDES: Final = {
    "html": "HTML",
    "text": "Text",
    "markdown": "Markdown",
    "source": "Source",
    "headers": "Headers",
    "structure": "Structure",
    "links": "Links",
    "authentication": "Authentication",
    "attachments": "Attachments",
}
_WHOLE: Final = 1_048_576
_OF_SOURCE: Final = 524_288
_TEXTS: Final = 262_144
_MAILS: Final = 200
_BESIDE: Final = 50
_ABOVE: Final = 3
_ROWS: Final = 20
_INSPECTED: Final = ("headers", "structure", "links", "authentication")


async def show(visit: Visit) -> Response:
    """One mail."""
    return await page(visit, visit.message_id)


async def conversation(visit: Visit) -> Response:
    """All its mails, oldest first, and the newest opened."""
    query = visit.request.query_params
    given = {"thread_id": visit.request.path_params["thread_id"], "max_bytes": _TEXTS, "limit": _MAILS}
    thread = await visit.call(
        "get_thread", given | ({"cursor": query["after"]} if query.get("after") else {})
    )
    assert isinstance(thread, ThreadView)
    if not thread.messages:
        raise Problem("not_found")
    return await page(visit, thread.messages[-1].message_id, thread)


async def page(
    visit: Visit, message_id: str, thread: ThreadView | None = None, problem: Problem | None = None
) -> Response:
    """The mail, beside the list it was opened from; with what was refused, where something was."""
    at = where.of(visit.form or visit.request.query_params)
    mail = await visit.call("read_email", {"message_id": message_id, "mark_read": False, "max_bytes": _WHOLE})
    assert isinstance(mail, MessageView)
    box = await _mailbox(visit, mail.mailbox_id)
    beside = await _beside(visit, at)
    return await visit.page(
        "inbox/conversation.html" if thread else "inbox/mail.html",
        200 if problem is None else problem.row.http,
        at=at,
        mail=mail,
        thread=thread,
        box=box,
        found=_near(beside, mail.thread_id),
        around=_around(beside, mail.thread_id),
        own_page=_own(at, mail, thread),
        marks_itself=box is not None and box.address == CAPTURE_MAILBOX and mail.status == "unread",
        held=mail.status in HELD or mail.status == "pending_inbound_approval",
        withdrawable=reviewing.may_withdraw(visit.visitor.principal, mail.status),
        problem=problem,
        advice=problem.advice if problem else "",
        beside=problem.field if problem else "",
        form=visit.form,
        **await _sides(visit, mail, in_thread=thread is not None),
    )


def _own(at: Where, mail: MessageView, thread: ThreadView | None) -> str:
    return at.to(f"/inbox/{thread.thread_id}" if thread else f"/mail/{mail.message_id}")


async def _sides(visit: Visit, mail: MessageView, *, in_thread: bool) -> dict[str, Any]:
    """What the chosen side needs, and which sides there are."""
    wanted = visit.request.query_params.get("show", "") if not in_thread else ""
    include = [wanted] if wanted in {*_INSPECTED, "source"} else []
    inside = await visit.call(
        "inspect_message",
        {"message_id": mail.message_id, "include": include, "max_bytes": _OF_SOURCE},
    )
    assert isinstance(inside, MessageInspection)
    sides = [
        one
        for one in SIDES
        if (one != "html" or inside.has_html) and (one != "attachments" or mail.attachments)
    ]
    side = wanted if wanted in sides else sides[0]
    return {
        "inside": inside,
        "sides": {one: SIDES[one] for one in sides},
        "side": side,
        "text": await _text(visit, mail) if side == "text" else "",
        "shown_files": await previews(visit, mail) if side == "attachments" else {},
        "images": visit.request.query_params.get("images") == "1",
    }


async def _text(visit: Visit, mail: MessageView) -> str:
    """The plain text as it stands in the mail."""
    found = await raw_mail(visit, mail.message_id)
    parsed = await asyncio.to_thread(parse, found.content or b"")
    return convert.shown(parsed.text)


async def _mailbox(visit: Visit, mailbox_id: str) -> MailboxView | None:
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    return next((one for one in boxes.mailboxes if one.mailbox_id == mailbox_id), None)


async def _beside(visit: Visit, at: Where) -> ConversationList:
    """The list that the mail was opened from; it is only beside, so what is wrong with it is not this page's."""
    try:
        return await listing.conversations(visit, at, _BESIDE)
    except Problem:
        return ConversationList(conversations=[], count=0)


def _near(found: ConversationList, thread_id: str) -> ConversationList:
    """The part of the list around a conversation."""
    place = _place(found, thread_id) or 0
    first = max(place - _ABOVE, 0)
    return found.model_copy(update={"conversations": found.conversations[first : first + _ROWS]})


def _place(found: ConversationList, thread_id: str) -> int | None:
    rows = enumerate(found.conversations)
    return next((place for place, one in rows if one.thread_id == thread_id), None)


def _around(found: ConversationList, thread_id: str) -> dict[str, Any]:
    """The conversations before and after this one in the list."""
    rows, place = found.conversations, _place(found, thread_id)
    if place is None:
        return {"newer": None, "older": None}
    return {
        "newer": rows[place - 1] if place else None,
        "older": rows[place + 1] if place + 1 < len(rows) else None,
    }


PAGES: Final = (
    PageRoute("/inbox/{thread_id}", conversation),
    PageRoute("/mail/{message_id}", show),
)
