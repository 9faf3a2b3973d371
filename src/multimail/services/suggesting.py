"""Completing a search: operators of the language, and tags, people and mailboxes that this principal sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, Literal

from multimail.contract.conversations import Suggestion, Suggestions, SuggestSearch
from multimail.core.query import HAVES, STATES
from multimail.ports.contacts import ContactSearch
from multimail.ports.reading import Sight
from multimail.ports.store import Tx
from multimail.services import access
from multimail.services.context import Call
from multimail.services.convert import shown

_MOST: Final = 12
_OF_A_KIND: Final = 6
_SHORTEST: Final = 2
"""So much of a person's name is typed before anybody is looked for."""
_WORD: Final = re.compile(r"(?:\A|(?<=[\s(]))(?P<minus>-?)(?:(?P<key>[A-Za-z_]+):)?(?P<value>[^\s\"():]*)\Z")
_QUOTED: Final = re.compile(r"(?:\A|(?<=[\s(]))(?P<minus>-?)(?:(?P<key>[A-Za-z_]+):)?\"(?P<value>[^\"]*)\Z")
OPERATORS: Final[dict[str, str]] = {
    "from:": "who sent it",
    "to:": "who it is for",
    "cc:": "who got a copy",
    "subject:": "words of the subject",
    "tag:": "a tag of the mail or its conversation",
    "is:": "a state, such as is:unread",
    "has:": "has:attachment, has:replies",
    "after:": "from a day on, such as after:2026-03-01 or after:7d",
    "before:": "before a day",
    "newer_than:": "no older than, such as newer_than:7d",
    "older_than:": "older than, such as older_than:30d",
    "OR": "one or the other",
}
_VALUES: Final = {"is": sorted(STATES), "has": sorted(HAVES)}
_TIMES: Final = {"after": ("1d", "7d", "30d"), "newer_than": ("1d", "7d", "30d"),
                 "before": ("7d", "30d"), "older_than": ("7d", "30d")}  # fmt: skip
_PEOPLE: Final = frozenset({"from", "to", "cc"})
Kind = Literal["operator", "tag", "person", "mailbox"]


def suggest_search(tx: Tx, call: Call, request: SuggestSearch) -> Suggestions:
    """What the last word of the text may be meant to become."""
    boxes = access.mailbox_ids(tx, call.principal, request.mailbox)
    found = (_QUOTED if request.text.count('"') % 2 else _WORD).search(request.text)
    if found is None:
        return Suggestions(suggestions=[])
    before = request.text[: found.start()] + found["minus"]
    key, value = (found["key"] or "").lower(), found["value"]
    offered = _completed(tx, call, boxes, key, value) if key else _begun(tx, call, boxes, value)
    made = {f"{before}{word}": (kind, label) for kind, word, label in offered}
    found_all = [Suggestion(kind=kind, insert=insert, label=label) for insert, (kind, label) in made.items()]
    return Suggestions(suggestions=found_all[:_MOST])


_Offer = tuple[Kind, str, str]


def _begun(tx: Tx, call: Call, boxes: tuple[str, ...] | None, word: str) -> Iterator[_Offer]:
    """Nothing but a word, or nothing at all: any operator, a tag or a person."""
    lowered = word.lower()
    for name, meaning in OPERATORS.items():
        if name.lower().startswith(lowered):
            yield "operator", name, meaning
    if len(word) >= _SHORTEST:
        yield from _tags(tx, call, boxes, word)
        yield from _people(tx, call, boxes, "from", word)


def _completed(tx: Tx, call: Call, boxes: tuple[str, ...] | None, key: str, value: str) -> Iterator[_Offer]:
    if key in _VALUES or key in _TIMES:
        for one in _VALUES.get(key) or _TIMES[key]:
            if one.startswith(value.lower()):
                yield "operator", f"{key}:{one}", f"{key}:{one}"
    elif key in ("tag", "label"):
        yield from _tags(tx, call, boxes, value)
    elif key in _PEOPLE:
        yield from _mailboxes(tx, boxes, key, value)
        yield from _people(tx, call, boxes, key, value)


def _tags(tx: Tx, call: Call, boxes: tuple[str, ...] | None, beginning: str) -> Iterator[_Offer]:
    see_held = not call.principal.is_agent
    for name in tx.conversations.tags(beginning.lower(), boxes, see_held, _OF_A_KIND):
        yield "tag", f"tag:{quoted(name)}", shown(name)


def _mailboxes(tx: Tx, boxes: Iterable[str] | None, key: str, beginning: str) -> Iterator[_Offer]:
    known = tx.mailboxes.all(None if boxes is None else list(boxes))
    fitting = (box for box in known if box.address.lower().startswith(beginning.lower()))
    for box in islice(fitting, _OF_A_KIND):
        yield "mailbox", f"{key}:{box.address}", shown(box.display_name) or box.address


def _people(tx: Tx, call: Call, boxes: tuple[str, ...] | None, key: str, beginning: str) -> Iterator[_Offer]:
    if len(beginning) < _SHORTEST:
        return
    sight = Sight(boxes, see_hidden=not call.principal.is_agent)
    for one in tx.contacts.search(ContactSearch(sight, query=beginning, limit=_OF_A_KIND)):
        label = f"{shown(one.name)} <{shown(one.address)}>" if one.name else shown(one.address)
        yield "person", f"{key}:{quoted(one.address)}", label


def quoted(value: str) -> str:
    """A value as the language reads it back."""
    return f'"{value}"' if re.search(r'[\s()"]', value) or not value else value
