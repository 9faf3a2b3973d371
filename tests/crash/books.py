"""Balancing the books after a run: what peers were promised, what the data file holds, what the sink was given."""

from __future__ import annotations

import base64
import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

from tests.crash.plan import Plan

Key = tuple[str, str]
"""The token of a mail, and a recipient or mailbox."""


@dataclass
class Books:
    """Figures of a run, and everything that is wrong, a sentence each."""

    acked: int = 0
    accepted: int = 0
    sent: int = 0
    unknown: int = 0
    unknown_arrived: int = 0
    stored_here: int = 0
    at_sink: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        return [*self.lost, *self.twice, *self.wrong]

    def figures(self) -> str:
        return (
            f"{self.acked} mails answered 250, {self.accepted} sends accepted, {self.at_sink} copies at the sink, "
            f"{self.stored_here} filed here | lost {len(self.lost)}, twice {len(self.twice)}, "
            f"otherwise wrong {len(self.wrong)} | sent {self.sent}, unknown {self.unknown} "
            f"({self.unknown_arrived} of them arrived)"
        )


def balance(plan: Plan) -> Books:
    """Read everything. The resident is gone, and nothing was left to be done when it went."""
    books = Books()
    promises = list(_lines(plan.ledger))
    at_sink = _at_sink(plan.sink_ledger)
    with sqlite3.connect(f"file:{plan.data / 'multimail.db'}?mode=ro", uri=True) as data:
        for check in ("integrity_check", "foreign_key_check"):
            found = [str(row[0]) for row in data.execute(f"PRAGMA {check}")]
            if found not in ([], ["ok"]):
                books.wrong.append(f"{check}: {found}")
        _check_inbound(books, promises, data)
        _check_outbound(books, promises, data, at_sink)
        _check_leaving(books, data, at_sink)
    data.close()
    return books


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        yield json.loads(line)


def _at_sink(path: Path) -> Counter[Key]:
    """How often each recipient got each mail."""
    found: Counter[Key] = Counter()
    for row in _lines(path):
        token = str(message_from_bytes(base64.b64decode(row["raw"]))["Subject"])
        found.update((token, recipient) for recipient in row["recipients"])
    return found


def _filed(data: sqlite3.Connection) -> Counter[Key]:
    """How often each mailbox holds each mail, whole."""
    rows = data.execute(
        "SELECT m.subject, b.address, r.raw FROM messages m JOIN mailboxes b ON b.id = m.mailbox_id"
        " JOIN revisions r ON r.message_id = m.id WHERE m.direction = 'inbound'"
    )
    return Counter(
        (subject, address)
        for subject, address, raw in rows
        if f"This is {subject}." in zlib.decompress(raw).decode()
    )


def _check_inbound(books: Books, promises: list[dict[str, Any]], data: sqlite3.Connection) -> None:
    """Whatever got 250 is in each of its mailboxes, once; so is what was not answered, or it is not there."""
    filed = _filed(data)
    books.twice += [f"filed {count} times: {key}" for key, count in filed.items() if count > 1]
    for promise in (one for one in promises if one["kind"] == "in"):
        books.acked += 1
        books.lost += [
            f"250, but not filed: {promise['token']} in {box}"
            for box in promise["to"]
            if not filed[promise["token"], box]
        ]


def _check_outbound(
    books: Books, promises: list[dict[str, Any]], data: sqlite3.Connection, at_sink: Counter[Key]
) -> None:
    """Whatever was accepted is one mail, and over for each of its recipients; what nobody approved waits."""
    mails: Counter[str] = Counter(
        row[0] for row in data.execute("SELECT subject FROM messages WHERE direction = 'outbound'")
    )
    books.twice += [f"accepted as {count} mails: {token}" for token, count in mails.items() if count > 1]
    states = _states(data)
    for promise in promises:
        token = promise["token"]
        if promise["kind"] == "out":
            books.accepted += 1
            for address in promise["to"]:
                state = states.get((token, address), "not there")
                if state not in {"sent", "stored", "unknown"}:
                    books.lost.append(f"accepted, but {state}: {token} to {address}")
        if promise["kind"] == "held" and set(_of(states, token)) != {"waiting"}:
            books.wrong.append(f"not waiting, although nobody approved it: {token}")
    books.twice += [f"at the sink {count} times: {key}" for key, count in at_sink.items() if count > 1]


def _check_leaving(books: Books, data: sqlite3.Connection, at_sink: Counter[Key]) -> None:
    """`sent` arrived, everything else did not; `unknown` may have."""
    states = _states(data)
    filed = _filed(data)
    books.at_sink = at_sink.total()
    for key, state in states.items():
        arrived = at_sink[key] > 0
        books.sent += state == "sent"
        books.unknown += state == "unknown"
        books.unknown_arrived += state == "unknown" and arrived
        books.stored_here += state == "stored"
        if arrived and state not in {"sent", "unknown"}:
            books.wrong.append(f"{state}, but it arrived: {key}")
        if state == "sent" and not arrived:
            books.lost.append(f"sent, but it never arrived: {key}")
        if (state == "stored") is not (filed[key] == 1):
            books.wrong.append(f"{state}, but filed {filed[key]} times: {key}")
    books.wrong += [f"at the sink, but no mail of ours: {key}" for key in at_sink if key not in states]
    uncleared = data.execute(
        "SELECT subject FROM messages WHERE status IN ('sending', 'sent', 'delivered', 'unknown')"
        " AND direction = 'outbound' AND digest NOT IN (ifnull(released_digest, ''), ifnull(approved_digest, ''))"
    )
    books.wrong += [f"left without approval: {row[0]}" for row in uncleared]


def _states(data: sqlite3.Connection) -> dict[Key, str]:
    rows = data.execute(
        "SELECT m.subject, d.address, d.status FROM deliveries d JOIN messages m ON m.id = d.message_id"
    )
    return {(subject, address): status for subject, address, status in rows}


def _of(states: dict[Key, str], token: str) -> list[str]:
    return [state for (one, _), state in states.items() if one == token]


def open_deliveries(plan: Plan) -> int:
    """How many deliveries are still to be made."""
    with sqlite3.connect(f"file:{plan.data / 'multimail.db'}?mode=ro", uri=True) as data:
        found = data.execute(
            "SELECT count(*) FROM deliveries WHERE status IN ('queued', 'claimed', 'sending')"
        )
        count: int = found.fetchone()[0]
    data.close()
    return count
