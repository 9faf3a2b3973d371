"""Requests and answers of erasing a person: asking for it, and the record of it, which names nobody."""

from datetime import datetime
from typing import ClassVar, Final, Literal

from pydantic import Field

from multimail.contract.shapes import Request, View

_MOST: Final = 1_000
STATE = Literal["under_way", "erased"]


class ErasePerson(Request):
    """Arguments of `erase_person`."""

    ALIASES: ClassVar = {"email": ("address",), "confirm_email": ("confirm", "confirm_address")}
    email: str = Field(max_length=320, description="Whom to erase.")
    confirm_email: str = Field(max_length=320, description="The same address once more.")


class ErasureView(View):
    """One erasure. `proof` is the key of the address: an address can be compared with it, never read from it."""

    erasure_id: str
    state: STATE = Field(description="under_way goes on by itself, also after a crash.")
    proof: str
    mails_removed: int
    mails_redacted: int
    rows_scrubbed: int
    asked_at: datetime
    ended_at: datetime | None = None
    backups_at: datetime | None = Field(
        default=None, description="When it was in no backup here any more either."
    )


class ListErasures(Request):
    """Arguments of `list_erasures`."""

    ALIASES: ClassVar = {"email": ("address",)}
    email: str | None = Field(default=None, max_length=320, description="Only erasures of this address.")
    limit: int = Field(default=50, ge=1, le=_MOST, description="At most so many.")
    cursor: str | None = Field(default=None, description="From the last page.")


class ErasureList(View):
    """Erasures, newest first."""

    erasures: list[ErasureView]
    count: int
    cursor: str | None = None
