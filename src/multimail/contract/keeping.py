"""Requests and answers of deleting mail for good: one by one, or all that a mailbox has no use for."""

from typing import ClassVar

from pydantic import Field

from multimail.contract.bulk import MOST, Refusal
from multimail.contract.fields import Moment
from multimail.contract.shapes import Request, View


class EmptyMailbox(Request):
    """Arguments of `empty_mailbox`."""

    ALIASES: ClassVar = {"mailbox": ("mailbox_id", "address"), "everything": ("all", "all_mailboxes")}
    mailbox: str | None = Field(default=None, description="Id or address.")
    everything: bool = Field(default=False, description="Or: every mailbox open to the key.")
    before: Moment | None = Field(default=None, description="Only mail stored before this time.")


class EmptyResult(View):
    """What is gone, and what had to stay: `kept` mails wait for somebody or are on their way."""

    mailbox: str | None = None
    deleted: int
    kept: int
    reason_kept: str | None = None
    kept_by_status: dict[str, int] | None = None


class DeleteMessages(Request):
    """Arguments of `delete_messages`."""

    ALIASES: ClassVar = {"message_ids": ("ids", "email_ids")}
    LISTS: ClassVar = frozenset({"message_ids"})
    WORDS: ClassVar = LISTS
    message_ids: list[str] = Field(min_length=1, max_length=MOST, description="The mails to delete.")


class DeleteRow(Refusal):
    """What became of one mail."""

    message_id: str
    deleted: bool


class DeleteRows(View):
    """The mails in the order they were given; `failed` of them have a code and are still there, or never were."""

    results: list[DeleteRow]
    deleted: int
    failed: int
