"""Looking into a mail: its header, parts, links and source, and its HTML as a frame may show it.

Reads only, and always from the very bytes that came or will leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from multimail.contract.inspection import (
    AuthenticationView,
    HeaderLine,
    InspectMessage,
    LinkView,
    MessageInspection,
    PartView,
)
from multimail.core.errors import Problem
from multimail.core.text import truncate_bytes
from multimail.mime import display, inside, links
from multimail.mime.display import Shown
from multimail.mime.inside import Inner, Inside
from multimail.mime.rebuilt import rebuilt
from multimail.ports.records import StoredMessage, StoredRevision
from multimail.ports.store import Tx
from multimail.services import access
from multimail.services.context import Call
from multimail.services.convert import shown

_CLAIMS: Final = frozenset(
    {"authentication-results", "arc-authentication-results", "received-spf", "dkim-signature"}
)
_NOTES: Final = {
    "": None,
    "cut": "The HTML is longer than what is shown of it.",
    "text_only": "This HTML is nested or repeated beyond what any page needs, so only its text is shown.",
}
_NOT_CHECKED: Final = (
    "This server did not check them. Lines of the mail are the claims of whoever wrote them."
)
_CHECKED: Final = "Checked by this server when the mail arrived."
_OURS: Final = "Written on this server by a key that may use the sender's mailbox."
_UNCHECKED: Final = "not checked"
_METHODS: Final = ("spf", "dkim", "dmarc")


def inspect_message(tx: Tx, call: Call, request: InspectMessage) -> MessageInspection:
    """One mail, or one revision of a draft, from inside."""
    message, number, raw = bytes_of(tx, call, request.message_id, request.revision)
    mail = inside.inside(raw)
    view = html_of(mail) or Shown("", "", 0)
    wanted = set(request.include)
    source, cut = _source(raw, request.max_bytes) if "source" in wanted else (None, 0)
    return MessageInspection(
        message_id=message.id,
        direction=message.direction,
        revision=number,
        digest=message.digest if number == message.revision else None,
        size=len(raw),
        has_html=bool(mail.html),
        html_bytes=len(mail.html.encode("utf-8", "replace")),
        remote_images=view.remote,
        list_unsubscribe=_unsubscribe(mail),
        problems=list(mail.problems) or None,
        headers=_headers(mail) if "headers" in wanted else None,
        structure=_parts(mail.root) if "structure" in wanted else None,
        links=_links(mail) if "links" in wanted else None,
        authentication=_authentication(message, mail) if "authentication" in wanted else None,
        html=truncate_bytes(view.html, request.max_bytes)[0] if "html" in wanted and mail.html else None,
        html_note=_NOTES[view.note],
        source=source,
        source_cut=cut or None,
    )


def bytes_of(tx: Tx, call: Call, message_id: str, revision: int | None) -> tuple[StoredMessage, int, bytes]:
    """The message with the number and the bytes of the revision that is meant, the newest one if none is."""
    message = access.message(tx, call.principal, message_id)
    number = message.revision if revision is None else revision
    raw = tx.revisions.raw(message.id, number)
    if raw is None:
        known = tx.revisions.get(message.id, number)
        if known is None:
            raise Problem("not_found", "There is no such revision.", field="revision")
        raw = _rebuilt(tx, message, known)
    return message, number, raw


def _rebuilt(tx: Tx, message: StoredMessage, revision: StoredRevision) -> bytes:
    """What is left of a mail in which somebody was erased."""
    people = tx.messages.recipients(message.seq)
    named = {kind: ", ".join(one.address for one in people if one.kind == kind) for kind in ("to", "cc")}
    headers = (
        ("From", message.sender), ("To", named["to"]), ("Cc", named["cc"]), ("Subject", revision.subject),
        ("Message-ID", message.header_id), ("In-Reply-To", message.in_reply_to),
    )  # fmt: skip
    return rebuilt(headers, revision.body)


def _source(raw: bytes, max_bytes: int) -> tuple[str, int]:
    """The beginning of the mail as it may be shown, and how many bytes are left out."""
    beginning = raw[:max_bytes]
    text, cut = truncate_bytes(shown(beginning.decode("utf-8", "replace")), max_bytes)
    return text, cut + len(raw) - len(beginning)


def html_of(mail: Inside, pictures: Mapping[str, str] | None = None, *, images: bool = False) -> Shown | None:
    """The HTML of a mail as a frame may show it; None for a mail that has none. Arguments as of `display`."""
    if not mail.html:
        return None
    shown_html = display.display(mail.html, pictures or {}, images=images)
    is_cut = not shown_html.note and "truncated" in mail.problems
    return replace(shown_html, note="cut") if is_cut else shown_html


def _headers(mail: Inside) -> list[HeaderLine]:
    return [HeaderLine(name=shown(name), value=shown(value)) for name, value in mail.headers]


def _parts(one: Inner, within: str | None = None) -> list[PartView]:
    """The part and all within it, in the order of the mail."""
    here = PartView(
        path=one.path,
        within=within,
        content_type=shown(one.content_type),
        filename=shown(one.filename) or None,
        size=one.size,
        disposition=one.disposition or None,
        charset=shown(one.charset) or None,
        encoding=shown(one.encoding) or None,
        content_id=shown(one.content_id) or None,
        position=None if one.position is None else one.position + 1,
    )
    return [here, *(part for child in one.children for part in _parts(child, one.path))]


def _links(mail: Inside) -> list[LinkView]:
    return [
        LinkView(
            text=shown(one.text),
            href=shown(one.href),
            scheme=one.scheme,
            host=shown(one.host),
            shown_host=shown(one.shown_host) or None,
            mismatch=one.mismatch,
        )
        for one in links.links(mail.html, mail.text)
    ]


def _authentication(message: StoredMessage, mail: Inside) -> AuthenticationView:
    stored = message.authentication
    found = {method: shown(stored[method]) for method in _METHODS if stored.get(method)}
    ours = message.direction == "outbound" or "local" in stored
    checked = any(result != _UNCHECKED for result in found.values())
    return AuthenticationView(
        **found,
        trusted=ours or checked,
        claims=[shown(f"{name}: {value}") for name, value in mail.headers if name.lower() in _CLAIMS],
        note=_OURS if ours else _CHECKED if checked else _NOT_CHECKED,
    )


def _unsubscribe(mail: Inside) -> list[str]:
    """The addresses in List-Unsubscribe (RFC 2369)."""
    value = next((value for name, value in mail.headers if name.lower() == "list-unsubscribe"), "")
    return [shown(one.strip(" <>")) for one in value.split(",") if one.strip(" <>")][:10]
