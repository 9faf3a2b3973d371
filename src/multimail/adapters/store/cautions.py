"""The review desk's tables and its queue: what was found in waiting mail, and who looked at it when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.rows import MESSAGE_COLUMNS, json_array, stored_message
from multimail.adapters.store.search_sql import WRITTEN, Where
from multimail.adapters.store.tx import Tx
from multimail.core.addresses import normalise
from multimail.core.model import Recipient, RecipientKind
from multimail.core.times import Micros
from multimail.ports.desk import Examined, Listed, QueueSearch, Waiting
from multimail.ports.records import StoredMessage

_WAITING: Final = (
    "SELECT m.seq, m.id, c.risk, {sketch}, {key}, m.created_at, m.status FROM messages m"
    " LEFT JOIN cautions c ON c.message_id = m.id AND c.revision = m.revision WHERE {where} ORDER BY m.seq"
)
_KEYS: Final = {
    "": "''",
    "recipient": (
        "CASE m.direction WHEN 'inbound' THEN lower(m.sender) ELSE coalesce((SELECT lower(r.address) FROM recipients r"
        " WHERE r.message_seq = m.seq ORDER BY r.automatic, r.position LIMIT 1), '') END"
    ),
    "tag": "coalesce((SELECT min(t.tag) FROM tags t WHERE t.kind = 'message' AND t.target = m.id), '')",
    "batch": "coalesce(m.batch_id, '')",
}
_TAGGED: Final = (
    "EXISTS (SELECT 1 FROM tags t WHERE t.tag = {tag} AND ({value} = '' OR t.value = {value})"
    " AND (t.kind = 'message' AND t.target = m.id OR t.kind = 'thread' AND t.target = m.thread_id))"
)
_BY_A_PERSON: Final = (
    "EXISTS (SELECT 1 FROM principals p WHERE p.id = m.approved_by AND p.kind = 'person'"
    " AND m.approved_digest = m.digest)"
)
# From the recipient to the mails, which the planner would otherwise look for through all of the mailbox.
_KNOWN: Final = (
    f"SELECT DISTINCT a.value FROM {dialect.in_list('addresses')} a WHERE EXISTS (SELECT 1 FROM recipients r"
    " CROSS JOIN messages m ON m.seq = r.message_seq WHERE r.address IN (a.value, lower(a.value))"
    " AND r.automatic = 0 AND +m.mailbox_id = :mailbox AND m.direction = 'outbound' AND m.class <> 'system'"
    f" AND (+m.status IN ('sent', 'delivered') OR {_BY_A_PERSON}))"
)
_KNOWN_DOMAINS: Final = (
    "SELECT w.domain FROM written_domains w"
    f" WHERE w.mailbox_id = :mailbox AND w.domain IN {dialect.in_list('domains')}"
)
_SPOKE: Final = (
    "SELECT m.sender FROM messages m WHERE m.thread_id = :thread AND m.seq < :seq AND m.direction = 'inbound'"
    " UNION SELECT r.address FROM messages m CROSS JOIN recipients r ON r.message_seq = m.seq"
    " WHERE m.thread_id = :thread AND m.seq < :seq"
    " AND (m.direction = 'inbound' OR m.status IN ('sent', 'delivered', 'bounced', 'unknown'))"
)


class Desk:
    """See `ports.desk.Desk`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def waiting(self, search: QueueSearch) -> list[Waiting]:
        sketch = "coalesce(c.sketch, x'')" if search.with_sketches else "x''"
        where = _where(search)
        sql = _WAITING.format(sketch=sketch, key=_KEYS[search.group], where=where.text())
        return [Waiting._make(row) for row in self._tx.all(sql, **where.params)]

    def totals(self, search: QueueSearch) -> dict[str, int]:
        where = _where(search)
        rows = self._tx.all(
            f"SELECT m.status, count(*) FROM messages m WHERE {where.text()} GROUP BY m.status",
            **where.params,
        )
        return {row[0]: row[1] for row in rows}

    def listed(self, ids: Sequence[str]) -> list[Listed]:
        rows = self._tx.all(
            f"SELECT {MESSAGE_COLUMNS}, (SELECT count(*) FROM attachments a WHERE a.message_id = messages.id),"
            f" (SELECT {dialect.json_collect(WRITTEN)} FROM tags t WHERE t.kind = 'message' AND t.target = messages.id)"
            f" FROM messages WHERE id IN {dialect.in_list('ids')}",
            ids=dialect.json_list(ids),
        )
        found = self._cautions(ids)
        messages = [(stored_message(row), row[-2], tuple(json_array(row[-1]))) for row in rows]
        seqs = [message.seq for message, _, _ in messages]
        people, contacted = self._recipients(seqs), self._contacted(seqs)
        listed = {}
        for message, files, tags in messages:
            risk, codes, at = found.get((message.id, message.revision), (None, (), 0))
            outdated = contacted.get(message.seq, 0) > at
            listed[message.id] = Listed(
                message, tuple(people[message.seq]), tags, files, risk, codes, outdated
            )
        return [listed[one] for one in ids if one in listed]

    def _cautions(self, ids: Sequence[str]) -> dict[tuple[str, int], tuple[int, tuple[str, ...], Micros]]:
        rows = self._tx.all(
            f"SELECT message_id, revision, risk, codes, at FROM cautions WHERE message_id IN {dialect.in_list('ids')}",
            ids=dialect.json_list(ids),
        )
        return {(row[0], row[1]): (row[2], tuple(json_array(row[3])), row[4]) for row in rows}

    def _contacted(self, seqs: Sequence[int]) -> dict[int, Micros]:
        """When anybody of a mail's recipients was last written to, where anybody was."""
        rows = self._tx.all(
            "SELECT r.message_seq, max(c.last_contacted) FROM recipients r"
            " CROSS JOIN contacts c ON c.address = lower(r.address)"
            f" WHERE r.message_seq IN {dialect.in_list('seqs')} AND r.automatic = 0 AND c.last_contacted IS NOT NULL"
            " GROUP BY r.message_seq",
            seqs=dialect.json_list(seqs),
        )
        return {row[0]: row[1] for row in rows}

    def _recipients(self, seqs: Sequence[int]) -> defaultdict[int, list[Recipient]]:
        people: defaultdict[int, list[Recipient]] = defaultdict(list)
        rows = self._tx.all(
            "SELECT message_seq, kind, address, name, automatic FROM recipients"
            f" WHERE message_seq IN {dialect.in_list('seqs')} ORDER BY message_seq, position",
            seqs=dialect.json_list(seqs),
        )
        for row in rows:
            people[row[0]].append(Recipient(row[2], RecipientKind(row[1]), row[3], bool(row[4])))
        return people

    def unexamined(self, limit: int) -> list[str]:
        rows = self._tx.all("SELECT message_id FROM unexamined LIMIT :limit", limit=limit)
        return [row[0] for row in rows]

    def pass_over(self, message_id: str) -> None:
        self._tx.run("DELETE FROM unexamined WHERE message_id = :id", id=message_id)

    def examined(self, message_id: str) -> Examined | None:
        row = self._tx.one(
            "SELECT message_id, revision, risk, codes, sketch FROM cautions WHERE message_id = :id",
            id=message_id,
        )
        return Examined(row[0], row[1], row[2], tuple(json_array(row[3])), row[4]) if row else None

    def keep(self, found: Examined, now: Micros) -> None:
        # Nothing is kept of a mail that was purged meanwhile.
        self._tx.run(
            "INSERT INTO cautions (message_id, revision, risk, codes, sketch, at)"
            " SELECT :message, :revision, :risk, :codes, :sketch, :now FROM messages WHERE id = :message"
            " ON CONFLICT (message_id) DO UPDATE SET revision = excluded.revision, risk = excluded.risk,"
            " codes = excluded.codes, sketch = excluded.sketch, at = excluded.at"
            " WHERE excluded.revision >= revision",
            message=found.message_id, revision=found.revision, risk=found.risk, codes=dialect.json_list(found.codes),
            sketch=found.sketch, now=now,
        )  # fmt: skip
        self._tx.run(
            "DELETE FROM unexamined WHERE message_id = :message"
            " AND EXISTS (SELECT 1 FROM messages WHERE id = :message AND revision = :revision)",
            message=found.message_id, revision=found.revision,
        )  # fmt: skip

    def looked(self, principal_id: str, message_id: str, digest: str, now: Micros) -> None:
        self._tx.run(
            "INSERT INTO looks (principal_id, message_id, digest, first_at, last_at)"
            " VALUES (:principal, :message, :digest, :now, :now)"
            " ON CONFLICT (principal_id, message_id, digest) DO UPDATE SET last_at = max(last_at, excluded.last_at)",
            principal=principal_id, message=message_id, digest=digest, now=now,
        )  # fmt: skip

    def known(self, mailbox_id: str, addresses: Sequence[str]) -> set[str]:
        rows = self._tx.all(_KNOWN, addresses=dialect.json_list(addresses), mailbox=mailbox_id)
        return {row[0] for row in rows}

    def known_domains(self, mailbox_id: str, domains: Sequence[str]) -> set[str]:
        rows = self._tx.all(_KNOWN_DOMAINS, domains=dialect.json_list(domains), mailbox=mailbox_id)
        return {row[0] for row in rows}

    def written_domains(self, mailbox_id: str, most: int) -> set[str] | None:
        rows = self._tx.all(
            "SELECT domain FROM written_domains WHERE mailbox_id = :mailbox LIMIT :most",
            mailbox=mailbox_id, most=most + 1,
        )  # fmt: skip
        return {row[0] for row in rows} if len(rows) <= most else None

    def spoke(self, message: StoredMessage) -> set[str]:
        rows = self._tx.all(_SPOKE, thread=message.thread_id, seq=message.seq)
        return {normalise(row[0]) for row in rows}

    def waiting_for(self, mailbox_id: str, address: str, statuses: Sequence[str], limit: int) -> list[str]:
        rows = self._tx.all(
            "SELECT m.id FROM messages m WHERE m.mailbox_id = :mailbox AND m.direction = 'outbound'"
            f" AND m.status IN {dialect.in_list('statuses')} AND EXISTS (SELECT 1 FROM recipients r"
            " WHERE r.message_seq = m.seq AND lower(r.address) = lower(:address)) ORDER BY m.seq LIMIT :limit",
            mailbox=mailbox_id, address=address, statuses=dialect.json_list(statuses), limit=limit,
        )  # fmt: skip
        return [row[0] for row in rows]


def _where(search: QueueSearch) -> Where:
    where = Where()
    if search.message_id is not None:
        where.add(f"m.id = {where.bind(search.message_id)}")
    else:
        where.add(f"m.status IN {_list(where, search.statuses)}")
    if search.mailbox_ids is not None:
        where.add(f"m.mailbox_id IN {_list(where, search.mailbox_ids)}")
    if not search.see_held:
        where.add("m.held_from_agents = 0 AND m.status <> 'pending_inbound_approval' AND m.class <> 'system'")
    for name, value in search.tags.items():
        where.add(_TAGGED.format(tag=where.bind(name), value=where.bind(value)))
    return where


def _list(where: Where, values: Sequence[Any]) -> str:
    return dialect.in_list(where.bind(dialect.json_list(values)).removeprefix(":"))
