"""Records of consent, the channels people want to be reached by, and what mailboxes send about what."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from multimail.adapters.store import dialect
from multimail.adapters.store.rows import json_object
from multimail.adapters.store.search_sql import Where
from multimail.adapters.store.tx import Tx
from multimail.core.consent import EVIDENCE, WITHDRAWAL, Record
from multimail.core.times import Micros
from multimail.ports.consent import Channel, ConsentSearch, StoredConsent, TopicUse

_RECORD: Final = "seq, topic, region, basis, provenance, given_at, withdrawn_at, expires_at"
_WENT: Final = "('queued', 'sending', 'sent', 'delivered', 'bounced', 'unknown')"


class Consents:
    """See `ports.consent.Consents`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def add(self, consent: StoredConsent) -> int:
        record = consent.record
        return self._tx.insert(
            "INSERT INTO consents (id, address_key, contact_id, topic, region, basis, source, evidence, provenance,"
            " given_at, recorded_at, withdrawn_at, expires_at, made_by) VALUES (:id, :key, :contact, :topic, :region,"
            " :basis, :source, :evidence, :provenance, :given, :recorded, :withdrawn, :expires, :by)",
            id=consent.id, key=consent.key.hex(), contact=consent.contact_id, topic=record.topic,
            region=record.region, basis=record.basis, source=consent.source,
            evidence=dialect.json_dump(dict(consent.evidence)), provenance=record.provenance,
            given=record.given_at, recorded=consent.recorded_at, withdrawn=record.withdrawn_at,
            expires=record.expires_at, by=consent.by,
        )  # fmt: skip

    def records(self, keys: Sequence[bytes]) -> dict[bytes, list[Record]]:
        rows = self._tx.all(
            f"SELECT {_RECORD}, address_key FROM consents WHERE address_key IN {dialect.in_list('keys')}"
            " ORDER BY address_key, seq",
            keys=dialect.json_list(key.hex() for key in keys),
        )
        found: defaultdict[bytes, list[Record]] = defaultdict(list)
        for row in rows:
            found[bytes.fromhex(row[8])].append(Record(*tuple(row)[:8]))
        return dict(found)

    def end(self, seqs: Sequence[int], now: Micros) -> None:
        self._tx.run(
            f"UPDATE consents SET withdrawn_at = :now WHERE seq IN {dialect.in_list('seqs')}",
            now=now, seqs=dialect.json_list(seqs),
        )  # fmt: skip

    def search(self, search: ConsentSearch) -> list[StoredConsent]:
        where = Where()
        exact = {
            "e.address_key": search.key.hex() if search.key is not None else None,
            "e.topic": search.topic, "e.region": search.region, "e.basis": search.basis,
            "e.provenance": search.provenance,
        }  # fmt: skip
        for column, value in exact.items():
            if value is not None:
                where.add(f"{column} = {where.bind(value)}")
        if search.live_at is not None:
            sources = ", ".join(where.bind(one) for one in sorted(EVIDENCE))
            where.add(f"e.basis <> {where.bind(WITHDRAWAL)} AND e.provenance IN ({sources})")
            where.add("e.withdrawn_at IS NULL")
            where.add(f"(e.expires_at IS NULL OR e.expires_at > {where.bind(search.live_at)})")
        if search.before:
            where.add(f"e.seq < (SELECT b.seq FROM consents b WHERE b.id = {where.bind(search.before)})")
        rows = self._tx.all(
            f"SELECT {', '.join(f'e.{one.strip()}' for one in _RECORD.split(','))}, e.id, e.address_key,"
            " e.contact_id, e.source, e.evidence, e.recorded_at, e.made_by, c.address"
            f" FROM consents e LEFT JOIN contacts c ON c.id = e.contact_id WHERE {where.text()}"
            f" ORDER BY e.seq DESC LIMIT {where.bind(search.limit)}",
            **where.params,
        )
        return [_stored(row) for row in rows]

    def channels(self, key: bytes) -> list[Channel]:
        rows = self._tx.all(
            "SELECT channel, wanted, changed_at FROM channels WHERE address_key = :key ORDER BY channel",
            key=key.hex(),
        )
        return [Channel(row[0], bool(row[1]), row[2]) for row in rows]

    def set_channel(self, key: bytes, channel: Channel, by: str) -> None:
        self._tx.run(
            "INSERT INTO channels (address_key, channel, wanted, changed_at, made_by)"
            " VALUES (:key, :channel, :wanted, :at, :by) ON CONFLICT (address_key, channel) DO UPDATE"
            " SET wanted = excluded.wanted, changed_at = excluded.changed_at, made_by = excluded.made_by",
            key=key.hex(), channel=channel.name, wanted=int(channel.wanted), at=channel.changed_at, by=by,
        )  # fmt: skip

    def topics(self, mailbox_ids: Sequence[str]) -> list[TopicUse]:
        rows = self._tx.all(
            "SELECT m.mailbox_id, m.topic, count(DISTINCT m.seq), count(DISTINCT r.address), min(m.created_at),"
            " max(m.created_at) FROM messages m JOIN recipients r ON r.message_seq = m.seq AND r.automatic = 0"
            f" WHERE m.direction = 'outbound' AND m.class <> 'system' AND m.status IN {_WENT}"
            f" AND m.mailbox_id IN {dialect.in_list('ids')} GROUP BY m.mailbox_id, m.topic"
            " ORDER BY m.mailbox_id, m.topic",
            ids=dialect.json_list(mailbox_ids),
        )
        return [TopicUse(*row) for row in rows]

    def counts(self, now: Micros) -> dict[str, Counter[str]]:
        rows = self._tx.all(
            "SELECT topic, basis, count(DISTINCT address_key) FROM consents WHERE basis <> :end"
            f" AND provenance IN {dialect.in_list('sources')} AND withdrawn_at IS NULL"
            " AND (expires_at IS NULL OR expires_at > :now) GROUP BY topic, basis",
            end=WITHDRAWAL, sources=dialect.json_list(sorted(EVIDENCE)), now=now,
        )  # fmt: skip
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for row in rows:
            found[row[0]][row[1]] += row[2]
        return dict(found)


def _stored(row: sqlite3.Row) -> StoredConsent:
    values = tuple(row)
    return StoredConsent(
        id=values[8],
        key=bytes.fromhex(values[9]),
        record=Record(*values[:8]),
        contact_id=values[10],
        source=values[11],
        evidence=json_object(values[12]),
        recorded_at=values[13],
        by=values[14],
        address=values[15],
    )
