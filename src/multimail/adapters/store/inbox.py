"""Listing, searching and opening mail: reads only, each page in one statement along an index."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from multimail.adapters.store import dialect, few, search_sql
from multimail.adapters.store.rows import MESSAGE_COLUMNS, json_array, json_object, stored_message
from multimail.adapters.store.search_sql import WRITTEN, Where
from multimail.adapters.store.tx import Tx
from multimail.core.ids import new_id
from multimail.core.model import AttachmentMeta, Recipient, RecipientKind
from multimail.core.query import Query
from multimail.core.times import HOUR, Micros
from multimail.ports.reading import APPEARANCES, Listed, MailSearch, Opened, ThreadFacts
from multimail.ports.records import StoredMessage

V = TypeVar("V")

_RARE: Final = 1_000
"""So many are looked up first; what there is more of is met soon enough in the list itself."""
SLACK: Final = HOUR
"""An id holds the time at which a message was begun; it is stored within this time."""
_MERGED: Final = 16
"""So many mailboxes are read side by side, each along its own index; more are one walk through all mail."""

LISTED: Final = f"""
    m.seq, m.id, m.thread_id, m.mailbox_id, m.direction, m.status, m.sender, m.sender_name, m.subject, m.preview,
    m.metadata, m.has_attachments, m.has_replies, m.new_sender, m.created_at, m.scheduled_at,
    (SELECT {dialect.json_collect("r.address")} FROM recipients r WHERE r.message_seq = m.seq AND r.kind = 'to'),
    (SELECT {dialect.json_collect(WRITTEN)}
     FROM tags t WHERE t.kind = 'message' AND t.target = m.id)
