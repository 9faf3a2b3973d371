"""Where in the inbox somebody is: mailbox, folder, search and page, as addresses and forms carry it along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from multimail.core.ids import prefix_of

FOLDERS: Final = {
    "inbox": "Inbox",
    "sent": "Sent",
    "waiting": "Waiting",
    "captured": "Kept here",
    "archived": "Archived",
    "spam": "Spam",
    "deleted": "Deleted",
    "all": "All mail",
}
_LONGEST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Where:
    """A list of conversations. `folder` is always one that there is."""

    mailbox: str = ""
    folder: str = "inbox"
    q: str = ""
    cursor: str = ""

    def to(self, path: str, **changes: str) -> str:
        """The address of a page that knows it is seen from here; another list begins at its beginning."""
        given = {"mailbox": self.mailbox, "folder": self.folder, "q": self.q, "cursor": self.cursor} | changes
        if given["folder"] == "inbox":
            given["folder"] = ""
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{path}?{query}" if query else path

    def other(self, **changes: str) -> str:
        """The address of another list than this: its first page."""
        return replace(self, cursor="").to("/inbox", **changes)

    @property
    def here(self) -> str:
        """The address of this list."""
        return self.to("/inbox")

    @property
    def searched(self) -> str:
        """The folder in which a search from here looks: everywhere, but what was thrown away apart."""
        return self.folder if self.folder in {"spam", "deleted"} else "all"

    def arguments(self, **more: Any) -> dict[str, Any]:
        """As `list_conversations` takes it."""
        given = {"mailbox": self.mailbox, "query": self.q, "cursor": self.cursor}
        return {"folder": self.folder} | {name: text for name, text in given.items() if text} | more


def of(given: Mapping[str, str]) -> Where:
    """From a query or a form; what makes no sense is left out, and a mailbox or search is checked by the operation."""
    folder = given.get("folder", "")
    return Where(
        mailbox=given.get("mailbox", "")[:_LONGEST].strip(),
        folder=folder if folder in FOLDERS else "inbox",
        q=given.get("q", "").strip(),
        cursor=given.get("cursor", "")[:_LONGEST],
    )


def ids(words: str, prefix: str) -> list[str]:
    """The ids among words that a form brought, each once, in their order."""
    return list(dict.fromkeys(one for one in words.split() if prefix_of(one) == prefix))
