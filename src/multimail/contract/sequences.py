"""Requests and answers about sequences: mails that follow one another until the other side answers."""

from typing import Any, ClassVar, Final, Literal

from pydantic import Field, field_validator

from multimail.contract.fields import BODY_NAMES, MAX_BODY, MAX_SUBJECT, SENDER_NAMES, Limit, Moment
from multimail.contract.shapes import Request, View

MOST: Final = 1_000
"""People enrolled by one call."""
_SEQUENCE_NAMES: Final = ("id", "sequence", "name")
_ENROLLMENT_NAMES: Final = ("id",)


class StepIn(Request):
    """One mail of a sequence, so long after the one before."""

    ALIASES: ClassVar = {"body": BODY_NAMES, "wait": ("delay", "after"), "tags": ("tag",)}
    LISTS: ClassVar = frozenset({"tags", "only_if", "unless"})
    wait: str = Field(default="0", max_length=8, description="After the one before: 30m, 12h, 3d or 2w.")
    subject: str = Field(default="", max_length=MAX_SUBJECT, description="Subject line, may have {{slots}}.")
    body: str = Field(default="", max_length=MAX_BODY, description="The text, may have {{slots}}.")
    template: str = Field(default="", max_length=200, description="Or: a template, by id or name.")
    tags: list[str] = Field(
        default_factory=list, max_length=20, description="Tags of the mail and the contact."
    )
    only_if: list[str] = Field(
        default_factory=list, max_length=20, description="Only for contacts with these tags."
    )
    unless: list[str] = Field(
        default_factory=list, max_length=20, description="Not for contacts with one of these."
    )


class CreateSequence(Request):
    """Arguments of `create_sequence`."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES, "message_class": ("class",)}
    LISTS: ClassVar = frozenset({"steps", "stop_tags"})
    name: str = Field(min_length=1, max_length=100, description="What it is called.")
    mailbox: str | None = Field(default=None, description="Sending mailbox, id or address.")
    steps: list[StepIn] = Field(min_length=1, max_length=50, description="The mails, in order.")
    run_by: Literal["agents", "server"] = Field(
        default="agents", description="Who does the steps: agents that claim them, or the server."
    )
    stop_tags: list[str] = Field(
        default_factory=list, max_length=20, description="Tags of a contact that end it."
    )
    done_tag: str = Field(default="", max_length=64, description="Tag for contacts that are through.")
    message_class: Literal["transactional", "commercial"] | None = Field(
        default=None, description="transactional or commercial."
    )
    topic: str = Field(
        default="", max_length=100, description="What it is about, to those who opt out by topic."
    )
    same_thread: bool = Field(default=False, description="Later mails answer the first one.")

    @field_validator("steps", mode="before")
    @classmethod
    def _each_step(cls, given: Any) -> Any:
        """One by one, so that what is wrong says in which."""
        if not isinstance(given, list):
            return given
        return [StepIn.parse_within(one, f"steps.{place}") for place, one in enumerate(given)]


class StepView(View):
    """One mail of a sequence."""

    step: int
    wait: str
    subject: str | None = None
    body: str | None = None
    template: str | None = None
    tags: list[str] = Field(default_factory=list)
    only_if: list[str] = Field(default_factory=list)
    unless: list[str] = Field(default_factory=list)


class SequenceView(View):
    """A sequence with how many people are where: `active`, `completed`, and why the others get no more."""

    sequence_id: str
    name: str
    mailbox_id: str
    mailbox: str
    run_by: str
    status: str
    reason: str | None = None
    steps: list[StepView]
    stop_tags: list[str] = Field(default_factory=list)
    done_tag: str | None = None
    message_class: str | None = None
    topic: str | None = None
    same_thread: bool
    counts: dict[str, int]
    created_by: str
    created_at: Moment


class ListSequences(Request):
    """Arguments of `list_sequences`."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES}
    mailbox: str | None = Field(default=None, description="Only of this mailbox, id or address.")


class SequenceList(View):
    """Sequences, the newest first."""

    sequences: list[SequenceView]
    count: int


class EnrollmentView(View):
    """Where somebody is: `step` is the next one, counted from 0."""

    enrollment_id: str
    contact_id: str
    email: str | None = None
    step: int
    status: str
    reason: str | None = None
    due_at: Moment | None = None
    claimed_by: str | None = None
    claimed_until: Moment | None = None
    last_message_id: str | None = None
    version: int


