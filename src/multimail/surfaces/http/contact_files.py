"""Files of contacts over HTTP: one comes in and is imported while it comes, one goes out while it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multimail.contract.contact_files import MEDIA_TYPES, SUFFIXES
from multimail.contract.registry import operation
from multimail.contract.streams import Stream
from multimail.core.errors import Problem
from multimail.services import contact_export, contact_import, streaming
from multimail.services.context import Caller
from multimail.surfaces.http import downloads, received
from multimail.surfaces.http.answers import encode, json_response
from multimail.surfaces.http.arguments import from_query
from multimail.surfaces.http.endpoint import SURFACE, Api

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

TYPES: Final = {
    "text/csv": "csv", "application/csv": "csv", "application/vnd.ms-excel": "csv", "text/vcard": "vcard",
    "text/x-vcard": "vcard", "text/directory": "vcard", "application/jsonl": "jsonl", "application/x-ndjson": "jsonl",
    "application/x-jsonlines": "jsonl",
}  # fmt: skip
_TRUE: Final = {"true": True, "1": True, "false": False, "0": False, "": False}
_DIGITS: Final = 12


async def import_contacts(api: Api, stream: Stream, request: Request) -> Response:
    """What became of the rows. A client that hangs up leaves what was imported so far."""
    caller = Caller(request.scope["state"]["principal_id"], SURFACE)
    streaming.permit(api.services, caller, stream, of_all=True)
    try:
        received.refuse_forms(request)
        asked = _asked(request)
    except Problem as problem:
        raise streaming.refused(api.services, caller, stream, problem) from None
    done = await contact_import.run(api.services, caller, request.stream(), asked)
    return json_response(encode(done.model_dump(mode="json", exclude_none=True)), stream.status)


async def export_contacts(api: Api, stream: Stream, request: Request) -> Response:
    """The file, under a name of its own."""
    caller = Caller(request.scope["state"]["principal_id"], SURFACE)
    asked = from_query(request, operation("search_contacts"))
    form = str(asked.pop("format", "csv"))
    pieces = await contact_export.export(api.services, caller, asked, form)
    return downloads.stream(pieces, MEDIA_TYPES[form], f"contacts.{SUFFIXES[form]}")


def _asked(request: Request) -> contact_import.Asked:
    query = dict(request.query_params)
    media_type = received.media_type(request)
    form = query.pop("format", "") or TYPES.get(media_type, "")
    if not form:
        raise Problem(
            "unsupported_media_type", f"{media_type[:80]!r} is no type of a file of contacts.", field="Content-Type",
            advice="Content-Type: text/csv, text/vcard or application/jsonl; or ?format=csv.",
        )  # fmt: skip
    start, dry_run = query.pop("start", "0"), query.pop("dry_run", "").lower()
    if not start.isdecimal() or len(start) > _DIGITS:
        raise Problem("invalid", "start is the number of a line.", field="start")
    if dry_run not in _TRUE:
        raise Problem("invalid", "dry_run is true or false.", field="dry_run")
    others = query.pop("others", "refuse")
    for name in query:
        raise Problem("unknown_field", f"There is no {name[:40]!a} here.", field=name[:40])
    return contact_import.Asked(form, others, _TRUE[dry_run], int(start))
