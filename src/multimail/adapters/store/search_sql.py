"""From a search of mail to SQL: conditions with bound parameters, and which index a page is read along.

Only the names of states stand in the text itself, and only those of `core.lifecycle`; whatever a caller wrote is
a parameter. Every condition speaks about the alias `m` of `messages`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.core.lifecycle import HELD, HIDDEN_FROM_AGENTS, INBOUND, LEFT_OR_WILL, OUTBOUND
from multimail.core.query import TEXT, AllOf, Not, Query, Term
from multimail.ports.reading import MailSearch

WRITTEN: Final = "CASE t.value WHEN '' THEN t.tag ELSE t.tag || '=' || t.value END"
"""The tag `t` as a list shows it."""
_KNOWN: Final = OUTBOUND.states.keys() | INBOUND.states.keys()
_SHOWN: Final = LEFT_OR_WILL | {"unread", "read", "archived"}
_IS: Final[dict[str, frozenset[str]]] = {
    **{state: frozenset({state}) for state in ("unread", "read", "archived", "deleted", "spam", "scheduled")},
    "sent": frozenset({"sent", "delivered", "bounced"}),
    "pending": HELD | {"pending_inbound_approval"},
}
_FLAGS: Final = {
    "inbound": "m.direction = 'inbound'",
    "outbound": "m.direction = 'outbound'",
    "replied": "m.has_replies = 1",
    "attachment": "m.has_attachments = 1",
    "replies": "m.has_replies = 1",
}
_TAGGED: Final = (
    "(EXISTS (SELECT 1 FROM tags t WHERE t.kind = 'message' AND t.target = m.id AND {condition})"
    " OR EXISTS (SELECT 1 FROM tags t WHERE t.kind = 'thread' AND t.target = m.thread_id AND {condition}))"
)
_PEOPLE_TAGGED: Final = (
    "EXISTS (SELECT 1 FROM contacts c JOIN tags t ON t.kind = 'contact' AND t.target = c.id"
    " WHERE c.address IN (SELECT lower(m.sender) UNION ALL"
    " SELECT lower(r.address) FROM recipients r WHERE r.message_seq = m.seq) AND {condition})"
)


@dataclass(slots=True)
class Where:
    """Conditions that must all hold, and the values they are bound to."""

    parts: list[str] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any) -> str:
        """The placeholder of a value."""
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f":{name}"

    def add(self, part: str) -> None:
        self.parts.append(part)

    def text(self) -> str:
        return " AND ".join(self.parts) or "TRUE"


def states(names: Iterable[str], column: str = "m.status") -> str:
    """A condition on the state. Several are kept from the index by state, whose order is no page's order."""
    wanted = sorted(set(names))
    if not set(wanted) <= _KNOWN:
        raise ValueError("a state that no table has")
    if len(wanted) == 1:
        return f"{column} = '{wanted[0]}'"
    return f"+{column} IN ({', '.join(map(repr, wanted))})"


def visible(where: Where, see_held: bool) -> None:
    """What does not exist for agents: mail held from them and the server's own notices."""
    if not see_held:
        hidden = ", ".join(map(repr, sorted(HIDDEN_FROM_AGENTS)))
        where.add("m.held_from_agents = 0 AND m.class <> 'system'")
        where.add(f"NOT (m.direction = 'inbound' AND m.status IN ({hidden}))")


def in_mailboxes(where: Where, ids: Iterable[str] | None) -> None:
    """Only mail of these mailboxes; None is all of them. The plus keeps the index by mailbox out: its order would have
    to be sorted."""
    if ids is not None:
        bound = where.bind(dialect.json_list(ids)).removeprefix(":")
        where.add(f"+m.mailbox_id IN {dialect.in_list(bound)}")


def shown(see_held: bool, also: Iterable[str] = ()) -> str:
    """A condition: what a mailbox shows without being asked for particular states."""
    return states(_SHOWN | set(also) | ({"pending_inbound_approval"} if see_held else set()))


def conditions(search: MailSearch, where: Where) -> str:
    """Add what the search asks for, except for its mailboxes and its place in the list.

    Returns a full-text query that everything found must match, to read the page along; empty if there is none.
    """
    visible(where, search.see_held)
    if search.statuses:
        where.add(states(search.statuses))
    else:
        where.add(shown(search.see_held, named(search.query)))
    if search.exclude_statuses:
        where.add(f"NOT ({states(search.exclude_statuses)})")
    _fields(search, where)
    for tag in search.tags:
        where.add(_tagged(tag, where))
    for tag in search.exclude_tags:
        where.add(f"NOT {_tagged(tag, where)}")
        where.add(f"NOT {_PEOPLE_TAGGED.format(condition=tag_is(tag, where))}")
    return _query(search.query, where) if search.query is not None else ""


def _fields(search: MailSearch, where: Where) -> None:
    exact = {
        "m.direction =": search.direction,
        "m.has_replies =": search.has_replies,
        "m.has_attachments =": search.has_attachments,
        "m.created_at >=": search.since,
        "m.created_at <": search.until,
    }
    for comparison, value in exact.items():
        if value is not None:
            where.add(f"{comparison} {where.bind(value)}")
    if search.sender_contains:
        where.add(contains(("m.sender", "m.sender_name"), search.sender_contains, where))
    if search.to_contains:
        where.add(_recipient(contains(("r.address", "r.name"), search.to_contains, where)))
    if search.subject_contains:
        where.add(contains(("m.subject",), search.subject_contains, where))


