"""How often and at which hours people are written to: the rules as sentences, a form for one, and zones of domains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from multimail.contract.administration import MailboxList
from multimail.contract.pace import PaceList, PaceRuleView
from multimail.core.errors import Problem
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings import asking
from multimail.surfaces.web.settings.fields import (
    Choice,
    Field,
    Section,
    entries,
    given,
    kept,
    names,
    number,
)
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

AT: Final = "/settings/pace"
_ZONES: Final = f"{AT}/zones"
_ACTIONS: Final = (
    Choice("hold", "waits", "Until it is allowed; nothing is lost."),
    Choice("refuse", "is left out", "That recipient does not get this mail."),
)
_NUMBERS: Final = {"per_day": "in 24 hours", "per_week": "in 7 days", "per_month": "in 30 days"}
_PLAIN: Final = ("mailbox", "topic", "quiet_from", "quiet_to", "on_cap", "on_quiet")
LABELS: Final = {
    "mailbox": "Mail of",
    "topic": "About",
    **{name: f"Most {text}" for name, text in _NUMBERS.items()},
    "on_cap": "What is over a cap",
    "quiet_from": "Quiet from",
    "quiet_to": "Quiet until",
    "quiet_days": "Quiet all day on",
    "on_quiet": "What comes in quiet hours",
    "transactional": "It holds for transactional mail, too",
}
_ZONE_LABELS: Final = {"domain": "Domain", "timezone": "Time zone"}
_DAYS: Final = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
    "sun": "Sunday",
}  # fmt: skip


async def show(visit: Visit) -> Response:
    """The rules and zones there are, and their forms."""
    return await _page(visit, _empty(), None)


async def save(visit: Visit) -> Response:
    """The rule for a mailbox and topic, in place of the one that was."""
    texts = kept(visit.form, [section(())])
    try:
        await visit.call("set_pace", _arguments(texts))
    except Problem as problem:
        return await _page(visit, texts, problem)
    return go(f"{AT}?done=saved")


async def zone(visit: Visit) -> Response:
    """Whose clock counts at a domain; without a zone, nobody's in particular."""
    texts = {name: visit.form.get(name, "").strip() for name in _ZONE_LABELS}
    try:
        await visit.call("set_time_zone", {"domain": texts["domain"], "timezone": texts["timezone"] or None})
    except Problem as problem:
        return await _page(visit, _empty(), problem, texts)
    return go(f"{AT}?done=zone#zones")


async def deleting(visit: Visit) -> Response:
    """What a rule keeps, and what its end means."""
    rule = await _named(visit)
    return await asking.page(visit, "pace_delete", rule=rule, sentences=sentences(rule))


async def delete(visit: Visit) -> Response:
    """Take it away; what waits for it is asked again at once."""
    await visit.call("delete_pace", {"rule_id": visit.request.path_params["rule_id"]})
    return go(f"{AT}?done=deleted")


async def _named(visit: Visit) -> PaceRuleView:
    rules = (await _listed(visit)).pace_rules
    found = next((one for one in rules if one.rule_id == visit.request.path_params["rule_id"]), None)
    if found is None:
        raise Problem("not_found")
    return found


async def _listed(visit: Visit) -> PaceList:
    found = await visit.call("list_pace", {})
    assert isinstance(found, PaceList)
    return found


async def _page(
    visit: Visit, texts: Mapping[str, str], problem: Problem | None, of_zone: Mapping[str, str] | None = None
) -> Response:
    known = await _listed(visit)
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    return await asking.page(
        visit,
        "pace",
        problem,
        (LABELS if of_zone is None else _ZONE_LABELS, {}),
        rules=[(one, sentences(one)) for one in known.pace_rules],
        zones=known.time_zones,
        section=section(tuple(Choice(box.mailbox_id, box.address) for box in boxes.mailboxes)),
        form=texts,
        zone=of_zone or dict.fromkeys(_ZONE_LABELS, ""),
        at_zone=of_zone is not None,
        done=visit.request.query_params.get("done", ""),
    )


def section(boxes: tuple[Choice, ...]) -> Section:
    """The fields of a rule."""
    return Section("pace", "Set a rule", (
        Field("mailbox", LABELS["mailbox"], "", "select", (Choice("", "all mailboxes"), *boxes)),
        Field("topic", LABELS["topic"], "A topic such as newsletter; everything if left empty.", longest=100),
        *(Field(name, LABELS[name], "Empty: any number.", "number") for name in _NUMBERS),
        Field("on_cap", LABELS["on_cap"], "", "radio", _ACTIONS),
        Field("quiet_from", LABELS["quiet_from"], "On the recipient's own clock.", example="21:00", longest=5),
        Field("quiet_to", LABELS["quiet_to"], "On the next day if it is earlier.", example="08:00", longest=5),
        Field("quiet_days", LABELS["quiet_days"], "Weekdays with commas between.", example="sat, sun", longest=80),
        Field("on_quiet", LABELS["on_quiet"], "", "radio", _ACTIONS),
        Field("transactional", LABELS["transactional"], "Else what an operator says is transactional goes at once.",
              "check"),
    ), "There is one rule for a mailbox and topic: it takes the place of the one that is there. Of several that fit a "
       "mail, each has to allow it.")  # fmt: skip


def _empty() -> dict[str, str]:
    return dict.fromkeys(names([section(())]), "") | {"on_cap": "hold", "on_quiet": "hold"}


def _arguments(texts: Mapping[str, str]) -> dict[str, Any]:
    found = given(**{name: texts[name].strip() for name in _PLAIN})
    found |= given(**{name: number(texts[name], name) for name in _NUMBERS})
    if days := entries(texts["quiet_days"]):
        found["quiet_days"] = days
    return found | ({"transactional": True} if texts["transactional"] else {})


def sentences(rule: PaceRuleView) -> list[str]:
    """What a rule says, in plain words."""
    found = []
    most = {text: getattr(rule, name) for name, text in _NUMBERS.items() if getattr(rule, name)}
    if most:
        caps = " and ".join(f"{count} {text}" for text, count in most.items())
        found.append(f"Nobody gets more than {caps}; more {_then(rule.on_cap)}.")
    times = []
    if rule.quiet_from:
        times.append(f"from {rule.quiet_from} to {rule.quiet_to}")
    times += [f"on {_DAYS[day]}s" for day in rule.quiet_days]
    if times:
        found.append(
            f"Quiet {', '.join(times)} on the recipient's clock; what comes then {_then(rule.on_quiet)}."
        )
    found += ["It says nothing."] if not found else []
    return found + (["Transactional mail, too."] if rule.transactional else [])


def _then(action: str) -> str:
    return "waits" if action == "hold" else "is left out"


_ONE: Final = f"{AT}/{{rule_id}}/delete"
PAGES: Final = (
    PageRoute(AT, show),
    PageRoute(AT, save, "POST"),
    PageRoute(_ZONES, zone, "POST"),
    PageRoute(_ONE, deleting),
    PageRoute(_ONE, delete, "POST"),
)
