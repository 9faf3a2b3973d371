"""Finding a person in mail, and keeping mail without the person. Other rows are next door, in `eraser_rows`.

Mail that only the person has a part in is not kept: `purge` deletes it. What others have a part in too loses the person
from people, texts and search; where the person is in the raw bytes these go, and the files with them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from multimail.adapters.store import contact_letters, dialect, eraser_rows, eraser_text
from multimail.adapters.store.purge import ENTRY, words
from multimail.adapters.store.tx import Tx
from multimail.core.addresses import normalise
from multimail.core.traces import Traces
from multimail.ports.erasure import Part, Place

_SPELT: Final = dialect.in_list("spelt")
_BUSY: Final = "EXISTS (SELECT 1 FROM deliveries d WHERE d.message_id = m.id AND d.status = 'sending')"
_OTHERS: Final = f"""EXISTS (SELECT 1 FROM recipients o WHERE o.message_seq = m.seq AND o.address NOT IN {_SPELT}
    AND o.automatic = 0 AND NOT EXISTS (SELECT 1 FROM mailboxes b WHERE b.address = lower(o.address)))"""
_PARTS: Final = f"""
    SELECT m.seq, m.id, m.status, m.sender IN {_SPELT} OR (m.direction = 'outbound' AND NOT {_OTHERS}), {_BUSY}, m.size
    FROM (SELECT seq FROM messages WHERE sender IN {_SPELT} AND seq > :after
          UNION SELECT message_seq FROM recipients WHERE address IN {_SPELT} AND message_seq > :after
          ORDER BY 1 LIMIT :limit) p JOIN messages m ON m.seq = p.seq ORDER BY m.seq
"""
_TEXTS: Final = (
    "sender_name", "reply_to", "subject", "preview", "in_reply_to", "header_refs", "metadata", "problems",
    "hidden_text", "authentication", "verdict",
)  # fmt: skip
_NEXT: Final = f"""
    SELECT m.seq, m.id, m.status, {_BUSY}, m.size, {", ".join(f"m.{name}" for name in _TEXTS)}
    FROM messages m WHERE m.seq > :after ORDER BY m.seq LIMIT :limit
