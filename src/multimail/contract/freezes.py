"""Requests and answers about what a freeze stops, and letting one mail of it go."""

from typing import ClassVar

from pydantic import Field

from multimail.contract.administration import Freeze, FreezeResult
from multimail.contract.fields import MESSAGE_NAMES, SENDER_NAMES, Moment
from multimail.contract.shapes import Request, View


class Unfreeze(Freeze):
    """Arguments of `unfreeze`: a mail, a mailbox, or nothing for all sending."""

    ALIASES: ClassVar = {**Freeze.ALIASES, "message_id": MESSAGE_NAMES}
    message_id: str | None = Field(
        default=None,
        description="Only this mail goes, although the freeze stays; a later freeze stops it too.",
    )


class UnfreezeResult(FreezeResult):
    """What is frozen after the call, and how the mail stands that may go."""

    message_id: str | None = None
    status: str | None = None


class ListFrozen(Request):
    """Arguments of `list_frozen`."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES}
    mailbox: str | None = Field(default=None, description="Only of this mailbox, by id or address.")
    limit: int = Field(default=50, ge=1, le=200, description="Mails per page.")
    cursor: str | None = Field(default=None, max_length=200, description="From the previous page.")


class FreezeView(View):
    """A freeze that is on: of a mailbox, or of everything where none is named."""

    mailbox_id: str | None = None
    mailbox: str | None = None
    since: Moment
    reason: str | None = None
    by: str | None = None


class FrozenMail(View):
    """A mail that only the freeze stops; `released` ones may go although it stays."""

    message_id: str
    mailbox_id: str
    mailbox: str
    status: str
    subject: str
    to: list[str]
    recipients_count: int
    submitted_by: str
    approved_by: str | None = None
    released: bool
    created_at: Moment
    scheduled_at: Moment | None = None


class FrozenList(View):
    """The freezes that are on, and the mail they stop, oldest first; `total` counts the mail of all pages."""

    freezes: list[FreezeView]
    frozen: list[FrozenMail]
    count: int
    total: int
    cursor: str | None = None
