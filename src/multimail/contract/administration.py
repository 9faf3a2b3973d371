"""Requests and answers about mailboxes, keys and the freeze."""

from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from multimail.contract.approvals import ApprovalLimitIn, ApprovalLimitView
from multimail.contract.fields import SENDER_NAMES, Data, Moment, OnceKey
from multimail.contract.shapes import Request, View
from multimail.core.model import Mode, PrincipalKind, Role

Patterns = list[str]


class ListMailboxes(Request):
    """Arguments of `list_mailboxes`: none."""


class MailboxSettings(Request):
    """What an operator may set on a mailbox."""

    ALIASES: ClassVar = {"default_mode": ("oversight_mode", "mode"), "undo_seconds": ("undo_window",)}
    LISTS: ClassVar = frozenset({"trusted", "allowed", "auto_cc", "auto_bcc"})
    WORDS: ClassVar = LISTS
    OBJECTS: ClassVar = frozenset({"metadata"})
    display_name: str | None = Field(default=None, max_length=200, description="Name beside the address.")
    default_mode: Mode | None = Field(default=None, description="Mode when a call names none.")
    ceiling: Mode | None = Field(default=None, description="Most freedom a call may ask for.")
    oversight_address: str | None = Field(
        default=None, description="Gets copies and notices; needed for monitored."
    )
    trusted: Patterns | None = Field(
        default=None, description="In gated_send, mail to only these goes at once."
    )
    allowed: Patterns | None = Field(
        default=None, description="Nobody else may be mailed; [] = nobody, [*] = all."
    )
    clear_allowed: bool = Field(default=False, description="Take the allowed fence away.")
    auto_cc: Patterns | None = Field(default=None, description="Copied on all outgoing mail, visibly.")
    auto_bcc: Patterns | None = Field(default=None, description="Copied on all outgoing mail, hidden.")
    undo_seconds: int | None = Field(default=None, ge=0, le=3600, description="Undo window in seconds.")
    clear_undo: bool = Field(default=False, description="The mode's own undo window again.")
    deliver: Literal["capture", "hold", "live"] | None = Field(
        default=None, description="What happens at hand-over."
    )
    two_person: bool | None = Field(default=None, description="An edited draft needs a second person.")
    resend_unknown: bool | None = Field(default=None, description="Send again after a crash hid the outcome.")
    cap_per_hour: int | None = Field(default=None, ge=0, description="Most mails an hour; 0 = none.")
    cap_per_day: int | None = Field(default=None, ge=0, description="Most mails a day; 0 = none.")
    clear_caps: bool = Field(default=False, description="Take the caps away.")
    signature: str | None = Field(default=None, max_length=2000, description="Put below every mail.")
    retention_days: int | None = Field(
        default=None, ge=1, le=36_500, description="Mail that is older is deleted for good."
    )
    retention_messages: int | None = Field(
        default=None, ge=1, le=10_000_000, description="Most mails kept; the oldest are deleted for good."
    )
    clear_retention: bool = Field(default=False, description="Keep all mail again.")
    notices: Literal["immediate", "digest", "off"] | None = Field(
        default=None, description="When the oversight address is told that something waits."
    )
    notice_minutes: int | None = Field(
        default=None, ge=1, le=10_080, description="What waits is gathered so long; 2, or 60 for a digest."
    )
    notice_details: bool | None = Field(default=None, description="Notices name subjects and recipients.")
    metadata: Data | None = Field(default=None, description="Keys to merge; null clears a key.")


class CreateMailbox(MailboxSettings):
    """Arguments of `create_mailbox`."""

    ALIASES: ClassVar = {**MailboxSettings.ALIASES, "address": ("email",)}
    LISTS: ClassVar = MailboxSettings.LISTS
    address: str = Field(description="Its mail address.")


class UpdateMailbox(MailboxSettings):
    """Arguments of `update_mailbox`."""

    ALIASES: ClassVar = {**MailboxSettings.ALIASES, "mailbox": ("mailbox_id", "id", "address")}
    LISTS: ClassVar = MailboxSettings.LISTS
    mailbox: str = Field(description="Id or address.")
    expected_digest: str | None = Field(
        default=None, max_length=64, description="The settings_digest as last seen; refused if it moved."
    )
    dry_run: bool = Field(default=False, description="Only say what would change, and what it loosens.")


class DeleteMailbox(Request):
    """Arguments of `delete_mailbox`."""

    ALIASES: ClassVar = {"mailbox": ("mailbox_id", "id", "address")}
    mailbox: str = Field(description="Id or address.")


