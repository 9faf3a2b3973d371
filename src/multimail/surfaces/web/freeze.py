"""The freeze: what is stopped and why, the mail that waits behind it, and letting single mails go or dropping them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from multimail.contract.administration import MailboxList
from multimail.core.errors import Problem
from multimail.services import reviewing
from multimail.surfaces.web import item
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

ROOM: Final = "/freeze"
_ALL: Final = "all"


async def show(visit: Visit) -> Response:
    """What is frozen, and the mail behind it."""
    return await _page(visit)


async def freeze(visit: Visit) -> Response:
    """Stop one mailbox, or everything."""
    return await _set(visit, "freeze")


async def unfreeze(visit: Visit) -> Response:
    """Let approved mail leave again."""
    return await _set(visit, "unfreeze")


async def release(visit: Visit) -> Response:
    """Let one mail go although the freeze stays."""
    return await _one(visit, "unfreeze")


async def drop(visit: Visit) -> Response:
    """Withdraw one mail for good: by whoever may send, or decide, in its mailbox."""
    if reviewing.may(visit.visitor.principal, "cancel_message"):
        return await _one(visit, "cancel_message")
    return await _one(visit, "decide_email")


async def _set(visit: Visit, operation: str) -> Response:
    given = {name: visit.form[name] for name in ("mailbox", "reason") if visit.form.get(name)}
    if given.get("mailbox") == _ALL:
        del given["mailbox"]
    try:
        await visit.call(operation, given)
    except Problem as problem:
        if problem.field not in {"mailbox", "reason"} or problem.code == "forbidden":
            raise
        return await _page(visit, problem)
    return go(ROOM)


async def _one(visit: Visit, operation: str) -> Response:
    message_id, reason = visit.message_id, visit.form.get("reason", "")
    given = {"message_id": message_id} | ({"reason": reason} if reason else {})
    digest = ""
    try:
        if operation == "decide_email":
            digest = await item.digest_of(visit, message_id)
            given = {"message_id": message_id, "decision": "cancel", "note": reason}
        await visit.call(operation, given, digest)
    except Problem as problem:
        if problem.code in {"not_found", "forbidden"}:
            raise
        return await _page(visit, problem, message_id)
    return go(f"{ROOM}?{urlencode({'done': 'released' if operation == 'unfreeze' else 'dropped'})}")


async def _page(visit: Visit, problem: Problem | None = None, about: str = "") -> Response:
    """`about` is the mail whose form went wrong; without one it was the form that freezes."""
    query = visit.request.query_params
    asked: dict[str, Any] = {"cursor": query["cursor"]} if query.get("cursor") else {}
    frozen = await visit.call("list_frozen", asked)
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    everywhere = visit.visitor.principal.mailboxes is None
    options = ([(_ALL, "Everything")] if everywhere else []) + [
        (box.mailbox_id, box.address) for box in boxes.mailboxes if not box.frozen
    ]
    return await visit.page(
        "freeze.html",
        problem.row.http if problem else 200,
        list=frozen,
        options=options,
        everywhere=everywhere,
        done=query.get("done", ""),
        part=bool(asked),
        problem=problem,
        advice=problem.advice if problem else "",
        about=about,
        form=visit.form,
    )


PAGES: Final = (
    PageRoute("/freeze", show),
    PageRoute("/freeze", freeze, "POST"),
    PageRoute("/unfreeze", unfreeze, "POST"),
    PageRoute("/freeze/{message_id}/release", release, "POST"),
    PageRoute("/freeze/{message_id}/drop", drop, "POST"),
)