"""
_BODIES: Final = "SELECT subject, body, envelope, raw FROM revisions WHERE message_id = :id"
_FILES: Final = "SELECT filename FROM attachments WHERE message_id = :id"
_INDEXES: Final = ("search", "contact_letters")
_MERGE_PAGES: Final = 200
"""Pages of each search index written anew in one transaction, which takes some 20 ms."""


class Eraser:
    """See `ports.erasure.Eraser`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def names(self, address: str) -> list[str]:
        rows = self._tx.all(
            f"SELECT name FROM people WHERE address IN {_SPELT} UNION SELECT name FROM contacts WHERE address = :a",
            spelt=self._spelt(address), a=address,
        )  # fmt: skip
        return [row[0] for row in rows if row[0].strip()]

    def _spelt(self, address: str) -> str:
        """The address as people have written it, capitals and all."""
        if address.isascii():
            rows = self._tx.all("SELECT DISTINCT address FROM people WHERE lower(address) = :a", a=address)
        else:
            self._tx.function("normal", normalise)
            rows = self._tx.all("SELECT DISTINCT address FROM people WHERE normal(address) = :a", a=address)
        return dialect.json_list(row[0] for row in rows)

    def shared(self, names: Sequence[str], address: str) -> list[str]:
        wanted = {name.lower() for name in names}
        if not wanted:
            return []
        rows = self._tx.all(
            f"SELECT DISTINCT name FROM people WHERE address NOT IN {_SPELT} AND name <> ''"
            " UNION SELECT name FROM contacts WHERE address <> :a AND name <> ''",
            spelt=self._spelt(address), a=address,
        )  # fmt: skip
        return sorted(wanted & {" ".join(row[0].split()).lower() for row in rows})

    def parts(self, address: str, after_seq: int, limit: int) -> list[Part]:
        rows = self._tx.all(_PARTS, spelt=self._spelt(address), after=after_seq, limit=limit)
        return [
            Part(row[0], row[1], row[2], alone=bool(row[3]), busy=bool(row[4]), size=row[5]) for row in rows
        ]

    def mentions(self, traces: Traces, after_seq: int, limit: int) -> tuple[list[Part], int | None]:
        rows = self._tx.all(_NEXT, after=after_seq, limit=limit)
        found = [row for row in rows if _holds(tuple(row)[5:], traces) or self._inside(row[1], traces)]
        parts = [Part(row[0], row[1], row[2], alone=False, busy=bool(row[3]), size=row[4]) for row in found]
        return parts, rows[-1][0] if rows else None

    def _inside(self, message_id: str, traces: Traces) -> bool:
        """One mail at a time: raw mail is long."""
        return any(
            _holds(tuple(row), traces)
            for statement in (_BODIES, _FILES)
            for row in self._tx.all(statement, id=message_id)
        )

    def redact(self, message_ids: Sequence[str], traces: Traces) -> int:
        ids = dialect.json_list(message_ids)
        rows = self._tx.all(ENTRY, ids=ids)
        for row in rows:
            self._index("('delete', :seq, :a, :b, :c)", "search, ", words(row))
        for row in rows:
            self._redact(row[0], row[1], traces)
        for row in self._tx.all(ENTRY, ids=ids):
            self._index("(:seq, :a, :b, :c)", "", words(row))
        return len(rows)

    def _index(self, values: str, command: str, entry: tuple[int, str, str, str]) -> None:
        seq, subject, people, body = entry
        self._tx.at_commit(
            f"INSERT INTO search ({command}rowid, subject, people, body) VALUES {values}",
            seq=seq, a=subject, b=people, c=body,
        )  # fmt: skip

    def _redact(self, seq: int, message_id: str, traces: Traces) -> None:
        self._texts(seq, traces)
        lost_raw = [self._revision(row, traces) for row in self._revisions(message_id)]
        self._people(seq, traces)
        if any(lost_raw):
            self._tx.run("DELETE FROM attachments WHERE message_id = :id", id=message_id)
            self._tx.run("UPDATE messages SET has_attachments = 0 WHERE seq = :seq", seq=seq)

    def _texts(self, seq: int, traces: Traces) -> None:
        row = self._tx.one(f"SELECT sender, {', '.join(_TEXTS)} FROM messages WHERE seq = :seq", seq=seq)
        assert row is not None
        changed = {
            name: eraser_text.redacted_value(row[name], traces)
            for name in _TEXTS
            if eraser_text.traced_value(row[name], traces)
        }
        if not changed:
            return
        assignments = ", ".join(f"{name} = :{name}" for name in changed)
        self._tx.run(f"UPDATE messages SET {assignments} WHERE seq = :seq", seq=seq, **changed)
        if "sender_name" in changed:
            # What triggers do for mail that comes and goes.
            self._tx.run(
                "INSERT INTO people (address, name, places) VALUES (:address, :new, 1)"
                " ON CONFLICT (address, name) DO UPDATE SET places = places + 1",
                address=row["sender"], new=changed["sender_name"],
            )  # fmt: skip
            self._tx.run(
                "UPDATE people SET places = places - 1 WHERE address = :address AND name = :old",
                address=row["sender"], old=row["sender_name"],
            )  # fmt: skip
            self._tx.run("DELETE FROM people WHERE places = 0 AND address = :address", address=row["sender"])

    def _revisions(self, message_id: str) -> list[sqlite3.Row]:
        return self._tx.all("SELECT * FROM revisions WHERE message_id = :id ORDER BY number", id=message_id)

    def _revision(self, row: sqlite3.Row, traces: Traces) -> bool:
        """Put a row without the person in its place: what was written is never changed. Whether its bytes are lost."""
        values: dict[str, Any] = {name: row[name] for name in row.keys()}  # noqa: SIM118 - keys of a row
        changed = {
            name: eraser_text.redacted_value(value, traces)
            for name, value in values.items()
            if eraser_text.traced_value(value, traces)
        }
        if not changed:
            return False
        if "raw" in changed:
            changed["envelope"] = eraser_text.without_files(str(changed.get("envelope", values["envelope"])))
        self._tx.run(
            "DELETE FROM revisions WHERE message_id = :id AND number = :number",
            id=row["message_id"], number=row["number"],
        )  # fmt: skip
        names = ", ".join(values)
        self._tx.run(
            f"INSERT INTO revisions ({names}) VALUES ({', '.join(f':{name}' for name in values)})",
            **(values | changed),
        )
        return "raw" in changed

    def _people(self, seq: int, traces: Traces) -> None:
        """Recipients who are the person go; the names of others lose what is in them of the person."""
        rows = self._tx.all("SELECT * FROM recipients WHERE message_seq = :seq", seq=seq)
        for row in rows:
            is_other = normalise(row["address"]) != traces.address
            if is_other and not traces.found(row["name"]):
                continue
            where = "message_seq = :seq AND position = :position"
            self._tx.run(f"DELETE FROM recipients WHERE {where}", seq=seq, position=row["position"])
            if is_other:
                self._tx.run(
                    "INSERT INTO recipients (message_seq, position, kind, address, name, automatic)"
                    " VALUES (:seq, :position, :kind, :address, :name, :automatic)",
                    seq=seq, position=row["position"], kind=row["kind"], address=row["address"],
                    name=traces.redacted(row["name"]), automatic=row["automatic"],
                )  # fmt: skip

    def places(self, traces: Traces) -> list[Place]:
        return eraser_rows.places(self._tx, traces)

    def scrub(self, places: Sequence[Place], traces: Traces) -> int:
        scrubbed = eraser_rows.scrub(self._tx, places, traces)
        contact_letters.forget_all(self._tx)
        return scrubbed

    def forget_interactions(self, contact_id: str, limit: int) -> int:
        return self._tx.run(
            "DELETE FROM interactions WHERE seq IN"
            " (SELECT seq FROM interactions WHERE contact_id = :id ORDER BY seq LIMIT :limit)",
            id=contact_id, limit=limit,
        )  # fmt: skip

    def forget(self, address: str, key: str, contact_id: str | None) -> None:
        eraser_rows.forget(self._tx, address, key, contact_id)
        contact_letters.forget_all(self._tx)

    def is_there(self, address: str) -> bool:
        known = "SELECT EXISTS (SELECT 1 FROM contacts WHERE address = :a)"
        return self._spelt(address) != "[]" or bool(self._tx.value(known, a=address))

    def merge_index(self, first: bool) -> bool:
        pages = -_MERGE_PAGES if first else _MERGE_PAGES
        more = [self._merge(index, pages) for index in _INDEXES]
        return any(more)

    def _merge(self, index: str, pages: int) -> bool:
        changes = "SELECT total_changes()"
        before = self._tx.value(changes)
        self._tx.run(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', :pages)", pages=pages)
        return int(self._tx.value(changes)) - int(before) >= _SOMETHING_DONE

    def addresses(self) -> list[str]:
        rows = self._tx.all(
            "SELECT address FROM people UNION SELECT address FROM contacts UNION SELECT address FROM deliveries"
            " UNION SELECT address FROM batch_mails UNION SELECT address FROM thread_participants"
        )
        return [row[0] for row in rows]


_SOMETHING_DONE: Final = 2
"""So many rows are changed at least where a merge had something to do."""


def _holds(values: tuple[Any, ...], traces: Traces) -> bool:
    return any(eraser_text.traced_value(value, traces) for value in values)
