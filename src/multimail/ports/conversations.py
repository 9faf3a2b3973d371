"""Ports for the inbox as people look at it: conversations by their newest mail, and words a search may go on with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from multimail.ports.reading import Listed, MailSearch


@dataclass(frozen=True, slots=True)
class ConversationSearch:
    """Conversations with a mail that `mail` finds, whose `statuses` are those of the folder; `mail.limit` counts
    conversations. `wider`: the query may name other states than those.

    `as_of_seq` leaves out what came after that message, so that pages follow each other whatever arrives meanwhile;
    `mail.before_seq` is the newest mail of the last conversation of the page before. `captured`: only mail that was
    kept here instead of leaving, and mail that arrived for nobody in `catching`, mailboxes that catch all.
    """

    mail: MailSearch
    as_of_seq: int | None = None
    wider: bool = False
    captured: bool = False
    catching: tuple[str, ...] = ()


class Conversation(NamedTuple):
    """`latest` is the newest mail that the search found. `people` wrote in it lately, oldest first: names, or
    addresses where there is no name; empty where nobody but ourselves did. `mails` and `unread` are of all its mails
    that the reader sees by default or asked for.
    """

    latest: Listed
    mails: int
    unread: int
    people: tuple[str, ...]
    has_outbound: bool
    has_attachments: bool
    tags: tuple[str, ...]


class Conversations(Protocol):
    """Conversations and what is known of mail without opening it."""

    def page(self, search: ConversationSearch) -> list[Conversation]:
        """The conversation with the newest mail first. Its time does not depend on how much mail there is, nor on how
        many mails one conversation has."""
        ...

    def count(self, mailbox_ids: Sequence[str] | None, statuses: Sequence[str], see_held: bool) -> int:
        """How many mails are in these states."""
        ...

    def tags(
        self, beginning: str, mailbox_ids: Sequence[str] | None, see_held: bool, limit: int
    ) -> list[str]:
        """Names of tags with this beginning on mail or conversations that the reader sees, by name."""
        ...
