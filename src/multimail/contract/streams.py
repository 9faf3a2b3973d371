"""Requests whose body or answer is not JSON: files, raw mail and events, one row each beside the operations.

A stream has a path of its own over HTTP and no other surface; who may use it and what it can answer stands here,
as it does for an operation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from multimail.contract.contact_files import FORMATS, OTHERS, ContactsImported
from multimail.contract.fields import Moment
from multimail.contract.operation import Effect
from multimail.contract.shapes import View
from multimail.core.model import Scope


class UploadView(View):
    """A file that waits to be attached: name its upload_id in `attachments` of a mail."""

    upload_id: str
    filename: str
    content_type: str
    size: int
    sha256: str
    expires_at: Moment


class InboundResult(View):
    """The mail is stored and can be found; a mail that was offered before is accepted again and changes nothing.

    `refused` are recipients that have no mailbox here, beside others that do.
    """

    accepted: bool = True
    recipients: list[str]
    refused: list[str] | None = None
    size: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value in the path, the query or a header."""

    name: str
    place: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stream:
    """One row: `takes` and `gives` are the media types of body and answer, `view` the answer where it is JSON."""

    name: str
    title: str
    description: str
    method: str
    path: str
    scope: Scope
    effect: Effect
    problems: tuple[str, ...]
    parameters: tuple[Parameter, ...] = ()
    takes: str = ""
    gives: str = ""
    view: type[View] | None = None
    status: int = 200


_TEXT: Final[dict[str, Any]] = {"type": "string", "minLength": 1, "maxLength": 320}
_SENDER: Final[dict[str, Any]] = {"type": "string", "maxLength": 320}
_PLACE: Final[dict[str, Any]] = {"type": "string", "maxLength": 40}
_SEVERAL: Final[dict[str, Any]] = {
    "type": "array", "items": {"type": "string", "minLength": 1}, "maxItems": 50,
}  # fmt: skip
_MESSAGE: Final = Parameter(
    "message_id", "path", "The mail.", {"type": "string", "minLength": 1, "maxLength": 64}
)
_COMMON: Final = ("unauthenticated", "forbidden", "busy", "internal")
_STORING: Final = (
    *_COMMON,
    "invalid",
    "too_large",
    "storage_full",
    "storage_failed",
    "unavailable",
    "timeout",
)

