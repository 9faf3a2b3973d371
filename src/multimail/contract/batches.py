"""Requests and answers of many mails from one text, and of the texts that operators keep for it."""

from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, Field, field_validator

from multimail.contract.bulk import MOST, Refusal, objects
from multimail.contract.fields import (
    BODY_NAMES,
    MAIL_TEXT,
    MAX_BODY,
    MAX_SUBJECT,
    Data,
    Moment,
    hidden,
)
from multimail.contract.sending import Sending
from multimail.contract.shapes import Request, View
from multimail.core.model import Mode


class BatchRecipient(Request):
    """One mail of a batch: to whom, and what its slots are filled with."""

    ALIASES: ClassVar = {"to": ("email", "address"), "values": ("variables", "substitutions")}
    OBJECTS: ClassVar = frozenset({"values"})
    model_config = ConfigDict(coerce_numbers_to_str=True)
    to: str = Field(min_length=1, max_length=1000, description="One address.")
    values: dict[str, str] = Field(
        default_factory=dict, max_length=100, description="A text for each slot, by its name."
    )
    idempotency_key: str | None = Field(
        default=None, min_length=1, max_length=100, description="Tells two mails apart that say the same."
    )


class SendBatch(Request):
    """Arguments of `send_batch`: a text with slots such as {{name}}, and a mail for each recipient."""

    ALIASES: ClassVar = Sending.ALIASES
    LISTS: ClassVar = frozenset({"recipients", "tags"})
    OBJECTS: ClassVar = frozenset({"metadata", "headers"})
    mailbox: str | None = Field(default=None, description="Sending mailbox, id or address.")
    subject: str = Field(default="", max_length=MAX_SUBJECT, description="Subject line with slots.")
    body: str = Field(default="", max_length=MAX_BODY, description="The text with slots, in markdown.")
    template: str | None = Field(
        default=None, max_length=200, description="Or: an operator's template, by id or name."
    )
    recipients: list[BatchRecipient] = Field(
        min_length=1, max_length=MOST, description="Each with to and values; a mail for each."
    )
    scheduled_at: Moment | None = Field(default=None, description="Send at this time.")
    oversight_mode: Mode | None = Field(default=None, description="Stricter oversight for this call.")
    tags: list[str] = Field(default_factory=list, max_length=50, description="Labels.")
    metadata: Data = Field(default_factory=dict, description="Your own data, kept with each mail.")
    headers: dict[str, str] = Field(default_factory=dict, description="Extra X-* or List-* headers.")
    reply_to: str | None = Field(default=None, description="Address for answers.")
    message_class: Literal["transactional", "commercial"] | None = Field(
        default=None, description="transactional or commercial."
    )
    idempotency_key: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="Repeating it within 24 h gives the first answer.",
    )
    topic: str | None = hidden(
        max_length=100, description="What the mail is about, to those who opt out by topic."
    )
    region: str | None = hidden(max_length=10, description="Whose law it is sent under, such as EU or US-CA.")
    send_in_recipient_timezone: bool | None = hidden(
        description="Read scheduled_at on each recipient's own clock."
    )

    @field_validator("recipients", mode="before")
    @classmethod
    def _each(cls, given: Any) -> Any:
        return objects(given, BatchRecipient, "recipients")


class BatchRow(Refusal):
    """What became of one recipient's mail: accepted, or a code."""

    index: int
    to: str
    message_id: str | None = None
    status: str | None = None
    digest: str | None = None
    suppressed: bool | None = None
    repeated: bool | None = None


class BatchResult(View):
    """The answer of `send_batch`, a row for each recipient in order. Held mails are accepted; do not send again."""

    batch_id: str | None = None
    digest: str | None = None
    results: list[BatchRow]
    accepted: int
    failed: int
    statuses: dict[str, int]
    rules: list[str] = Field(default_factory=list)
    reasons: list[str] = Field(default_factory=list)
    repeated: bool | None = None


class GetBatch(Request):
    """Arguments of `get_batch`."""

    ALIASES: ClassVar = {"batch_id": ("id", "batch")}
    batch_id: str = Field(description="The batch's id.")
    limit: int = Field(default=100, ge=1, le=MOST, description="Mails per page.")
    cursor: str | None = Field(default=None, max_length=200, description="From the previous page.")


class BatchMailRow(View):
    """One mail of a batch, with what was filled in."""

    message_id: str
    to: str
    values: dict[str, str]
    status: str
    digest: str
    revision: int


class BatchView(View):
    """A batch to decide on: its text, every mail's values, and the digest of all of it."""

    batch_id: str
    mailbox_id: str
    subject: str
    body: str = Field(json_schema_extra=MAIL_TEXT)
    template_id: str | None = None
    submitted_by: str
    created_at: Moment
    digest: str
    statuses: dict[str, int]
    mails: list[BatchMailRow]
    count: int
    cursor: str | None = None


class CreateTemplate(Request):
    """Arguments of `create_template`."""

    ALIASES: ClassVar = {"body": BODY_NAMES}
    name: str = Field(min_length=1, max_length=100, description="What callers name it by.")
    subject: str = Field(min_length=1, max_length=MAX_SUBJECT, description="Subject line with slots.")
    body: str = Field(min_length=1, max_length=MAX_BODY, description="The text with slots such as {{name}}.")


class TemplateView(View):
    """A template with the names of its slots."""

    template_id: str
    name: str
    subject: str
    body: str
    slots: list[str]
    created_at: Moment
    deleted: bool | None = None


class ListTemplates(Request):
    """Arguments of `list_templates`: none."""


class TemplateList(View):
    """The templates that can be used."""

    templates: list[TemplateView]
    count: int


class DeleteTemplate(Request):
    """Arguments of `delete_template`."""

    ALIASES: ClassVar = {"template_id": ("id", "template")}
    template_id: str = Field(description="The template's id.")
