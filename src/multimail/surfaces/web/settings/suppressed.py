"""Who gets no mail, or none that is not asked for: two tags of contacts, given here and taken away with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from multimail.contract.contacts import ContactList, ContactView
from multimail.core.errors import Problem
from multimail.core.tags import split
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings import asking
from multimail.surfaces.web.settings.fields import Choice, Field, Section, filled, kept, names
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

_AT: Final = "/settings/suppressed"
_PAGE: Final = 50
_AGAIN: Final = "mail_again"
"""The tag that keeps why somebody may be mailed again."""
_KINDS: Final = (
    Choice("suppressed", "suppressed", "Gets nothing at all, not even what a person approved."),
    Choice("unsubscribed", "unsubscribed", "Gets only what an operator says is transactional."),
)
_NAMES: Final = tuple(one.value for one in _KINDS)
_NEW: Final = Section("add", "Bar an address", (
    Field("email", "Address", "A contact is made of it if there is none.", longest=320, required=True),
    Field("kind", "What it gets", "", "radio", _KINDS),
    Field("reason", "Why", "Kept with the contact.", longest=256),
))  # fmt: skip
_LABELS: Final = {one.name: one.label for one in _NEW.fields}
_BESIDE: Final = {"tags": "reason", "contact_id": "email"}


@dataclass(frozen=True, slots=True)
class Barred:
    """A contact on one of the lists, and why."""

    contact: ContactView
    reason: str


async def show(visit: Visit) -> Response:
    """One of the two lists, with the form to add to it."""
    return await _page(visit, dict.fromkeys(names([_NEW]), "") | {"kind": _kind(visit)}, None)


async def add(visit: Visit) -> Response:
    """Bar an address; doing it again only renews the reason."""
    texts = kept(visit.form, [_NEW])
    try:
        filled(texts, "email")
        if texts["kind"] not in _NAMES:
            raise Problem("invalid", "Neither list is chosen.", field="kind", advice="Choose one.")
        await visit.call(
            "tag_email",
            {
                "email": texts["email"],
                "tags": {texts["kind"]: _reason(texts["reason"])},
                "remove": [_AGAIN],
            },
        )
    except Problem as problem:
        return await _page(visit, texts, problem)
    return go(f"{_AT}?kind={texts['kind']}&done=added")


async def lifting(visit: Visit) -> Response:
    """What it means that somebody may be mailed again."""
    return await _lifting(visit, None)


async def lift(visit: Visit) -> Response:
    """Take the tag away, and keep the reason in its place."""
    kind = visit.form.get("kind", "")
    if kind not in _NAMES:
        raise Problem("not_found")
    try:
        reason = _reason(visit.form.get("reason", ""))
        if not reason:
            advice = "Such as: asked for it by telephone on Monday."
            raise Problem("invalid", "It needs a reason.", field="reason", advice=advice)
        contact_id = visit.request.path_params["contact_id"]
        wanted = {"contact_id": contact_id, "tags": {_AGAIN: reason}, "remove": [kind]}
        await visit.call("tag_email", wanted)
    except Problem as problem:
        return await _lifting(visit, problem)
    return go(f"{_AT}?kind={kind}&done=lifted")


def _reason(text: str) -> str:
    return " ".join(text.split())


def _kind(visit: Visit) -> str:
    asked = visit.request.query_params.get("kind", "")
    return asked if asked in _NAMES else _NAMES[0]


async def _contacts(visit: Visit, wanted: dict[str, Any]) -> ContactList:
    found = await visit.call("search_contacts", wanted)
    assert isinstance(found, ContactList)
    return found


def _barred(contact: ContactView, kind: str) -> Barred:
    tags = dict(map(split, contact.tags))
    return Barred(contact, tags.get(kind, ""))


async def _lifting(visit: Visit, problem: Problem | None) -> Response:
    kind = visit.form.get("kind") or _kind(visit)
    found = await _contacts(
        visit, {"contact_id": visit.request.path_params["contact_id"], "tags": [kind], "limit": 1}
    )
    if not found.contacts:
        raise Problem("not_found")
    return await asking.page(
        visit,
        "suppressed_lift",
        problem,
        ({"reason": "Why"}, {"tags": "reason"}),
        barred=_barred(found.contacts[0], kind),
        kind=kind,
        form=visit.form,
    )


async def _page(visit: Visit, texts: dict[str, str], problem: Problem | None) -> Response:
    kind, asked = _kind(visit), visit.request.query_params
    wanted: dict[str, Any] = {"tags": [kind], "limit": _PAGE, "query": asked.get("q", "")}
    found = await _contacts(visit, wanted | ({"cursor": asked["cursor"]} if asked.get("cursor") else {}))
    return await asking.page(
        visit,
        "suppressed",
        problem,
        (_LABELS, _BESIDE),
        kinds=_KINDS,
        kind=kind,
        query=asked.get("q", ""),
        barred=[_barred(one, kind) for one in found.contacts],
        cursor=found.cursor,
        section=_NEW,
        form=texts,
        done=asked.get("done", ""),
    )


_ONE: Final = f"{_AT}/{{contact_id}}/lift"
PAGES: Final = (
    PageRoute(_AT, show),
    PageRoute(_AT, add, "POST"),
    PageRoute(_ONE, lifting),
    PageRoute(_ONE, lift, "POST"),
)
