"""The audit: what happened and who did it, by filters, and the same as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from starlette.responses import StreamingResponse

from multimail.contract.administration import KeyList, MailboxList
from multimail.contract.audit import AuditPage
from multimail.core.errors import CODES, Problem
from multimail.services import audit_export, reviewing
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import Visit

if TYPE_CHECKING:
    from starlette.responses import Response

FIELDS: Final = ("kinds", "principal", "mailbox", "message_id", "since", "until", "calls", "outcome")
KINDS: Final = (
    ("", "Everything"),
    ("oversight.*", "Decisions"),
    ("freeze.*,message.thawed", "Freezes"),
    ("message.*", "Mail"),
    ("contact.*,tags.changed", "Contacts and tags"),
    ("sequence.*", "Sequences"),
)
OPERATORS: Final = (
    ("mailbox.*,rule.*,template.*,pace.*", "Rules and mailboxes"),
    ("key.*", "Keys"),
    ("session.*", "Signing in"),
    ("webhook.*", "Webhooks"),
)
"""What only operators see."""
_PAGE: Final = 50


async def show(visit: Visit) -> Response:
    """A page of lines, newest first; what is wrong with a filter stands beside it, and every filter stays."""
    form = _form(visit)
    problem, page = None, AuditPage(lines=[], count=0)
    try:
        found = await visit.call("search_audit", _asked(form) | {"limit": _PAGE} | _cursor(visit))
        assert isinstance(found, AuditPage)
        page = found
    except Problem as refused:
        if refused.code == "forbidden" and not form:
            raise
        problem = refused
    query = urlencode(form)
    return await visit.page(
        "audit.html",
        problem.row.http if problem else 200,
        page=page,
        form=form,
        query=query,
        plain=urlencode(
            {name: value for name, value in form.items() if name not in {"principal", "message_id"}}
        ),
        older=f"/audit?{urlencode(form | {'cursor': page.cursor})}" if page.cursor else "",
        newest=f"/audit?{query}" if _cursor(visit) else "",
        problem=problem,
        advice=problem.advice if problem else "",
        beside=problem.field if problem else "",
        **await _choices(visit, form),
    )


async def _choices(visit: Visit, form: dict[str, str]) -> dict[str, Any]:
    """What can be chosen from: names where the person may see them."""
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    operates = (
        reviewing.may(visit.visitor.principal, "list_keys") and visit.visitor.principal.mailboxes is None
    )
    keys = await visit.call("list_keys", {"include_revoked": True}) if operates else KeyList(keys=[], count=0)
    assert isinstance(keys, KeyList)
    people = [(one.key_id, f"{one.name}{' (revoked)' if one.revoked_at else ''}") for one in keys.keys]
    kinds = [*KINDS, *OPERATORS] if reviewing.may(visit.visitor.principal, "list_keys") else list(KINDS)
    if form.get("kinds") and form["kinds"] not in dict(kinds):
        kinds.append((form["kinds"], form["kinds"]))
    if form.get("principal") and form["principal"] not in dict(people):
        people.append((form["principal"], form["principal"]))
    return {
        "operates": operates,
        "kinds": kinds,
        "people": [("", "Anybody"), *people],
        "boxes": [("", "All mailboxes"), *((box.mailbox_id, box.address) for box in boxes.mailboxes)],
        "outcomes": [("", "However it ended"), ("ok", "ok"), *((code, code) for code in sorted(CODES))],
    }


async def export(visit: Visit) -> Response:
    """The lines that the filters find, as a file."""
    form = visit.request.query_params.get("format", "csv")
    caller = visit.visitor.caller("")
    pieces = await audit_export.export(visit.site.services, caller, _asked(_form(visit)), form)
    headers = {
        "Content-Disposition": f'attachment; filename="audit.{form}"',
        "Content-Type": audit_export.MEDIA_TYPES[form],
    }
    return StreamingResponse(pieces, headers=headers)


def _form(visit: Visit) -> dict[str, str]:
    query = visit.request.query_params
    return {name: query[name].strip() for name in FIELDS if query.get(name, "").strip()}


def _asked(form: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in form.items() if name != "calls"} | (
        {"calls": True} if form.get("calls") else {}
    )


def _cursor(visit: Visit) -> dict[str, str]:
    cursor = visit.request.query_params.get("cursor", "")
    return {"cursor": cursor} if cursor else {}


PAGES: Final = (PageRoute("/audit", show), PageRoute("/audit/export", export))
