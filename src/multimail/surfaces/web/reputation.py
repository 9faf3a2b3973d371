"""How sending fares: rates by mailbox and campaign, what breakers do, and an operator's say in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from multimail.contract.administration import MailboxList
from multimail.contract.reputation import CampaignList, ReputationList, ReputationView, RulesView
from multimail.core.errors import Problem
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings.fields import number
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

ROOM: Final = "/reputation"
_WHOLE: Final = 6
"""Mailboxes that are shown with everything; the others are lines of a table."""
_DAYS: Final = 30
RATES: Final = (
    ("warn_bounces", "warn_complaints", "Warn"),
    ("throttle_bounces", "throttle_complaints", "Slow down"),
    ("pause_bounces", "pause_complaints", "Stop"),
)
_DECIMALS: Final = (*(name for rung in RATES for name in rung[:2]), "spike_factor")
_WHOLE_NUMBERS: Final = ("minimum", "window_hours", "per_minute")
SPIKES: Final = (
    ("normal", "Nothing"), ("warned", "Warn"), ("throttled", "Slow down"), ("paused", "Stop"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Course:
    """A mailbox or campaign with its days in a row, empty ones too."""

    one: ReputationView
    days: list[int]
    first: date


async def show(visit: Visit) -> Response:
    """All mailboxes, whatever is not normal, and the domains most is sent to."""
    found = (await _reputation(visit, {})).subjects
    boxes = sorted(
        (one for one in found if one.kind == "mailbox"), key=lambda one: (one.state == "normal", -_sent(one))
    )
    busy = [one for one in boxes if _sent(one) or one.state != "normal"][:_WHOLE]
    return await visit.page(
        "reputation/overview.html",
        courses=[await _course(visit, {"mailbox": one.mailbox_id}) for one in busy],
        rest=[one for one in boxes if one not in busy],
        campaigns=[one for one in found if one.kind == "campaign"],
        domains=[one for one in found if one.kind == "domain"],
        address=campaign_address,
        done=visit.request.query_params.get("done", ""),
    )


def _sent(one: ReputationView) -> int:
    return one.windows[-1].sent


async def _reputation(visit: Visit, asked: dict[str, Any]) -> ReputationList:
    found = await visit.call("get_reputation", asked)
    assert isinstance(found, ReputationList)
    return found


async def _course(visit: Visit, asked: dict[str, Any]) -> Course:
    one = (await _reputation(visit, asked)).subjects[0]
    first = visit.site.now().date() - timedelta(days=_DAYS - 1)
    sent = {day.day: day.sent for day in one.by_day or ()}
    row = [sent.get((first + timedelta(days=day)).isoformat(), 0) for day in range(_DAYS)]
    return Course(one, row, first)


async def campaigns(visit: Visit) -> Response:
    """The latest campaigns."""
    found = await visit.call("campaign_stats", {"limit": 200})
    assert isinstance(found, CampaignList)
    return await visit.page("reputation/campaigns.html", campaigns=found.campaigns, address=campaign_address)


async def campaign(visit: Visit) -> Response:
    """One campaign: what became of it, day by day and by variant."""
    tag = str(visit.request.path_params["tag"])
    found = await visit.call("campaign_stats", {"tag": tag})
    assert isinstance(found, CampaignList)
    return await visit.page(
        "reputation/campaign.html",
        campaign=found.campaigns[0],
        course=await _course(visit, {"campaign": tag}),
        done=visit.request.query_params.get("done", ""),
        here=campaign_address(tag),
    )


def campaign_address(tag: str) -> str:
    """The page of a campaign."""
    return f"{ROOM}/campaigns/{quote(tag, safe='')}"


async def resume(visit: Visit) -> Response:
    """Let a mailbox or campaign go on."""
    given = _about(visit.form)
    await visit.call("resume_sending", given)
    back = campaign_address(given["campaign"]) if "campaign" in given else ROOM
    return go(f"{back}?{urlencode({'done': 'resumed'})}")


async def breakers(visit: Visit) -> Response:
    """When sending warns, slows down and stops: the form, for all, a mailbox or a campaign."""
    visit.need("set_breakers")
    query = visit.request.query_params
    about = {name: query[name] for name in ("mailbox", "campaign") if query.get(name)}
    return await _form(visit, about, None)


async def save_breakers(visit: Visit) -> Response:
    """Set what the form says."""
    about = _about(visit.form)
    try:
        await visit.call("set_breakers", about | _rules(visit.form))
    except Problem as problem:
        if problem.code in {"forbidden", "unknown_mailbox"}:
            raise
        return await _form(visit, about, problem)
    return go(f"{ROOM}/breakers?{urlencode(about | {'done': 'saved'})}")


async def save_warm_up(visit: Visit) -> Response:
    """Begin, change or end a mailbox's warm-up."""
    about, form = _about(visit.form), visit.form
    try:
        given: dict[str, Any] = {
            "enabled": form.get("enabled", "") == "1",
            "restart": form.get("restart", "") == "1",
        }
        given |= {
            name: found
            for name in ("first", "target", "days")
            if (found := number(form.get(name, ""), name)) is not None
        }
        await visit.call("set_warm_up", about | given)
    except Problem as problem:
        if problem.code in {"forbidden", "unknown_mailbox"}:
            raise
        return await _form(visit, about, problem)
    return go(f"{ROOM}/breakers?{urlencode(about | {'done': 'warm'})}")


