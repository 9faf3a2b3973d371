"""One contact: who they are and who says so, what happened with them, and what may be changed by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from multimail.contract.contacts import ContactInspection, FieldRow
from multimail.core.errors import Problem
from multimail.surfaces.web.people.consent import agreed
from multimail.surfaces.web.people.contacts import AT as LIST
from multimail.surfaces.web.people.suppressed import against
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings.asking import faults
from multimail.surfaces.web.settings.fields import filled
from multimail.surfaces.web.site import Visit, go
from multimail.surfaces.web.views import plain

if TYPE_CHECKING:
    from starlette.responses import Response

AT: Final = f"{LIST}/{{contact_id}}"
_LABELS: Final = {"name": "Name", "key": "Field", "value": "Value", "tags": "Tags"}
_BESIDE: Final = {"metadata": "value", "remove": "tags"}
_SOURCES: Final = {
    "operator": "an operator", "inbound": "their own mail", "import": "an import", "agent": "an agent",
    "system": "this server",
}  # fmt: skip
_KINDS: Final = {
    "sent": "written to",
    "replied": "answered",
    "received": "wrote",
    "read": "their mail was read",
}


async def show(visit: Visit) -> Response:
    """The card."""
    return await _page(visit, {}, None)


async def rename(visit: Visit) -> Response:
    """Another name."""
    return await _changed(visit, {"name": visit.form.get("name", "")})


async def note(visit: Visit) -> Response:
    """One field of their data: text unless it is JSON; nothing takes it away."""
    try:
        filled(visit.form, "key")
    except Problem as problem:
        return await _page(visit, visit.form, problem)
    key, value = visit.form["key"].strip(), visit.form.get("value", "").strip()
    return await _changed(visit, {"metadata": {key: _value(value) if value else None}})


def _value(text: str) -> Any:
    """Numbers, true, false, lists and objects as JSON has them, and everything else as the text that it is."""
    try:
        return json.loads(text, parse_constant=str)
    except (ValueError, RecursionError):
        return text


async def tag(visit: Visit) -> Response:
    """Give tags, or take one away."""
    change = "remove" if visit.form.get("remove") else "tags"
    text = visit.form.get(change, "")
    if not text.strip():
        return await _page(visit, visit.form, Problem("invalid", "This is needed.", field="tags"))
    return await _changed(visit, {change: [text]}, "tag_email")


async def _changed(visit: Visit, wanted: dict[str, Any], operation: str = "manage_contacts") -> Response:
    arguments = {"contact_id": _id(visit), **wanted}
    if operation == "manage_contacts":
        arguments["action"] = "update"
    try:
        await visit.call(operation, arguments)
    except Problem as problem:
        if problem.code == "not_found":
            raise
        return await _page(visit, visit.form, problem)
    return go(f"{LIST}/{_id(visit)}?done=changed")


async def leaving(visit: Visit) -> Response:
    """What goes with a contact, before it is deleted."""
    visit.need("manage_contacts")
    return await visit.page("people/card_delete.html", contact=(await _found(visit)).contact)


async def delete(visit: Visit) -> Response:
    """Delete the contact with its data and log."""
    await visit.call("manage_contacts", {"action": "delete", "contact_id": _id(visit)})
    return go(f"{LIST}?done=deleted")


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["contact_id"])


async def _found(visit: Visit) -> ContactInspection:
    found = await visit.call("inspect_contact", {"contact_id": _id(visit)})
    assert isinstance(found, ContactInspection)
    return found


async def _page(visit: Visit, form: dict[str, str], problem: Problem | None) -> Response:
    found = await _found(visit)
    name = next((one for one in found.fields if one.field == "name"), None)
    return await visit.page(
        "people/card.html",
        problem.row.http if problem else 200,
        contact=found.contact,
        named_by=_SOURCES[name.source] if name else "",
        data=[_row(one) for one in found.fields if one.field != "name"],
        kinds=_KINDS,
        barred=await against(visit, found.contact.email),
        agreed=await agreed(visit),
        form={"name": found.contact.name, "key": "", "value": "", "tags": ""} | form,
        done=visit.request.query_params.get("done", ""),
        **faults(problem, _LABELS, _BESIDE),
    )


def _row(one: FieldRow) -> dict[str, Any]:
    """A field of the data in words."""
    return {
        "key": one.field.removeprefix("metadata."),
        "value": "" if one.value is None else plain(one.value),
        "gone": one.value is None,
        "source": _SOURCES[one.source],
        "at": one.at,
        "evidence": "" if one.evidence is None else plain(one.evidence),
        "evidence_source": _SOURCES.get(one.evidence_source or "", ""),
    }


PAGES: Final = (
    PageRoute(AT, show),
    PageRoute(f"{AT}/name", rename, "POST"),
    PageRoute(f"{AT}/data", note, "POST"),
    PageRoute(f"{AT}/tags", tag, "POST"),
    PageRoute(f"{AT}/delete", leaving),
    PageRoute(f"{AT}/delete", delete, "POST"),
)