"""
"""What to select from `messages m`, in the order `listed` reads it."""
_OBJECT: Final = Listed._fields.index("metadata")
_FLAGS: Final = slice(Listed._fields.index("has_attachments"), Listed._fields.index("new_sender") + 1)
_WITH_TAG: Final = (
    "m.seq IN (SELECT a.seq FROM tags t CROSS JOIN messages a ON a.id = t.target"
    " WHERE t.kind = 'message' AND t.tag = {tag}"
    " UNION ALL SELECT a.seq FROM tags t CROSS JOIN messages a ON a.thread_id = t.target"
    " WHERE t.kind = 'thread' AND t.tag = {tag})"
)
_APPEARED: Final = "(" + ", ".join(map(repr, APPEARANCES)) + ")"
_POSITION: Final = (
    "coalesce((SELECT max(e.seq) FROM events e JOIN messages x ON x.id = e.message_id AND x.direction = 'inbound'"
    f" WHERE e.message_id = {{id}} AND e.kind IN {_APPEARED}),"
    " (SELECT min(e.seq) FROM events e WHERE e.message_id = {id}), 0)"
)
_SINCE: Final = (
    "m.seq IN (SELECT b.seq FROM messages b WHERE b.seq > coalesce("
    "(SELECT a.seq FROM messages a WHERE a.id = {id}), 0)"
    " UNION ALL SELECT b.seq FROM events e CROSS JOIN messages b ON b.id = e.message_id AND b.direction = 'inbound'"
    f" WHERE e.kind IN {_APPEARED} AND e.seq > {_POSITION})"
)


class Inbox:
    """See `ports.reading.Inbox`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._met: dict[Query, set[int] | None] = {}

    def search(self, search: MailSearch) -> list[Listed]:
        if search.mailbox_ids == ():
            return []
        sql, params = self.page(search)
        return [listed(row) for row in self._tx.all(sql, **params)]

    def page(self, search: MailSearch) -> tuple[str, dict[str, Any]]:
        """The statement of a page. What decides the index stands first: full text, thread, place, tag, mailbox."""
        where = Where()
        text = search_sql.conditions(search, where)
        if search.before_seq is not None:
            where.add(f"{'s.rowid' if text else 'm.seq'} < {where.bind(search.before_seq)}")
        if text:
            where.add(f"s.search MATCH {where.bind(text)}")
            return _read(where, search, "search s CROSS JOIN messages m ON m.seq = s.rowid", "s.rowid")
        if search.thread_id:
            where.add(f"m.thread_id = {where.bind(search.thread_id)}")
        elif search.after:
            where.add(_SINCE.format(id=where.bind(search.after)))
        elif known := self.few(search, where):
            where.add(known)
        elif not search_sql.required(search.query, "thread") + search_sql.required(search.query, "id"):
            return self._by_mailbox(where, search)
        return _read(where, search)

    def _by_mailbox(self, where: Where, search: MailSearch) -> tuple[str, dict[str, Any]]:
        ids = search.mailbox_ids
        if ids is None and len(search.statuses) == 1:
            # One state has an index of its own, but by mailbox: in the order of all mail it would be sorted.
            ids = tuple(row[0] for row in self._tx.all("SELECT id FROM mailboxes"))
        if ids is None or len(ids) > _MERGED:
            return _read(where, search)
        condition = where.text()
        branches = [
            f"SELECT m.seq FROM messages m WHERE m.mailbox_id = {where.bind(mailbox)} AND {condition}"
            for mailbox in ids
        ]
        page = f"{' UNION ALL '.join(branches)} ORDER BY 1 DESC LIMIT {where.bind(search.limit)}"
        return _rows_of(page), where.params

    def few(self, search: MailSearch, where: Where) -> str:
        """A condition that only few messages meet, so that these are looked up and not met on a long walk."""
        for tag in (*search.tags, *search_sql.required(search.query, "tag")):
            name = tag.partition("=")[0]
            if self._is_rare("tags WHERE kind IN ('message', 'thread') AND tag = :value", name):
                return _WITH_TAG.format(tag=where.bind(name))
        for since in (search.since, *search_sql.required(search.query, "after")):
            made = made_since(since) if since is not None else ""
            if made and self._is_rare("messages WHERE id >= :value", made):
                return f"m.seq IN (SELECT seq FROM messages WHERE id >= {where.bind(made)})"
        found = self.meeting(search.query)
        if found is None:
            return ""
        known = where.bind(dialect.json_list(sorted(found))).removeprefix(":")
        return f"m.seq IN {dialect.in_list(known)}"

    def meeting(self, query: Query | None) -> set[int] | None:
        """See `few.meeting`; asked once. Words alone are read along their own index."""
        if query is None or search_sql.is_text(query):
            return None
        if query not in self._met:
            self._met[query] = few.meeting(self._tx, query)
        return self._met[query]

    def _is_rare(self, rows: str, value: str) -> bool:
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {rows} LIMIT :enough)"
        return int(self._tx.value(sql, value=value, enough=_RARE + 1)) <= _RARE

    def arrived(self, search: MailSearch, after: int) -> list[Listed]:
        where = Where()
        where.add("m.direction = 'inbound'")
        text = search_sql.conditions(search, where)
        if text:
            matches = f"search MATCH {where.bind(text)} AND rowid = m.seq"
            where.add(f"EXISTS (SELECT 1 FROM search WHERE {matches})")
        if search.thread_id:
            where.add(f"m.thread_id = {where.bind(search.thread_id)}")
        search_sql.in_mailboxes(where, search.mailbox_ids)
        position = _POSITION.format(id="m.id")
        rows = self._tx.all(
            f"SELECT {LISTED} FROM events e CROSS JOIN messages m ON m.id = e.message_id"
            f" WHERE e.seq > {where.bind(after)} AND e.kind IN {_APPEARED} AND e.seq = {position}"
            f" AND {where.text()} ORDER BY e.seq LIMIT {where.bind(search.limit)}",
            **where.params,
        )
        return [listed(row) for row in rows]

    def position_of(self, message_id: str) -> int:
        return int(self._tx.value(f"SELECT {_POSITION.format(id=':id')}", id=message_id))

    def position_at(self, moment: Micros) -> int:
        found = self._tx.value(
            "SELECT seq FROM events WHERE at < :moment ORDER BY seq DESC LIMIT 1", moment=moment
        )
        return int(found or 0)

    def position_now(self) -> int:
        return int(self._tx.value("SELECT coalesce(max(seq), 0) FROM events"))

    def open(self, messages: Sequence[StoredMessage]) -> list[Opened]:
        seqs = [message.seq for message in messages]
        ids = [message.id for message in messages]
        rows = self._tx.all(
            "SELECT m.seq, r.body FROM messages m JOIN revisions r ON r.message_id = m.id"
            f" AND r.number = m.revision WHERE m.seq IN {dialect.in_list('seqs')}",
            seqs=dialect.json_list(seqs),
        )
        bodies: dict[int, str] = {row[0]: row[1] for row in rows}
        recipients = self._grouped(
            "SELECT message_seq, kind, address, name, automatic FROM recipients"
            f" WHERE message_seq IN {dialect.in_list('keys')} ORDER BY message_seq, position",
            seqs, lambda row: Recipient(row[2], RecipientKind(row[1]), row[3], bool(row[4])),
        )  # fmt: skip
        with_files = [message.id for message in messages if message.has_attachments]
        attachments = self._grouped(
            "SELECT message_id, position, filename, content_type, size, sha256, inline FROM attachments"
            f" WHERE message_id IN {dialect.in_list('keys')} ORDER BY message_id, position",
            with_files, lambda row: AttachmentMeta(row[1], row[2], row[3], row[4], row[5], bool(row[6])),
        )  # fmt: skip
        tags = self._grouped(
            f"SELECT t.target, {WRITTEN} FROM tags t"
            f" WHERE t.kind = 'message' AND t.target IN {dialect.in_list('keys')}",
            ids, lambda row: str(row[1]),
        )  # fmt: skip
        return [
            Opened(one, bodies.get(one.seq, ""), recipients[one.seq], attachments[one.id], tags[one.id])
            for one in messages
        ]

    def _grouped(
        self, sql: str, keys: Sequence[str | int], make: Callable[[sqlite3.Row], V]
    ) -> defaultdict[Any, tuple[V, ...]]:
        found: defaultdict[Any, tuple[V, ...]] = defaultdict(tuple)
        for row in self._tx.all(sql, keys=dialect.json_list(keys)) if keys else ():
            found[row[0]] += (make(row),)
        return found

    def thread(self, thread_id: str, see_held: bool, after_seq: int, limit: int) -> list[StoredMessage]:
        where = _in_thread(thread_id)
        search_sql.visible(where, see_held)
        where.add(search_sql.shown(see_held))
        where.add(f"m.seq > {where.bind(after_seq)}")
        rows = self._tx.all(
            f"SELECT {MESSAGE_COLUMNS} FROM messages m WHERE {where.text()} ORDER BY m.seq LIMIT {where.bind(limit)}",
            **where.params,
        )
        return [stored_message(row) for row in rows]

    def thread_facts(self, thread_id: str, see_held: bool) -> ThreadFacts | None:
        row = self._tx.one(
            "SELECT t.id, t.mailbox_id, t.subject FROM threads t"
            " WHERE t.id = (SELECT coalesce(merged_into, id) FROM threads WHERE id = :id)",
            id=thread_id,
        )
        if row is None:
            return None
        where, shown = _in_thread(row["id"]), search_sql.shown(see_held)
        search_sql.visible(where, see_held)
        inbound = f"m.direction = 'inbound' AND {shown}"
        outbound = f"m.direction = 'outbound' AND {shown}"
        facts = self._tx.one(
            f"SELECT count(*), sum({shown}), max(m.created_at),"
            f" max(CASE WHEN {inbound} THEN m.seq ELSE 0 END) > max(CASE WHEN {outbound} THEN m.seq ELSE 0 END)"
            f" FROM messages m WHERE {where.text()}",
            **where.params,
        )
        if facts is None or facts[0] == 0:
            return None
        where.add(shown)
        people = self._tx.all(
            f"SELECT m.sender FROM messages m WHERE {where.text()} UNION SELECT r.address FROM messages m"
            f" JOIN recipients r ON r.message_seq = m.seq AND r.kind <> 'bcc' WHERE {where.text()} ORDER BY 1",
            **where.params,
        )
        tags = self._tx.all(
            f"SELECT {WRITTEN} FROM tags t WHERE t.kind = 'thread' AND t.target = :id", id=row["id"]
        )
        participants, named = (tuple(one[0] for one in found) for found in (people, tags))
        return ThreadFacts(row[0], row[1], row[2], facts[1], facts[2], bool(facts[3]), participants, named)


