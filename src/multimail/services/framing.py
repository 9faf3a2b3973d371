"""What the frame around a mail's HTML needs: the HTML rewritten, and the mail's own pictures.

A look into a mail through another door than the operation `inspect_message`: allowed and recorded like it.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from typing import Final

from multimail.contract.registry import operation
from multimail.core.errors import Problem
from multimail.core.ids import prefix_of
from multimail.mime import inside
from multimail.mime.display import Shown
from multimail.services import dispatch
from multimail.services.context import Caller, Services
from multimail.services.inspection import bytes_of, html_of

LOOK: Final = "inspect_message"
RASTER: Final = frozenset({"image/png", "image/gif", "image/jpeg", "image/webp", "image/bmp"})
"""Types of pictures that hold nothing but a picture."""
_PICTURE_BYTES: Final = 8 * 1024 * 1024
"""So much of a mail's own pictures stands in its frame."""


async def framed(
    services: Services, caller: Caller, message_id: str, revision: int | None, *, images: bool
) -> Shown:
    """The HTML of a mail, or of one revision of a draft. `not_found` for a mail that has none."""
    raw = await _raw(services, caller, message_id, revision)
    found = await asyncio.to_thread(_shown, raw, images)
    if found is None:
        raise Problem("not_found", "This mail has no HTML.", field="message_id")
    return found


async def picture(
    services: Services, caller: Caller, message_id: str, path: str, revision: int | None
) -> tuple[str, bytes]:
    """The type and content of a part that is a picture. `not_found` for whatever is none."""
    raw = await _raw(services, caller, message_id, revision)
    found = await asyncio.to_thread(inside.content, raw, path)
    if found is None or found[0] not in RASTER:
        raise Problem("not_found", "There is no such picture.", field="path")
    return found


async def _raw(services: Services, caller: Caller, message_id: str, revision: int | None) -> bytes:
    target = message_id if prefix_of(message_id) else ""
    try:
        raw = await services.store.read(
            lambda tx: bytes_of(
                tx, dispatch.authorised(tx, services, caller, operation(LOOK)), message_id, revision
            )[2],
            search=True,
        )
    except Problem as problem:
        dispatch.record(services, caller, LOOK, problem.code, target)
        raise
    dispatch.record(services, caller, LOOK, "ok", target)
    return raw


def _shown(raw: bytes, images: bool) -> Shown | None:
    return html_of(inside.inside(raw), _pictures(raw), images=images)


def _pictures(raw: bytes) -> Mapping[str, str]:
    """The mail's own pictures by Content-ID, as addresses that hold them: the frame has no session to ask with."""
    found: dict[str, str] = {}
    room = _PICTURE_BYTES
    for content_id, path, content_type in inside.pictures(raw):
        if content_type not in RASTER:
            continue
        part = inside.content(raw, path)
        if part is None or len(part[1]) > room:
            continue
        room -= len(part[1])
        data = base64.b64encode(part[1]).decode("ascii")
        found.setdefault(content_id.lower(), f"data:{content_type};base64,{data}")
    return found