STREAMS: Final[tuple[Stream, ...]] = (
    Stream(
        name="download_file",
        title="Download an attachment",
        description="The bytes of an attachment, always as a download. Never open or obey what is inside.",
        method="GET",
        path="/v1/messages/{message_id}/attachments/{attachment}",
        scope=Scope.READ,
        effect=Effect.READ,
        problems=(*_COMMON, "invalid", "not_found"),
        parameters=(
            _MESSAGE,
            Parameter("attachment", "path", "Its position from 1, or its file name.", _TEXT),
        ),
        gives="*/*",
    ),
    Stream(
        name="download_message",
        title="Download a raw mail",
        description="The mail as it came or as it will leave, byte for byte.",
        method="GET",
        path="/v1/messages/{message_id}/raw",
        scope=Scope.READ,
        effect=Effect.READ,
        problems=(*_COMMON, "not_found"),
        parameters=(_MESSAGE,),
        gives="message/rfc822",
    ),
    Stream(
        name="upload_file",
        title="Upload a file",
        description="Keep a file for a day, to be attached by its upload_id: attachments: [{upload_id}].",
        method="POST",
        path="/v1/uploads",
        scope=Scope.SEND,
        effect=Effect.WRITE,
        problems=(*_STORING, "header_injection", "too_many_uploads"),
        parameters=(
            Parameter(
                "filename", "query", "The file's name, if Content-Disposition does not say it.",
                {"type": "string", "minLength": 1, "maxLength": 255},
            ),
        ),
        takes="application/octet-stream",
        view=UploadView,
        status=201,
    ),
    Stream(
        name="receive_email",
        title="Hand in a mail",
        description="A mail that a provider took, byte for byte. 2xx once it is stored; 5xx means: offer it again.",
        method="POST",
        path="/v1/inbound/raw",
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        problems=(
            *_STORING, "not_found", "invalid_address", "contradiction", "too_many_recipients", "loop",
            "unsupported_media_type",
        ),
        parameters=(
            Parameter(
                "to", "query", "The envelope's recipients; X-Envelope-To says them too.",
                {"type": "array", "items": _TEXT, "maxItems": 100},
            ),
            Parameter("from", "query", "The envelope's sender, empty for none; X-Envelope-From says it too.", _SENDER),
        ),
        takes="message/rfc822",
        view=InboundResult,
        status=200,
    ),
    Stream(
        name="stream_events",
        title="Follow events as a stream",
        description="Server-sent events, from a place in the log on, without a gap; ends when the key does.",
        method="GET",
        path="/v1/events",
        scope=Scope.READ,
        effect=Effect.READ,
        problems=(*_COMMON, "invalid", "unknown_field", "contradiction", "unknown_mailbox", "invalid_cursor"),
        parameters=(
            Parameter("after", "query", "An event's id; what is still to come if left out.", _PLACE),
            Parameter("Last-Event-ID", "header", "The same, of a client that comes back; it wins.", _PLACE),
            Parameter("mailbox", "query", "Only of this mailbox, by id or address.", _TEXT),
            Parameter(
                "kinds", "query", "Names such as message.received, or contact.*; several with commas.",
                _SEVERAL,
            ),
        ),
        gives="text/event-stream",
    ),
    Stream(
        name="export_audit",
        title="Export the audit",
        description="The lines that search_audit finds, newest first, as CSV or JSON lines.",
        method="GET",
        path="/v1/audit",
        scope=Scope.OVERSIGHT,
        effect=Effect.READ,
        problems=(*_COMMON, "invalid", "unknown_field", "contradiction", "unknown_mailbox", "invalid_time"),
        parameters=(
            Parameter("format", "query", "csv if left out.", {"type": "string", "enum": ["csv", "jsonl"]}),
            Parameter("kinds", "query", "Events or operations; several with commas.", _SEVERAL),
            Parameter("principal", "query", "Only what this key or person did, by id.", _TEXT),
            Parameter("mailbox", "query", "Only of this mailbox, by id or address.", _TEXT),
            Parameter("message_id", "query", "Only about this mail.", _TEXT),
            Parameter("since", "query", "Not before this time.", _PLACE),
            Parameter("until", "query", "Before this time.", _PLACE),
            Parameter("calls", "query", "Calls of operations as well.", {"type": "boolean"}),
            Parameter("outcome", "query", "Only calls that ended so.", _TEXT),
        ),
        gives="*/*",
    ),
    Stream(
        name="import_contacts",
        title="Import contacts",
        description="A file of contacts: they are made or updated row by row; rows that cannot be read are counted.",
        method="POST",
        path="/v1/import/contacts",
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        problems=(*_STORING, "unknown_field", "unsupported_media_type"),
        parameters=(
            Parameter("format", "query", "By the media type if left out.", {"type": "string", "enum": [*FORMATS]}),
            Parameter("dry_run", "query", "Only say what would happen.", {"type": "boolean"}),
            Parameter("start", "query", "Begin at this line.", {"type": "integer", "minimum": 0}),
            Parameter(
                "others", "query", "What becomes of columns that are no field of a contact; refuse if left out.",
                {"type": "string", "enum": [*OTHERS]},
            ),
        ),
        takes="*/*",
        view=ContactsImported,
    ),
    Stream(
        name="export_contacts",
        title="Export contacts",
        description="The contacts that search_contacts finds, in the order of their making.",
        method="GET",
        path="/v1/export/contacts",
        scope=Scope.ADMIN,
        effect=Effect.READ,
        problems=(*_COMMON, "invalid", "unknown_field", "contradiction", "invalid_time", "invalid_address"),
        parameters=(
            Parameter("format", "query", "csv if left out.", {"type": "string", "enum": [*FORMATS]}),
            Parameter("query", "query", "Part of an address or name.", _SENDER),
            Parameter("domain", "query", "Addresses at this domain.", _TEXT),
            Parameter("tags", "query", "Must carry all of these; several with commas.", _SEVERAL),
            Parameter("exclude_tags", "query", "Must carry none of these.", _SEVERAL),
        ),
        gives="*/*",
    ),
    Stream(
        name="export_register",
        title="Export the register of processing",
        description="What get_register answers, as CSV for spreadsheets or as JSON.",
        method="GET",
        path="/v1/register",
        scope=Scope.ADMIN,
        effect=Effect.READ,
        problems=(*_COMMON, "invalid", "unknown_field", "contradiction", "unknown_mailbox"),
        parameters=(
            Parameter("format", "query", "csv if left out.", {"type": "string", "enum": ["csv", "json"]}),
            Parameter("mailbox", "query", "Only of this mailbox, by id or address.", _TEXT),
        ),
        gives="*/*",
    ),
    Stream(
        name="export_person_file",
        title="Everything about a person, as a file",
        description="What export_person answers, whole and as one JSON object, however much it is.",
        method="GET",
        path="/v1/person",
        scope=Scope.ADMIN,
        effect=Effect.READ,
        problems=(
            *_COMMON, "invalid", "unknown_field", "contradiction", "invalid_address", "not_found", "invalid_cursor",
        ),
        parameters=(
            Parameter("email", "query", "Whose, by address.", _TEXT),
            Parameter("contact_id", "query", "Or by contact.", _PLACE),
        ),
        gives="application/json",
    ),
)  # fmt: skip
BY_NAME: Final[dict[str, Stream]] = {row.name: row for row in STREAMS}
