"""Deciding on one mail that waits: the forms decide on exactly what was shown.

Every form carries the digest of the revision on the page. What is refused is shown again with everything the
person had written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from multimail.core.errors import Problem
from multimail.services import reviewing
from multimail.surfaces.web import compare as difference
from multimail.surfaces.web import forms, item
from multimail.surfaces.web.item import Look
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import Visit, go
from multimail.surfaces.web.trail import mail_id

if TYPE_CHECKING:
    from starlette.responses import Response

VERBS: Final = frozenset({"approve", "reject", "request_changes", "escalate", "cancel"})
BOXES: Final = ("confirm_placeholders", "late_ok")
_MOST_TRUSTED: Final = 10
_TOO_LATE: Final = "It has left already, or is leaving at this moment: it cannot be stopped any more."


async def show(visit: Visit) -> Response:
    """The mail if it waits, else what became of it."""
    return await _again(visit, None)


async def decide(visit: Visit) -> Response:
    """Carry a decision out, then show where that led. Sent twice, it is decided once.

    A text of the reviewer's own is approved only from the page that shows the difference.
    """
    form = visit.form
    if form.get("decision") not in VERBS:
        raise Problem("invalid", "The form names no decision.", field="decision")
    if form.keys() & {"subject", "body"} and not form.get("compared"):
        return await compare(visit)
    digest = form.get("digest", "")
    arguments: dict[str, Any] = {
        "message_id": visit.message_id,
        "decision": form["decision"],
        "digest": digest,
    }
    arguments |= {"note": form.get("note", "")} | {name: True for name in BOXES if form.get(name)}
    arguments |= {f"revised_{name}": form[name] for name in ("subject", "body") if name in form}
    try:
        await visit.call("decide_email", arguments, digest)
        await _trust(visit)
    except Problem as problem:
        return await _again(visit, problem)
    return go(_onward(visit))


async def _trust(visit: Visit) -> None:
    """What the approved mail's mailbox is to trust from now on. The approval stands whatever becomes of this."""
    wanted = [visit.form.get(f"trust-{number}", "") for number in range(_MOST_TRUSTED)]
    if visit.form["decision"] != "approve" or not any(wanted):
        return
    for address in filter(None, wanted):
        arguments = {"mailbox": visit.form.get("mailbox", ""), "address": address}
        try:
            await visit.call("trust_recipient", arguments)
        except Problem as problem:
            told = f"It is approved, but {address} is not trusted: {problem.message}"
            raise Problem(problem.code, told, field="trust", advice=problem.advice) from None


async def compare(visit: Visit) -> Response:
    """The reviewer's text beside the draft's, before anything leaves: a second form approves it."""
    found = await item.look(visit, visit.message_id)
    if found is None:
        return await _again(visit, Problem("conflict", "Nothing waits for a decision here any more."))
    if visit.form.get("digest") != found.item.digest:
        return await _again(visit, Problem("changed", "The draft changed while you wrote."))
    if "subject" not in visit.form or "body" not in visit.form:
        raise Problem("invalid", "The form has no text.", field="body")
    return await difference.page(visit, found, None)


async def withdraw(visit: Visit) -> Response:
    """Stop approved mail that has not left yet: by whoever may decide, or send, in its mailbox. What is undone waits
    for a decision again, what is cancelled never leaves."""
    undone = visit.form.get("decision") == "undo"
    digest, note = visit.form.get("digest", ""), visit.form.get("note", "")
    try:
        if undone or reviewing.may(visit.visitor.principal, "decide_email"):
            verb = "undo" if undone else "cancel"
            arguments = {"message_id": visit.message_id, "decision": verb, "digest": digest, "note": note}
            await visit.call("decide_email", arguments, digest)
        else:
            await visit.call("cancel_message", {"message_id": visit.message_id, "reason": note})
    except Problem as problem:
        late = problem.code == "conflict"
        return await _again(visit, Problem("conflict", _TOO_LATE) if late else problem)
    return go(_onward(visit))


async def _again(visit: Visit, problem: Problem | None) -> Response:
    """The mail as it is now, with what the person was about to do if that was refused."""
    found = await item.look(visit, visit.message_id)
    if found is None:
        return await item.outcome(visit, problem)
    if problem is not None and _was_compared(visit, found, problem):
        return await difference.page(visit, found, problem)
    return await item.page(visit, found, problem)


def _was_compared(visit: Visit, found: Look, problem: Problem) -> bool:
    same = visit.form.get("digest") == found.item.digest
    return problem.code != "changed" and bool(visit.form.get("compared")) and same


def _onward(visit: Visit) -> str:
    """The page of this mail again, which says what became of it and leads to the next one."""
    following = mail_id(visit.form.get("next", ""))
    return item.trail_of(visit).to(f"/review/{visit.message_id}", next=following)


_AT: Final = "/review/{message_id}"
PAGES: Final = (
    PageRoute(_AT, show),
    PageRoute(f"{_AT}/state", item.state),
    PageRoute(f"{_AT}/decide", decide, "POST", forms.LONG),
    PageRoute(f"{_AT}/compare", compare, "POST", forms.LONG),
    PageRoute(f"{_AT}/withdraw", withdraw, "POST"),
)
