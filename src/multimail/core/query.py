"""The search language of `check_inbox`: text in, a frozen tree out that a store turns into SQL.

    from:anna@example.org OR to:anna@example.org
    subject:"late invoice" is:unread after:2026-01-01 -tag:done
    (refund OR "money back") has:attachment newer_than:7d

`NOT`/`-` binds tightest, then `AND`, then `OR`; terms that merely stand side by side must all hold, and bind
loosest, as people know it from web mail: `from:a OR to:a is:unread` asks for unread mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NoReturn

from multimail.core.errors import Problem
from multimail.core.text import nearest
from multimail.core.times import DAY, HOUR, MINUTE, Micros, from_datetime, to_rfc3339

MAX_LENGTH: Final = 1_000
MAX_TERMS: Final = 50
MAX_DEPTH: Final = 10

TEXT: Final = "text"
"""The key of free text; its value is a word or a phrase to be found in bodies and subjects."""

STATES: Final = frozenset(
    "unread read archived deleted spam sent scheduled pending inbound outbound replied".split()
)
HAVES: Final = frozenset({"attachment", "replies"})
KEYS: Final = frozenset(
    {"from", "to", "cc", "subject", "tag", "is", "has", "before", "after", "thread", "id", TEXT}
)
_ALIASES: Final = {
    "body": TEXT,
    "label": "tag",
    "since": "after",
    "until": "before",
    "newer_than": "after",
    "older_than": "before",
    "thread_id": "thread",
    "message_id": "id",
}
_VALUES: Final = {"is": STATES, "has": HAVES}
_VALUE_ALIASES: Final = {"attachments": "attachment", "reply": "replies", "pending_approval": "pending"}
_UNITS: Final = {"m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY, "y": 365 * DAY}

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<open>\()|(?P<close>\))|(?P<minus>-(?=[^\s)]))"
    r'|(?P<key>[A-Za-z][A-Za-z_]{0,31}):(?!//)(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s()"]*))'
    r'|"(?P<phrase>[^"]*)"|(?P<word>[^\s()"]+)|(?P<stray>"))'
)
_RELATIVE: Final = re.compile(r"([0-9]{1,5})([mhdwy])")
_EARLIEST: Final = from_datetime(datetime.min.replace(tzinfo=UTC))
_LATEST: Final = from_datetime(datetime.max.replace(tzinfo=UTC))
_UNSEARCHABLE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. `value` is a moment for `before` and `after`, else text as typed; `is` and `has` are lower case.

    `before` is earlier than the moment, `after` is the moment or later; a day begins at 00:00 UTC.
    """

    key: str
    value: str | Micros


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    part: Query


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must hold; without parts it always does."""

    parts: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part must hold."""

    parts: tuple[Query, ...]


Query = Term | Not | AllOf | AnyOf


def parse_query(text: str, now: Micros) -> Query:
    """Read a query, or raise `invalid_query` with the position counted from 1. Empty text asks for everything.

    `now` is what relative times (`7d`) count back from.
    """
    if len(text) > MAX_LENGTH:
        _refuse(f"the query is longer than {MAX_LENGTH} characters", MAX_LENGTH, "Ask for less at once.")
    if control := _UNSEARCHABLE.search(text):
        _refuse("a control character", control.start(), "Leave it out.")
    return _Parser(_tokens(text), now).parse()


def print_query(query: Query) -> str:
    """The query as text that parses into the same tree, as far as the bounds of a query allow."""
    if isinstance(query, Term):
        return f"{query.key}:{_print_value(query.value)}"
    if isinstance(query, Not):
        return "-" + _grouped(query.part)
    return (" " if isinstance(query, AllOf) else " OR ").join(map(_grouped, query.parts))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    position: int
    text: str = ""
    key: str = ""


def _tokens(text: str) -> list[_Token]:
    found = []
    end = 0
    text = text.rstrip()
    while end < len(text):
        match = _TOKEN.match(text, end)
        assert match is not None  # the last alternatives take any character
        found.append(_token(match))
        end = match.end()
    return found


def _token(match: re.Match[str]) -> _Token:
    kind = next(name for name, group in match.groupdict().items() if group is not None)
    position = match.start(kind)
    if kind == "stray":
        _refuse("a quote that is never closed", position, 'Close it: "late invoice".')
    if kind == "key":
        value = match["bare"] if match["quoted"] is None else match["quoted"]
        return _Token(kind, position, value, match["key"])
    if kind == "word" and match[kind] in ("OR", "AND", "NOT"):
        return _Token(match[kind], position, match[kind])
    return _Token(kind, position, match[kind])


