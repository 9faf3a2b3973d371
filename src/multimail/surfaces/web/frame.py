"""The frame that a mail's HTML is shown in: a document of its own, without script, origin, forms or requests.

It stands in a sandboxed frame of our pages and carries its own policy, so that it is as harmless when it is opened by
itself. Nothing is trusted twice: the HTML was rewritten before, the policy forbids it all again.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from multimail.core.errors import Problem
from multimail.services import framing
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.site import Visit

SANDBOX: Final = "allow-popups allow-popups-to-escape-sandbox"
"""What the frame may do: open what a person follows a link to, as an ordinary page."""
_POLICY: Final = (
    f"sandbox {SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; img-src {{images}};"
    " form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
_OWN: Final = "data:"
_REMOTE: Final = "data: https: http:"
_PICTURE_POLICY: Final = "sandbox; default-src 'none'; frame-ancestors 'self'"
_STYLE: Final = (
    ":root{color-scheme:light}html{background:#fff}"
    "body{margin:16px;font:15px/1.5 system-ui,sans-serif;color:#1b1b1f;overflow-wrap:anywhere}"
    "img{max-width:100%;height:auto}img:not([src]){outline:1px dashed #999;min-width:16px;min-height:16px}"
    "pre{white-space:pre-wrap;font:13px/1.5 ui-monospace,monospace}"
    ".multimail-note{margin:0 0 16px;padding:8px 12px;border:1px solid #b7791f;background:#fff8e6;color:#5f3d00}"
)
_NOTES: Final = {
    "cut": "This mail is longer than what is shown here. Its source has all of it.",
    "text_only": "This HTML is nested or repeated beyond what any page needs. Only its text is shown.",
}
_ABSENT: Final = "There is no HTML of this mail, or no such mail that you may see."


async def show(visit: Visit) -> Response:
    """The HTML of a mail. `revision` means one of a draft's; `images=1` lets pictures be loaded from elsewhere.

    What is not there is said within the frame: a page of ours refuses to stand in one.
    """
    query = visit.request.query_params
    images = query.get("images") == "1"
    try:
        shown = await framing.framed(
            visit.site.services,
            visit.visitor.caller(),
            visit.message_id,
            _number(query.get("revision")),
            images=images,
        )
    except Problem as problem:
        return _answer(_document("", "", _ABSENT), problem.row.http, images=False)
    return _answer(_document(shown.html, shown.style, _NOTES.get(shown.note)), 200, images=images)


def _answer(document: bytes, status: int, *, images: bool) -> Response:
    headers = {
        "Content-Security-Policy": _POLICY.format(images=_REMOTE if images else _OWN),
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "SAMEORIGIN",
        "X-DNS-Prefetch-Control": "off",
    }
    return Response(document, status, headers, "text/html; charset=utf-8")


async def part(visit: Visit) -> Response:
    """A picture that came with the mail; nothing else is handed out from here."""
    path = str(visit.request.path_params["path"])
    revision = _number(visit.request.query_params.get("revision"))
    kind, content = await framing.picture(
        visit.site.services, visit.visitor.caller(), visit.message_id, path, revision
    )
    headers = {"Content-Security-Policy": _PICTURE_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return Response(content, media_type=kind, headers=headers)


def _document(html: str, style: str, note: str | None) -> bytes:
    return "".join(
        (
            '<!doctype html><html lang=""><head><meta charset="utf-8"><title>Mail</title>',
            '<meta name="viewport" content="width=device-width">',
            f"<style>{_STYLE}</style>",
            f"<style>{style}</style>" if style else "",
            "</head><body>",
            f'<p class="multimail-note">{note}</p>' if note else "",
            html,
            "</body></html>",
        )
    ).encode("utf-8", "replace")


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise Problem("not_found", "There is no such revision.", field="revision")
    return int(text)


_MAIL: Final = "/mail/{message_id}"
PAGES: Final = (
    PageRoute(f"{_MAIL}/frame", show),
    PageRoute(f"{_MAIL}/part/{{path}}", part),
)
