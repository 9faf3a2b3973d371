"""Requests and answers about what came back of sent mail: reputation, campaigns, breakers, warm-up."""

from typing import ClassVar, Final, Literal

from pydantic import Field

from multimail.contract.fields import SENDER_NAMES, Moment
from multimail.contract.shapes import Request, View

CAMPAIGN_NAMES: Final = ("tag", "campaign_tag")
_LONGEST: Final = 330
_PERCENT: Final = "percent of what was sent"
State = Literal["normal", "warned", "throttled", "paused"]


class GetReputation(Request):
    """Arguments of `get_reputation`: one subject, or nothing for all mailboxes and what is not normal."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES, "campaign": CAMPAIGN_NAMES}
    mailbox: str | None = Field(default=None, description="Id or address.")
    domain: str | None = Field(default=None, max_length=253, description="A recipients' domain.")
    campaign: str | None = Field(
        default=None, max_length=_LONGEST, description="A tag that mail was sent with."
    )


class CountsView(View):
    """What was sent, and what became of it. `opened` is missing where opening is not tracked."""

    sent: int
    delivered: int
    bounced: int
    soft_bounced: int
    complained: int
    unsubscribed: int
    replied: int
    opened: int | None = None
    bounce_percent: float
    complaint_percent: float


class WindowView(CountsView):
    """The same over the last so many hours."""

    hours: int


class DayView(View):
    """What was counted on one day, UTC."""

    day: str
    sent: int
    bounced: int
    complained: int


class WarmUpView(View):
    """How far a mailbox's warm-up is: `limit` mails may leave today."""

    mailbox_id: str
    mailbox: str
    enabled: bool
    day: int | None = None
    days: int | None = None
    limit: int | None = None
    sent_today: int | None = None
    first: int | None = None
    target: int | None = None
    ends_at: Moment | None = None


class RulesView(View):
    """Rates in percent. `own` names what was set for this subject itself."""

    enabled: bool
    warn_bounces: float
    warn_complaints: float
    throttle_bounces: float
    throttle_complaints: float
    pause_bounces: float
    pause_complaints: float
    minimum: int
    window_hours: int
    recover: float
    per_minute: int
    spike_factor: float
    spike_action: str
    own: list[str]


class ReputationView(View):
    """How one mailbox, domain or campaign stands; `next` says what happens next and who can change it. `waiting` is
    queued mail of a mailbox, and what waits behind the breaker of a campaign. `by_day` is there where one was asked
    for: the last 30 days on which anything was counted."""

    kind: str
    name: str
    mailbox_id: str | None = None
    state: str
    reason: str | None = None
    since: Moment | None = None
    counted: CountsView | None = None
    windows: list[WindowView]
    sent_this_hour: int
    waiting: int
    next: str
    rules: RulesView | None = None
    warm_up: WarmUpView | None = None
    by_day: list[DayView] | None = None


class ReputationList(View):
    """The subjects asked for, or all mailboxes and whatever is not normal. `rules` hold where no others were set."""

    subjects: list[ReputationView]
    count: int
    rules: RulesView


class CampaignStats(Request):
    """Arguments of `campaign_stats`: a tag, or nothing for the latest campaigns."""

    ALIASES: ClassVar = {"tag": ("campaign", "campaign_tag")}
    tag: str | None = Field(default=None, max_length=_LONGEST, description="A tag that mail was sent with.")
    variant: str | None = Field(
        default=None, max_length=256, description="Only mail sent with the tag variant=… of this value too."
    )
    limit: int = Field(default=50, ge=1, le=500, description="Campaigns listed when no tag is given.")


class VariantView(CountsView):
    """One version of a campaign's mail; `variant` is empty for mail without one."""

    variant: str
    reply_percent: float
    unsubscribe_percent: float


class CampaignView(CountsView):
    """All that became of a campaign so far, and of each of its variants."""

    tag: str
    state: str
    waiting: int
    reply_percent: float
    unsubscribe_percent: float
    first_at: Moment
    last_at: Moment
    variants: list[VariantView]


class CampaignList(View):
    """The campaign asked for, or the latest."""

    campaigns: list[CampaignView]
    count: int


class SetBreakers(Request):
    """Arguments of `set_breakers`: what is not given stays as it is."""

    ALIASES: ClassVar = {
        "mailbox": SENDER_NAMES,
        "campaign": CAMPAIGN_NAMES,
        "minimum": ("minimum_volume", "min_volume"),
        "per_minute": ("throttle_per_minute",),
    }
    mailbox: str | None = Field(default=None, description="Only for this mailbox; nothing: for all.")
    campaign: str | None = Field(default=None, max_length=_LONGEST, description="Only for this campaign tag.")
    enabled: bool | None = Field(default=None, description="Whether rates do anything at all.")
    warn_bounces: float | None = Field(
        default=None, gt=0, le=100, description=f"Warn from this {_PERCENT} on."
    )
    warn_complaints: float | None = Field(default=None, gt=0, le=100, description="The same of complaints.")
    throttle_bounces: float | None = Field(default=None, gt=0, le=100, description="Slow down from here on.")
    throttle_complaints: float | None = Field(
        default=None, gt=0, le=100, description="The same of complaints."
    )
    pause_bounces: float | None = Field(default=None, gt=0, le=100, description="Stop from here on.")
    pause_complaints: float | None = Field(default=None, gt=0, le=100, description="The same of complaints.")
    minimum: int | None = Field(
        default=None, ge=1, le=1_000_000, description="Mails sent before rates count."
    )
    window_hours: int | None = Field(default=None, ge=1, le=720, description="Over how many hours.")
    recover: float | None = Field(
        default=None, gt=0, le=1, description="A state ends below this times the rate it began at."
    )
    per_minute: int | None = Field(
        default=None, ge=1, le=100_000, description="Mails a minute while slowed down."
    )
    spike_factor: float | None = Field(
        default=None, ge=1.5, le=1_000, description="So many times the usual hour is a volume spike."
    )
    spike_action: State | None = Field(default=None, description="What a volume spike does; normal: nothing.")
    reset: bool = Field(default=False, description="Forget what was set before, then set what is given.")


class BreakersView(View):
    """The rules that hold now, for all where no mailbox or campaign is named."""

    mailbox_id: str | None = None
    mailbox: str | None = None
    campaign: str | None = None
    rules: RulesView


class ResumeSending(Request):
    """Arguments of `resume_sending`."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES, "campaign": CAMPAIGN_NAMES}
    mailbox: str | None = Field(default=None, description="Id or address.")
    campaign: str | None = Field(default=None, max_length=_LONGEST, description="Or: a campaign tag.")


class Resumed(View):
    """What goes on, and how many deliveries waited for it; `also` names what had tripped with it and goes on too.
    Rates are counted anew from now on."""

    kind: str
    name: str
    state: str
    was: str
    resumed: int
    also: list[str]


class SetWarmUp(Request):
    """Arguments of `set_warm_up`."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES}
    mailbox: str | None = Field(default=None, description="Id or address.")
    enabled: bool = Field(default=True, description="False: no limit a day any more.")
    first: int = Field(default=50, ge=1, le=100_000, description="Mails on the first day.")
    target: int = Field(default=5_000, ge=1, le=10_000_000, description="Mails on the last day.")
    days: int = Field(
        default=30, ge=1, le=365, description="Days from the one to the other, by equal factors."
    )
    restart: bool = Field(default=False, description="Begin again at the first day.")
