"""Everything a policy rule may know, gathered beforehand into one frozen value.

What a caller says about its own call is kept apart from what an operator set: only the latter may loosen.
"""

from __future__ import annotations

from dataclasses import dataclass

from multimail.core.consent import ConsentFacts
from multimail.core.model import Filled, MessageClass, Mode
from multimail.core.policy.modes import EffectiveMode


@dataclass(frozen=True, slots=True)
class RecipientFacts:
    """One recipient; `allowed` is None where the mailbox has no fence, `tags` are its contact's tags, `suppressions`
    the reasons of the records that cover this mail's mailbox and topic, `consent` None where nobody has to ask."""

    address: str
    visible: bool
    automatic: bool
    trusted: bool
    allowed: bool | None
    tags: tuple[str, ...] = ()
    suppressions: tuple[str, ...] = ()
    consent: ConsentFacts | None = None


@dataclass(frozen=True, slots=True)
class CapFacts:
    """A hard limit: whose, per what, how much is used."""

    owner: str
    period: str
    limit: int
    used: int


@dataclass(frozen=True, slots=True)
class ReputationFacts:
    """Bounces and complaints of the sending mailbox, as shares of what it sent."""

    bounce_rate: float = 0.0
    complaint_rate: float = 0.0


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """What an operator lets go without a person: all conditions that are given have to hold, and one is.

    `recipient_domains` are canonical entries such as `@example.org`, and they and `max_recipients` count every
    recipient. `accept_unauthenticated` takes a known sender's address for the sender.
    """

    id: str
    name: str
    mailbox_id: str | None = None
    recipient_domains: tuple[str, ...] | None = None
    reply_to_known_sender: bool = False
    accept_unauthenticated: bool = False
    max_recipients: int | None = None
    message_class: MessageClass | None = None
    principal_id: str | None = None
    template_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReplyFacts:
    """Who sent the mail that is answered; `known` when mail to that address was approved by a person, or left."""

    sender: str
    known: bool
    authenticated: bool


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """What approval rules look at. `by_default` says that the mailbox alone holds the mail: the call asked for no
    stricter mode, and for no freer one than there is."""

    rules: tuple[ApprovalRule, ...] = ()
    by_default: bool = False
    principal_id: str = ""
    reply: ReplyFacts | None = None
    template: Filled | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """One call that would make mail leave, as the rules see it. `approved_by` is an approval rule that stands for
    the person whom the mode asks for; `class_by_topic` says that the operator's class is that of the topic, which the
    author names."""

    operation: str
    mode: EffectiveMode
    recipients: tuple[RecipientFacts, ...]
    claimed_class: MessageClass | None = None
    operator_class: MessageClass | None = None
    class_by_topic: bool = False
    topic: str = ""
    postal_address: bool = True
    placeholders: tuple[str, ...] = ()
    confirmed_placeholders: bool = False
    oversight_address: str = ""
    deliver: str = "live"
    frozen: bool = False
    caps: tuple[CapFacts, ...] = ()
    open_drafts: int = 0
    open_drafts_limit: int = 50
    visible_limit: int = 10
    reputation: ReputationFacts = ReputationFacts()
    approval: ApprovalFacts = ApprovalFacts()
    approved_by: ApprovalRule | None = None

    @property
    def effective(self) -> Mode:
        """The mode that holds."""
        return self.mode.effective

    @property
    def is_system(self) -> bool:
        """The server's own mail, from fixed templates: the only mail exempt from holding."""
        return self.operator_class is MessageClass.SYSTEM
