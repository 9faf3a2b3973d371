"""Mail that a provider took for us and forwards over HTTP: it goes the way of mail that came over SMTP.

The envelope stands in the query or in headers, never in the mail: what the mail's own headers say proves nothing.
Whatever is our own fault is 503, so that the provider keeps the mail and offers it again.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from multimail.contract.streams import InboundResult, Stream
from multimail.core.addresses import parse_address
from multimail.core.envelope import Envelope, SessionFacts
from multimail.core.errors import Problem
from multimail.services import streaming
from multimail.services.context import Caller
from multimail.surfaces.http import received
from multimail.surfaces.http.answers import encode, json_response
from multimail.surfaces.http.endpoint import SURFACE, Api

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from multimail.services.inbound import Inbound

TYPES: Final = frozenset({"message/rfc822", "message/global"})
_NULL: Final = frozenset({"", "<>"})
_OURS: Final = 500
_LOG: Final = logging.getLogger(__name__)


class Receiver:
    """Takes mail; a mail that is being filed is filed although its provider hangs up."""

    def __init__(self, api: Api, intake: Inbound) -> None:
        self._api = api
        self._intake = intake
        self._filing: set[asyncio.Task[None]] = set()

    async def receive(self, api: Api, stream: Stream, request: Request) -> Response:
        """2xx once the mail is stored and can be found."""
        caller = Caller(request.scope["state"]["principal_id"], SURFACE)
        streaming.permit(api.services, caller, stream, of_all=True)
        try:
            result = await self._taken(request)
        except Problem as problem:
            raise streaming.refused(api.services, caller, stream, _retried(problem)) from None
        except Exception:  # noqa: BLE001 - logged, and the provider keeps the mail
            _LOG.exception("a forwarded mail could not be taken")
            raise streaming.refused(api.services, caller, stream, _retried(Problem("internal"))) from None
        streaming.succeeded(api.services, caller, stream)
        return json_response(encode(result.model_dump(mode="json", exclude_none=True)), stream.status)

    async def _taken(self, request: Request) -> InboundResult:
        if received.media_type(request) not in TYPES:
            raise Problem(
                "unsupported_media_type", "The body has to be a mail as it came.", field="Content-Type",
                advice="Content-Type: message/rfc822",
            )  # fmt: skip
        peer = request.client.host if request.client else ""
        sender = _sender(_one(request, "from", "x-envelope-from"))
        addresses = self._addresses(request)
        facts = SessionFacts(peer, "", sender, smtputf8=True, authenticated=True, accepted=1)
        refused = {one: problem for one in addresses if (problem := await self._intake.recipient(one, facts))}
        if len(refused) == len(addresses):
            raise Problem(
                "not_found", f"There is no mailbox here for {', '.join(refused)[:200]}.", field="to",
                advice="list_mailboxes names those that are here.",
            )  # fmt: skip
        body = await received.read_bytes(request, self._api.services.limits.message_bytes)
        taken = tuple(one for one in addresses if one not in refused)
        await self._file(Envelope(sender, taken, bytes(body.content), peer, "", smtputf8=True))
        return InboundResult(recipients=[*taken], refused=[*refused] or None, size=len(body.content))

    def _addresses(self, request: Request) -> list[str]:
        given = [part for value in _all(request, "to", "x-envelope-to") for part in value.split(",")]
        found = dict.fromkeys(parse_address(one.strip(), field="to").address for one in given if one.strip())
        most = self._api.services.limits.recipients
        if not found:
            raise Problem(
                "invalid",
                "The mail has no recipient.",
                field="to",
                advice="?to=desk@example.com or X-Envelope-To.",
            )
        if len(found) > most:
            raise Problem(
                "too_many_recipients", f"{len(found)} recipients; one mail may have {most}.", field="to"
            )
        return [*found]

    async def _file(self, envelope: Envelope) -> None:
        task = asyncio.create_task(self._intake.accept(envelope), name="filing of a forwarded mail")
        self._filing.add(task)
        task.add_done_callback(self._filing.discard)
        await asyncio.shield(task)


def _retried(problem: Problem) -> Problem:
    """What is no fault of the request, in the words that providers understand."""
    if problem.row.http < _OURS:
        return problem
    return Problem("unavailable", problem.message, advice="Keep the mail and offer it again.")


def _sender(given: str) -> str:
    return "" if given.strip() in _NULL else parse_address(given.strip(), field="from").address


def _all(request: Request, name: str, header: str) -> list[str]:
    return [*request.query_params.getlist(name), *request.headers.getlist(header)]


def _one(request: Request, name: str, header: str) -> str:
    found = [*dict.fromkeys(_all(request, name, header))]
    if len(found) > 1:
        raise Problem("contradiction", "There are several envelope senders.", field="from")
    return found[0] if found else ""