class GetSequence(Request):
    """Arguments of `get_sequence`."""

    ALIASES: ClassVar = {"sequence_id": _SEQUENCE_NAMES}
    sequence_id: str = Field(max_length=100, description="The sequence, by id or name.")
    status: Literal["active", "completed", "stopped"] | None = Field(
        default=None, description="Only people of whom this is so."
    )
    email: str | None = Field(default=None, max_length=320, description="Only this contact.")
    limit: Limit = 50
    cursor: str | None = Field(default=None, description="Cursor of the page before.")


class SequencePage(SequenceView):
    """A sequence with a page of the people in it."""

    enrollments: list[EnrollmentView]
    count: int
    cursor: str | None = None


class EnrollContacts(Request):
    """Arguments of `enroll_contacts`."""

    ALIASES: ClassVar = {"sequence_id": _SEQUENCE_NAMES, "emails": ("email", "to", "contacts", "addresses")}
    LISTS: ClassVar = frozenset({"emails"})
    WORDS: ClassVar = LISTS
    sequence_id: str = Field(max_length=100, description="The sequence, by id or name.")
    emails: list[str] = Field(min_length=1, max_length=MOST, description="Addresses of the contacts.")
    again: bool = Field(default=False, description="Also those who are through, from the first step on.")


class EnrollRow(View):
    """What became of one address."""

    email: str
    enrolled: bool
    enrollment_id: str | None = None
    status: str
    reason: str | None = None


class EnrollResult(View):
    """The addresses in the order they were given; who is in it already stays where he is."""

    sequence_id: str
    results: list[EnrollRow]
    enrolled: int


class ClaimSteps(Request):
    """Arguments of `claim_sequence_steps`."""

    ALIASES: ClassVar = {"sequence_id": _SEQUENCE_NAMES}
    sequence_id: str = Field(max_length=100, description="The sequence, by id or name.")
    limit: int = Field(default=10, ge=1, le=100, description="Most steps.")
    lease_seconds: int = Field(default=600, ge=10, le=86_400, description="They are yours for so long.")


class ClaimedStep(View):
    """A step to do: send what it says, then complete it with its lease."""

    enrollment_id: str
    lease: str
    lease_until: Moment
    contact_id: str
    email: str
    name: str | None = None
    step: int
    version: int
    subject: str | None = None
    body: str | None = None
    template: str | None = None
    values: dict[str, str] | None = None
    tags: list[str] = Field(default_factory=list)
    message_class: str | None = None
    topic: str | None = None
    last_message_id: str | None = None


class ClaimedSteps(View):
    """The steps that are the caller's now, and nobody else's until the lease is over."""

    sequence_id: str
    steps: list[ClaimedStep]
    count: int


class CompleteStep(Request):
    """Arguments of `complete_sequence_step`."""

    ALIASES: ClassVar = {"enrollment_id": _ENROLLMENT_NAMES}
    enrollment_id: str = Field(max_length=100, description="As claimed.")
    lease: str = Field(min_length=1, max_length=100, description="As claimed.")
    step: int | None = Field(default=None, ge=0, description="The step that is expected to be done now.")
    message_id: str | None = Field(default=None, description="The mail that was sent.")
    outcome: Literal["done", "skip", "release", "stop"] = Field(
        default="done", description="Done; left out; given back for another; or over for this contact."
    )


class EnrollmentResult(EnrollmentView):
    """Where somebody is after it. `repeated`: it was so already."""

    sequence_id: str
    repeated: bool | None = None


class StopSequence(Request):
    """Arguments of `stop_sequence`."""

    ALIASES: ClassVar = {"sequence_id": _SEQUENCE_NAMES, "email": ("address",)}
    sequence_id: str = Field(max_length=100, description="The sequence, by id or name.")
    email: str | None = Field(default=None, max_length=320, description="Only for this contact.")
    reason: str = Field(default="", max_length=200, description="Why, for the record.")


class StopResult(View):
    """What has ended, and how many mails that waited were withdrawn."""

    sequence_id: str
    status: str
    stopped: int
    withdrawn: int
