"""Everything that is held about one person: what there is, and the whole of it as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import StreamingResponse

from multimail.contract.person import PersonExport
from multimail.services import person_file
from multimail.surfaces.web.people.consent import contact_of
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import Visit

if TYPE_CHECKING:
    from starlette.responses import Response

AT: Final = "/people/{contact_id}/export"
_FILE: Final = f"{AT}/file"
_SHOWN: Final = 20


async def show(visit: Visit) -> Response:
    """What there is, in numbers, and the beginning of each list."""
    contact_id = str(visit.request.path_params["contact_id"])
    found = await visit.call("export_person", {"contact_id": contact_id, "limit": _SHOWN})
    assert isinstance(found, PersonExport)
    return await visit.page("people/export_person.html", contact=await contact_of(visit), found=found)


async def download(visit: Visit) -> Response:
    """The whole of it, written while it is read."""
    contact_id = str(visit.request.path_params["contact_id"])
    caller = visit.visitor.caller("")
    pieces = await person_file.as_file(visit.site.services, caller, {"contact_id": contact_id})
    headers = {
        "Content-Disposition": f'attachment; filename="{contact_id}.json"',
        "Content-Type": "application/json",
    }
    return StreamingResponse(pieces, headers=headers)


PAGES: Final = (PageRoute(AT, show), PageRoute(_FILE, download))
