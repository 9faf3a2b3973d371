"""The index of letters in addresses and names of contacts: putting contacts into it, and asking it for candidates.

Whoever has a part of a word has all its threes of letters. The reverse need not hold, and three that fold to the same
need not be the same: what is found here is looked at again in the contact itself.
"""

from __future__ import annotations

from typing import Final

from multimail.adapters.store.tx import Tx

_THREE: Final = 3
_MOST: Final = 40
"""So many of them are asked for; more do not make fewer candidates."""
_AT_ONCE: Final = 1_000
_NEWEST: Final = "SELECT coalesce(max(seq), 0) FROM contacts"
_NUMBERED: Final = """
    UPDATE contacts SET seq = n.seq FROM (
        SELECT id, :newest + row_number() OVER (ORDER BY id) AS seq FROM
        (SELECT id FROM contacts INDEXED BY contacts_by_seq WHERE seq IS NULL ORDER BY id LIMIT :most)
    ) n WHERE contacts.id = n.id
"""
_INDEXED: Final = """
    INSERT INTO contact_letters (rowid, text)
    SELECT seq, address || char(10) || name FROM contacts WHERE seq > :newest ORDER BY seq
"""
_TAKEN_OUT: Final = """
    INSERT INTO contact_letters (contact_letters, rowid, text)
    SELECT 'delete', seq, text FROM letters_of_contacts_left ORDER BY seq LIMIT :most
"""
_DONE: Final = """
    DELETE FROM letters_of_contacts_left WHERE seq IN
    (SELECT seq FROM letters_of_contacts_left ORDER BY seq LIMIT :most)
"""
_FOUND: Final = "SELECT rowid FROM contact_letters WHERE contact_letters MATCH {match}"
_WAITING: Final = "FROM contacts w INDEXED BY contacts_by_seq WHERE w.seq IS NULL"


def waiting(tx: Tx) -> bool:
    """Whether `index` has anything to do."""
    some = f"SELECT EXISTS (SELECT 1 {_WAITING}) OR EXISTS (SELECT 1 FROM letters_of_contacts_left)"
    return bool(tx.value(some))


def index(tx: Tx, most: int) -> int:
    """Take so many contacts out of the index that went or were renamed, and only when none is left put so many into it:
    a number is given again once nothing stands under it. How many there were."""
    if gone := _forget(tx, most):
        return gone
    newest = tx.value(_NEWEST)
    done = tx.run(_NUMBERED, newest=newest, most=most)
    tx.run(_INDEXED, newest=newest)
    return done


def forget_all(tx: Tx) -> None:
    """Take everybody who went out of the index, which is to be merged in a later transaction."""
    while _forget(tx, _AT_ONCE):
        pass


def _forget(tx: Tx, most: int) -> int:
    """Take so many out of the index; how many there were."""
    if tx.value("SELECT 1 FROM letters_of_contacts_left LIMIT 1") is None:
        return 0
    tx.run(_TAKEN_OUT, most=most)
    return tx.run(_DONE, most=most)


def match(words: str) -> str:
    """The full-text query for contacts that may have all words; empty if every one of them is too short to ask."""
    found = dict.fromkeys(
        word[at : at + _THREE].lower()
        for word in words.replace("\0", " ").split()
        for at in range(len(word) - _THREE + 1)
    )
    return " ".join('"' + three.replace('"', '""') + '"' for three in list(found)[:_MOST])


def candidates(match: str, domains: list[str]) -> str:
    """Ids of contacts behind `:after` that may have what the parameter `match` asks for, or are at one of the domains,
    whose parameters are given; in the order of a page."""
    found = (
        f"SELECT w.id FROM ({_FOUND.format(match=match)}) l"
        " CROSS JOIN contacts w INDEXED BY contacts_by_seq ON w.seq = l.rowid WHERE w.id > :after"
    )
    ways = [found, f"SELECT w.id {_WAITING} AND w.id > :after"]
    ways += [
        f"SELECT w.id FROM contacts w INDEXED BY contacts_by_domain WHERE w.domain = {one} AND w.id > :after"
        for one in domains
    ]
    return f"{' UNION '.join(ways)} ORDER BY 1"


def places(match: str) -> str:
    """As many rows as there are candidates in all, which are faster counted than put into order."""
    return f"{_FOUND.format(match=match)} UNION ALL SELECT 1 {_WAITING}"