def _read(
    where: Where, search: MailSearch, source: str = "messages m", order: str = "m.seq"
) -> tuple[str, dict[str, Any]]:
    search_sql.in_mailboxes(where, search.mailbox_ids)
    page = f"SELECT m.seq FROM {source} WHERE {where.text()} ORDER BY {order} DESC LIMIT {where.bind(search.limit)}"
    return _rows_of(page), where.params


def _rows_of(page: str) -> str:
    """Tags and recipients are gathered for the rows of the page, not for what is sorted away."""
    return (
        f"SELECT {LISTED} FROM (SELECT seq FROM ({page})) p CROSS JOIN messages m ON m.seq = p.seq"
        " ORDER BY m.seq DESC"
    )


def made_since(since: Micros) -> str:
    """The least id of a message stored since; empty for times that no id holds."""
    try:
        return new_id("msg", since - SLACK, 0)
    except ValueError:
        return ""


def _in_thread(thread_id: str) -> Where:
    where = Where()
    where.add(f"m.thread_id = {where.bind(thread_id)}")
    return where


def listed(row: sqlite3.Row) -> Listed:
    """The message of a row of `LISTED`."""
    values: list[Any] = list(row)
    values[_OBJECT] = json_object(values[_OBJECT])
    values[_FLAGS] = map(bool, values[_FLAGS])
    values[-2] = tuple(json_array(values[-2]))
    values[-1] = tuple(json_array(values[-1]))
    return Listed._make(values)
