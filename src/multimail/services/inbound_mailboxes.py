"""Whose mail it is: from the address a peer named to a mailbox of this server."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from multimail.core import return_path
from multimail.core.addresses import normalise
from multimail.core.errors import Problem
from multimail.core.model import Mailbox
from multimail.ports.store import Tx


def mailbox_of(tx: Tx, address: str) -> Mailbox | None:
    """The mailbox that has this address, or has it without its plus tag: `agent+x@` is `agent@`.

    So is the keyed sender of its mail, which may itself end in a plus tag.
    """
    identity = normalise(return_path.plain(address))
    found = tx.mailboxes.by_address(identity)
    plain = _without_tag(identity)
    if found is None and plain != identity and not tx.mailboxes.address_taken(identity):
        found = tx.mailboxes.by_address(plain)
    return found


def taker(tx: Tx, address: str) -> Mailbox:
    """The mailbox that takes mail for this address; `not_found` when there is none.

    Where nothing leaves this machine, the mailbox that catches all takes what is addressed to nobody here. A
    closed mailbox takes nothing, and nobody takes its mail.
    """
    found = mailbox_of(tx, address)
    if found is None and not _was_closed(tx, address) and not _relays(tx):
        found = tx.mailboxes.catch_all()
    if found is None:
        raise Problem("not_found", "There is no such mailbox here.", field="recipient")
    return found


Found = tuple[tuple[Mailbox, tuple[str, ...]], ...]


class Routes:
    """Recipients to mailboxes within one transaction; each address is looked up once."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._boxes: dict[str, Mailbox | None] = {}

    def of(self, recipients: Iterable[str]) -> tuple[Found, tuple[str, ...]]:
        """The mailboxes with the addresses that lead to each, and the addresses that lead nowhere."""
        found: dict[str, tuple[Mailbox, list[str]]] = {}
        missing: list[str] = []
        for address in recipients:
            box = self._box(address)
            if box is None:
                missing.append(address)
            else:
                found.setdefault(box.id, (box, []))[1].append(address)
        return tuple((box, tuple(addressed)) for box, addressed in found.values()), tuple(missing)

    def _box(self, address: str) -> Mailbox | None:
        if address not in self._boxes:
            try:
                self._boxes[address] = taker(self._tx, address)
            except Problem:
                self._boxes[address] = None
        return self._boxes[address]


def is_own(box: Mailbox, address: str) -> bool:
    """Whether a normalised address is the mailbox's own, with or without a plus tag."""
    return _is_own(box.address, address)


@lru_cache(maxsize=4096)
def _is_own(own: str, address: str) -> bool:
    return normalise(own) in {address, return_path.plain(address), _without_tag(address)}


def _was_closed(tx: Tx, address: str) -> bool:
    identity = normalise(return_path.plain(address))
    return any(tx.mailboxes.address_taken(one) for one in {identity, _without_tag(identity)})


def _relays(tx: Tx) -> bool:
    known = tx.settings.get("server")
    return isinstance(known, dict) and known.get("transport") == "relay"


def _without_tag(identity: str) -> str:
    local, at, domain = identity.rpartition("@")
    name = local.partition("+")[0]
    return name + at + domain if name else identity
