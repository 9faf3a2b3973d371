"""Requests and answers about what is kept: the register of processing, and everything about one person."""

from typing import Any, ClassVar

from pydantic import Field

from multimail.contract.consent import EMAIL_NAMES
from multimail.contract.fields import SENDER_NAMES, Moment
from multimail.contract.shapes import Request, View

MAIL_PAGE = 20


class GetRegister(Request):
    """Arguments of `get_register`."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES}
    mailbox: str | None = Field(default=None, description="Only of this mailbox, by id or address.")


class RegisterRow(View):
    """One processing activity: mail of a mailbox about a topic (GDPR Art. 30 (1)). `gaps` is what nobody stated."""

    mailbox_id: str
    mailbox: str
    topic: str | None = None
    message_class: str | None = None
    purpose: str | None = None
    lawful_basis: str | None = None
    data_subjects: str
    data_categories: str
    recipients: str
    transfers: str
    retention: str
    security: str
    mails: int
    people: int
    first_at: Moment | None = None
    last_at: Moment | None = None
    consents: dict[str, int]
    gaps: list[str]


class Register(View):
    """The register of processing activities, as of now; `advice` says how to close its gaps."""

    controller: str | None = None
    generated_at: Moment
    activities: list[RegisterRow]
    count: int
    advice: str | None = None


class ExportPerson(Request):
    """Arguments of `export_person`."""

    ALIASES: ClassVar = {"email": EMAIL_NAMES}
    email: str | None = Field(default=None, max_length=320, description="Whose, by address.")
    contact_id: str | None = Field(default=None, max_length=40, description="Or by contact.")
    limit: int = Field(default=MAIL_PAGE, ge=1, le=200, description="Mails per page.")
    cursor: str | None = Field(default=None, max_length=200, description="From the previous page.")


class HeldMail(View):
    """A mail from or to the person, whole: headers, text, what became of their copy."""

    message_id: str
    thread_id: str
    mailbox_id: str
    direction: str
    status: str
    at: Moment
    topic: str | None = None
    message_class: str | None = None
    subject: str
    headers: list[list[str]]
    text: str | None = None
    attachments: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]
    tags: list[str]
    metadata: dict[str, Any]


class PersonExport(View):
    """Everything that is held about one person and was done with it (GDPR Art. 15). The first page has all but mail;
    each page has its mails."""

    email: str
    generated_at: Moment
    contact: dict[str, Any] | None = None
    provenance: list[dict[str, Any]] | None = None
    interactions: list[dict[str, Any]] | None = None
    consents: list[dict[str, Any]] | None = None
    channels: list[dict[str, Any]] | None = None
    suppressions: list[dict[str, Any]] | None = None
    unsubscribe_requests: list[dict[str, Any]] | None = None
    sequences: list[dict[str, Any]] | None = None
    events: list[dict[str, Any]] | None = None
    calls: list[dict[str, Any]] | None = None
    messages: list[HeldMail]
    messages_total: int
    cursor: str | None = None
