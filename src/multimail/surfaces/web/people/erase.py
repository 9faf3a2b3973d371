"""Erasing somebody, asked for with the address written again, and the record of who was erased, which names nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multimail.contract.erasure import ErasureList, ErasureView
from multimail.core.errors import Problem
from multimail.surfaces.web.people.consent import contact_of
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings.asking import faults
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

_RECORD: Final = "/people/erasures"
_ONE: Final = "/people/{contact_id}/erase"
_PAGE: Final = 50
_LABELS: Final = {"email": "Address", "confirm_email": "The address once more"}


async def record(visit: Visit) -> Response:
    """Who was erased when, and the form for somebody without a page."""
    return await _record(visit, None)


async def erase_address(visit: Visit) -> Response:
    """Erase an address, whether or not there is a contact of it."""
    try:
        return await _erased(visit, visit.form.get("email", ""))
    except Problem as problem:
        return await _record(visit, problem)


async def erasing(visit: Visit) -> Response:
    """What goes and what stays, before anything does. Only to those who may."""
    await visit.call("list_erasures", {"limit": 1})
    return await _erasing(visit, None)


async def erase(visit: Visit) -> Response:
    """Erase the contact, if the address was written again as it is."""
    contact = await contact_of(visit)
    try:
        return await _erased(visit, contact.email)
    except Problem as problem:
        return await _erasing(visit, problem)


async def _erased(visit: Visit, email: str) -> Response:
    wanted = {"email": email.strip(), "confirm_email": visit.form.get("confirm_email", "").strip()}
    for name, value in wanted.items():
        if not value:
            raise Problem("invalid", "There is no address.", field=name, advice="Write it out.")
    done = await visit.call("erase_person", wanted)
    assert isinstance(done, ErasureView)
    return go(f"{_RECORD}?done={done.erasure_id}")


async def _erasing(visit: Visit, problem: Problem | None) -> Response:
    return await visit.page(
        "people/erase.html",
        problem.row.http if problem else 200,
        contact=await contact_of(visit),
        form=visit.form,
        **faults(problem, _LABELS, {"email": "confirm_email"}),
    )


async def _record(visit: Visit, problem: Problem | None) -> Response:
    asked = visit.request.query_params
    wanted = {name: asked[name] for name in ("email", "cursor") if asked.get(name)}
    looked_for: Problem | None = None
    try:
        found = await visit.call("list_erasures", {"limit": _PAGE} | wanted)
    except Problem as fault:
        if fault.field != "email":
            raise
        looked_for, found = fault, await visit.call("list_erasures", {"limit": _PAGE})
    assert isinstance(found, ErasureList)
    shown = problem or looked_for
    return await visit.page(
        "people/erasures.html",
        shown.row.http if shown else 200,
        found=found,
        looked_for=asked.get("email", ""),
        look_problem=looked_for,
        done=next((one for one in found.erasures if one.erasure_id == asked.get("done")), None),
        form=visit.form,
        **faults(problem, _LABELS, {}),
    )


PAGES: Final = (
    PageRoute(_RECORD, record),
    PageRoute(_RECORD, erase_address, "POST"),
    PageRoute(_ONE, erasing),
    PageRoute(_ONE, erase, "POST"),
)
