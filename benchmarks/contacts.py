"""Pages of a million contacts against a bare indexed SELECT of as many rows in the same file.

What is timed is what a caller waits for in the store: the rows, their tags and threads, made into contacts. The bare
one reads the same columns of the same table along an index that it was made for, and makes nothing of them.
"""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.plan import Plan
from benchmarks.table import Pair, Row
from multimail.adapters.store import dialect
from multimail.adapters.store.contacts import Contacts
from multimail.adapters.store.migrate import migrate
from multimail.adapters.store.schema import PRODUCT
from multimail.adapters.store.tx import Tx
from multimail.ports.contacts import ContactSearch

TARGET: Final = 3.0
_PAGE: Final = 50
_ASKED: Final = 60
_AT_A_DOMAIN: Final = 1_000
_IN_A_CITY: Final = 2_000
_NOON: Final = 1_772_452_800_000_000
_SPAN: Final = 10**14
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_INSERT: Final = """
    INSERT INTO contacts (id, address, domain, name, metadata, last_contacted, last_inbound, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_BARE: Final = (
    "SELECT id, address, domain, name, metadata, last_contacted, last_inbound, replied, interaction_count,"
    " latest_thread_id, created_at, hidden FROM contacts WHERE {where} ORDER BY {order} LIMIT 50"
)
_BARE_TAGGED: Final = (
    "SELECT c.* FROM tags t CROSS JOIN contacts c ON c.id = t.target"
    " WHERE t.kind = 'contact' AND t.tag = 'vip' AND t.target > ? ORDER BY t.target LIMIT 50"
)
_BY_WORDS: Final = "by parts of words"
"""Searches that no plain index could answer: only a report of what they take."""
Ask = Callable[[int], list[Any]]


def measure(plan: Plan) -> list[Row]:
    """Each kind of page, at different places of the list."""
    path = _filled(plan)
    inside = _NOON + plan.size.contacts * 4 // 5
    pairs: dict[str, list[Pair]] = {}
    for _ in range(plan.size.runs):
        for what, ours, bare in _kinds(path, inside):
            pairs.setdefault(what, []).append(_side_by_side(ours, bare))
    targets = {what: None if what.startswith(_BY_WORDS) else TARGET for what in pairs}
    return [Row(f"contacts: {what}", "us", found, at_most=targets[what]) for what, found in pairs.items()]


def _side_by_side(ours: Ask, bare: Ask) -> Pair:
    """One page of each in turn, so that both meet the same weather."""
    times: tuple[list[float], list[float]] = [], []
    for number in range(_ASKED):
        for ask, found in zip((ours, bare), times, strict=True):
            began = time.perf_counter()
            rows = ask(number)
            found.append(time.perf_counter() - began)
            if len(rows) != _PAGE:
                raise AssertionError(f"a page of {len(rows)}")
    return Pair(median(times[0]) * 1e6, median(times[1]) * 1e6)


@dataclass(frozen=True, slots=True)
class _File:
    """A connection each: on one, whoever comes second would find the pages that the first has just read."""

    own: Contacts
    connection: sqlite3.Connection
    places: list[str]

    def bare(self, where: str, values: Callable[[int], tuple[Any, ...]], order: str = "id") -> Ask:
        return self.select(_BARE.format(where=where, order=order), values)

    def select(self, sql: str, values: Callable[[int], tuple[Any, ...]]) -> Ask:
        return lambda number: self.connection.execute(sql, values(number)).fetchall()

    def ours(self, search: Callable[[int], dict[str, Any]]) -> Ask:
        return lambda number: self.own.search(ContactSearch(limit=_PAGE, **search(number)))


def _kinds(path: Path, inside: int) -> Iterator[tuple[str, Ask, Ask]]:
    connection, own = dialect.connect_reader(path), dialect.connect_reader(path)
    found = connection.execute(
        "SELECT id FROM contacts WHERE created_at < ? ORDER BY random() LIMIT ?", (inside, _ASKED)
    )
    file = _File(Contacts(Tx(own)), connection, [row[0] for row in found])
    yield from _by_what(file)
    yield from _by_words(file)
    yield from _by_time(file)
    connection.close()
    own.close()


def _by_what(file: _File) -> Iterator[tuple[str, Ask, Ask]]:
    places = file.places
    of_domain = file.bare("domain = ?", lambda n: (_domain(n),))
    of_a_third = file.bare("domain = ? AND id > ?", lambda n: ("big.example", places[n]))
    plan = {"metadata": (("plan", "pro"),)}
    yield "by domain", file.ours(lambda n: {"domain": _domain(n)}), of_domain
    yield (
        "by tag, one in ten",
        file.ours(lambda n: {"tags": ("vip",), "after_id": places[n]}),
        file.select(_BARE_TAGGED, lambda n: (places[n],)),
    )
    yield "by data, 2,000 of all", file.ours(lambda n: {"metadata": (("city", f"c{n % 50}"),)}), of_domain
    yield "by data, one in three", file.ours(lambda n: {"after_id": places[n]} | plan), of_a_third
    yield "by domain and data, one in three", file.ours(lambda n: {"domain": _domain(n)} | plan), of_domain
    yield (
        "by a domain of a third and data, one in three",
        file.ours(lambda n: {"domain": "big.example", "after_id": places[n]} | plan),
        of_a_third,
    )


def _by_words(file: _File) -> Iterator[tuple[str, Ask, Ask]]:
    bare = file.bare("id >= ?", lambda n: (file.places[n],))
    common = file.ours(lambda n: {"query": "son 5", "after_id": file.places[n]})
    yield f"{_BY_WORDS} that many have", common, bare
    yield f"{_BY_WORDS} that 2,000 of all have", file.ours(lambda n: {"query": f"use{n % 50:03}"}), bare


def _by_time(file: _File) -> Iterator[tuple[str, Ask, Ask]]:
    since = _SPAN // _ASKED
    bare = file.bare("last_inbound >= ?", lambda n: (_NOON + n * since,), "last_inbound, id")
    yield (
        "heard of since",
        file.ours(lambda n: {"last_inbound_after": _NOON + n * since, "order": "-inbound"}),
        bare,
    )
    yield (
        "written to since",
        file.ours(lambda n: {"last_contacted_after": _NOON + n * since, "order": "-contacted"}),
        bare,
    )
    yield (
        "not written to since",
        file.ours(lambda n: {"last_contacted_before": _NOON + (n + 1) * since, "order": "contacted"}),
        file.bare("coalesce(last_contacted, noted) IS NULL AND id > ?", lambda n: (file.places[n],)),
    )


def _domain(number: int) -> str:
    return f"d{number}.example"


def _filled(plan: Plan) -> Path:
    """A data file with so many contacts, every third at one domain and the others at a thousand."""
    path = plan.place / "contacts.db"
    path.touch()
    connection = dialect.connect(path)
    migrate(connection, path, PRODUCT)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    size, chance = plan.size.contacts, random.Random(1)
    for first in range(0, size, 20_000):
        people = [_person(number, size, chance) for number in range(first, min(first + 20_000, size))]
        _insert(connection, people, chance)
    while Contacts(Tx(connection)).index(20_000):
        pass
    connection.execute("COMMIT")
    connection.close()
    return path


def _insert(connection: sqlite3.Connection, people: list[tuple[Any, ...]], chance: random.Random) -> None:
    connection.executemany(_INSERT, people)
    tagged = [(person[0],) for person in people if chance.random() < 0.1]
    connection.executemany("INSERT INTO tags (kind, target, tag, at) VALUES ('contact', ?, 'vip', 0)", tagged)


def _person(number: int, size: int, chance: random.Random) -> tuple[Any, ...]:
    domain = _domain(number * 7_919 % (size // _AT_A_DOMAIN)) if number % 3 else "big.example"
    data = {
        "plan": chance.choice(("free", "pro", "team")),
        "city": f"c{chance.randrange(size // _IN_A_CITY)}",
        "seats": chance.randrange(100),
    }
    heard = _NOON + chance.randrange(_SPAN) if number % 4 == 0 else None
    written = _NOON + chance.randrange(_SPAN) if number % 5 == 0 else None
    return (
        _id(number, chance), f"person{number}@{domain}", domain,
        f"Person {number} of House{number % (size // _IN_A_CITY):03}", json.dumps(data), written, heard,
        _NOON + number, _NOON + number,
    )  # fmt: skip


def _id(number: int, chance: random.Random) -> str:
    """In the order of time, as ids are."""
    digits = ""
    for _ in range(8):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return f"contact_{digits}{''.join(chance.choices(_ALPHABET, k=6))}"