class _Parser:
    """Recursive descent over the tokens; depth and number of terms are bounded."""

    def __init__(self, tokens: list[_Token], now: Micros) -> None:
        self._tokens = tokens
        self._now = now
        self._next = 0
        self._terms = 0
        self._depth = 0

    def parse(self) -> Query:
        query = self._side_by_side()
        if (left := self._peek()) is not None:
            _refuse("a closing parenthesis without an opening one", left.position, "Remove it.")
        return query

    def _side_by_side(self) -> Query:
        parts = []
        while (token := self._peek()) is not None and token.kind != "close":
            parts.append(self._either())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _either(self) -> Query:
        parts = [self._both()]
        while self._take("OR"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _both(self) -> Query:
        parts = [self._negated()]
        while self._take("AND"):
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _negated(self) -> Query:
        token = self._take("minus") or self._take("NOT")
        if token is None:
            return self._single()
        self._deeper(token)
        query = Not(self._negated())
        self._depth -= 1
        return query

    def _single(self) -> Query:
        token = self._peek()
        if token is None:
            last = self._tokens[-1]
            _refuse(f"nothing after {last.text!a}", last.position, "Put a term there or leave it out.")
        if token.kind in ("OR", "AND", "close"):
            advice = f'Put a term before it, or write "{token.text}" in quotes to search for the word.'
            _refuse(f"{token.text!a} where a term was expected", token.position, advice)
        self._next += 1
        if token.kind == "open":
            return self._group(token)
        self._terms += 1
        if self._terms > MAX_TERMS:
            _refuse(f"more than {MAX_TERMS} terms", token.position, "Ask for less at once.")
        return _term(token, self._now)

    def _group(self, opened: _Token) -> Query:
        self._deeper(opened)
        query = self._side_by_side()
        self._depth -= 1
        if query == AllOf():
            _refuse("empty parentheses", opened.position, "Put a term between them.")
        if not self._take("close"):
            _refuse("a parenthesis that is never closed", opened.position, "Close it.")
        return query

    def _deeper(self, token: _Token) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            _refuse(f"nested deeper than {MAX_DEPTH}", token.position, "Write it flatter.")

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self, kind: str) -> _Token | None:
        token = self._peek()
        if token is None or token.kind != kind:
            return None
        self._next += 1
        return token


def _term(token: _Token, now: Micros) -> Term:
    if token.kind != "key":
        return _searchable(Term(TEXT, token.text.strip()), token)
    key = _ALIASES.get(token.key.lower(), token.key.lower())
    if key not in KEYS:
        known = nearest(key, KEYS | _ALIASES.keys()) or tuple(sorted(KEYS - {TEXT}))
        advice = (
            f"Known: {', '.join(name + ':' for name in known)}. To search for the text, put it in quotes."
        )
        _refuse(f"unknown key {token.key}:", token.position, advice)
    value = token.text.strip()
    if not value:
        _refuse(
            f"{token.key}: without a value",
            token.position,
            f'Write {token.key}:value or {token.key}:"two words".',
        )
    if key in ("before", "after"):
        return Term(key, _moment(value, now, token))
    if key in _VALUES:
        return Term(key, _choice(key, value.lower(), token))
    return _searchable(Term(key, value), token)


def _searchable(term: Term, token: _Token) -> Term:
    """Text without a letter or digit is in no search index: it would silently find nothing."""
    if not any(char.isalnum() for char in str(term.value)):
        _refuse(f"{token.text!a} has no letter or digit to search for", token.position, "Leave it out.")
    return term


def _choice(key: str, value: str, token: _Token) -> str:
    value = _VALUE_ALIASES.get(value, value)
    if value not in _VALUES[key]:
        known = nearest(value, _VALUES[key]) or tuple(sorted(_VALUES[key]))
        _refuse(f"unknown value {token.text!a} of {key}:", token.position, f"Known: {', '.join(known)}.")
    return value


def _moment(value: str, now: Micros, token: _Token) -> Micros:
    if relative := _RELATIVE.fullmatch(value):
        return max(now - int(relative[1]) * _UNITS[relative[2]], _EARLIEST)
    try:
        moment = datetime.fromisoformat(value.upper())
        at = from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        return min(max(at, _EARLIEST), _LATEST)
    except ValueError:
        advice = "Write 2026-03-01, 2026-03-01T12:00:00Z, or 7d for seven days ago."
        _refuse(f"{token.text!a} is not a time", token.position, advice)


def _print_value(value: str | Micros) -> str:
    return f'"{value}"' if isinstance(value, str) else to_rfc3339(value)


def _grouped(query: Query) -> str:
    text = print_query(query)
    return f"({text})" if isinstance(query, AllOf | AnyOf) else text


def _refuse(what: str, position: int, advice: str) -> NoReturn:
    message = f"The query cannot be understood at character {position + 1}: {what}."
    raise Problem("invalid_query", message, field="query", advice=advice, position=position + 1)
