"""How somebody goes through the queue: in which order, which part of it, and which mail comes next.

It travels in addresses and in one hidden field of forms: no page needs script for it, and the server keeps nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

ORDERS: Final = {"risk": "Riskiest first", "oldest": "Oldest first", "newest": "Newest first"}
GROUPS: Final = {
    "none": "Nothing",
    "recipient": "Recipient",
    "tag": "Tag",
    "similarity": "Likeness",
    "batch": "Batch",
}
STATUSES: Final = {
    "undecided": "To decide",
    "escalated": "Passed on",
    "changes_requested": "Sent back",
    "scheduled": "Approved for later",
}
"""Parts of the queue, in the order in which they need somebody."""
_ID: Final = re.compile(r"msg_[0-9a-z]{14}")


@dataclass(frozen=True, slots=True)
class Trail:
    """What was asked for, as it was written; the operation says what is wrong with it."""

    status: str = "undecided"
    order: str = "risk"
    group: str = "none"
    group_key: str = ""
    mailbox: str = ""
    tag: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Trail:
        """Of the query of an address, or of the fields of a form."""
        return cls(**{one.name: given[one.name].strip() for one in fields(cls) if given.get(one.name)})

    @classmethod
    def written(cls, text: str) -> Trail:
        """Back from `query`."""
        return cls.read(dict(parse_qsl(text[:2_000])))

    @property
    def whole(self) -> bool:
        """Whether it goes through all that is undecided, riskiest first."""
        return self == Trail()

    @property
    def narrowed(self) -> bool:
        """Whether the person left something out by choice."""
        return bool(self.mailbox or self.tag or self.group_key)

    def query(self, **more: str) -> str:
        """What differs from the usual, and whatever else the address needs."""
        own = {one.name: getattr(self, one.name) for one in fields(self)}
        usual = {one.name: one.default for one in fields(self)}
        kept = {name: value for name, value in own.items() if value != usual[name]}
        return urlencode(kept | {name: value for name, value in more.items() if value})

    def to(self, path: str, **more: str) -> str:
        """The address of a page on this trail."""
        query = self.query(**more)
        return f"{path}?{query}" if query else path

    def but(self, **changes: str) -> str:
        """The address of the queue, gone through in another way."""
        return replace(self, **changes).to("/review")

    def arguments(self) -> dict[str, Any]:
        """For `list_reviews`."""
        asked: dict[str, Any] = {"status": self.status, "order": self.order, "group": self.group}
        asked |= {"mailbox": self.mailbox} if self.mailbox else {}
        asked |= {"tags": [self.tag]} if self.tag else {}
        return asked | ({"group_key": self.group_key} if self.group_key else {})


def mail_id(text: str) -> str:
    """The id of a mail, or nothing where it is none: addresses are written by anybody."""
    return text if _ID.fullmatch(text) else ""
