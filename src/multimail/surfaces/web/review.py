"""One mail that waits: all of it, and the forms that decide on exactly what was shown.

Every form carries the digest of the revision on the page. What is refused is shown again with everything the
person had written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from multimail.contract.administration import MailboxList
from multimail.contract.reviews import HistoryView, PendingItem, PendingList
from multimail.core.diff import Content, Span, unified, words
from multimail.core.errors import Problem
from multimail.core.placeholders import find_placeholders
from multimail.core.times import SECOND
from multimail.services import reviewing
from multimail.services.convert import shown
from multimail.surfaces.web import forms
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

_WHOLE: Final = 1_048_576
_VERBS: Final = frozenset({"approve", "reject", "request_changes", "escalate", "cancel"})
_BOXES: Final = ("confirm_placeholders", "late_ok")
_BESIDE: Final = {
    "placeholders_unresolved": "confirm_placeholders",
    "late": "late_ok",
    "revised_subject": "subject",
    "revised_body": "body",
}
"""Where on the page a fault belongs, by its code or field; otherwise its field has the form's own name."""
_ADVICE: Final = {
    "placeholders_unresolved": "Fill them in under “Edit and approve”, or tick the box.",
    "late": "Tick the box to send it now, or reject it.",
    "conflict": "What was decided stands below.",
    "self_approval": "Another person has to.",
    "confirmation_required": "Look at it here once more, then decide.",
}
"""What to do about it on this page, where the operation's own advice is for programs."""
_HIDDEN_MARK: Final = re.compile(r"⟨U\+[0-9A-F]{4,6}|[\u2400-\u2421]")


async def show(visit: Visit) -> Response:
    """The mail if it waits, else what became of it."""
    return await _again(visit, None)


async def decide(visit: Visit) -> Response:
    """Carry a decision out, then show where that led. Sent twice, it is decided once.

    A text of the reviewer's own is approved only from the page that shows the difference.
    """
    form = visit.form
    if form.get("decision") not in _VERBS:
        raise Problem("invalid", "The form names no decision.", field="decision")
    if form.keys() & {"subject", "body"} and not form.get("compared"):
        return await compare(visit)
    digest = form.get("digest", "")
    arguments: dict[str, Any] = {
        "message_id": visit.message_id,
        "decision": form["decision"],
        "digest": digest,
    }
    arguments |= {"note": form.get("note", "")} | {name: True for name in _BOXES if form.get(name)}
    arguments |= {f"revised_{name}": form[name] for name in ("subject", "body") if name in form}
    try:
        await visit.call("decide_email", arguments, digest)
    except Problem as problem:
        return await _again(visit, problem)
    return go(f"/review/{visit.message_id}")


async def compare(visit: Visit) -> Response:
    """The reviewer's text beside the draft's, before anything leaves: a second form approves it."""
    item = await _pending(visit)
    if item is None:
        return await _again(visit, Problem("conflict", "Nothing waits for a decision here any more."))
    if visit.form.get("digest") != item.digest:
        return await _again(visit, Problem("changed", "The draft changed while you wrote."))
    if "subject" not in visit.form or "body" not in visit.form:
        raise Problem("invalid", "The form has no text.", field="body")
    return await _compared(visit, item, None)


async def _compared(visit: Visit, item: PendingItem, problem: Problem | None) -> Response:
    subject, body = shown(visit.form.get("subject", item.subject)), shown(visit.form.get("body", item.body))
    changed = {
        name: text
        for name, text, old in (("subject", subject, item.subject), ("body", body, item.body))
        if text != old
    }
    spans: dict[str, tuple[Span, ...]] = {
        "subject": words(item.subject, subject),
        "body": words(item.body, body),
    }
    return await visit.page(
        "compare.html",
        200 if problem is None else problem.row.http,
        item=item,
        subject=subject,
        body=body,
        changed=changed,
        spans=spans,
        placeholders=[one.text for one in find_placeholders(f"{subject}\n{body}")],
        has_marks=_HIDDEN_MARK.search(subject + body) is not None,
        late=_is_late(visit, item),
        **_fault(visit, problem),
    )


