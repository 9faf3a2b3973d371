"""The audit as a file, read page by page: nothing is held in memory, and a key that ends meanwhile ends the file.

As CSV (RFC 4180) for spreadsheets, in which no cell can become a formula, or as JSON lines for programs.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Final

from multimail.contract.audit import AuditFilter, AuditPage, AuditRow, SearchAudit
from multimail.contract.streams import BY_NAME
from multimail.core.cells import harmless
from multimail.core.errors import Problem
from multimail.ports.store import Tx
from multimail.services import audit, dispatch, streaming
from multimail.services.context import Call, Caller, Services

MEDIA_TYPES: Final = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
PAGE: Final = 1_000
COLUMNS: Final = tuple(name for name in AuditRow.model_fields if name != "detail")
Write = Callable[[Sequence[AuditRow]], bytes]


async def export(
    services: Services, caller: Caller, arguments: Mapping[str, Any], form: str
) -> AsyncIterator[bytes]:
    """The file, in pieces. Whatever is wrong with the request, or with the caller, is raised before the first."""
    write = _WRITE.get(form)
    stream = BY_NAME["export_audit"]
    if write is None:
        problem = Problem(
            "invalid", f"There is no format {form[:20]!a}.", field="format", advice="csv or jsonl"
        )
        raise streaming.refused(services, caller, stream, problem)
    asked = AuditFilter.parse(dict(arguments))
    first = await streaming.read(services, caller, stream, lambda tx, call: _page(tx, call, asked, None))
    return _pieces(services, caller, asked, first, form)


async def _pieces(
    services: Services, caller: Caller, asked: AuditFilter, first: AuditPage, form: str
) -> AsyncIterator[bytes]:
    write = _WRITE[form]
    yield _head(form) + write(first.lines)
    cursor = first.cursor
    while cursor is not None:
        page = await services.store.read(_next(services, caller, asked, cursor))
        yield write(page.lines)
        cursor = page.cursor


def _next(services: Services, caller: Caller, asked: AuditFilter, cursor: str) -> Callable[[Tx], AuditPage]:
    return lambda tx: _page(
        tx, dispatch.authorised(tx, services, caller, BY_NAME["export_audit"]), asked, cursor
    )


def _page(tx: Tx, call: Call, asked: AuditFilter, cursor: str | None) -> AuditPage:
    return audit.search_audit(tx, call, SearchAudit(**dict(asked), limit=PAGE, cursor=cursor))


def _head(form: str) -> bytes:
    return _as_csv([(*COLUMNS, "detail")]) if form == "csv" else b""


def _csv(rows: Sequence[AuditRow]) -> bytes:
    return _as_csv([_cells(row) for row in rows])


def _cells(row: AuditRow) -> list[str]:
    values = row.model_dump(mode="json")
    detail = json.dumps(values["detail"], ensure_ascii=False) if values["detail"] else ""
    return [harmless(str(values[name] if values[name] is not None else "")) for name in COLUMNS] + [detail]


def _as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _jsonl(rows: Sequence[AuditRow]) -> bytes:
    return b"".join(row.model_dump_json(exclude_none=True).encode() + b"\n" for row in rows)


_WRITE: Final[Mapping[str, Write]] = {"csv": _csv, "jsonl": _jsonl}
