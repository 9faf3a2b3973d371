"""Requests and answers of deciding on many mails, and withdrawing many, in one call: one result for each mail."""

import json
from typing import Any, ClassVar, Final

from pydantic import Field, field_validator

from multimail.contract.fields import NOTE_NAMES, SENDER_NAMES
from multimail.contract.reviews import DecideEmail, Verb
from multimail.contract.shapes import Request, View

MOST: Final = 1_000
"""Mails in one call: the data file is written to by nobody else meanwhile."""


def objects(given: Any, model: type[Request], field: str) -> Any:
    """The entries of a list, each read for itself, so that what is wrong says in which. A command line has them as
    the text of an object."""
    if not isinstance(given, list):
        return given
    return [model.parse_within(_object(one), f"{field}.{place}") for place, one in enumerate(given)]


def _object(given: Any) -> Any:
    if isinstance(given, str) and given.lstrip().startswith("{"):
        try:
            return json.loads(given)
        except (ValueError, RecursionError):
            return given
    return given


class DecideEmails(Request):
    """Arguments of `decide_emails`: a list of decisions, or one decision on all mails of a batch that wait."""

    ALIASES: ClassVar = {"decision": ("action",), "note": NOTE_NAMES}
    LISTS: ClassVar = frozenset({"decisions"})
    decisions: list[DecideEmail] | None = Field(
        default=None,
        min_length=1,
        max_length=MOST,
        description="Each with message_id, decision and the other arguments of decide_email.",
    )
    batch_id: str | None = Field(default=None, description="Or: all mails of this batch that wait.")
    digest: str | None = Field(default=None, max_length=128, description="Of the batch, from get_batch.")
    decision: Verb | None = Field(default=None, description="What is decided about the batch.")
    note: str = Field(default="", max_length=4000, description="For the author and the record.")
    confirm_placeholders: bool = Field(default=False, description="Send although placeholders remain.")
    late_ok: bool = Field(default=False, description="Send although its time passed over an hour ago.")

    @field_validator("decisions", mode="before")
    @classmethod
    def _each(cls, given: Any) -> Any:
        return objects(given, DecideEmail, "decisions")


class Refusal(View):
    """What every result has when there was a problem with its mail; the others are not concerned."""

    code: str | None = None
    message: str | None = None
    field: str | None = None
    advice: str | None = None


class DecisionRow(Refusal):
    """What became of one decision: the decision, or a code."""

    message_id: str
    status: str | None = None
    decision: str | None = None
    digest: str | None = None
    reasons: list[str] | None = None
    approvals_missing: int | None = None
    repeated: bool | None = None


class DecisionRows(View):
    """The decisions in the order they were given; `failed` of them have a code."""

    results: list[DecisionRow]
    decided: int
    failed: int
    batch_id: str | None = None


class CancelMessages(Request):
    """Arguments of `cancel_messages`: ids, or what the mails have in common."""

    ALIASES: ClassVar = {
        "message_ids": ("ids", "email_ids"),
        "mailbox": SENDER_NAMES,
        "tags": ("tag",),
        "reason": ("note",),
    }
    LISTS: ClassVar = frozenset({"message_ids", "tags"})
    WORDS: ClassVar = frozenset({"message_ids"})
    message_ids: list[str] | None = Field(
        default=None, min_length=1, max_length=MOST, description="The mails to withdraw."
    )
    mailbox: str | None = Field(default=None, description="Or: all that wait in this mailbox.")
    tags: list[str] = Field(default_factory=list, description="Only those with all of these tags.")
    batch_id: str | None = Field(default=None, description="Only those of this batch.")
    reason: str = Field(default="", max_length=1000, description="Why, for the record.")


class CancelRow(Refusal):
    """What became of one mail."""

    message_id: str
    cancelled: bool
    status: str | None = None


class CancelRows(View):
    """The mails in order; `more` says that the call found more than it may withdraw at once: call again."""

    results: list[CancelRow]
    cancelled: int
    failed: int
    more: bool | None = None
