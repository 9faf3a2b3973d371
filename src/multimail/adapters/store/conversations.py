"""Conversations of a list, with what is shown of each: a few statements for all of them. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from multimail.adapters.store import dialect, search_sql
from multimail.adapters.store.conversation_walk import Walk
from multimail.adapters.store.inbox import LISTED, listed
from multimail.adapters.store.search_sql import WRITTEN, Where
from multimail.adapters.store.tx import Tx
from multimail.ports.conversations import Conversation, ConversationSearch
from multimail.ports.reading import Listed, MailSearch

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
        return self._described(self._latest(Walk(self._tx, search).newest()), search.mail)

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
                tags=tuple(
                    dict.fromkeys(
                        tag for target in (one.thread_id, *(e.id for e in mails)) for tag in tags[target]
                    )
                ),
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
        search_sql.in_mailboxes(where, mailbox_ids)
        tag = where.bind(name)
        branches = [
            f"SELECT 1 FROM tags t CROSS JOIN messages m ON m.{column} = t.target"
            f" WHERE t.kind = '{kind}' AND t.tag = {tag} AND {where.text()}"
            for kind, column in (("message", "id"), ("thread", "thread_id"))
        ]
        return bool(self._tx.value(f"{' UNION ALL '.join(branches)} LIMIT 1", **where.params))


def _seen(mail: MailSearch) -> Where:
    """What counts as a mail of a conversation: what is shown anyway, and what the folder shows."""
    where = Where()
    search_sql.visible(where, mail.see_held)
    where.add(search_sql.shown(mail.see_held, mail.statuses))
    return where
