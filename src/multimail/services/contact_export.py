"""Contacts as a file, read page by page: nothing is held in memory, and a key that ends meanwhile ends the file.

What is written is read back by an import as it was: CSV (RFC 4180) in which no cell can become a formula, vCards, or
JSON lines.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from multimail.contract.contact_files import FORMATS
from multimail.contract.contacts import SearchContacts
from multimail.contract.streams import BY_NAME
from multimail.core.cells import harmless
from multimail.core.errors import Problem
from multimail.core.times import Micros, to_rfc3339
from multimail.mime import vcards
from multimail.ports.contacts import ContactSearch
from multimail.ports.reading import Contact
from multimail.ports.store import Tx
from multimail.services import access, dispatch, streaming
from multimail.services.contact_filters import contact_search
from multimail.services.contact_table import COLUMNS
from multimail.services.context import Call, Caller, Services

STREAM: Final = "export_contacts"
PAGE: Final = 1_000
Write = Callable[[Sequence[Contact]], bytes]


async def export(
    services: Services, caller: Caller, arguments: Mapping[str, Any], form: str
) -> AsyncIterator[bytes]:
    """The file, in pieces. Whatever is wrong with the request, or with the caller, is raised before the first."""
    stream = BY_NAME[STREAM]
    if form not in FORMATS:
        problem = Problem(
            "invalid", f"There is no format {form[:20]!a}.", field="format", advice=" or ".join(FORMATS)
        )
        raise streaming.refused(services, caller, stream, problem)
    asked = SearchContacts.parse(dict(arguments))
    first = await streaming.read(services, caller, stream, lambda tx, call: _page(tx, call, asked, ""))
    return _pieces(services, caller, asked, first, form)


async def _pieces(
    services: Services, caller: Caller, asked: SearchContacts, page: list[Contact], form: str
) -> AsyncIterator[bytes]:
    write = _WRITE[form]
    yield _HEAD.get(form, b"") + write(page)
    while len(page) == PAGE:
        page = await services.store.read(_after(services, caller, asked, page[-1].id), search=True)
        yield write(page)


def _after(
    services: Services, caller: Caller, asked: SearchContacts, last: str
) -> Callable[[Tx], list[Contact]]:
    return lambda tx: _page(tx, dispatch.authorised(tx, services, caller, BY_NAME[STREAM]), asked, last)


def _page(tx: Tx, call: Call, asked: SearchContacts, after: str) -> list[Contact]:
    """In the order of their making, whatever is asked for: it is the one that nothing changes meanwhile. Who was
    deleted and is kept for a tag that stops mail is nobody's to see."""
    access.everything(call.principal)
    search: ContactSearch = contact_search(call, asked)
    sight = replace(search.sight, see_hidden=False)
    return tx.contacts.search(replace(search, sight=sight, order="", after_id=after, limit=PAGE))


def _fields(one: Contact) -> dict[str, Any]:
    """As an import reads them, and what happened with the contact besides."""
    return {
        "email": one.address,
        "name": one.name,
        "tags": list(one.tags),
        "metadata": one.metadata,
        "contact_id": one.id,
        "last_contacted": _time(one.last_contacted),
        "last_inbound": _time(one.last_inbound),
        "replied": one.replied,
        "interaction_count": one.interaction_count,
        "created_at": _time(one.created_at),
    }


def _time(at: Micros | None) -> str | None:
    return None if at is None else to_rfc3339(at)


def _csv(page: Sequence[Contact]) -> bytes:
    return _table([[_cell(_fields(one)[name]) for name in COLUMNS] for one in page])


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return harmless(",".join(value))
    if isinstance(value, dict):
        return _json(value) if value else ""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else harmless(str(value))


def _table(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _jsonl(page: Sequence[Contact]) -> bytes:
    return b"".join(_json(_fields(one)).encode("utf-8", "replace") + b"\n" for one in page)


def _vcards(page: Sequence[Contact]) -> bytes:
    cards = (vcards.write(one.address, one.name, one.tags, one.metadata) for one in page)
    return "".join(cards).encode("utf-8", "replace")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_HEAD: Final = {"csv": _table([COLUMNS])}
_WRITE: Final[Mapping[str, Write]] = {"csv": _csv, "vcard": _vcards, "jsonl": _jsonl}
