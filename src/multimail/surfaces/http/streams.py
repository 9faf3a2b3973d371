"""Routes whose body or answer is not JSON: files down and up. Each is a row of `contract.streams`."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from multimail.contract.streams import BY_NAME, Stream
from multimail.core.errors import Problem
from multimail.services import files, reviewing, streaming, uploads
from multimail.services.context import Call, Caller
from multimail.surfaces.http import downloads, problems, received

if TYPE_CHECKING:
    from multimail.contract.streams import UploadView
    from multimail.ports.store import Tx
    from multimail.services.context import Services
    from multimail.services.files import File

_LOG: Final = logging.getLogger(__name__)
Endpoint: TypeAlias = Callable[["Services", Stream, Request], Awaitable[Response]]


def routes(services: Services) -> list[Route]:
    """One for each stream. They stand before the routes of operations, which take every name under /v1."""
    endpoints: dict[str, Endpoint] = {
        "download_file": _download_file,
        "download_message": _download_message,
        "upload_file": _upload_file,
    }
    return [_route(services, BY_NAME[name], endpoint) for name, endpoint in endpoints.items()]


def _route(services: Services, stream: Stream, endpoint: Endpoint) -> Route:
    # A file's name may hold a slash.
    path = stream.path.replace("{attachment}", "{attachment:path}")
    return Route(path, answering(services, stream, endpoint), methods=[stream.method], name=stream.name)


def answering(
    services: Services, stream: Stream, endpoint: Endpoint
) -> Callable[[Request], Awaitable[Response]]:
    """Every fault becomes a problem document; what was not expected is logged and says nothing."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(services, stream, request)
        except ClientDisconnect:
            return Response(status_code=499)
        except Problem as problem:
            return problems.response(problem, reviewing.address(services))
        except Exception:  # noqa: BLE001 - the client gets an answer, whatever it is
            _LOG.exception("%s failed", stream.name)
            return problems.response(Problem("internal"), reviewing.address(services))

    return answer


def caller_of(request: Request) -> Caller:
    """Who calls, as it was settled before any route."""
    return Caller(request.state.principal_id, "rest")


async def _download_file(services: Services, stream: Stream, request: Request) -> Response:
    message_id, which = request.path_params["message_id"], request.path_params["attachment"]
    whole = request.method == "GET"

    def work(tx: Tx, call: Call) -> File:
        return files.attachment(tx, call, message_id, which, with_content=whole)

    found = await streaming.read(services, caller_of(request), stream, work, message_id)
    return downloads.download(request, found)


async def _download_message(services: Services, stream: Stream, request: Request) -> Response:
    message_id = request.path_params["message_id"]

    def work(tx: Tx, call: Call) -> File:
        return files.raw_mail(tx, call, message_id)

    found = await streaming.read(services, caller_of(request), stream, work, message_id)
    return downloads.download(request, found)


async def _upload_file(services: Services, stream: Stream, request: Request) -> Response:
    caller = caller_of(request)
    streaming.permit(services, caller, stream)
    try:
        received.refuse_forms(request)
        body = await received.read_bytes(request, services.limits.message_bytes)
    except Problem as problem:
        raise streaming.refused(services, caller, stream, problem) from None
    file = uploads.Received(
        received.file_name(request), received.media_type(request), body.sha256, body.content
    )

    def work(tx: Tx, call: Call) -> UploadView:
        return uploads.upload_file(tx, call, file)

    view = await streaming.write(services, caller, stream, work)
    return JSONResponse(view.model_dump(mode="json", exclude_none=True), stream.status)