def _about(form: dict[str, str]) -> dict[str, str]:
    return {name: form[name] for name in ("mailbox", "campaign") if form.get(name)}


def _rules(form: dict[str, str]) -> dict[str, Any]:
    """What is written in a field is set; an empty field leaves what holds."""
    rules: dict[str, Any] = {"enabled": form.get("enabled", "") == "1"}
    rules |= {name: form[name].replace(",", ".").strip() for name in _DECIMALS if form.get(name, "").strip()}
    rules |= {
        name: found for name in _WHOLE_NUMBERS if (found := number(form.get(name, ""), name)) is not None
    }
    return rules | ({"spike_action": form["spike_action"]} if form.get("spike_action") else {})


async def _form(visit: Visit, about: dict[str, str], problem: Problem | None) -> Response:
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    one, rules = await _standing(visit, about)
    return await visit.page(
        "reputation/breakers.html",
        problem.row.http if problem else 200,
        about=about,
        one=one,
        rules=rules,
        boxes=[
            ("", "All mailboxes and campaigns"),
            *((box.mailbox_id, box.address) for box in boxes.mailboxes),
        ],
        form=visit.form,
        rates=RATES,
        spikes=SPIKES,
        done=visit.request.query_params.get("done", ""),
        problem=problem,
        advice=problem.advice if problem else "",
        beside=problem.field if problem else "",
    )


async def _standing(visit: Visit, about: dict[str, str]) -> tuple[ReputationView | None, RulesView]:
    """What the form is about, and the rules that hold for it. Rules can be set before a campaign has begun."""
    try:
        found = await _reputation(visit, about)
    except Problem as problem:
        if problem.code != "not_found" or "campaign" not in about:
            raise
        found = await _reputation(visit, {})
        return None, found.rules
    one = found.subjects[0] if about else None
    return one, (one.rules if one else None) or found.rules


PAGES: Final = (
    PageRoute(ROOM, show),
    PageRoute(f"{ROOM}/campaigns", campaigns),
    PageRoute(f"{ROOM}/resume", resume, "POST"),
    PageRoute(f"{ROOM}/breakers", breakers),
    PageRoute(f"{ROOM}/breakers", save_breakers, "POST"),
    PageRoute(f"{ROOM}/warm-up", save_warm_up, "POST"),
    PageRoute(f"{ROOM}/campaigns/{{tag:path}}", campaign),
)
