"""Looking at mail: lists, one message, a conversation. What a look changes is noted for after the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from multimail.contract.reading import (
    CheckInbox,
    GetThread,
    MessageList,
    MessageView,
    ReadEmail,
    ThreadView,
)
from multimail.core.lifecycle import HELD
from multimail.core.model import Principal, Scope
from multimail.core.times import to_datetime
from multimail.ports.reading import Interaction, Opened
from multimail.ports.records import Event, StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, convert, cursors
from multimail.services.context import Call
from multimail.services.hidden_parts import hidden_parts
from multimail.services.searching import mail_search
from multimail.services.sent_views import recipient_results

_PLAIN: Final = frozenset({"mailbox", "limit", "cursor", "status", "direction", "unread", "since_id"})

_PLAIN_FILTERS: Final = (None, "unread", {"unread": True})


def check_inbox(tx: Tx, call: Call, request: CheckInbox) -> MessageList:
    """A page of messages, newest first."""
    search = mail_search(tx, call, request)
    before = _before(tx, call.principal, cursors.last_id(request, "msg"))
    found = tx.inbox.search(replace(search, before_seq=before, limit=request.limit + 1))
    page = found[: request.limit]
    cursor = cursors.after(request, page[-1].id) if len(found) > len(page) else None
    return MessageList.model_validate({"messages": convert.rows(page), "count": len(page), "cursor": cursor})


def is_search(request: CheckInbox) -> bool:
    """Whether the request may take long: anything but a list along an index."""
    plain = _PLAIN | {"filter"} if request.filter in _PLAIN_FILTERS else _PLAIN
    return not request.model_fields_set <= plain


def _before(tx: Tx, principal: Principal, last_id: str) -> int | None:
    if not last_id:
        return None
    message = tx.messages.get(last_id)
    if message is None or not access.sees(principal, message):
        raise cursors.refused()
    return message.seq


def read_email(tx: Tx, call: Call, request: ReadEmail) -> MessageView:
    """One message with its body, as it is before this look marks it."""
    message = access.message(tx, call.principal, request.message_id)
    access.belongs(tx, call.principal, message.mailbox_id, request.mailbox)
    opened = tx.inbox.open([message])[0]
    body = convert.body(opened.body, request.max_bytes)
    if message.direction == "inbound":
        _note_reading(call, message, request.mark_read)
    elif message.status in HELD and not body.cut and Scope.OVERSIGHT in call.principal.scopes:
        call.after.append(_served(call, message))
    view = convert.message_view(opened, body, _results(tx, message))
    hidden = hidden_parts(tx, message)
    return view.model_copy(update={"hidden": hidden}) if hidden else view


def _note_reading(call: Call, message: StoredMessage, mark: bool) -> None:
    """A first look is written down at once; later ones are lines of a log that nobody waits for."""
    first = mark and message.status == "unread" and Scope.TAG in call.principal.scopes
    hidden = message.held_from_agents or message.status == "pending_inbound_approval"
    line = Interaction("read", call.now, message.mailbox_id, message.id, message.thread_id, hidden=hidden)

    def log(tx: Tx) -> None:
        contact = tx.contacts.by_address(message.sender)
        # Reading an old mail brings nobody back who was forgotten.
        if contact is not None and (hidden or not contact.hidden):
            tx.contacts.interacted(contact.id, line)

    def note(tx: Tx) -> None:
        current = tx.messages.get(message.id)
        if current is not None and current.status == "unread":
            tx.messages.move(current, "read", call.now)
            tx.events.add(
                Event(
                    "message.read", call.now, message.mailbox_id, message.id, message.thread_id,
                    principal_id=call.principal.id,
                )
            )  # fmt: skip
        log(tx)

    if first:
        call.after.append(note)
    else:
        call.later.append(log)


def _served(call: Call, message: StoredMessage) -> Callable[[Tx], None]:
    """A reviewer who saw all of a draft may decide on what was seen."""

    def note(tx: Tx) -> None:
        tx.revisions.serve(call.principal.id, message.id, message.revision, message.digest or "", call.now)

    return note


def _results(tx: Tx, message: StoredMessage) -> list[dict[str, Any]] | None:
    if message.direction == "inbound":
        return None
    results = recipient_results(tx, message)
    return [one.model_dump(mode="json", exclude_none=True) for one in results]


def get_thread(tx: Tx, call: Call, request: GetThread) -> ThreadView:
    """A page of a conversation, oldest first; its bodies share the byte budget."""
    see_held = not call.principal.is_agent
    facts = access.thread(tx, call.principal, request.thread_id)
    access.belongs(tx, call.principal, facts.mailbox_id, request.mailbox)
    last = _before(tx, call.principal, cursors.last_id(request, "msg"))
    found = tx.inbox.thread(facts.thread_id, see_held, last or 0, request.limit + 1)
    page = tx.inbox.open(found[: request.limit])
    views = _within(page, request.max_bytes)
    return ThreadView(
        thread_id=facts.thread_id,
        mailbox_id=facts.mailbox_id,
        subject=convert.shown(facts.subject),
        messages=views,
        participants=[convert.shown(one) for one in facts.participants],
        message_count=facts.message_count,
        last_activity=to_datetime(facts.last_activity),
        has_unanswered_inbound=facts.has_unanswered_inbound,
        tags=list(facts.tags),
        cursor=cursors.after(request, page[-1].message.id) if len(found) > len(page) else None,
        cut=sum(view.body_cut or 0 for view in views) or None,
    )


def _within(page: Sequence[Opened], budget: int) -> list[MessageView]:
    """Short bodies are whole; what they leave of the budget is shared evenly by the long ones."""
    whole = [convert.body(one.body, budget) for one in page]
    sizes = [len(body.text.encode("utf-8", "surrogatepass")) + body.cut for body in whole]
    share = left = budget
    for waiting, size in zip(range(len(sizes), 0, -1), sorted(sizes), strict=True):
        share = left // waiting
        if size > share:
            break
        left -= size
    return [
        convert.message_view(one, body if size <= share else convert.body(one.body, share))
        for one, body, size in zip(page, whole, sizes, strict=True)
    ]
