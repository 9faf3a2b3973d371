"""Requests and answers about pace: how often and at which hours people are written to, and whose clock counts."""

from typing import ClassVar, Literal

from pydantic import Field

from multimail.contract.fields import SENDER_NAMES, Moment
from multimail.contract.shapes import Request, View

Action = Literal["hold", "refuse"]


class SetPace(Request):
    """Arguments of `set_pace`: the whole rule for a mailbox and topic, in place of the one that holds."""

    ALIASES: ClassVar = {
        "mailbox": SENDER_NAMES,
        "quiet_from": ("quiet_start", "quiet_hours_start"),
        "quiet_to": ("quiet_end", "quiet_hours_end", "quiet_until"),
        "quiet_days": ("quiet_weekdays",),
    }
    LISTS: ClassVar = frozenset({"quiet_days"})
    WORDS: ClassVar = LISTS
    mailbox: str | None = Field(default=None, description="Only mail of this mailbox, id or address.")
    topic: str = Field(default="", max_length=100, description="Only mail about this.")
    per_day: int | None = Field(
        default=None, ge=1, le=10_000, description="Most mails to one person in 24 hours."
    )
    per_week: int | None = Field(default=None, ge=1, le=10_000, description="Most in 7 days.")
    per_month: int | None = Field(default=None, ge=1, le=10_000, description="Most in 30 days.")
    quiet_from: str | None = Field(
        default=None, max_length=5, description="Quiet from this local time on, like 21:00,"
    )
    quiet_to: str | None = Field(default=None, max_length=5, description="until this one, like 08:00.")
    quiet_days: list[str] = Field(
        default_factory=list, max_length=7, description="Weekdays that are quiet all day, like sat and sun."
    )
    on_cap: Action = Field(default="hold", description="At a cap: hold until it allows it, or refuse.")
    on_quiet: Action = Field(default="hold", description="In quiet hours: hold until they end, or refuse.")
    transactional: bool = Field(default=False, description="Holds for transactional mail, too.")


class PaceRuleView(View):
    """A rule of pace; an empty `mailbox` or `topic` means all of them."""

    rule_id: str
    mailbox_id: str | None = None
    mailbox: str | None = None
    topic: str | None = None
    per_day: int | None = None
    per_week: int | None = None
    per_month: int | None = None
    quiet_from: str | None = None
    quiet_to: str | None = None
    quiet_days: list[str] = Field(default_factory=list)
    on_cap: Action
    on_quiet: Action
    transactional: bool
    deleted: bool | None = None


class ListPace(Request):
    """Arguments of `list_pace`: none."""


class DomainZone(View):
    """Whose clock counts for people at a domain of whom nothing else is known."""

    domain: str
    timezone: str | None = None


class PaceList(View):
    """The rules that hold, and the time zones of domains."""

    pace_rules: list[PaceRuleView]
    time_zones: list[DomainZone]
    count: int


class DeletePace(Request):
    """Arguments of `delete_pace`."""

    ALIASES: ClassVar = {"rule_id": ("id", "rule")}
    rule_id: str = Field(description="The rule's id.")


class SetTimeZone(Request):
    """Arguments of `set_time_zone`."""

    ALIASES: ClassVar = {"timezone": ("time_zone", "zone", "tz")}
    domain: str = Field(min_length=1, max_length=255, description="Domain of the recipients.")
    timezone: str | None = Field(
        default=None, max_length=64, description="IANA name, like Europe/Berlin; none forgets it."
    )


class CheckPace(Request):
    """Arguments of `check_pace`."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES, "email": ("address", "to")}
    email: str = Field(min_length=1, max_length=320, description="The recipient.")
    mailbox: str | None = Field(default=None, description="Sending mailbox, id or address.")
    topic: str = Field(default="", max_length=100, description="What the mail is about.")
    message_class: Literal["transactional", "commercial"] | None = Field(
        default=None, description="transactional or commercial."
    )


class PaceCheck(View):
    """Whether somebody may be written to now, and if not why and from when on, on his own clock."""

    email: str
    timezone: str
    local_time: str
    allowed: bool
    reason: str | None = None
    until: Moment | None = None
    per_day: int
    per_week: int
    per_month: int
