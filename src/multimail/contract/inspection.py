"""Requests and answers of looking into a mail: header, parts, links, what its sender's servers claim, its source."""

from typing import ClassVar, Final, Literal

from pydantic import Field

from multimail.contract.fields import MAIL_TEXT, MESSAGE_NAMES
from multimail.contract.shapes import Request, View

Side = Literal["headers", "structure", "links", "authentication", "html", "source"]
SIDES: Final[tuple[Side, ...]] = ("headers", "structure", "links", "authentication")
"""What is answered unless something else is asked for: all that is short."""


class InspectMessage(Request):
    """Arguments of `inspect_message`."""

    ALIASES: ClassVar = {"message_id": MESSAGE_NAMES, "include": ("sides",)}
    LISTS: ClassVar = frozenset({"include"})
    WORDS: ClassVar = frozenset({"include"})
    message_id: str = Field(description="The mail to look into.")
    revision: int | None = Field(
        default=None, ge=0, description="Of a draft, another revision than the newest."
    )
    include: list[Side] = Field(
        default_factory=lambda: list(SIDES),
        max_length=6,
        description="headers, structure, links, authentication, html, source.",
    )
    max_bytes: int = Field(
        default=262_144, ge=256, le=4_194_304, description="Cut html and source beyond this."
    )


class HeaderLine(View):
    """A line of the header, decoded; in the order of the mail."""

    name: str
    value: str = Field(json_schema_extra=MAIL_TEXT)


class PartView(View):
    """A part of the mail. `path` counts from 1 at each level, as IMAP does, and is empty for a mail of several parts
    itself; `within` is the path of the part that it is a part of. `size` is of the part as it was packed. `position` is
    that of the attachment it is, if it is one."""

    path: str
    within: str | None = None
    content_type: str
    filename: str | None = None
    size: int
    disposition: str | None = None
    charset: str | None = None
    encoding: str | None = None
    content_id: str | None = None
    position: int | None = None


class LinkView(View):
    """A link with its true target. `shown_host` is the host that its text names; `mismatch`: it is not that host."""

    text: str = Field(json_schema_extra=MAIL_TEXT)
    href: str
    scheme: str
    host: str
    shown_host: str | None = None
    mismatch: bool = False


class AuthenticationView(View):
    """What is claimed about the sender's servers. Lines of the mail itself are the claims of whoever wrote them:
    `trusted` says whether this server checked."""

    spf: str | None = None
    dkim: str | None = None
    dmarc: str | None = None
    trusted: bool = False
    claims: list[str] = Field(default_factory=list)
    note: str


class MessageInspection(View):
    """A mail from inside. `remote_images` are pictures that would be loaded from elsewhere when shown."""

    message_id: str
    direction: str
    revision: int
    digest: str | None = None
    size: int
    has_html: bool
    html_bytes: int
    remote_images: int
    list_unsubscribe: list[str] = Field(default_factory=list)
    problems: list[str] | None = None
    headers: list[HeaderLine] | None = None
    structure: list[PartView] | None = None
    links: list[LinkView] | None = None
    authentication: AuthenticationView | None = None
    html: str | None = Field(default=None, json_schema_extra=MAIL_TEXT)
    html_note: str | None = None
    source: str | None = Field(default=None, json_schema_extra=MAIL_TEXT)
    source_cut: int | None = None
