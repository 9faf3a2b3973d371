"""Several mails on one page, every text in full: a decision is about the ticked ones, each by its digest.

Each mail is decided for itself and gets a receipt of its own; what is refused says so at its mail, and nothing that
was ticked or written is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from multimail.contract.bulk import DecisionRow, DecisionRows
from multimail.contract.reviews import HistoryView
from multimail.core.diff import Span, words
from multimail.core.errors import Problem
from multimail.services import reviewing
from multimail.surfaces.web import faults, item
from multimail.surfaces.web.item import Look
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import Visit, go
from multimail.surfaces.web.trail import mail_id

if TYPE_CHECKING:
    from starlette.responses import Response

MOST: Final = 50
"""Mails on one page: more than anybody reads in one sitting."""
_VERBS: Final = frozenset({"approve", "reject", "request_changes"})
_TICK: Final = "take-"
_ALIKE: Final = 0.6
"""Of a text, which has to stand in the first one's too for the rest to be marked as what differs."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A mail of the batch. `alone` says why it has to be decided on its own page."""

    look: Look
    alone: str
    spans: tuple[Span, ...]
    ticked: bool
    refused: DecisionRow | None

    @property
    def text(self) -> str:
        """What its recipients will read."""
        return self.look.paper.text if self.look.paper else self.look.item.body


@dataclass(frozen=True, slots=True)
class Sent:
    """What the form brought back: which mails were on the page, the digests of the ticked ones, and which mails were
    decided on this page before."""

    ids: tuple[str, ...]
    ticked: dict[str, str] = field(default_factory=dict)
    refused: dict[str, DecisionRow] = field(default_factory=dict)
    done: tuple[str, ...] = ()


async def show(visit: Visit) -> Response:
    """The chosen mails that still wait. Nothing is decided by looking."""
    chosen = _ids(",".join(visit.request.query_params.getlist("ids")))
    return await _page(visit, Sent(chosen), None, fresh=True)


async def decide(visit: Visit) -> Response:
    """Decide on each ticked mail; then the receipts, or this page again with what was refused."""
    form = visit.form
    ids = _ids(form.get("ids", ""))
    ticked = {one: form[_TICK + one] for one in ids if form.get(_TICK + one)}
    sent = Sent(ids, ticked, done=_ids(form.get("done", "")))
    verb, note = form.get("decision", ""), form.get("note", "")
    if verb not in _VERBS:
        raise Problem("invalid", "The form names no decision.", field="decision")
    if not ticked:
        problem = Problem("invalid", "No mail is ticked.", field="ids", advice="Tick those you mean.")
        return await _page(visit, sent, problem)
    if verb == "request_changes" and not note.strip():
        problem = Problem("invalid", "Say in a note what should change.", field="note")
        return await _page(visit, sent, problem)
    asked = [
        {"message_id": one, "decision": verb, "digest": digest, "note": note}
        for one, digest in ticked.items()
    ]
    try:
        done = await visit.call("decide_emails", {"decisions": asked})
    except Problem as fault:
        return await _page(visit, sent, _of_all(fault))
    assert isinstance(done, DecisionRows)
    refused = {row.message_id: row for row in done.results if row.code is not None}
    done_now = (*sent.done, *(one for one in ticked if one not in refused))
    if not refused:
        decided = ",".join(done_now)
        left = ",".join(one for one in ids if one not in ticked)
        return go(item.trail_of(visit).to("/review/batch/receipts", ids=decided, left=left))
    problem = Problem("conflict", _told(len(refused), len(ticked)), advice="The others are decided.")
    return await _page(visit, replace(sent, refused=refused, done=done_now), problem)


def _of_all(problem: Problem) -> Problem:
    """What is wrong with the form as a whole, beside the form's own field."""
    return Problem(
        problem.code, problem.message, field=problem.field.rpartition(".")[2], advice=problem.advice
    )


def _told(refused: int, of: int) -> str:
    if of == 1:
        return "It was not decided: why stands at the mail."
    return f"{refused} of {of} were not decided: why stands at each."


async def receipts(visit: Visit) -> Response:
    """What became of each mail, and how to stop those that have not left."""
    ids = _ids(visit.request.query_params.get("ids", ""))
    histories = [await item.history_of(visit, one) for one in ids]
    trail, caller = item.trail_of(visit), visit.visitor.caller()
    undo = {one: await reviewing.undo_until(visit.site.services, caller, one) for one in ids}
    return await visit.page(
        "receipts.html",
        histories=histories,
        stoppable=[one.message_id for one in histories if _stoppable(visit, one)],
        windows=undo,
        left=_ids(visit.request.query_params.get("left", "")),
        trail=trail,
        waiting=await item.waiting(visit, trail),
    )


def _stoppable(visit: Visit, history: HistoryView) -> bool:
    return reviewing.may_withdraw(visit.visitor.principal, history.status)


async def _page(visit: Visit, sent: Sent, problem: Problem | None, *, fresh: bool = False) -> Response:
    looks = [found for one in sent.ids[:MOST] if (found := await _look(visit, one, fresh)) is not None]
    first = looks[0].paper.text if looks and looks[0].paper else ""
    sheets = [_sheet(visit, one, first if place else "", sent, fresh) for place, one in enumerate(looks)]
    shown = {one.item.message_id for one in looks}
    return await visit.page(
        "batch.html",
        faults.status(problem),
        sheets=sheets,
        ids=",".join(one.item.message_id for one in looks),
        done=sent.done,
        beyond=len(sent.ids) - MOST,
        gone=[one for one in sent.ids[:MOST] if one not in shown and one not in sent.done],
        ready=sum(not one.alone for one in sheets),
        trail=item.trail_of(visit),
        **faults.told(visit, problem) | {"advice": problem.advice if problem else ""},
    )


async def _look(visit: Visit, message_id: str, fresh: bool) -> Look | None:
    """Once a form was sent, a mail that is there no more does not take the page of the others away."""
    try:
        return await item.look(visit, message_id)
    except Problem as problem:
        if fresh or problem.code != "not_found":
            raise
        return None


def _sheet(visit: Visit, found: Look, first: str, sent: Sent, fresh: bool) -> Sheet:
    message_id = found.item.message_id
    alone = _alone(visit, found)
    risky = found.review is not None and found.review.risk_level == "high"
    ticked = not risky if fresh else message_id in sent.ticked
    return Sheet(found, alone, _spans(first, found), ticked and not alone, sent.refused.get(message_id))


def _alone(visit: Visit, found: Look) -> str:
    choices = reviewing.choices(visit.visitor.principal, found.item)
    if not found.whole:
        return "It is too long to be shown whole here."
    if "approve" not in choices:
        return "It is not for you to approve."
    if found.item.placeholders:
        return f"It has placeholders: {', '.join(found.item.placeholders)}."
    return "Its time is over an hour past." if item.is_late(visit, found.item) else ""


def _spans(first: str, found: Look) -> tuple[Span, ...]:
    """The whole text, with what differs from the first mail's marked where the two are much alike."""
    text = found.paper.text if found.paper else ""
    if not first or not text:
        return ()
    spans = words(first, text)
    same = sum(len(one.text) for one in spans if one.op == "same")
    return spans if same >= _ALIKE * max(len(first), len(text)) else ()


def _ids(text: str) -> tuple[str, ...]:
    """As addresses and forms have them, each once and in their order."""
    return tuple(dict.fromkeys(one for one in text.split(",") if mail_id(one)))


_AT: Final = "/review/batch"
PAGES: Final = (
    PageRoute(_AT, show),
    PageRoute(_AT, decide, "POST"),
    PageRoute(f"{_AT}/receipts", receipts),
)
