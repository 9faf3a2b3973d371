"""Writing a mail: new, in answer to one, or sending one on. It goes through the operations, so every rule holds.

What is refused is shown again with everything that was written, and the fault beside its field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from multimail.contract.administration import MailboxList
from multimail.contract.reading import MessageView
from multimail.contract.sending import SendResult
from multimail.core.errors import Problem
from multimail.core.lifecycle import HELD
from multimail.services import reviewing
from multimail.services.first_start import CAPTURE_MAILBOX
from multimail.surfaces.web import forms
from multimail.surfaces.web.inbox import bringing, where
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

_WHOLE: Final = 65_536
_FIELDS: Final = ("box", "to", "cc", "bcc", "subject", "body", "scheduled_at", "tags")
_BESIDE: Final = {
    "mailbox": "box", "recipient_not_allowed": "to", "too_many_recipients": "to", "mailbox_required": "box",
    "unknown_mailbox": "box", "read_only": "box", "attachments": "file", "filename": "file", "too_large": "file",
    "too_many_uploads": "file",
}  # fmt: skip
_SECRET: Final = 16


async def show(visit: Visit) -> Response:
    """An empty form, or one about a mail: `?reply=…`, with `all=1` to everybody, or `?forward=…`."""
    query = visit.request.query_params
    given = {name: query[name] for name in ("reply", "forward", "all", "to", "subject") if query.get(name)}
    return await _form(visit, given, None)


async def send(visit: Visit) -> Response:
    """Hand it in, and go to where it stands then: to the desk if it waits for a person."""
    form = visit.form
    try:
        await bringing.bring(visit)
        result = await visit.call(_operation(form), _arguments(form))
    except Problem as problem:
        return await _form(visit, form, problem)
    assert isinstance(result, SendResult)
    if result.status in HELD and reviewing.may(visit.visitor.principal, "list_pending"):
        return go(f"/review/{result.message_id}")
    return go(where.of(form).to(f"/mail/{result.message_id}"))


def _operation(form: dict[str, str]) -> str:
    return "reply_email" if form.get("reply") else "forward_email" if form.get("forward") else "send_email"


def _arguments(form: dict[str, str]) -> dict[str, Any]:
    """As the operation takes them. The key makes a form that is sent twice one mail."""
    body, key = form.get("body", ""), form.get("once", "")
    given: dict[str, Any] = {"body": body} | ({"idempotency_key": key} if key else {})
    people = {name: _people(form.get(name, "")) for name in ("cc", "bcc")}
    given |= {name: some for name, some in people.items() if some}
    if form.get("scheduled_at", "").strip():
        given["scheduled_at"] = form["scheduled_at"]
    if ticked := form.get(forms.PICK, "").split():
        given["attachments"] = [{"upload_id": one} for one in ticked]
    if form.get("tags", "").strip():
        given["tags"] = form["tags"].replace(",", " ").split()
    if form.get("reply"):
        return given | {"message_id": form["reply"], "reply_all": bool(form.get("all"))}
    given |= {"to": _people(form.get("to", ""))} | ({"mailbox": form["box"]} if form.get("box") else {})
    if not given["to"]:
        raise Problem("invalid", "There is no recipient.", field="to", advice="Give at least one address.")
    if form.get("forward"):
        files = bool(form.get("files"))
        return {**given, "message_id": form["forward"], "include_attachments": files}
    return given | {"subject": form.get("subject", "")}


def _people(text: str) -> list[str]:
    """Addresses as people write them; the operation reads what stands between commas."""
    return [line.strip() for line in text.splitlines() if line.strip()]


async def _form(visit: Visit, given: dict[str, str], problem: Problem | None) -> Response:
    about = await _about(visit, given.get("reply") or given.get("forward") or "")
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    at = where.of(visit.form or visit.request.query_params)
    field = problem.field.partition(".")[0] if problem else ""
    code = problem.code if problem else ""
    return await visit.page(
        "inbox/compose.html",
        200 if problem is None else problem.row.http,
        at=at,
        about=about,
        replies=bool(given.get("reply")),
        boxes=[one for one in boxes.mailboxes if one.address != CAPTURE_MAILBOX] or boxes.mailboxes,
        chosen=given.get("box") or at.mailbox or (about.mailbox_id if about else ""),
        given={name: given.get(name, "") for name in _FIELDS},
        everybody=bool(given.get("all")),
        files=bool(given.get("files")) if visit.form else True,
        most=visit.site.services.limits.message_bytes,
        brought=await bringing.brought(visit),
        once=given.get("once") or visit.site.services.ids.secret(_SECRET),
        problem=problem,
        advice=problem.advice if problem else "",
        beside=_BESIDE.get(code) or _BESIDE.get(field, field),
    )


async def _about(visit: Visit, message_id: str) -> MessageView | None:
    """The mail that is answered or sent on."""
    if not message_id:
        return None
    view = await visit.call("read_email", {"message_id": message_id, "mark_read": False, "max_bytes": _WHOLE})
    assert isinstance(view, MessageView)
    return view


PAGES: Final = (PageRoute("/compose", show), PageRoute("/compose", send, "POST", forms.LONG, files=True))