async def withdraw(visit: Visit) -> Response:
    """Stop approved mail that has not left yet."""
    try:
        await visit.call(
            "cancel_message", {"message_id": visit.message_id, "reason": visit.form.get("note", "")}
        )
    except Problem as problem:
        return await _again(visit, problem)
    return go(f"/review/{visit.message_id}")


async def _again(visit: Visit, problem: Problem | None) -> Response:
    """The mail as it is now, with what the person was about to do if that was refused."""
    item = await _pending(visit)
    if item is None:
        return await _outcome(visit, problem)
    changed = problem is not None and problem.code == "changed"
    if (
        problem is not None
        and not changed
        and visit.form.get("compared")
        and visit.form.get("digest") == item.digest
    ):
        return await _compared(visit, item, problem)
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    history = await _history(visit)
    who = visit.visitor.principal
    return await visit.page(
        "review.html",
        200 if problem is None else problem.row.http,
        item=item,
        leaving=await reviewing.leaving(
            visit.site.services, visit.visitor.caller(), item.message_id, item.digest
        ),
        frozen=any(box.frozen for box in boxes.mailboxes if box.mailbox_id == item.mailbox_id),
        choices=reviewing.choices(who, item),
        somebody_else=reviewing.needs_somebody_else(who, item),
        withdrawable=reviewing.may_withdraw(who, item.status),
        late=_is_late(visit, item),
        moved=_moved(visit, item, history) if changed else None,
        decisions=history.decisions,
        **_fault(visit, problem),
    )


def _fault(visit: Visit, problem: Problem | None) -> dict[str, Any]:
    """What templates need to name a fault beside its field and keep what was written."""
    code, field = (problem.code, problem.field) if problem else ("", "")
    return {
        "problem": problem,
        "advice": _advice(problem),
        "beside": _BESIDE.get(code) or _BESIDE.get(field, field),
        "form": visit.form,
    }


def _advice(problem: Problem | None) -> str:
    return _ADVICE.get(problem.code, problem.advice) if problem else ""


def _is_late(visit: Visit, item: PendingItem) -> bool:
    return (item.late_seconds or 0) * SECOND > visit.site.services.limits.late_after


async def _outcome(visit: Visit, problem: Problem | None) -> Response:
    history = await _history(visit)
    return await visit.page(
        "outcome.html",
        200 if problem is None else problem.row.http,
        history=history,
        problem=problem,
        advice=_advice(problem),
        form=visit.form,
        withdrawable=reviewing.may_withdraw(visit.visitor.principal, history.status),
    )


def _moved(visit: Visit, item: PendingItem, history: HistoryView) -> str | None:
    """What differs in subject and text between the revision the person looked at and the one there is now."""
    revisions = {one.digest: one for one in history.revisions}
    seen, current = revisions.get(visit.form.get("digest", "")), revisions.get(item.digest)
    if seen is None or current is None:
        return None
    return unified(Content(seen.subject, seen.body), Content(current.subject, current.body))


async def _history(visit: Visit) -> HistoryView:
    history = await visit.call("get_message_history", {"message_id": visit.message_id})
    assert isinstance(history, HistoryView)
    return history


async def _pending(visit: Visit) -> PendingItem | None:
    page = await visit.call("list_pending", {"message_id": visit.message_id, "max_bytes": _WHOLE})
    assert isinstance(page, PendingList)
    return page.pending[0] if page.pending else None


_AT: Final = "/review/{message_id}"
PAGES: Final = (
    PageRoute(_AT, show),
    PageRoute(f"{_AT}/decide", decide, "POST", forms.LONG),
    PageRoute(f"{_AT}/compare", compare, "POST", forms.LONG),
    PageRoute(f"{_AT}/withdraw", withdraw, "POST"),
)
