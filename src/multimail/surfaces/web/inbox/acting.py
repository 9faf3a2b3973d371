"""What is done with one mail from its page: mark, tag, release, and deleting for good after a page that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multimail.contract.administration import MailboxList
from multimail.contract.conversations import ConversationList
from multimail.contract.keeping import DeleteRows
from multimail.contract.reading import MessageRow, MessageView
from multimail.core.errors import Problem
from multimail.surfaces.web.inbox import listing, opening, where
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

_MOST: Final = 1_000
_SHOWN: Final = 20


async def mark(visit: Visit) -> Response:
    """Another state. What is put away is left for the list; otherwise the mail stays on the page."""
    at, wanted = where.of(visit.form), visit.form.get("do", "")
    try:
        await visit.call("mark_email", {"message_id": visit.message_id, "mark": wanted})
    except Problem as problem:
        return await opening.page(visit, visit.message_id, problem=problem)
    leaves = wanted in {"archived", "deleted", "spam"} or (wanted == "unread" and not visit.form.get("stay"))
    return go(at.here if leaves else at.to(f"/mail/{visit.message_id}"))


async def tag(visit: Visit) -> Response:
    """Add the tags that were written, or take one away."""
    change = {"remove": [visit.form["remove"]]} if visit.form.get("remove") else {}
    tags = visit.form.get("tags", "").replace(",", " ").split()
    try:
        if not change and not tags:
            raise Problem("invalid", "Write a tag.", field="tags")
        await visit.call("tag_email", {"message_id": visit.message_id, "tags": tags} | change)
    except Problem as problem:
        return await opening.page(visit, visit.message_id, problem=problem)
    return go(where.of(visit.form).to(f"/mail/{visit.message_id}"))


async def release(visit: Visit) -> Response:
    """Kept mail leaves for real, by an operator's word."""
    try:
        note = visit.form.get("note", "")
        await visit.call("release_message", {"message_id": visit.message_id, "note": note})
    except Problem as problem:
        return await opening.page(visit, visit.message_id, problem=problem)
    return go(where.of(visit.form).to(f"/mail/{visit.message_id}"))


async def delete(visit: Visit) -> Response:
    """Ask, with the subjects of all mails that would be gone; then delete them for good."""
    at = where.of(visit.form)
    mails = await _chosen(visit)
    if not mails:
        raise Problem("invalid", "Nothing is ticked.", field="pick", advice="Tick conversations first.")
    if not visit.form.get("sure"):
        return await _ask(visit, mails)
    done = await visit.call("delete_messages", {"message_ids": [one.message_id for one in mails][:_MOST]})
    assert isinstance(done, DeleteRows)
    if done.failed:
        left = [one for one in done.results if not one.deleted]
        problem = Problem(left[0].code or "conflict", left[0].message or "", advice=left[0].advice or "")
        return await _ask(
            visit, [one for one in mails if one.message_id in {row.message_id for row in left}], problem
        )
    return go(at.here)


async def _chosen(visit: Visit) -> list[MessageRow]:
    """The mails of what was ticked in a list, or the one mail that its own page names."""
    threads = where.ids(visit.form.get("pick", ""), "thread")
    at = where.of(visit.form)
    mails = await listing.mails_of(visit, threads, (at.folder,) if at.folder in {"spam", "deleted"} else ())
    for one in where.ids(visit.form.get("mail", ""), "msg"):
        view = await visit.call("read_email", {"message_id": one, "mark_read": False, "max_bytes": 256})
        assert isinstance(view, MessageView)
        mails.append(view)
    return mails


async def _ask(visit: Visit, mails: list[MessageRow], problem: Problem | None = None) -> Response:
    return await visit.page(
        "inbox/delete.html",
        200 if problem is None else problem.row.http,
        at=where.of(visit.form),
        mails=mails,
        shown=_SHOWN,
        problem=problem,
    )


async def empty(visit: Visit) -> Response:
    """What "delete all" would do here, before it is done."""
    return await _ask_all(visit, None)


async def empty_now(visit: Visit) -> Response:
    """Everything of a mailbox, or of all of them, is gone; what waits or is on its way stays and is counted."""
    at = where.of(visit.form)
    before = visit.form.get("before", "").strip()
    arguments: dict[str, object] = {"mailbox": at.mailbox} if at.mailbox else {"everything": True}
    try:
        if not visit.form.get("sure"):
            raise Problem("invalid", "Tick the box: this cannot be undone.", field="sure")
        done = await visit.call("empty_mailbox", arguments | ({"before": before} if before else {}))
    except Problem as problem:
        return await _ask_all(visit, problem)
    return await visit.page("inbox/emptied.html", at=at, done=done)


async def _ask_all(visit: Visit, problem: Problem | None) -> Response:
    at = where.of(visit.form or visit.request.query_params)
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    newest = await visit.call(
        "list_conversations", {"folder": "all", "limit": 1} | ({"mailbox": at.mailbox} if at.mailbox else {})
    )
    assert isinstance(newest, ConversationList)
    return await visit.page(
        "inbox/empty.html",
        200 if problem is None else problem.row.http,
        at=at,
        box=next((one for one in boxes.mailboxes if at.mailbox in (one.mailbox_id, one.address)), None),
        boxes=boxes.mailboxes,
        anything=bool(newest.conversations),
        form=visit.form,
        problem=problem,
        advice=problem.advice if problem else "",
        beside=problem.field if problem else "",
    )


_AT: Final = "/mail/{message_id}"
PAGES: Final = (
    PageRoute(f"{_AT}/mark", mark, "POST"),
    PageRoute(f"{_AT}/tag", tag, "POST"),
    PageRoute(f"{_AT}/release", release, "POST"),
    PageRoute("/inbox/delete", delete, "POST"),
    PageRoute("/inbox/empty", empty),
    PageRoute("/inbox/empty", empty_now, "POST"),
)
