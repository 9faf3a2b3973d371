"""Routes whose body or answer is not JSON: files down and up, events. Each is a row of `contract.streams`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from multimail.contract.registry import operation
from multimail.contract.streams import BY_NAME, Stream
from multimail.core.errors import Problem
from multimail.services import audit_export, files, person_file, register, streaming, uploads
from multimail.services.context import Call, Caller
from multimail.services.inbound import Inbound
from multimail.services.tail import Tail
from multimail.surfaces.http import contact_files, downloads, events, inbound_raw, openapi, received
from multimail.surfaces.http.answers import encode, json_response
from multimail.surfaces.http.arguments import from_query
from multimail.surfaces.http.endpoint import SURFACE, Api, Endpoint

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from multimail.contract.streams import UploadView
    from multimail.ports.store import Tx
    from multimail.services.files import File

Answering: TypeAlias = Callable[["Api", Stream, "Request"], Awaitable["Response"]]


def endpoints(api: Api) -> Iterator[tuple[str, str, Endpoint]]:
    """Method, path template and endpoint of every stream."""
    tail = Tail(api.services)
    receiver = inbound_raw.Receiver(api, Inbound(api.services))
    table: dict[str, Answering] = {
        "download_file": _download_file,
        "download_message": _download_message,
        "upload_file": _upload_file,
        "receive_email": receiver.receive,
        "stream_events": partial(events.follow, tail),
        "export_audit": _export_audit,
        "import_contacts": contact_files.import_contacts,
        "export_contacts": contact_files.export_contacts,
        "export_register": _export_register,
        "export_person_file": _export_person,
    }
    yield "GET", "/v1/openapi.json", Endpoint(api, partial(_describe, api))
    for name, answer in table.items():
        row = BY_NAME[name]
        yield row.method, row.path, Endpoint(api, partial(answer, api, row))


def _caller(request: Request) -> Caller:
    return Caller(request.scope["state"]["principal_id"], SURFACE)


async def _describe(api: Api, request: Request) -> Response:
    """Made once, at the first request, and not on the event loop: it takes half a second."""
    return json_response(await asyncio.to_thread(openapi.as_bytes, api.base_url))


async def _download_file(api: Api, stream: Stream, request: Request) -> Response:
    message_id, which = request.path_params["message_id"], request.path_params["attachment"]
    whole = request.method != "HEAD"

    def work(tx: Tx, call: Call) -> File:
        return files.attachment(tx, call, message_id, which, with_content=whole)

    found = await streaming.read(api.services, _caller(request), stream, work, message_id)
    return downloads.download(request, found)


async def _download_message(api: Api, stream: Stream, request: Request) -> Response:
    message_id = request.path_params["message_id"]

    def work(tx: Tx, call: Call) -> File:
        return files.raw_mail(tx, call, message_id)

    found = await streaming.read(api.services, _caller(request), stream, work, message_id)
    return downloads.download(request, found)


async def _export_audit(api: Api, stream: Stream, request: Request) -> Response:
    asked = from_query(request, operation("search_audit"))
    form = asked.pop("format", "csv")
    pieces = await audit_export.export(api.services, _caller(request), asked, str(form))
    return downloads.stream(pieces, audit_export.MEDIA_TYPES[str(form)], f"audit.{form}")


async def _export_register(api: Api, stream: Stream, request: Request) -> Response:
    asked = from_query(request, operation("get_register"))
    form = str(asked.pop("format", "csv"))

    def work(tx: Tx, call: Call) -> bytes:
        return register.exported(tx, call, asked, form)

    content = await streaming.read(api.services, _caller(request), stream, work)
    return downloads.stream(_whole(content), register.FORMS[form], f"register.{form}")


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _export_person(api: Api, stream: Stream, request: Request) -> Response:
    asked = from_query(request, operation("export_person"))
    pieces = await person_file.as_file(api.services, _caller(request), asked)
    return downloads.stream(pieces, "application/json", "person.json")


async def _upload_file(api: Api, stream: Stream, request: Request) -> Response:
    caller = _caller(request)
    streaming.permit(api.services, caller, stream)
    try:
        received.refuse_forms(request)
        body = await received.read_bytes(request, api.services.limits.message_bytes)
    except Problem as problem:
        raise streaming.refused(api.services, caller, stream, problem) from None
    file = uploads.Received(
        received.file_name(request), received.media_type(request), body.sha256, body.content
    )

    def work(tx: Tx, call: Call) -> UploadView:
        return uploads.upload_file(tx, call, file)

    view = await streaming.write(api.services, caller, stream, work)
    return json_response(encode(view.model_dump(mode="json", exclude_none=True)), stream.status)
