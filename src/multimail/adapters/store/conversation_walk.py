"""From a search of conversations to SQL: what is gone through, newest mail first, and how each is met only once.

Reads only. Conditions on mail are those of `search_sql`, so a conversation is found by whatever finds its mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final

from multimail.adapters.store import dialect, search_sql
from multimail.adapters.store.inbox import SLACK, Inbox, made_since
from multimail.adapters.store.search_sql import Where
from multimail.adapters.store.tx import Tx
from multimail.ports.conversations import ConversationSearch

_BRANCHES: Final = 64
"""So many pairs of mailbox and state are read side by side."""
_FEW: Final = 2_000
"""A folder with no more mail than this is gone through itself, whatever else is asked for."""
_VERY_FEW: Final = 250
"""With no more than this, each mail is looked up in the full-text index by itself."""
_LOOKED_UP: Final = "EXISTS (SELECT 1 FROM search WHERE search MATCH {} AND rowid = m.seq)"
_ALL: Final = "messages m WHERE TRUE"
_KNOWN: Final = "messages m NOT INDEXED WHERE TRUE"
"""By their numbers: an index by state would go through all mail of that state to meet a few."""
_FOUND: Final = "search s CROSS JOIN messages m ON m.seq = s.rowid WHERE TRUE"
_IN_STATE: Final = "messages m WHERE m.status = '{}' AND m.mailbox_id = {}"
_IN_MAILBOX: Final = "messages m WHERE m.mailbox_id = {}"
_KEPT: Final = "messages m WHERE m.delivery = 'captured' AND m.mailbox_id = {}"
_IN_FOLDER: Final = (
    "json_each({}) s CROSS JOIN json_each({}) b"
    " CROSS JOIN messages f ON f.status = s.value AND f.mailbox_id = b.value"
)
_STORED_BY: Final = (
    "coalesce((SELECT b.seq FROM messages b WHERE b.id >= {} ORDER BY b.id LIMIT 1), 9223372036854775807)"
)
"""Before the first mail that was begun from then on."""
_ARRIVED: Final = ("read", "unread")


class Walk:
    """One search of conversations on one transaction."""

    def __init__(self, tx: Tx, search: ConversationSearch) -> None:
        self._tx, self._search, self._mail = tx, search, search.mail
        self._inbox = Inbox(tx)

    def newest(self) -> list[int]:
        """The newest mail of each conversation. What was met is left out of the next look, not walked through again."""
        found: dict[str, int] = {}
        passed: set[str] = set()
        before, size = self._mail.before_seq, self._mail.limit * 2
        while len(found) < self._mail.limit:
            rows = self._stretch(before, passed | found.keys(), size)
            fresh: dict[str, int] = {}
            for seq, thread_id in rows:
                fresh.setdefault(thread_id, seq)
            shown = self._on_earlier_pages(list(fresh))
            passed |= shown
            found |= {thread_id: seq for thread_id, seq in fresh.items() if thread_id not in shown}
            if len(rows) < size:
                break
            before, size = rows[-1][0], size * 2
        return list(found.values())[: self._mail.limit]

    def _stretch(self, before: int | None, passed: set[str], size: int) -> list[tuple[int, str]]:
        """Mail, newest first, with the conversation of each; without those of `passed`."""
        where = Where()
        text = self._conditions(where)
        sources = self._sources(where, text)
        if text and not (self._met is not None and search_sql.is_whole(self._mail.query)):
            where.add(self._matching(where, text, sources))
        seq = "s.rowid" if sources == [_FOUND] else "m.seq"
        self._place(where, seq, before)
        if passed:
            ids = where.bind(dialect.json_list(sorted(passed))).removeprefix(":")
            where.add(f"m.thread_id NOT IN {dialect.in_list(ids)}")
        if sources in ([_FOUND], [_ALL], [_KNOWN]):
            search_sql.in_mailboxes(where, self._mail.mailbox_ids)
        branches = [f"SELECT {seq}, m.thread_id FROM {one} AND {where.text()}" for one in sources]
        sql = f"{' UNION ALL '.join(branches)} ORDER BY 1 DESC LIMIT {where.bind(size)}"
        return [(row[0], row[1]) for row in self._tx.all(sql, **where.params)]

    def _place(self, where: Where, seq: str, before: int | None) -> None:
        """Between which mails; a search for what is before a moment does not begin with the newest."""
        for moment in search_sql.required(self._mail.query, "before"):
            if made := made_since(moment + 2 * SLACK):
                where.add(f"{seq} < {_STORED_BY.format(where.bind(made))}")
        if before is not None:
            where.add(f"{seq} < {where.bind(before)}")
        if self._search.as_of_seq is not None:
            where.add(f"{seq} <= {where.bind(self._search.as_of_seq)}")

    def _sources(self, where: Where, text: str) -> list[str]:
        """What to go through, each in the order of mail: few mails that are known beforehand, what full text finds,
        each state of each mailbox, or each mailbox.

        Of a state in which nothing fits all mail is gone through before the first one is known, so that with
        conditions states are for small folders only.
        """
        if known := self._inbox.few(self._mail, where):
            where.add(known)
            return [_KNOWN]
        small = self._mail.query is None or self._size <= _FEW
        if text and not small:
            return [_FOUND]
        if len(self._mailboxes) > _BRANCHES:
            if not self._search.captured and self._size <= _FEW:
                where.add(f"m.seq IN (SELECT f.seq FROM {self._folder(where)})")
            return [_ALL]
        bound = {mailbox_id: where.bind(mailbox_id) for mailbox_id in self._mailboxes}
        if self._search.captured:
            return self._captured(bound)
        if small and len(bound) * len(self._mail.statuses) <= _BRANCHES:
            return [_IN_STATE.format(status, one) for one in bound.values() for status in self._mail.statuses]
        is_one = search_sql.required(self._mail.query, "thread") + search_sql.required(self._mail.query, "id")
        return [_ALL] if is_one else [_IN_MAILBOX.format(one) for one in bound.values()]

    def _captured(self, mailboxes: dict[str, str]) -> list[str]:
        """What was kept of outgoing mail, and what came in for nobody; `mailboxes` are placeholders by id."""
        kept = [_KEPT.format(one) for one in mailboxes.values()]
        catching = [one for mailbox_id, one in mailboxes.items() if mailbox_id in self._search.catching]
        return kept + [_IN_STATE.format(status, one) for one in catching for status in _ARRIVED]

    def _matching(self, where: Where, text: str, sources: list[str]) -> str:
        """Full text as a condition: read along, looked up mail by mail, or found once for all."""
        bound = where.bind(text)
        if sources == [_FOUND]:
            return f"s.search MATCH {bound}"
        if self._size <= _VERY_FEW or (self._met is not None and len(self._met) <= _VERY_FEW):
            return _LOOKED_UP.format(bound)
        return f"m.seq IN (SELECT rowid FROM search WHERE search MATCH {bound})"

    @property
    def _met(self) -> set[int] | None:
        return self._inbox.meeting(self._mail.query)

    @cached_property
    def _mailboxes(self) -> Sequence[str]:
        ids = self._mail.mailbox_ids
        return [row[0] for row in self._tx.all("SELECT id FROM mailboxes")] if ids is None else ids

    @cached_property
    def _size(self) -> int:
        """How much mail is in the folder, counted as far as it matters."""
        where = Where()
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {self._folder(where)} LIMIT {where.bind(_FEW + 1)})"
        return int(self._tx.value(sql, **where.params))

    def _folder(self, where: Where) -> str:
        statuses, ids = dialect.json_list(self._mail.statuses), dialect.json_list(self._mailboxes)
        return _IN_FOLDER.format(where.bind(statuses), where.bind(ids))

    def _on_earlier_pages(self, threads: Sequence[str]) -> set[str]:
        """Those of the conversations that have newer mail which was there when the first page was read."""
        if self._mail.before_seq is None or not threads:
            return set()
        where = Where()
        text = self._conditions(where)
        if text:
            where.add(_LOOKED_UP.format(where.bind(text)))
        where.add(f"m.seq >= {where.bind(self._mail.before_seq)}")
        if self._search.as_of_seq is not None:
            where.add(f"m.seq <= {where.bind(self._search.as_of_seq)}")
        rows = self._tx.all(
            f"SELECT t.value FROM json_each({where.bind(dialect.json_list(threads))}) t WHERE EXISTS"
            f" (SELECT 1 FROM messages m WHERE m.thread_id = t.value AND {where.text()})",
            **where.params,
        )
        return {row[0] for row in rows}

    def _conditions(self, where: Where) -> str:
        """As `search_sql.conditions`, with what a search of conversations adds."""
        text = search_sql.conditions(self._mail, where)
        if self._search.captured:
            ids = where.bind(dialect.json_list(self._search.catching)).removeprefix(":")
            where.add(
                "(m.delivery = 'captured' OR (m.direction = 'inbound'"
                f" AND m.mailbox_id IN {dialect.in_list(ids)}))"
            )
        return text
