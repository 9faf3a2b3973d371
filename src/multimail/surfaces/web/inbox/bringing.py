"""Files for a mail that is being written: kept as uploads as soon as they come, so that no other fault loses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multimail.contract.streams import BY_NAME
from multimail.core.errors import Problem
from multimail.services import streaming, uploads
from multimail.services.uploads import Received
from multimail.surfaces.web import forms

if TYPE_CHECKING:
    from multimail.ports.uploads import StoredUpload
    from multimail.surfaces.web.form_files import File
    from multimail.surfaces.web.site import Visit

_UPLOAD: Final = BY_NAME["upload_file"]
_MOST: Final = 50


async def bring(visit: Visit) -> None:
    """Keep each file the form brought and tick it in the form; then complain about the first that was refused."""
    refused: Problem | None = None
    for one in visit.files:
        try:
            upload_id = await _upload(visit, one)
        except Problem as problem:
            refused = refused or problem
        else:
            ticked = dict.fromkeys([*visit.form.get(forms.PICK, "").split(), upload_id])
            visit.form[forms.PICK] = " ".join(ticked)
    if refused is not None:
        raise refused


async def _upload(visit: Visit, file: File) -> str:
    services, caller = visit.site.services, visit.visitor.caller("")
    if file.too_large:
        most = services.limits.message_bytes // (1024 * 1024)
        raise Problem(
            "too_large",
            f"{file.filename[:80]} is too large: a mail carries {most} MB.",
            field="file",
            advice="Choose a smaller file, or put a link into the text.",
        )
    received = Received(file.filename, file.content_type, file.sha256, file.content)
    return await streaming.write(
        services, caller, _UPLOAD, lambda tx, call: uploads.upload_once(tx, call, received)
    )


async def brought(visit: Visit) -> list[StoredUpload]:
    """The files that are ticked in the form."""
    services = visit.site.services
    ids = visit.form.get(forms.PICK, "").split()[:_MOST]
    now = services.clock.now()
    if not ids:
        return []
    return await services.store.read(lambda tx: uploads.waiting(tx, visit.visitor.principal.id, ids, now))
