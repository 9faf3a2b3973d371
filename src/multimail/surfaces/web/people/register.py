"""The register of processing: what is sent for what, on which basis, and what nobody stated yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from multimail.contract.person import Register
from multimail.contract.streams import BY_NAME
from multimail.services import register, streaming
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import Visit

if TYPE_CHECKING:
    from multimail.ports.store import Tx
    from multimail.services.context import Call

AT: Final = "/people/register"
_FILE: Final = f"{AT}/file"


async def show(visit: Visit) -> Response:
    """The register as it is now."""
    found = await visit.call("get_register", {})
    assert isinstance(found, Register)
    return await visit.page("people/register.html", found=found)


async def download(visit: Visit) -> Response:
    """The same as a file."""
    form = visit.request.query_params.get("format", "csv")

    def work(tx: Tx, call: Call) -> bytes:
        return register.exported(tx, call, {}, form)

    stream = BY_NAME["export_register"]
    content = await streaming.read(visit.site.services, visit.visitor.caller(""), stream, work)
    headers = {
        "Content-Disposition": f'attachment; filename="register.{form}"',
        "Content-Type": register.FORMS[form],
    }
    return Response(content, headers=headers)


PAGES: Final = (PageRoute(AT, show), PageRoute(_FILE, download))
