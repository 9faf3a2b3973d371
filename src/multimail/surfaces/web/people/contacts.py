"""The list of contacts: who they are, found by words, tags, domains, data and times; and adding one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from multimail.contract.contacts import ContactList
from multimail.core.errors import Problem
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings.asking import faults
from multimail.surfaces.web.settings.fields import Field, Section, filled, given, kept, names
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

AT: Final = "/people"
FILTERS: Final = ("q", "domain", "tag", "data", "seen")
_PAGE: Final = 50
_TIMES: Final = (
    ("", "at any time"),
    ("written-7", "written to in the last 7 days"),
    ("written-30", "written to in the last 30 days"),
    ("silent-30", "not written to for 30 days"),
    ("silent-180", "not written to for 180 days"),
    ("heard-7", "heard from in the last 7 days"),
    ("heard-30", "heard from in the last 30 days"),
    ("quiet-180", "not heard from for 180 days"),
)
_BY_TIME: Final = {
    "written": "last_contacted_after", "silent": "last_contacted_before", "heard": "last_inbound_after",
    "quiet": "last_inbound_before",
}  # fmt: skip
_NEW: Final = Section("new", "Add a contact", (
    Field("email", "Address", "Such as ann@example.com.", longest=320, required=True),
    Field("name", "Name", longest=200),
    Field("tags", "Tags", "With commas between.", longest=1000),
))  # fmt: skip
_LABELS: Final = {field.name: field.label for field in _NEW.fields} | {
    "q": "Words", "domain": "Domain", "tag": "Tag", "data": "Data",
}  # fmt: skip
_BESIDE: Final = {"query": "q", "filters": "data", "exclude_tags": "tag"}


async def show(visit: Visit) -> Response:
    """Those that the filters find."""
    return await _page(visit, dict.fromkeys(names([_NEW]), ""), None)


async def add(visit: Visit) -> Response:
    """A new contact; one that is there already is named."""
    texts = kept(visit.form, [_NEW])
    try:
        filled(texts, "email")
        wanted = given(email=texts["email"], name=texts["name"])
        tags = {"tags": [texts["tags"]]} if texts["tags"].strip() else {}
        made = await visit.call("manage_contacts", {"action": "add", **wanted, **tags})
    except Problem as problem:
        return await _page(visit, texts, problem)
    assert isinstance(made, ContactList)
    return go(f"{AT}/{made.contacts[0].contact_id}?done=added")


def asked(visit: Visit) -> dict[str, Any]:
    """The filters of the page as the operation takes them."""
    form = filters(visit)
    found: dict[str, Any] = given(query=form.get("q"), domain=form.get("domain"))
    if form.get("tag"):
        found["tags"] = [form["tag"]]
    chosen: dict[str, Any] = {}
    if form.get("data"):
        key, equals, value = form["data"].partition("=")
        if not equals:
            raise Problem("invalid", "Write it as KEY=VALUE.", field="data", advice="Such as plan=pro.")
        chosen[f"metadata.{key.strip()}"] = value.strip()
    if form.get("seen") in dict(_TIMES[1:]):
        kind, _, days = form["seen"].partition("-")
        # From midnight on: a cursor belongs to one list, which must be the same on its next page.
        today = visit.site.now().replace(hour=0, minute=0, second=0, microsecond=0)
        chosen[_BY_TIME[kind]] = (today - timedelta(days=int(days))).isoformat()
    return found | ({"filters": chosen} if chosen else {})


def filters(visit: Visit) -> dict[str, str]:
    """What was written into the filters."""
    query = visit.request.query_params
    return {name: query[name].strip() for name in FILTERS if query.get(name, "").strip()}


async def _page(visit: Visit, texts: dict[str, str], problem: Problem | None) -> Response:
    query, form = visit.request.query_params, filters(visit)
    found = ContactList(contacts=[], count=0)
    try:
        paging = {"cursor": query["cursor"]} if query.get("cursor") else {}
        answer = await visit.call("search_contacts", {**asked(visit), **paging, "limit": _PAGE})
        assert isinstance(answer, ContactList)
        found = answer
    except Problem as refused:
        problem = problem or refused
    wanted = urlencode(form)
    more = (
        f"{AT}?{wanted}{'&' if wanted else ''}{urlencode({'cursor': found.cursor})}" if found.cursor else ""
    )
    return await visit.page(
        "people/contacts.html",
        problem.row.http if problem else 200,
        contacts=found.contacts,
        more=more,
        wanted=wanted,
        filters=dict.fromkeys(FILTERS, "") | form,
        times=_TIMES,
        section=_NEW,
        form=texts,
        done=query.get("done", ""),
        **faults(problem, _LABELS, _BESIDE),
    )


PAGES: Final = (PageRoute(AT, show), PageRoute(AT, add, "POST"))
