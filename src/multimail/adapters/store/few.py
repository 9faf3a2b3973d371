"""What only few mails meet is found first, so that these are looked up and not met on a long walk through all mail.

Reads only. Each question is answered along an index that holds all it looks at, and given up once the answers are
many: of what there is much, enough is met soon.
"""

from __future__ import annotations

from typing import Final

from multimail.adapters.store import search_sql
from multimail.adapters.store.search_sql import Where
from multimail.adapters.store.tx import Tx
from multimail.core.query import TEXT, AllOf, AnyOf, Not, Query, Term

RARE: Final = 2_000
_SENDERS: Final = (
    "SELECT m.seq FROM people p CROSS JOIN messages m INDEXED BY messages_by_sender"
    " ON m.sender = p.address AND m.sender_name = p.name WHERE {}"
)
_RECIPIENTS: Final = (
    "SELECT r.message_seq FROM people p CROSS JOIN recipients r INDEXED BY recipients_by_address"
    " ON r.address = p.address AND r.name = p.name WHERE {}"
)
_COPIED: Final = f"{_RECIPIENTS} AND r.kind = 'cc'"
_PEOPLE: Final = {"from": _SENDERS, "to": _RECIPIENTS, "cc": _COPIED}
_PERSON: Final = ("p.address", "p.name")
_WORDS: Final = "SELECT rowid FROM search WHERE search MATCH {}"
_MARKED: Final = {
    "attachment": "SELECT seq FROM messages INDEXED BY messages_with_files WHERE has_attachments = 1",
    "replied": "SELECT seq FROM messages INDEXED BY messages_answered WHERE has_replies = 1",
    "replies": "SELECT seq FROM messages INDEXED BY messages_answered WHERE has_replies = 1",
}


def meeting(tx: Tx, query: Query | None) -> set[int] | None:
    """A few mails, among which are all that the query finds; None if there are many, or nobody knows."""
    if isinstance(query, AllOf):
        found = (meeting(tx, part) for part in _cheapest_first(query.parts))
        return next((some for some in found if some is not None), None)
    if isinstance(query, AnyOf):
        return _any(tx, query)
    where = Where()
    sql = _question(query, where)
    if not sql:
        return None
    rows = tx.all(f"{sql} LIMIT {where.bind(RARE + 1)}", **where.params)
    return {row[0] for row in rows} if len(rows) <= RARE else None


def _any(tx: Tx, query: AnyOf) -> set[int] | None:
    """All of the parts together, given up at the first that many mails meet."""
    together: set[int] = set()
    for part in _cheapest_first(query.parts):
        found = meeting(tx, part)
        if found is None:
            return None
        together |= found
    return together


def _cheapest_first(parts: tuple[Query, ...]) -> list[Query]:
    """Words first: they have an index of their own. What is about people is asked of everybody there is."""
    return sorted(parts, key=lambda part: not (isinstance(part, Term) and part.key in (TEXT, "subject")))


def _question(query: Query | None, where: Where) -> str:
    """Which mails meet one condition; empty if no index answers that."""
    if isinstance(query, Not):
        part = query.part
        if not isinstance(part, Term) or part.key != "from":
            return ""
        return _SENDERS.format(f"NOT ({search_sql.person(_PERSON, str(part.value), where)})")
    if not isinstance(query, Term):
        return ""
    if query.key in _PEOPLE:
        return _PEOPLE[query.key].format(search_sql.person(_PERSON, str(query.value), where))
    if query.key in ("is", "has"):
        return _MARKED.get(str(query.value), "")
    words = search_sql.words(query)
    return _WORDS.format(where.bind(words)) if words else ""
