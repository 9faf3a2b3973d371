"""The export of a person as one file (GDPR Art. 15), written while it is read: nothing but a page is in memory."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final

from multimail.contract.person import ExportPerson, PersonExport
from multimail.contract.streams import BY_NAME
from multimail.ports.store import Tx
from multimail.services import dispatch, streaming
from multimail.services.context import Caller, Services
from multimail.services.person_export import export_person

STREAM: Final = "export_person_file"
_PAGE: Final = 50


async def as_file(services: Services, caller: Caller, arguments: Mapping[str, Any]) -> AsyncIterator[bytes]:
    """One JSON object, in pieces. What is wrong with the request or the caller is raised before the first; a key that
    ends meanwhile ends the file, which then is no whole object."""
    asked = ExportPerson.parse({**arguments, "limit": _PAGE})
    stream = BY_NAME[STREAM]
    first = await streaming.read(services, caller, stream, lambda tx, call: export_person(tx, call, asked))
    return _pieces(services, caller, asked, first)


async def _pieces(
    services: Services, caller: Caller, asked: ExportPerson, first: PersonExport
) -> AsyncIterator[bytes]:
    head = first.model_dump(mode="json", exclude_none=True, exclude={"messages", "cursor"})
    yield json.dumps(head, ensure_ascii=False).encode("utf-8", "replace")[:-1] + b', "messages": ['
    page, between = first, b"\n"
    while True:
        for one in page.messages:
            yield between + one.model_dump_json(exclude_none=True).encode("utf-8", "replace")
            between = b",\n"
        if page.cursor is None:
            break
        page = await services.store.read(_next(services, caller, asked, page.cursor))
    yield b"\n]}\n"


def _next(
    services: Services, caller: Caller, asked: ExportPerson, cursor: str
) -> Callable[[Tx], PersonExport]:
    request = asked.model_copy(update={"cursor": cursor})
    return lambda tx: export_person(tx, dispatch.authorised(tx, services, caller, BY_NAME[STREAM]), request)
