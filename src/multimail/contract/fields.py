"""Field types shared by the requests: times, limits and the names under which fields may arrive."""

import json
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, ValidationInfo, WithJsonSchema

from multimail.core.errors import Problem

SENDER_NAMES: Final = ("from", "mailbox_id", "from_mailbox", "from_address", "from_")
MESSAGE_NAMES: Final = ("id", "email_id")
BODY_NAMES: Final = ("markdown", "text_body", "text", "body_text", "body_markdown")
TIME_NAMES: Final = ("send_at",)
NOTE_NAMES: Final = ("rejection_note", "reason")

MAX_BODY: Final = 262_144
MAX_SUBJECT: Final = 998
MAX_RECIPIENTS: Final = 100
MAX_PAGE: Final = 10_000
ADVISED_PAGE: Final = 100
MAX_DATA: Final = 32_768
MAX_DATA_DEPTH: Final = 16


def sound_data(value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
    """Data that JSON can hold, of a size that a row can."""
    field = info.field_name or ""
    if _is_deeper(value, MAX_DATA_DEPTH):
        raise Problem("invalid", f"{field} is nested too deeply.", field=field)
    try:
        size = len(json.dumps(value, allow_nan=False, ensure_ascii=False).encode())
    except ValueError:
        raise Problem("invalid", f"{field} holds what JSON cannot.", field=field) from None
    if size > MAX_DATA:
        advice = "Keep the data elsewhere and give its id here."
        message = f"{field} has {size:,} bytes; the limit is {MAX_DATA:,}."
        raise Problem("too_large", message, field=field, advice=advice)
    return value


def _is_deeper(value: Any, than: int) -> bool:
    """Whether objects and lists stand in one another more often."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return than < 0 or any(_is_deeper(one, than - 1) for one in inner)


def read_moment(value: Any, info: ValidationInfo) -> datetime:
    """ISO 8601 (RFC 3339) text to an aware time; a date is its first moment, no offset means UTC. The offset stays:
    it tells what a clock showed."""
    field = info.field_name or ""
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime.combine(value, time.min)
    elif isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            raise _no_time(value, field) from None
    else:
        raise _no_time(str(value), field)
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    try:
        aware.astimezone(UTC)
    except OverflowError:
        raise _no_time(str(value), field) from None
    return aware


def _no_time(value: str, field: str) -> Problem:
    return Problem(
        "invalid_time",
        f"{value[:60]!r} is not an ISO 8601 time.",
        field=field,
        advice="Write it like 2027-03-01T09:00:00+01:00 or 2027-03-01T08:00:00Z.",
    )


def iso(moment: datetime) -> str:
    """RFC 3339 in UTC with Z; microseconds only where they are not zero."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat().removesuffix("+00:00") + "Z"


Moment = Annotated[
    datetime,
    BeforeValidator(read_moment),
    PlainSerializer(iso, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
ListedMoment = Annotated[datetime, WithJsonSchema({"type": "string", "format": "date-time"})]
"""A `Moment` that only ever comes from us, in UTC, for views of which many make a page: checked and written by the
validator itself, in the same form."""

Data = Annotated[dict[str, Any], AfterValidator(sound_data)]
Limit = Annotated[
    int,
    # Programs take whole lists; models are told of pages that they can read.
    Field(ge=1, le=MAX_PAGE, description="Rows per page.", json_schema_extra={"maximum": ADVISED_PAGE}),
]

OnceKey = Annotated[
    str | None,
    Field(min_length=1, max_length=100, description="Repeating it within 24 h makes nothing a second time."),
]
"""For what is made by a call: a form sent twice, or a request sent again, makes it once."""


MAIL_TEXT: Final[dict[str, Any]] = {"mail_text": True}
"""Marks a view's field as text that stood in a mail: surfaces that talk to a model fence it."""


def is_mail_text(field: Any) -> bool:
    """Whether a view's field holds text of a mail."""
    extra = field.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("mail_text"))


def hidden(**rest: Any) -> Any:
    """A field that is accepted and not advertised in tool schemas."""
    return Field(default=None, json_schema_extra={"hidden": True}, **rest)
