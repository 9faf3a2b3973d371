"""Files of contacts in and out: what an import did stands on the page that answers it, row by row where one was passed
over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from starlette.responses import StreamingResponse

from multimail.contract.contact_files import FORMATS, MEDIA_TYPES, OTHERS, SUFFIXES, ContactsImported
from multimail.contract.streams import BY_NAME
from multimail.core.errors import Problem
from multimail.services import contact_export, contact_import, streaming
from multimail.surfaces.web.people.contacts import asked, filters
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings.asking import faults
from multimail.surfaces.web.site import Visit

if TYPE_CHECKING:
    from starlette.responses import Response

IMPORT: Final = "/people/import"
EXPORT: Final = "/people/export"
_FILE: Final = f"{EXPORT}/file"
_PIECE: Final = 256 * 1024
_FORMATS: Final = (("csv", "CSV, as spreadsheets have it"), ("vcard", "vCards, as address books have them"),
                   ("jsonl", "JSON lines, for programs"))  # fmt: skip
_OTHERS: Final = (
    ("refuse", "Refuse the file", "Nothing is imported until every column is one that is known."),
    ("ignore", "Leave them out", "Only address, name, tags and data are read."),
    ("metadata", "Keep them as data", "Each becomes a field of the contact's data, as text."),
)
_LABELS: Final = {"file": "File", "others": "Other columns"}
_SUFFIXES: Final = {suffix: form for form, suffix in SUFFIXES.items()} | {"txt": "csv", "ndjson": "jsonl"}


async def import_form(visit: Visit) -> Response:
    """The form."""
    _permit(visit, contact_import.STREAM)
    return await _import_page(visit, {}, None, None)


def _permit(visit: Visit, stream: str) -> None:
    """Who may not have the file is told so before filling in anything."""
    streaming.permit(visit.site.services, visit.visitor.caller(""), BY_NAME[stream], of_all=True)


async def import_file(visit: Visit) -> Response:
    """Import the file that was chosen, or say what would come of it."""
    form = visit.form
    try:
        given = visit.files[0] if visit.files else None
        if given is None or given.too_large:
            most = visit.site.services.limits.message_bytes // 1024**2
            raise Problem(
                "invalid" if given is None else "too_large",
                "Choose a file." if given is None else f"The file has more than {most} MB.",
                field="file",
                advice=""
                if given is None
                else "The command multimail contacts import takes files of any size.",
            )
        wanted = contact_import.Asked(
            _form_of(given.filename), form.get("others", OTHERS[0]), form.get("dry_run") == "1"
        )
        source = _pieces(bytes(given.content))
        done = await contact_import.run(visit.site.services, visit.visitor.caller(""), source, wanted)
    except Problem as problem:
        shown = problem if problem.field in _LABELS else Problem(
            problem.code, problem.message, field="file", advice=problem.advice
        )  # fmt: skip
        return await _import_page(visit, form, None, shown)
    return await _import_page(visit, form, done, None)


def _form_of(name: str) -> str:
    form = _SUFFIXES.get(name.rpartition(".")[2].lower())
    if form is None:
        raise Problem(
            "invalid", "The file's name does not say what is in it.", field="file",
            advice="It ends in .csv, .vcf or .jsonl.",
        )  # fmt: skip
    return form


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]


async def _import_page(
    visit: Visit, form: dict[str, str], done: ContactsImported | None, problem: Problem | None
) -> Response:
    return await visit.page(
        "people/import.html",
        problem.row.http if problem else 200,
        form={"others": OTHERS[0], "dry_run": ""} | form,
        others=_OTHERS,
        done=done,
        most=visit.site.services.limits.message_bytes,
        **faults(problem, _LABELS, {}),
    )


async def export_form(visit: Visit) -> Response:
    """What is to be in the file, and how."""
    _permit(visit, contact_export.STREAM)
    form = filters(visit)
    return await visit.page("people/export.html", formats=_FORMATS, filters=form, wanted=urlencode(form))


async def export_file(visit: Visit) -> Response:
    """The file itself."""
    form = visit.request.query_params.get("format", FORMATS[0])
    caller = visit.visitor.caller("")
    pieces = await contact_export.export(visit.site.services, caller, asked(visit), form)
    headers = {
        "Content-Disposition": f'attachment; filename="contacts.{SUFFIXES[form]}"',
        "Content-Type": MEDIA_TYPES[form],
    }
    return StreamingResponse(pieces, headers=headers)


PAGES: Final = (
    PageRoute(IMPORT, import_form),
    PageRoute(IMPORT, import_file, "POST", files=True),
    PageRoute(EXPORT, export_form),
    PageRoute(_FILE, export_file),
)
