"""Tags of messages, threads and contacts, with what a send brought and may still take back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from multimail.adapters.store import dialect
from multimail.adapters.store.search_sql import states
from multimail.adapters.store.tx import Tx
from multimail.core.addresses import normalise
from multimail.core.lifecycle import LEFT_OR_WILL
from multimail.core.tags import split
from multimail.core.times import Micros
from multimail.ports.reading import Tag

_LEFT: Final = frozenset({"sent", "delivered", "bounced", "unknown"})
_ADD: Final = """
    INSERT INTO tags (kind, target, tag, value, principal_id, origin, at)
    VALUES (:kind, :target, :tag, :value, :principal, :origin, :at)
    ON CONFLICT (kind, target, tag) DO UPDATE
    SET value = CASE excluded.value WHEN '' THEN value ELSE excluded.value END,
        origin = CASE excluded.origin WHEN '' THEN '' ELSE origin END
    WHERE (excluded.value <> '' AND excluded.value <> value) OR (excluded.origin = '' AND origin <> '')
"""


class Tags:
    """See `ports.reading.Tags`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def of(self, kind: str, target: str) -> list[Tag]:
        rows = self._tx.all(
            "SELECT tag, at, value FROM tags WHERE kind = :kind AND target = :target ORDER BY tag",
            kind=kind, target=target,
        )  # fmt: skip
        return [Tag(*tuple(row)) for row in rows]

    def add(
        self,
        kind: str,
        target: str,
        tags: Mapping[str, str] | Sequence[str],
        principal_id: str,
        now: Micros,
        origin: str = "",
    ) -> list[str]:
        """A tag that is there keeps its time; a value replaces the value, and a tag given for good stays for good."""
        pairs = dict(tags) if isinstance(tags, Mapping) else dict(map(split, tags))
        there = {tag.tag for tag in self.of(kind, target)}
        self._tx.many(
            _ADD,
            [
                {
                    "kind": kind, "target": target, "tag": tag, "value": value, "principal": principal_id,
                    "origin": origin, "at": now,
                }
                for tag, value in pairs.items()
            ],
        )  # fmt: skip
        return [tag for tag in pairs if tag not in there]

    def remove(self, kind: str, target: str, tags: Sequence[str]) -> list[str]:
        names = [split(tag)[0] for tag in tags]
        rows = self._tx.all(
            "DELETE FROM tags WHERE kind = :kind AND target = :target"
            f" AND tag IN {dialect.in_list('names')} RETURNING tag",
            kind=kind, target=target, names=dialect.json_list(names),
        )  # fmt: skip
        gone = {row[0] for row in rows}
        return [name for name in dict.fromkeys(names) if name in gone]

    def confirm(self, origin: str) -> None:
        self._tx.run("UPDATE tags SET origin = '' WHERE origin = :origin AND origin <> ''", origin=origin)

    def withdraw(self, origin: str) -> list[tuple[str, str, str]]:
        """A tag that another mail brings as well passes to that one, for good if it has left."""
        gone = []
        rows = self._tx.all(
            "SELECT kind, target, tag FROM tags WHERE origin = :origin AND origin <> ''", origin=origin
        )
        for kind, target, tag in rows:
            heir = self._other_bringer(origin, kind, target, tag)
            change = "DELETE FROM tags" if heir is None else "UPDATE tags SET origin = :heir"
            if heir is None:
                gone.append((kind, target, tag))
            self._tx.run(
                f"{change} WHERE kind = :kind AND target = :target AND tag = :tag",
                heir=heir, kind=kind, target=target, tag=tag,
            )  # fmt: skip
        return gone

    def _other_bringer(self, origin: str, kind: str, target: str, tag: str) -> str | None:
        """The origin that another mail with this tag, to this contact or in this thread, gives it; None if
        there is none that left or still will."""
        if kind == "thread":
            place, people = "m.thread_id = :target", ""
        else:
            place = (
                f"m.seq IN (SELECT message_seq FROM recipients WHERE address IN {dialect.in_list('people')})"
            )
            people = dialect.json_list(self._spellings(origin, target))
        found: str | None = self._tx.value(
            f"SELECT CASE WHEN {states(_LEFT)} THEN '' ELSE m.id END FROM messages m WHERE {place} AND m.id <> :origin"
            f" AND m.direction = 'outbound' AND {states(LEFT_OR_WILL)} AND EXISTS (SELECT 1 FROM tags t"
            " WHERE t.kind = 'message' AND t.target = m.id AND t.tag = :tag) ORDER BY 1 LIMIT 1",
            target=target, people=people, origin=origin, tag=tag,
        )  # fmt: skip
        return found

    def _spellings(self, origin: str, contact_id: str) -> set[str]:
        """The contact's address as it stands in mail: on the wire an address keeps its capitals."""
        address = self._tx.value("SELECT address FROM contacts WHERE id = :id", id=contact_id) or ""
        rows = self._tx.all(
            "SELECT r.address FROM recipients r JOIN messages m ON m.seq = r.message_seq WHERE m.id = :id",
            id=origin,
        )
        return {address} | {row[0] for row in rows if normalise(row[0]) == address}
