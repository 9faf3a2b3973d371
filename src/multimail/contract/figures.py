"""Requests and answers about how oversight goes: figures of decisions, and what other rules would have done."""

from typing import ClassVar, Literal

from pydantic import Field

from multimail.contract.fields import SENDER_NAMES, Moment
from multimail.contract.shapes import Request, View
from multimail.core.model import Mode

DAYS: int = 14
MOST_DAYS: int = 365


class GetOversightFigures(Request):
    """Arguments of `get_oversight_figures`."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES}
    mailbox: str | None = Field(default=None, description="Only of this mailbox, by id or address.")
    days: int = Field(default=DAYS, ge=1, le=MOST_DAYS, description="How far to look back.")


class DayFigures(View):
    """The decisions of one day, UTC."""

    day: str
    decisions: int
    approved: int
    edited: int
    rejected: int
    sent_back: int
    expired: int


class AdviceView(View):
    """What the figures speak for: more freedom, less, or no change; `evidence` says why, in numbers.

    `to_mode` is the mode to change to, `trust` the addresses to put on the trusted list instead.
    """

    kind: Literal["promote", "keep", "tighten"]
    evidence: str
    to_mode: str | None = None
    trust: list[str] | None = None
    decisions: int
    unedited: int


class MailboxFigures(View):
    """How people decide on a mailbox's outgoing mail. Shares are between 0 and 1, and not there where of nothing.

    `looks` are the decisions whose time of looking is known, `left_alone` the mails that left without a person,
    `counted_from` says where the figures begin when there were more decisions than are counted.
    """

    mailbox_id: str
    mailbox: str
    oversight_mode: str
    ceiling: str
    waiting: int
    oldest_at: Moment | None = None
    decisions: int
    decisions_per_day: float
    looks: int
    median_look_seconds: float | None = None
    share_under_3_seconds: float | None = None
    share_edited: float | None = None
    share_rejected: float | None = None
    share_sent_back: float | None = None
    share_expired: float | None = None
    left_alone: int
    withdrawn: int
    by_day: list[DayFigures]
    advice: AdviceView
    counted_from: Moment | None = None


class FiguresList(View):
    """The figures of each mailbox."""

    figures: list[MailboxFigures]
    count: int
    days: int


class SimulateOversight(Request):
    """Arguments of `simulate_oversight`; what is left out is as the mailbox has it."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES, "default_mode": ("oversight_mode", "mode")}
    LISTS: ClassVar = frozenset({"trusted", "allowed"})
    WORDS: ClassVar = LISTS
    mailbox: str | None = Field(default=None, description="Id or address.")
    default_mode: Mode | None = Field(default=None, description="The mode to try.")
    ceiling: Mode | None = Field(
        default=None, description="The ceiling to try; that of the mode if left out."
    )
    trusted: list[str] | None = Field(default=None, description="The trusted list to try.")
    allowed: list[str] | None = Field(default=None, description="The allowed list to try.")
    clear_allowed: bool = Field(default=False, description="Try without the allowed fence.")
    oversight_address: str | None = Field(default=None, description="The oversight address to try.")
    days: int = Field(default=DAYS, ge=1, le=MOST_DAYS, description="How far to look back.")


class RulesTried(View):
    """The rules that were tried."""

    default_mode: str
    ceiling: str
    trusted: list[str]
    allowed: list[str] | None = None
    oversight_address: str | None = None


class Outcomes(View):
    """How many mails went which way: held for a person, left, refused, or left to nobody because all opted out."""

    held: int
    left: int
    refused: int
    left_out: int


class SimulatedMail(View):
    """A mail that would have gone another way; `decision` is what a person said about it."""

    message_id: str
    subject: str
    to: list[str]
    recipients_count: int
    created_at: Moment
    happened: str
    would: str
    decision: str | None = None
    rules: list[str]
    reasons: list[str]


class SimulationView(View):
    """What other rules would have made of the mail of a time.

    `freed` are mails that people held and that would have left; `freed_edited` and `freed_stopped` are those of them
    that people changed, or did not let go. `minutes` is the reviewers' time that the rules would have cost more, or
    less where it is negative. `assumed` says what is not known and what is taken for it.
    """

    mailbox_id: str
    mailbox: str
    days: int
    rules: RulesTried
    mails: int
    happened: Outcomes
    would: Outcomes
    changed: int
    freed: int
    freed_edited: int
    freed_stopped: int
    arriving_held: int
    median_look_seconds: float | None = None
    minutes: float | None = None
    differences: list[SimulatedMail]
    assumed: list[str]
    counted_from: Moment | None = None
