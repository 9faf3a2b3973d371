"""Requests and answers about consent: what somebody agreed to, what may be sent to them, what they prefer."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from multimail.contract.fields import SENDER_NAMES, Data, Moment
from multimail.contract.shapes import Request, View

Basis = Literal["consent", "contract", "legitimate_interest", "soft_opt_in"]
Class = Literal["transactional", "commercial"]
EMAIL_NAMES = ("address", "recipient", "to")
_TOPIC = "What the mail is about, such as newsletter; every topic if left out."
_REGION = "EU, GB, CH, CA, US, US-CA, AU, BR or another country; everywhere if left out."


class About(Request):
    """Whose consent, and for what: an email or a contact_id."""

    ALIASES: ClassVar = {"email": EMAIL_NAMES}
    email: str | None = Field(default=None, max_length=320, description="Whose, by address.")
    contact_id: str | None = Field(default=None, max_length=40, description="Or by contact.")
    topic: str = Field(default="", max_length=100, description=_TOPIC)
    region: str = Field(default="", max_length=10, description=_REGION)


class RecordConsent(About):
    """Arguments of `record_consent`."""

    basis: Basis = Field(
        default="consent",
        description="Why they may be written to: consent they gave, a contract, legitimate interest, or soft opt-in.",
    )
    source: str = Field(
        default="", max_length=200, description="Where it was given, such as the sign-up form."
    )
    evidence: Data = Field(default_factory=dict, description="What proves it: a URL, the wording, an id.")
    given_at: Moment | None = Field(default=None, description="When it was given; now if left out.")
    expires_at: Moment | None = Field(
        default=None, description="Until when it holds; until withdrawn if left out."
    )
    OBJECTS: ClassVar = frozenset({"evidence"})


class WithdrawConsent(About):
    """Arguments of `withdraw_consent`."""

    source: str = Field(
        default="", max_length=200, description="How it was taken back, such as by telephone."
    )


class ConsentView(View):
    """A record. `counts` says whether it opens anything now: not what an agent wrote, nor what ended.

    A record with the basis `withdrawal` takes back what was given before it.
    """

    consent_id: str
    email: str | None = None
    contact_id: str | None = None
    topic: str | None = None
    region: str | None = None
    basis: str
    counts: bool
    provenance: str
    source: str | None = None
    evidence: dict[str, Any] | None = None
    given_at: Moment
    recorded_at: Moment
    withdrawn_at: Moment | None = None
    expires_at: Moment | None = None
    by: str | None = None


class ConsentResult(View):
    """What was recorded; `note` says what it does not do. `ended` is how many records a withdrawal ended."""

    consent: ConsentView
    contact_id: str | None = None
    ended: int | None = None
    repeated: bool | None = None
    note: str | None = None


class ListConsents(Request):
    """Arguments of `list_consents`; all conditions together."""

    ALIASES: ClassVar = {"email": EMAIL_NAMES}
    email: str | None = Field(default=None, max_length=320, description="Only of this person, by address.")
    contact_id: str | None = Field(default=None, max_length=40, description="Only of this contact.")
    topic: str | None = Field(
        default=None, max_length=100, description="Only records for exactly this topic."
    )
    region: str | None = Field(
        default=None, max_length=10, description="Only records for exactly this region."
    )
    basis: Literal["consent", "contract", "legitimate_interest", "soft_opt_in", "withdrawal"] | None = Field(
        default=None, description="Only of this kind."
    )
    live: bool = Field(default=False, description="Only what counts now.")
    limit: int = Field(default=50, ge=1, le=1_000, description="Records per page.")
    cursor: str | None = Field(default=None, max_length=200, description="From the previous page.")


class ConsentList(View):
    """A page of records, the newest first."""

    consents: list[ConsentView]
    count: int
    cursor: str | None = None


class CheckConsent(About):
    """Arguments of `check_consent`."""

    ALIASES: ClassVar = {
        **About.ALIASES,
        "mailbox": SENDER_NAMES,
        "message_class": ("class", "consent_class"),
    }
    message_class: Class | None = Field(
        default=None, description="What the mail is; the mailbox's own word for the topic if left out."
    )
    mailbox: str | None = Field(default=None, description="Which mailbox would send it, by id or address.")
    region: str = Field(
        default="",
        max_length=10,
        description="The region that the mail names; all of the recipient's if left out.",
    )


class RegionAnswer(View):
    """What a region's rule says: `needs` are the bases one of which is needed, none where there is only opting out;
    `why` is given, not_given, withdrawn or opt_out_only."""

    region: str
    rule: str
    law: str
    needs: list[str]
    allowed: bool
    why: str
    basis: str | None = None


class ConsentCheck(View):
    """Whether such a mail would go to somebody now; if not, `reason` is the code its delivery would carry."""

    email: str
    topic: str | None = None
    mailbox: str
    message_class: str | None = None
    allowed: bool
    reason: str | None = None
    explanation: str
    advice: str | None = None
    regions_known: list[str]
    regions_claimed: list[str] | None = None
    regions: list[RegionAnswer]


class SetPreferences(Request):
    """Arguments of `set_preferences`; without topics and channels it answers what there is."""

    ALIASES: ClassVar = {"email": EMAIL_NAMES, "mailbox": SENDER_NAMES}
    OBJECTS: ClassVar = frozenset({"topics", "channels"})
    email: str | None = Field(default=None, max_length=320, description="Whose, by address.")
    contact_id: str | None = Field(default=None, max_length=40, description="Or by contact.")
    topics: dict[str, bool] = Field(
        default_factory=dict,
        max_length=50,
        description='Topics wanted or not, such as {"newsletter": false}.',
    )
    channels: dict[str, bool] = Field(
        default_factory=dict,
        max_length=20,
        description='Ways wanted or not, such as {"email": true, "sms": false}.',
    )
    mailbox: str | None = Field(
        default=None, description="Only mail of this mailbox; of every one if left out."
    )
    source: str = Field(default="", max_length=200, description="How they said so, such as by telephone.")


class TopicPreference(View):
    """One topic: whether commercial mail about it may be sent, as far as the person has a say in it."""

    topic: str
    wanted: bool
    why: str


class ChannelPreference(View):
    """One way of reaching somebody."""

    channel: str
    wanted: bool
    changed_at: Moment


class Preferences(View):
    """What somebody wants; topics that nobody asked about are not there. `note` says what was not done, and why."""

    email: str
    contact_id: str | None = None
    topics: list[TopicPreference]
    channels: list[ChannelPreference]
    changed: list[str]
    note: str | None = None


class ConsentTable(Request):
    """Arguments of `consent_table`."""

    ALIASES: ClassVar = {"email": EMAIL_NAMES, "mailbox": SENDER_NAMES}
    email: str | None = Field(default=None, max_length=320, description="With what holds for this person.")
    topic: str = Field(default="", max_length=100, description=_TOPIC)
    mailbox: str | None = Field(default=None, description="For a person: which mailbox would send.")


class RuleRow(View):
    """What a region asks before mail of a class is sent; `allowed` and `why` are about the person, if one was named."""

    region: str
    name: str
    law: str
    message_class: str
    needs: list[str]
    implied_days: int | None = None
    identity: bool
    physical_address: bool
    opt_out: bool
    allowed: bool | None = None
    why: str | None = None


class RuleTable(View):
    """The whole table of decisions, and the same as text."""

    rows: list[RuleRow]
    count: int
    email: str | None = None
    regions: list[str] | None = None
    table: str
