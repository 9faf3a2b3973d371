"""Who is not written to: the records in force and those that are over, adding one, and lifting with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from multimail.contract.administration import MailboxList
from multimail.contract.contacts import ContactList
from multimail.contract.suppression import SuppressionCheck, SuppressionList
from multimail.core.addresses import normalise
from multimail.core.errors import Problem
from multimail.core.suppression import REASONS, SENTENCES, matrix
from multimail.services import reviewing
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings.asking import faults
from multimail.surfaces.web.settings.fields import Choice, Field, Section, filled, kept, names
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

AT: Final = "/people/suppressed"
_LIFT: Final = f"{AT}/lift"
_PAGE: Final = 50
_LISTS: Final = (
    ("", "In force"),
    ("lifted", "Over"),
    ("tag-suppressed", "Tagged suppressed"),
    ("tag-unsubscribed", "Tagged unsubscribed"),
)
_KINDS: Final = (
    Choice("manual", "Nothing", "Not even what a person approved; only the server's own notices."),
    Choice("unsubscribe", "Nothing commercial", "Only what an operator says is transactional."),
)
_LABELS: Final = {
    "address": "Address",
    "reason": "What it gets",
    "mailbox": "Mailbox",
    "topic": "Topic",
    "note": "Why",
}


async def show(visit: Visit) -> Response:
    """One of the lists, with the form to add to it."""
    return await _page(visit, dict.fromkeys(names([_section(())]), "") | {"reason": "manual"}, None)


async def add(visit: Visit) -> Response:
    """Suppress an address; doing it again changes nothing."""
    texts = kept(visit.form, [_section(())])
    try:
        filled(texts, "address")
        await visit.call("suppress_address", {name: text for name, text in texts.items() if text})
    except Problem as problem:
        return await _page(visit, texts, problem)
    return go(f"{AT}?done=added")


async def lifting(visit: Visit) -> Response:
    """What stands against an address, and the form that lifts it."""
    visit.need("unsuppress_address")
    return await _lifting(visit, visit.request.query_params.get("address", ""), None)


async def lift(visit: Visit) -> Response:
    """Lift everything but an erasure, which is asked for apart, and keep the reason."""
    address = visit.form.get("address", "")
    wanted = {
        "address": address,
        "note": visit.form.get("note", ""),
        "erasure": bool(visit.form.get("erasure")),
    }
    try:
        await visit.call("unsuppress_address", wanted)
    except Problem as problem:
        return await _lifting(visit, address, problem)
    return go(f"{AT}?done=lifted")


def _section(boxes: tuple[Choice, ...]) -> Section:
    return Section("add", "Suppress an address", (
        Field("address", "Address", "Known again however it is spelt, and even after an erasure.", longest=320,
              required=True),
        Field("reason", "What it gets", "", "radio", _KINDS),
        Field("mailbox", "From", "", "select", (Choice("", "All mailboxes"), *boxes)),
        Field("topic", "About", "A topic such as newsletter; everything if left empty.", longest=100),
        Field("note", "Why", "Kept with the record.", longest=256),
    ))  # fmt: skip


async def _lifting(visit: Visit, address: str, problem: Problem | None) -> Response:
    named = bool(address) and (problem is None or problem.field != "address")
    return await visit.page(
        "people/suppressed_lift.html",
        problem.row.http if problem else 200,
        address=address,
        said=await against(visit, address) if named else [],
        form=visit.form,
        **faults(problem, {"note": "Why", "address": "Address"}, {}),
    )


async def against(visit: Visit, address: str) -> list[str]:
    """What stands against an address, in words and the gravest first: its records, of whatever mailbox and topic, as
    far as the person may see the list; its key alone; or a tag."""
    reasons: set[str] = set()
    if reviewing.may(visit.visitor.principal, "list_suppressions"):
        found = await visit.call("list_suppressions", {"query": address, "limit": 200})
        assert isinstance(found, SuppressionList)
        reasons |= {one.reason for one in found.suppressions if one.email == normalise(address)}
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    for box in boxes.mailboxes:
        check = await visit.call("check_suppression", {"address": address, "mailbox": box.mailbox_id})
        assert isinstance(check, SuppressionCheck)
        reasons |= {*check.reasons, *check.tags}
    return [SENTENCES[one] for one in (*REASONS, "suppressed", "unsubscribed") if one in reasons]


async def _page(visit: Visit, texts: dict[str, str], problem: Problem | None) -> Response:
    asked = visit.request.query_params
    which = asked.get("list", "")
    which = which if which in dict(_LISTS) else ""
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    return await visit.page(
        "people/suppressed.html",
        problem.row.http if problem else 200,
        lists=[(f"{AT}?list={name}" if name else AT, title) for name, title in _LISTS],
        which=which,
        list_here=f"{AT}?list={which}" if which else AT,
        query=asked.get("q", ""),
        reason=asked.get("reason", ""),
        reasons=[("", "Any reason"), *((one, SENTENCES[one]) for one in REASONS)],
        section=_section(tuple(Choice(box.mailbox_id, box.address) for box in boxes.mailboxes)),
        form=texts,
        done=asked.get("done", ""),
        matrix=matrix(),
        words=SENTENCES,
        **await _listed(visit, which),
        **faults(problem, _LABELS, {}),
    )


async def _listed(visit: Visit, which: str) -> dict[str, Any]:
    asked = visit.request.query_params
    paging: dict[str, Any] = {"limit": _PAGE, "query": asked.get("q", "")}
    paging |= {"cursor": asked["cursor"]} if asked.get("cursor") else {}
    tag = which.removeprefix("tag-") if which.startswith("tag-") else ""
    if tag:
        contacts = await visit.call("search_contacts", paging | {"tags": [tag]})
        assert isinstance(contacts, ContactList)
        return {
            "records": [],
            "tagged": contacts.contacts,
            "totals": {},
            "more": _more(asked, contacts.cursor),
        }
    wanted = paging | {"lifted": which == "lifted", "reason": asked.get("reason") or None}
    found = await visit.call("list_suppressions", wanted)
    assert isinstance(found, SuppressionList)
    return {
        "records": found.suppressions,
        "tagged": [],
        "totals": found.totals,
        "more": _more(asked, found.cursor),
    }


def _more(asked: Any, cursor: str | None) -> str:
    if cursor is None:
        return ""
    kept_ = {name: asked[name] for name in ("list", "q", "reason") if asked.get(name)}
    return f"{AT}?{urlencode(kept_ | {'cursor': cursor})}"


PAGES: Final = (
    PageRoute(AT, show),
    PageRoute(AT, add, "POST"),
    PageRoute(_LIFT, lifting),
    PageRoute(_LIFT, lift, "POST"),
)
