"""Files of mail as a browser gets them: downloads that it never opens, and previews of what cannot act.

A preview is a raster image whose first bytes are what its type says, or plain text. Everything else is downloaded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.responses import Response

from multimail.contract.reading import MessageView
from multimail.contract.streams import BY_NAME
from multimail.core.errors import Problem
from multimail.services import convert, files, streaming
from multimail.surfaces.web.routes import PageRoute

if TYPE_CHECKING:
    from multimail.ports.store import Tx
    from multimail.services.context import Call
    from multimail.services.files import File
    from multimail.surfaces.web.site import Visit

_IMAGES: Final = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
_TEXTS: Final = ("text/plain", "text/csv", "text/markdown", "text/x-log", "application/json")
_LONGEST_TEXT: Final = 65_536
_LARGEST_IMAGE: Final = 10_000_000
_MOST: Final = 10
_LONGEST_NAME: Final = 200
_TYPE: Final = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,80}/[A-Za-z0-9!#$&^_.+-]{1,80}", re.ASCII)
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|]')
_INERT: Final = "sandbox; default-src 'none'"


async def raw_mail(visit: Visit, message_id: str) -> File:
    """The bytes of a mail that this person may see."""

    def work(tx: Tx, call: Call) -> File:
        return files.raw_mail(tx, call, message_id)

    stream = BY_NAME["download_message"]
    return await streaming.read(visit.site.services, visit.visitor.caller(), stream, work, message_id)


async def attachment(visit: Visit, message_id: str, which: str) -> File:
    """An attachment of a mail that this person may see."""

    def work(tx: Tx, call: Call) -> File:
        return files.attachment(tx, call, message_id, which, with_content=True)

    stream = BY_NAME["download_file"]
    return await streaming.read(visit.site.services, visit.visitor.caller(), stream, work, message_id)


async def raw(visit: Visit) -> Response:
    """The mail, byte for byte, as a file."""
    return _download(await raw_mail(visit, visit.message_id))


async def download(visit: Visit) -> Response:
    """An attachment; with `?preview=1` an image to look at, if it is one."""
    found = await attachment(visit, visit.message_id, visit.request.path_params["which"])
    if visit.request.query_params.get("preview") != "1":
        return _download(found)
    if not _is_image(found):
        raise Problem("not_found")
    return Response(found.content, headers={"Content-Type": found.content_type.lower(), **_harmless()})


async def previews(visit: Visit, mail: MessageView) -> dict[int, str]:
    """The text of those attachments that are text and short, by position, cut where it gets long."""
    wanted = [
        one for one in mail.attachments if one.content_type.lower() in _TEXTS and one.size <= _LARGEST_IMAGE
    ]
    found = {}
    for one in wanted[:_MOST]:
        file = await attachment(visit, mail.message_id, str(one.position))
        text = (file.content or b"")[:_LONGEST_TEXT].decode("utf-8", "replace")
        found[one.position] = convert.shown(text) + ("\n…" if one.size > _LONGEST_TEXT else "")
    return found


def _is_image(file: File) -> bool:
    begins = _IMAGES.get(file.content_type.lower(), ())
    return file.size <= _LARGEST_IMAGE and any((file.content or b"").startswith(one) for one in begins)


def _download(file: File) -> Response:
    """Never anything that a browser would show or run."""
    media_type = (
        file.content_type.lower() if _TYPE.fullmatch(file.content_type) else "application/octet-stream"
    )
    headers = {"Content-Type": media_type, "Content-Disposition": _disposition(file.filename), **_harmless()}
    return Response(file.content, headers=headers)


def _harmless() -> dict[str, str]:
    return {"Content-Security-Policy": _INERT, "X-Content-Type-Options": "nosniff"}


def _disposition(filename: str) -> str:
    """`attachment`, with the name in full (RFC 6266, 8187)."""
    name = _UNSAFE.sub("_", filename).strip(" .")[:_LONGEST_NAME] or "file"
    return f"attachment; filename*=UTF-8''{quote(name.encode('utf-8', 'replace'), safe='')}"


PAGES: Final = (
    PageRoute("/mail/{message_id}/raw", raw),
    PageRoute("/mail/{message_id}/attachments/{which}", download),
)