def _query(query: Query, where: Where) -> str:
    parts = query.parts if isinstance(query, AllOf) else (query,)
    narrowing = [text for part in parts if (text := _necessary(part))]
    for part in parts:
        if not is_text(part):
            where.add(_condition(part, where))
    return " AND ".join(f"({text})" for text in narrowing)


def is_text(query: Query) -> bool:
    """Whether the full-text query for it says all of it."""
    if isinstance(query, Term):
        return query.key in (TEXT, "subject")
    return not isinstance(query, Not) and all(map(is_text, query.parts))


def is_whole(query: Query | None) -> bool:
    """Whether the conditions say all that is asked for, so that its full-text query only helps to find it."""
    parts = query.parts if isinstance(query, AllOf) else (query,)
    return not any(part is not None and is_text(part) for part in parts)


def _necessary(query: Query) -> str:
    """A full-text query without which the condition cannot hold; empty if there is none."""
    if isinstance(query, Term):
        return words(query)
    if isinstance(query, Not):
        return ""
    texts = [_necessary(part) for part in query.parts]
    if isinstance(query, AllOf):
        return " AND ".join(f"({text})" for text in texts if text)
    return " OR ".join(f"({text})" for text in texts) if all(texts) else ""


def words(term: Term) -> str:
    """The full-text query for a condition, as far as there is one; empty otherwise."""
    phrase = dialect.fts_query([str(term.value)])
    if term.key == TEXT:
        return phrase
    if term.key == "subject":
        return f"subject : {phrase}"
    if term.key in ("from", "to", "cc") and _is_address(str(term.value)):
        return f"people : {phrase}"
    return ""


def _condition(query: Query, where: Where) -> str:
    if is_text(query):
        found = where.bind(_necessary(query))
        return f"m.seq IN (SELECT rowid FROM search WHERE search MATCH {found})"
    if isinstance(query, Term):
        return term(query, where)
    if isinstance(query, Not):
        return f"NOT {_condition(query.part, where)}"
    joiner = " AND " if isinstance(query, AllOf) else " OR "
    return "(" + joiner.join(_condition(part, where) for part in query.parts) + ")"


def term(term: Term, where: Where) -> str:
    """A single condition about `m`, never one of words."""
    if term.key in ("is", "has"):
        name = str(term.value)
        return f"({_FLAGS.get(name) or states(_IS[name])})"
    if term.key in ("before", "after"):
        return f"m.created_at {'<' if term.key == 'before' else '>='} {where.bind(term.value)}"
    text = str(term.value)
    if term.key == "from":
        return person(("m.sender", "m.sender_name"), text, where)
    if term.key in ("to", "cc"):
        found = person(("r.address", "r.name"), text, where)
        return _recipient(found + (" AND r.kind = 'cc'" if term.key == "cc" else ""))
    if term.key == "tag":
        return _tagged(text, where)
    column = {"thread": "m.thread_id", "id": "m.id"}[term.key]
    return f"{column} = {where.bind(text)}"


def required(query: Query | None, key: str) -> list[Any]:
    """The values that a query asks for under a key, whatever else holds."""
    parts = query.parts if isinstance(query, AllOf) else (query,)
    return [part.value for part in parts if isinstance(part, Term) and part.key == key]


def named(query: Query | None) -> frozenset[str]:
    """The states that a query asks for by name."""
    if query is None or isinstance(query, Not):
        return frozenset()
    if isinstance(query, Term):
        return _IS.get(str(query.value), frozenset()) if query.key == "is" else frozenset()
    return frozenset().union(*map(named, query.parts))


def _is_address(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    return bool(local and domain)


def person(columns: tuple[str, str], text: str, where: Where) -> str:
    """A whole address means exactly that one, anything else a part of the address or name."""
    if _is_address(text):
        return f"{columns[0]} = {where.bind(text)} COLLATE NOCASE"
    return contains(columns, text, where)


def _recipient(condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM recipients r WHERE r.message_seq = m.seq AND {condition})"


def contains(columns: Iterable[str], text: str, where: Where) -> str:
    """Whether a column has the text in it.

    LIKE knows upper and lower case of ASCII only: other scripts are tried in their usual spellings.
    """
    literal = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    spellings = {literal} if text.isascii() else {literal, literal.lower(), literal.upper(), literal.title()}
    bound = [where.bind(f"%{spelling}%") for spelling in sorted(spellings)]
    return "(" + " OR ".join(f"{column} LIKE {one} ESCAPE '\\'" for column in columns for one in bound) + ")"


def _tagged(tag: str, where: Where) -> str:
    return _TAGGED.format(condition=tag_is(tag, where))


def tag_is(tag: str, where: Where) -> str:
    """`name=value` asks for the value as well."""
    name, equals, value = tag.partition("=")
    condition = f"t.tag = {where.bind(name)}"
    return condition + (f" AND t.value = {where.bind(value)}" if equals else "")
