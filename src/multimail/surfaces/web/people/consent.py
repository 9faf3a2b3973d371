"""What somebody agreed to: what may be sent to them now and why not, the records, and what they want."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from multimail.contract.administration import MailboxList
from multimail.contract.consent import ConsentCheck, ConsentList, ConsentView, Preferences, RuleTable
from multimail.contract.contacts import ContactList, ContactView
from multimail.core.consent_regions import RULES
from multimail.core.errors import Problem
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings.asking import faults
from multimail.surfaces.web.settings.fields import Choice, Field, Section, given, kept, names
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

AT: Final = "/people/{contact_id}/consent"
_WITHDRAW: Final = f"{AT}/withdraw"
_PREFER: Final = f"{AT}/preferences"
_MOST: Final = 200
_SHOWN: Final = 6
_WHYS: Final = {
    "not_asked": "needs no consent",
    "opt_out_only": "the law only asks to stop at an opt-out",
    "given": "given",
    "not_given": "not given",
    "withdrawn": "taken back",
}
_BASES: Final = (
    Choice("consent", "consent", "They said yes to this."),
    Choice("soft_opt_in", "soft opt-in", "They bought something similar and did not object."),
    Choice("contract", "contract", "There is a contract with them."),
    Choice("legitimate_interest", "legitimate interest", "Weighed against theirs; opens little."),
)
_REGIONS: Final = (
    Choice("", "everywhere"),
    *(Choice(rule.region, rule.name) for rule in RULES if rule.region != "unknown"),
)
_RECORD: Final = Section("record", "Record consent", (
    Field("topic", "Topic", "Such as newsletter; every topic if left empty.", longest=100),
    Field("region", "Region", "Whose law it was given under.", "select", _REGIONS),
    Field("basis", "Why they may be written to", "", "radio", _BASES),
    Field("source", "Where it was given", "Such as the sign-up form, or by telephone.", longest=200),
    Field("given_at", "When", "Such as 2026-03-01; now if left empty.", longest=40),
    Field("expires_at", "Until", "Until they take it back if left empty.", longest=40),
))  # fmt: skip
_LABELS: Final = {field.name: field.label for field in _RECORD.fields}
CHANNELS: Final = ("email", "sms", "phone", "post")


async def show(visit: Visit) -> Response:
    """The page, with an empty form."""
    return await _page(visit, dict.fromkeys(names([_RECORD]), "") | {"basis": "consent"}, None)


async def record(visit: Visit) -> Response:
    """Write down what they agreed to."""
    texts = kept(visit.form, [_RECORD])
    try:
        await visit.call("record_consent", {"contact_id": _contact_id(visit)} | given(**texts))
    except Problem as problem:
        return await _page(visit, texts, problem)
    return go(f"{_path(visit)}?done=recorded")


async def withdrawing(visit: Visit) -> Response:
    """What is to be taken back, before it is."""
    visit.need("withdraw_consent")
    asked = visit.request.query_params
    return await _withdrawing(
        visit, {name: asked.get(name, "") for name in ("topic", "region", "source")}, None
    )


async def withdraw(visit: Visit) -> Response:
    """Take it back."""
    texts = {name: visit.form.get(name, "") for name in ("topic", "region", "source")}
    try:
        await visit.call("withdraw_consent", {"contact_id": _contact_id(visit)} | given(**texts))
    except Problem as problem:
        return await _withdrawing(visit, texts, problem)
    return go(f"{_path(visit)}?done=withdrawn")


async def prefer(visit: Visit) -> Response:
    """One wish: a topic or a channel, wanted or not."""
    what = "topics" if visit.form.get("topic") else "channels"
    name = visit.form.get("topic") or visit.form.get("channel") or ""
    wish = {name: bool(visit.form.get("wanted"))}
    await visit.call(
        "set_preferences", {"contact_id": _contact_id(visit), what: wish, "source": "a person's page"}
    )
    return go(f"{_path(visit)}?done=preferred")


async def _withdrawing(visit: Visit, texts: dict[str, str], problem: Problem | None) -> Response:
    return await visit.page(
        "people/consent_withdraw.html",
        problem.row.http if problem else 200,
        contact=await contact_of(visit),
        form=texts,
        regions=[(one.value, one.label) for one in _REGIONS],
        **faults(problem, {"topic": "Topic", "region": "Region", "source": "How"}, {}),
    )


async def _page(visit: Visit, texts: dict[str, str], problem: Problem | None) -> Response:
    contact = await contact_of(visit)
    records = await visit.call("list_consents", {"contact_id": contact.contact_id, "limit": _MOST})
    wishes = await visit.call("set_preferences", {"contact_id": contact.contact_id}) if _may(visit) else None
    assert isinstance(records, ConsentList)
    assert wishes is None or isinstance(wishes, Preferences)
    wanted = {one.channel: one.wanted for one in wishes.channels} if wishes else {}
    return await visit.page(
        "people/consent.html",
        problem.row.http if problem else 200,
        contact=contact,
        records=records,
        wishes=wishes,
        channels=[(name, wanted.get(name)) for name in dict.fromkeys((*CHANNELS, *wanted))],
        section=_RECORD,
        why=_why,
        form=texts,
        done=visit.request.query_params.get("done", ""),
        bases={one.value: one.label for one in _BASES} | {"withdrawal": "taken back"},
        withdraw=lambda **about: f"{_path(visit)}/withdraw?{urlencode(given(**about))}",
        **await _answers(visit, contact.email),
        **faults(problem, _LABELS, {}),
    )


async def _answers(visit: Visit, email: str) -> dict[str, Any]:
    """Whether commercial mail of a mailbox about a topic goes to them now, by region."""
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    options = [(one.mailbox_id, one.address) for one in boxes.mailboxes]
    asked = visit.request.query_params
    box = asked.get("mailbox", "")
    box = box if box in dict(options) else next(iter(dict(options)), "")
    found: dict[str, Any] = {
        "boxes": options,
        "box": box,
        "topic": asked.get("topic", ""),
        "check": None,
        "rules": [],
        "topic_problem": None,
    }
    if not box:
        return found
    about = {"email": email, "mailbox": box, "topic": found["topic"]}
    try:
        check = await visit.call("check_consent", about | {"message_class": "commercial"})
        table = await visit.call("consent_table", about)
    except Problem as problem:
        return found | {"topic_problem": problem}
    assert isinstance(check, ConsentCheck)
    assert isinstance(table, RuleTable)
    return found | {"check": check, "rules": table.rows}


def _why(code: str) -> str:
    """Why mail goes or does not, in words; a region in brackets is the one that has the say."""
    word, _, where = code.partition(" ")
    return f"{_WHYS.get(word, word.replace('_', ' '))} {where}".strip()


async def agreed(visit: Visit) -> list[tuple[str, str]]:
    """What is on record for the contact that the address names, shortly: each with how a tag shows it."""
    found = await visit.call("list_consents", {"contact_id": _contact_id(visit), "limit": _MOST})
    assert isinstance(found, ConsentList)
    said = [_shortly(one) for one in found.consents]
    return list(dict.fromkeys(said))[:_SHOWN]


def _shortly(one: ConsentView) -> tuple[str, str]:
    basis = "" if one.basis in ("consent", "withdrawal") else f"{one.basis.replace('_', ' ')}: "
    about = basis + (one.topic or "every topic") + (f", {one.region}" if one.region else "")
    if one.basis == "withdrawal" or one.withdrawn_at:
        return f"{about}: taken back", "warn"
    return (about, "good") if one.counts else (f"{about}: does not count", "warn")


async def contact_of(visit: Visit) -> ContactView:
    """The contact that the address names, or `not_found`."""
    found = await visit.call("search_contacts", {"contact_id": _contact_id(visit), "limit": 1})
    assert isinstance(found, ContactList)
    if not found.contacts:
        raise Problem("not_found")
    return found.contacts[0]


def _may(visit: Visit) -> bool:
    return "contacts" in {scope.value for scope in visit.visitor.principal.scopes}


def _contact_id(visit: Visit) -> str:
    return str(visit.request.path_params["contact_id"])


def _path(visit: Visit) -> str:
    return AT.replace("{contact_id}", _contact_id(visit))


PAGES: Final = (
    PageRoute(AT, show),
    PageRoute(AT, record, "POST"),
    PageRoute(_WITHDRAW, withdrawing),
    PageRoute(_WITHDRAW, withdraw, "POST"),
    PageRoute(_PREFER, prefer, "POST"),
)
