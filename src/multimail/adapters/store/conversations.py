"""Conversations by their newest mail: along the index by state, each conversation met once.

Reads only. Conditions on mail are those of `search_sql`, so a conversation is found by whatever finds its mail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from multimail.adapters.store import dialect, search_sql
from multimail.adapters.store.inbox import LISTED, Inbox, listed
from multimail.adapters.store.search_sql import WRITTEN, Where
from multimail.adapters.store.tx import Tx
from multimail.ports.conversations import Conversation, ConversationSearch
from multimail.ports.reading import Listed, MailSearch

_BRANCHES: Final = 64
"""So many pairs of mailbox and state are read side by side; with more, mail is gone through in its own order."""
_FEW: Final = 2_000
"""A folder with no more mail than this is gone through itself, and each mail looked up in the full-text index."""
_ALL: Final = "messages m WHERE TRUE"
_FOUND: Final = "search s CROSS JOIN messages m ON m.seq = s.rowid WHERE TRUE"
_LOOKED_AT: Final = 20
"""So many mails of a conversation, the newest ones, say who takes part and what is attached."""


class _Recent(NamedTuple):
    """What a list needs of one of a conversation's newest mails."""

    thread_id: str
    id: str
    direction: str
    name: str
    has_attachments: bool


class Conversations:
    """See `ports.conversations.Conversations`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def page(self, search: ConversationSearch) -> list[Conversation]:
        if search.mail.mailbox_ids == ():
            return []
        if search.wider:
            statuses = {*search.mail.statuses, *search_sql.named(search.mail.query)}
            search = replace(search, mail=replace(search.mail, statuses=tuple(sorted(statuses))))
        return self._described(self._latest(self._newest(search)), search.mail)

    def _newest(self, search: ConversationSearch) -> list[int]:
        """The newest mail of each conversation. What was met is left out of the next look, not walked through again."""
        found: dict[str, int] = {}
        passed: set[str] = set()
        before, size = search.mail.before_seq, search.mail.limit * 2
        while len(found) < search.mail.limit:
            rows = self._walk(search, before, passed | found.keys(), size)
            fresh: dict[str, int] = {}
            for seq, thread_id in rows:
                fresh.setdefault(thread_id, seq)
            shown = self._on_earlier_pages(search, list(fresh))
            passed |= shown
            found |= {thread_id: seq for thread_id, seq in fresh.items() if thread_id not in shown}
            if len(rows) < size:
                break
            before, size = rows[-1][0], size * 2
        return list(found.values())[: search.mail.limit]

    def _walk(
        self, search: ConversationSearch, before: int | None, passed: set[str], size: int
    ) -> list[tuple[int, str]]:
        """A stretch of mail, newest first, with the conversation of each; without those of `passed`."""
        mail, where = search.mail, Where()
        text = _conditions(search, where)
        seq = "m.seq"
        sources = self._sources(search, where, text)
        if text and sources == [_FOUND]:
            where.add(f"s.search MATCH {where.bind(text)}")
            seq = "s.rowid"
        elif text:
            where.add(f"m.seq IN (SELECT rowid FROM search WHERE search MATCH {where.bind(text)})")
        if before is not None:
            where.add(f"{seq} < {where.bind(before)}")
        if search.as_of_seq is not None:
            where.add(f"{seq} <= {where.bind(search.as_of_seq)}")
        if passed:
            ids = where.bind(dialect.json_list(sorted(passed))).removeprefix(":")
            where.add(f"m.thread_id NOT IN {dialect.in_list(ids)}")
        if sources == [_FOUND] or sources == [_ALL]:
            _in_mailboxes(where, mail.mailbox_ids)
        branches = [f"SELECT {seq}, m.thread_id FROM {one} AND {where.text()}" for one in sources]
        sql = f"{' UNION ALL '.join(branches)} ORDER BY 1 DESC LIMIT {where.bind(size)}"
        return [(row[0], row[1]) for row in self._tx.all(sql, **where.params)]

    def _sources(self, search: ConversationSearch, where: Where, text: str) -> list[str]:
        """What to go through, each in the order of mail: what is found first if there is less of it, else each state
        of each mailbox."""
        mail = search.mail
        if few := Inbox(self._tx).few(mail, where):
            where.add(few)
            return [_ALL]
        ids = self._mailboxes(mail.mailbox_ids)
        if text and not self._is_small(ids, mail.statuses):
            return [_FOUND]
        branches = [(status, mailbox_id) for mailbox_id in ids for status in mail.statuses]
        if len(branches) > _BRANCHES or search_sql.required(mail.query, "thread"):
            return [_ALL]
        bound = {mailbox_id: where.bind(mailbox_id) for mailbox_id in ids}
        if search.captured:
            kept = [f"messages m WHERE m.delivery = 'captured' AND m.mailbox_id = {one}" for one in bound.values()]
            branches = [(status, one) for status, one in branches if one in search.catching and status in _ARRIVED]
        else:
            kept = []
        return kept + [
            f"messages m WHERE m.status = '{status}' AND m.mailbox_id = {bound[mailbox_id]}"
            for status, mailbox_id in branches
        ]

    def _is_small(self, mailbox_ids: Sequence[str], statuses: Sequence[str]) -> bool:
        return self._count(mailbox_ids, statuses, _FEW + 1) <= _FEW

    def _count(self, mailbox_ids: Sequence[str], statuses: Sequence[str], enough: int) -> int:
        return int(
            self._tx.value(
                "SELECT count(*) FROM (SELECT 1 FROM json_each(:statuses) s CROSS JOIN json_each(:ids) b"
                " CROSS JOIN messages m ON m.status = s.value AND m.mailbox_id = b.value LIMIT :enough)",
                statuses=dialect.json_list(statuses),
                ids=dialect.json_list(mailbox_ids),
                enough=enough,
            )
        )

    def _on_earlier_pages(self, search: ConversationSearch, threads: Sequence[str]) -> set[str]:
        """Those of the conversations that have newer mail which was there when the first page was read."""
        if search.mail.before_seq is None or not threads:
            return set()
        where = Where()
        text = _conditions(search, where)
        if text:
            matches = f"search MATCH {where.bind(text)} AND rowid = m.seq"
            where.add(f"EXISTS (SELECT 1 FROM search WHERE {matches})")
        where.add(f"m.seq >= {where.bind(search.mail.before_seq)}")
        if search.as_of_seq is not None:
            where.add(f"m.seq <= {where.bind(search.as_of_seq)}")
        ids = where.bind(dialect.json_list(threads))
        rows = self._tx.all(
            f"SELECT t.value FROM json_each({ids}) t WHERE EXISTS"
            f" (SELECT 1 FROM messages m WHERE m.thread_id = t.value AND {where.text()})",
            **where.params,
        )
        return {row[0] for row in rows}

    def _latest(self, seqs: Sequence[int]) -> list[Listed]:
        rows = self._tx.all(
            f"SELECT {LISTED} FROM messages m WHERE m.seq IN {dialect.in_list('seqs')} ORDER BY m.seq DESC",
            seqs=dialect.json_list(seqs),
        )
        return [listed(row) for row in rows]

    def _described(self, latest: Sequence[Listed], mail: MailSearch) -> list[Conversation]:
        ids = [one.thread_id for one in latest]
        counts = self._counts(ids, mail)
        recent = self._recent(ids, mail)
        tags = self._tags_of(ids, [one.id for mails in recent.values() for one in mails])
        return [
            Conversation(
                one,
                *counts.get(one.thread_id, (1, 0)),
                people=tuple(dict.fromkeys(e.name for e in mails if e.direction == "inbound")),
                has_outbound=any(e.direction == "outbound" for e in mails),
                has_attachments=any(e.has_attachments for e in mails),
                tags=tuple(dict.fromkeys(tag for target in (one.thread_id, *(e.id for e in mails)) for tag in tags[target])),
            )
            for one in latest
            for mails in (recent[one.thread_id],)
        ]

    def _counts(self, threads: Sequence[str], mail: MailSearch) -> dict[str, tuple[int, int]]:
        where = _seen(mail)
        rows = self._tx.all(
            "SELECT m.thread_id, count(*), sum(m.status = 'unread') FROM messages m"
            f" WHERE m.thread_id IN {dialect.in_list('threads')} AND {where.text()} GROUP BY m.thread_id",
            threads=dialect.json_list(threads),
            **where.params,
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def _recent(self, threads: Sequence[str], mail: MailSearch) -> dict[str, list[_Recent]]:
        where = _seen(mail)
        found: dict[str, list[_Recent]] = defaultdict(list)
        for row in self._tx.all(
            "SELECT m.thread_id, m.id, m.direction, coalesce(nullif(m.sender_name, ''), m.sender), m.has_attachments"
            " FROM json_each(:threads) t CROSS JOIN messages m ON m.seq IN"
            f" (SELECT m.seq FROM messages m WHERE m.thread_id = t.value AND {where.text()}"
            f" ORDER BY m.seq DESC LIMIT {_LOOKED_AT}) ORDER BY m.seq",
            threads=dialect.json_list(threads),
            **where.params,
        ):
            found[row[0]].append(_Recent(*row))
        return found

    def _tags_of(self, threads: Sequence[str], messages: Sequence[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for kind, targets in (("thread", threads), ("message", messages)):
            for row in self._tx.all(
                f"SELECT t.target, {WRITTEN} FROM tags t WHERE t.kind = :kind"
                f" AND t.target IN {dialect.in_list('targets')}",
                kind=kind,
                targets=dialect.json_list(targets),
            ):
                found[row[0]].append(row[1])
        return found

    def count(self, mailbox_ids: Sequence[str] | None, statuses: Sequence[str], see_held: bool) -> int:
        where = Where()
        search_sql.visible(where, see_held)
        ids = self._mailboxes(mailbox_ids)
        return int(
            self._tx.value(
                "SELECT count(*) FROM json_each(:statuses) s CROSS JOIN json_each(:ids) b CROSS JOIN messages m"
                f" ON m.status = s.value AND m.mailbox_id = b.value AND {where.text()}",
                statuses=dialect.json_list(statuses),
                ids=dialect.json_list(ids),
                **where.params,
            )
        )

    def _mailboxes(self, ids: Sequence[str] | None) -> Sequence[str]:
        return [row[0] for row in self._tx.all("SELECT id FROM mailboxes")] if ids is None else ids

    def tags(
        self, beginning: str, mailbox_ids: Sequence[str] | None, see_held: bool, limit: int
    ) -> list[str]:
        found: list[str] = []
        after = beginning
        while len(found) < limit and (name := self._next_tag(after, beginning)) is not None:
            if self._is_on_mail(name, mailbox_ids, see_held):
                found.append(name)
            after = name + "\0"
        return found

    def _next_tag(self, after: str, beginning: str) -> str | None:
        """The first name from `after` on, if it begins so: one step in the index, however often a tag was given."""
        name: str | None = self._tx.value(
            "SELECT min(tag) FROM (SELECT min(tag) AS tag FROM tags WHERE kind = 'message' AND tag >= :after"
            " UNION ALL SELECT min(tag) FROM tags WHERE kind = 'thread' AND tag >= :after)",
            after=after,
        )
        return name if name is not None and name.startswith(beginning) else None

    def _is_on_mail(self, name: str, mailbox_ids: Sequence[str] | None, see_held: bool) -> bool:
        where = Where()
        search_sql.visible(where, see_held)
        _in_mailboxes(where, mailbox_ids)
        tagged = f"tags t CROSS JOIN messages m ON m.{{column}} = t.target WHERE t.kind = '{{kind}}' AND t.tag = {where.bind(name)}"
        return bool(
            self._tx.value(
                " UNION ALL ".join(
                    f"SELECT 1 FROM {tagged.format(kind=kind, column=column)} AND {where.text()}"
                    for kind, column in (("message", "id"), ("thread", "thread_id"))
                )
                + " LIMIT 1",
                **where.params,
            )
        )


def _conditions(search: ConversationSearch, where: Where) -> str:
    """As `search_sql.conditions`, with what a search of conversations adds."""
    text = search_sql.conditions(search.mail, where)
    if search.captured:
        ids = where.bind(dialect.json_list(search.catching)).removeprefix(":")
        where.add(
            "(m.delivery = 'captured' OR (m.direction = 'inbound'"
            f" AND m.mailbox_id IN {dialect.in_list(ids)}))"
        )
    return text


def _in_mailboxes(where: Where, ids: Sequence[str] | None) -> None:
    """The plus keeps the index by mailbox out: its order would have to be sorted."""
    if ids is not None:
        bound = where.bind(dialect.json_list(ids)).removeprefix(":")
        where.add(f"+m.mailbox_id IN {dialect.in_list(bound)}")


def _seen(mail: MailSearch) -> Where:
    """What counts as a mail of a conversation: what is shown anyway, and what the folder shows."""
    where = Where()
    search_sql.visible(where, mail.see_held)
    where.add(search_sql.shown(mail.see_held, mail.statuses))
    return where
