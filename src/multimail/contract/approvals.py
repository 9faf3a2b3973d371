"""Requests and answers about what may pass without a person: limits of programs, and rules of an operator."""

from typing import ClassVar, Literal

from pydantic import Field

from multimail.contract.fields import SENDER_NAMES, Moment
from multimail.contract.shapes import Request, View


class ApprovalLimitIn(Request):
    """What a program's key may decide on; what is left out is not bounded."""

    LISTS: ClassVar = frozenset({"domains", "mailboxes"})
    WORDS: ClassVar = LISTS
    domains: list[str] | None = Field(default=None, description="Every recipient is at one of these.")
    max_recipients: int | None = Field(default=None, ge=0, description="Most recipients, copies included.")
    mailboxes: list[str] | None = Field(default=None, description="Sent from one of these.")


class CreateApprovalRule(Request):
    """Arguments of `create_approval_rule`: all conditions that are given have to hold."""

    ALIASES: ClassVar = {
        "mailbox": SENDER_NAMES,
        "recipient_domains": ("domains", "recipient_domain", "domain"),
        "message_class": ("class",),
        "principal": ("key_id", "principal_id"),
        "template": ("template_id",),
    }
    LISTS: ClassVar = frozenset({"recipient_domains"})
    WORDS: ClassVar = LISTS
    name: str = Field(min_length=1, max_length=100, description="What reasons and the record call it.")
    mailbox: str | None = Field(default=None, description="Only mail of this mailbox.")
    recipient_domains: list[str] | None = Field(
        default=None, min_length=1, description="Every recipient, copies included, is at one of these."
    )
    reply_to_known_sender: bool = Field(
        default=False,
        description="It answers somebody who had mail from this mailbox before, and nobody else.",
    )
    accept_unauthenticated: bool = Field(
        default=False, description="Take the sender's address for the sender, though nothing proves it."
    )
    max_recipients: int | None = Field(default=None, ge=1, description="Most recipients, copies included.")
    message_class: Literal["transactional", "commercial"] | None = Field(
        default=None, description="The class an operator gave the mailbox."
    )
    principal: str | None = Field(default=None, description="Written with this key, by its id.")
    template: str | None = Field(
        default=None,
        max_length=200,
        description="Filled in from this template, by id or name, with short plain values and nothing added.",
    )


class ApprovalRuleView(View):
    """An approval rule, and after a deletion how many mails wait for a person again."""

    ECHOED: ClassVar = frozenset(
        {
            "recipient_domains",
            "reply_to_known_sender",
            "accept_unauthenticated",
            "max_recipients",
            "principal",
        }
    )
    rule_id: str
    name: str
    mailbox_id: str | None = None
    recipient_domains: list[str] | None = None
    reply_to_known_sender: bool | None = None
    accept_unauthenticated: bool | None = None
    max_recipients: int | None = None
    message_class: str | None = None
    principal: str | None = None
    template_id: str | None = None
    created_by: str
    created_at: Moment
    hits: int
    last_hit_at: Moment | None = None
    held_again: int | None = None
    deleted: bool | None = None


class ListApprovalRules(Request):
    """Arguments of `list_approval_rules`: none."""


class ApprovalRuleList(View):
    """The approval rules that hold."""

    approval_rules: list[ApprovalRuleView]
    count: int


class DeleteApprovalRule(Request):
    """Arguments of `delete_approval_rule`."""

    ALIASES: ClassVar = {"rule_id": ("id", "rule")}
    rule_id: str = Field(description="The rule's id.")


class ApprovalLimitView(View):
    """A limit as it holds."""

    domains: list[str] | None = None
    max_recipients: int | None = None
    mailboxes: list[str] | None = None
