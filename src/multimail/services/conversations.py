"""The inbox as people look at it: folders of conversations, newest mail first.

A folder is a set of states; what a reader may see of them is decided where all searches of mail are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from multimail.contract.conversations import (
    ConversationList,
    ConversationRow,
    FolderCounts,
    ListConversations,
)
from multimail.core.lifecycle import HELD, LEFT_OR_WILL
from multimail.core.model import Mailbox
from multimail.core.query import parse_query
from multimail.core.times import to_datetime
from multimail.ports.conversations import Conversation, ConversationSearch
from multimail.ports.reading import MailSearch
from multimail.ports.store import Tx
from multimail.services import access, cursors
from multimail.services.context import Call
from multimail.services.convert import shown

_ARRIVED: Final = frozenset({"unread", "read"})
_HELD_INBOUND: Final = frozenset({"pending_inbound_approval"})
_GOING: Final = frozenset({"queued", "sending", "sent", "delivered", "bounced", "failed", "unknown"})
FOLDERS: Final[dict[str, frozenset[str]]] = {
    "inbox": _ARRIVED | _HELD_INBOUND,
    "sent": _GOING,
    "waiting": HELD | _HELD_INBOUND | {"scheduled"},
    "captured": _GOING | _ARRIVED,
    "archived": frozenset({"archived"}),
    "spam": frozenset({"spam"}),
    "deleted": frozenset({"deleted"}),
    "all": LEFT_OR_WILL | _ARRIVED | _HELD_INBOUND | {"archived"},
}
"""The states of the mail that lies in each folder."""
_MOST_PEOPLE: Final = 6


def list_conversations(tx: Tx, call: Call, request: ListConversations) -> ConversationList:
    """A page of a folder's conversations."""
    see_held = not call.principal.is_agent
    boxes = access.mailbox_ids(tx, call.principal, request.mailbox)
    search = _search(tx, call, request, boxes)
    found = tx.conversations.page(search)
    page = found[: request.limit]
    known = {box.id: box for box in tx.mailboxes.all(boxes)}
    return ConversationList(
        conversations=[_row(one, known) for one in page],
        count=len(page),
        cursor=_cursor(request, page) if len(found) > len(page) else None,
        counts=_counts(tx, boxes, see_held) if request.counts else None,
    )


def is_search(request: ListConversations) -> bool:
    """Whether the request may take long: anything but a folder along its index."""
    return bool(request.query.strip())


def _search(
    tx: Tx, call: Call, request: ListConversations, boxes: tuple[str, ...] | None
) -> ConversationSearch:
    see_held = not call.principal.is_agent
    query = parse_query(request.query, call.now) if request.query.strip() else None
    statuses = FOLDERS[request.folder] - (frozenset() if see_held else _HELD_INBOUND)
    before, as_of = _places(tx, call, request)
    captured = request.folder == "captured"
    return ConversationSearch(
        MailSearch(
            mailbox_ids=boxes,
            see_held=see_held,
            query=query,
            statuses=tuple(sorted(statuses)),
            before_seq=before,
            limit=request.limit + 1,
        ),
        as_of_seq=as_of,
        wider=request.folder == "all",
        captured=captured,
        catching=tuple(box.id for box in tx.mailboxes.all(boxes) if box.catches_all) if captured else (),
    )


def _cursor(request: ListConversations, page: Sequence[Conversation]) -> str:
    earlier = cursors.ids(request, "msg", 2)
    return cursors.after(request, page[-1].latest.id, earlier[1] if earlier else page[0].latest.id)


def _places(tx: Tx, call: Call, request: ListConversations) -> tuple[int | None, int | None]:
    """Where the page before ended, and the newest mail there was when the first page was read."""
    ids = cursors.ids(request, "msg", 2)
    if not ids:
        return None, None
    found = [tx.messages.get(one) for one in ids]
    last, newest = (one.seq if one and access.sees(call.principal, one) else None for one in found)
    if last is None or newest is None:
        raise cursors.refused()
    return last, newest


def _row(one: Conversation, boxes: Mapping[str, Mailbox]) -> ConversationRow:
    latest = one.latest
    box = boxes.get(latest.mailbox_id)
    return ConversationRow(
        thread_id=latest.thread_id,
        latest_message_id=latest.id,
        mailbox_id=latest.mailbox_id,
        mailbox=box.address if box else "",
        subject=shown(latest.subject),
        participants=[shown(name) for name in _people(one, box)],
        preview=shown(latest.preview),
        direction=latest.direction,
        status=latest.status,
        count=one.mails,
        unread_count=one.unread,
        last_at=to_datetime(latest.created_at),
        has_attachments=one.has_attachments,
        tags=list(one.tags),
    )


def _people(one: Conversation, box: Mailbox | None) -> Sequence[str]:
    """Who wrote in it; where only we did, to whom."""
    if not one.people:
        return one.latest.to[:_MOST_PEOPLE]
    ours = (box.display_name or box.address,) if box and one.has_outbound else ()
    return (*one.people[-_MOST_PEOPLE:], *ours)


def _counts(tx: Tx, boxes: tuple[str, ...] | None, see_held: bool) -> FolderCounts:
    def count(*statuses: str) -> int:
        return tx.conversations.count(boxes, statuses, see_held)

    return FolderCounts(
        unread=count("unread"),
        waiting=count(*sorted(FOLDERS["waiting"])),
        spam=count("spam"),
        deleted=count("deleted"),
    )