class MailboxView(View):
    """A mailbox; its lists and limits are left out for principals without oversight."""

    mailbox_id: str
    address: str
    display_name: str
    oversight_mode: str
    ceiling: str
    frozen: bool
    deliver: str
    unread: int | None = None
    pending: int | None = None
    oversight_address: str | None = None
    trusted: list[str] | None = None
    allowed: list[str] | None = None
    auto_cc: list[str] | None = None
    auto_bcc: list[str] | None = None
    undo_seconds: int | None = None
    two_person: bool | None = None
    cap_per_hour: int | None = None
    cap_per_day: int | None = None
    signature: str | None = None
    metadata: dict[str, Any] | None = None
    created_at: Moment


class MailboxDetails(MailboxView):
    """A mailbox with all its settings, for people with oversight; None where nothing is set."""

    resend_unknown: bool | None = None
    retention_days: int | None = None
    retention_messages: int | None = None
    notices: str | None = None
    notice_minutes: int | None = None
    notice_details: bool | None = None
    messages: int | None = None
    settings_digest: str | None = None


class GetMailbox(Request):
    """Arguments of `get_mailbox`."""

    ALIASES: ClassVar = {"mailbox": ("mailbox_id", "id", "address")}
    mailbox: str = Field(description="Id or address.")


class MailboxList(View):
    """The mailboxes open to the key."""

    mailboxes: list[MailboxView]
    count: int


class LooseningView(View):
    """A setting that gets freer, or that deletes mail for good, and what it means."""

    setting: str
    before: str
    after: str
    meaning: str


class MailboxResult(View):
    """A mailbox after a change, and what the change did to waiting mail. `loosens` names what gets freer with it; after
    a `dry_run` nothing was changed and the mailbox is as it would be."""

    mailbox: MailboxDetails
    changed: list[str]
    loosens: list[LooseningView] | None = None
    dry_run: bool | None = None
    held_again: int = 0
    deleted: bool | None = None


class Freeze(Request):
    """Arguments of `freeze` and `unfreeze`; without a mailbox, all sending."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES, "reason": ("note",)}
    mailbox: str | None = Field(default=None, description="Id or address; everything if left out.")
    reason: str = Field(default="", max_length=1000, description="Why, for the record.")


class FreezeResult(View):
    """The freeze after the call, with what waits behind it."""

    frozen: bool
    mailbox: str | None = None
    everything: bool
    waiting: int
    reason: str | None = None


class CreateKey(Request):
    """Arguments of `create_key`."""

    LISTS: ClassVar = frozenset({"mailboxes"})
    WORDS: ClassVar = LISTS
    OBJECTS: ClassVar = frozenset({"approval_limit"})
    name: str = Field(min_length=1, max_length=100, description="Who or what uses it.")
    role: Role = Field(default=Role.AGENT, description="viewer, agent, reviewer, operator or owner.")
    kind: PrincipalKind | None = Field(default=None, description="person, agent or program.")
    mailboxes: list[str] | None = Field(default=None, description="Only these mailboxes; all if left out.")
    self_approving: bool = Field(default=False, description="May decide on mail it sent itself; audited.")
    elicitation: bool = Field(default=True, description="May decide through the host's question to a person.")
    cap_per_hour: int | None = Field(default=None, ge=0, description="Most mails an hour with it; 0 = none.")
    cap_per_day: int | None = Field(default=None, ge=0, description="Most mails a day with it; 0 = none.")
    expires_at: Moment | None = Field(default=None, description="Refused from then on.")
    approval_limit: ApprovalLimitIn | None = Field(
        default=None,
        description="For a program that decides: domains, max_recipients, mailboxes. The rest goes to a person.",
    )
    idempotency_key: OnceKey = None

    @field_validator("approval_limit", mode="before")
    @classmethod
    def _limit(cls, given: Any) -> Any:
        return None if given is None else ApprovalLimitIn.parse_within(given, "approval_limit")


class KeyView(View):
    """A principal; the key itself is never shown again."""

    ECHOED: ClassVar = frozenset({"approval_limit"})
    key_id: str
    name: str
    kind: str
    role: str
    scopes: list[str]
    mailboxes: list[str] | None = None
    self_approving: bool
    elicitation: bool
    approval_limit: ApprovalLimitView | None = None
    cap_per_hour: int | None = None
    cap_per_day: int | None = None
    prefix: str | None = None
    created_at: Moment
    expires_at: Moment | None = None
    revoked_at: Moment | None = None
    last_used_at: Moment | None = None


class KeyCreated(KeyView):
    """The answer of `create_key`, the only one that holds the key. A repeat of the call has it empty."""

    SHOWN_ONCE: ClassVar = "key"
    key: str


class ListKeys(Request):
    """Arguments of `list_keys`."""

    include_revoked: bool = Field(default=False, description="Also those no longer valid.")


class KeyList(View):
    """All principals."""

    keys: list[KeyView]
    count: int


class RevokeKey(Request):
    """Arguments of `revoke_key`."""

    ALIASES: ClassVar = {"key_id": ("id", "key")}
    key_id: str = Field(description="The key's id.")
