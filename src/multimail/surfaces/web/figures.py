"""Figures of oversight, what they speak for, and what other rules would have done with the mail there was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from multimail.contract.administration import MailboxList, MailboxView
from multimail.contract.figures import DAYS, FiguresList, MailboxFigures
from multimail.core.errors import Problem
from multimail.core.policy.modes import MEANING, ORDER
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import Visit

if TYPE_CHECKING:
    from starlette.responses import Response

SPANS: Final = (("7", "7 days"), ("14", "14 days"), ("30", "30 days"), ("90", "90 days"), ("365", "a year"))
_AS_IT_IS: Final = ("", "As it is")
_WHOLE: Final = 8
"""Mailboxes that are shown with everything; others, and those in which nothing happened, are lines of a table."""


@dataclass(frozen=True, slots=True)
class Course:
    """A mailbox's figures with its days in a row, empty ones too, and the address that tries its advice out."""

    figures: MailboxFigures
    days: list[int]
    first: date
    trial: str


async def show(visit: Visit) -> Response:
    """The figures of each mailbox."""
    query = visit.request.query_params
    asked = {name: query[name] for name in ("mailbox", "days") if query.get(name)}
    problem = None
    try:
        found = await visit.call("get_oversight_figures", asked)
    except Problem as refused:
        problem = refused
        found = await visit.call("get_oversight_figures", {})
    assert isinstance(found, FiguresList)
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    busiest = [one for one in sorted(found.figures, key=_life, reverse=True) if _life(one)][:_WHOLE]
    whole = [one for one in found.figures if one in busiest or len(found.figures) == 1]
    return await visit.page(
        "figures.html",
        problem.row.http if problem else 200,
        courses=[_course(visit, one, found.days) for one in whole],
        rest=[one for one in found.figures if one not in whole],
        days=found.days,
        asked={"mailbox": query.get("mailbox", ""), "days": query.get("days", str(DAYS))},
        spans=SPANS,
        boxes=[("", "All mailboxes"), *((box.mailbox_id, box.address) for box in boxes.mailboxes)],
        problem=problem,
        advice=problem.advice if problem else "",
        beside=problem.field if problem else "",
    )


def _life(one: MailboxFigures) -> int:
    return one.waiting + one.decisions + one.left_alone


def _course(visit: Visit, one: MailboxFigures, days: int) -> Course:
    today = visit.site.now().date()
    first = today - timedelta(days=days - 1)
    by_day = {found.day: found.decisions for found in one.by_day}
    row = [by_day.get((first + timedelta(days=number)).isoformat(), 0) for number in range(days)]
    trial = {"mailbox": one.mailbox_id, "days": str(days)}
    trial |= {"default_mode": one.advice.to_mode} if one.advice.to_mode else {}
    trial |= {"also_trusted": " ".join(one.advice.trust)} if one.advice.trust else {}
    return Course(one, row, first, f"/figures/simulate?{urlencode(trial)}")


async def simulate(visit: Visit) -> Response:
    """Other rules, tried out: the form, and what they would have done once it was sent."""
    query = visit.request.query_params
    form = {name: value.replace("\r\n", "\n") for name, value in query.items()}
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    box = next((one for one in boxes.mailboxes if form.get("mailbox") in {one.mailbox_id, one.address}), None)
    result, problem = None, None
    if form.get("mailbox"):
        try:
            result = await visit.call("simulate_oversight", _tried(form, box))
        except Problem as refused:
            problem = refused
    beside = problem.field if problem else ""
    return await visit.page(
        "simulate.html",
        problem.row.http if problem else 200,
        form=form,
        box=box,
        result=result,
        boxes=[(one.mailbox_id, one.address) for one in boxes.mailboxes],
        modes=[_AS_IT_IS, *((mode.value, f"{mode.value}: {MEANING[mode]}") for mode in ORDER)],
        spans=SPANS,
        problem=problem,
        advice=problem.advice if problem else "",
        beside="also_trusted" if beside == "trusted" else beside,
    )


def _tried(form: dict[str, str], box: MailboxView | None) -> dict[str, Any]:
    names = ("mailbox", "default_mode", "ceiling", "oversight_address", "days")
    tried: dict[str, Any] = {name: form[name] for name in names if form.get(name)}
    more = form.get("also_trusted", "").replace(",", " ").split()
    if more:
        tried["trusted"] = [*((box.trusted or []) if box else []), *more]
    return tried


PAGES: Final = (PageRoute("/figures", show), PageRoute("/figures/simulate", simulate))
