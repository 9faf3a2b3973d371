"""The search language: what people write means what they expect, and what cannot be understood is said so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.errors import Problem
from multimail.core.query import (
    HAVES,
    KEYS,
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_TERMS,
    STATES,
    AllOf,
    AnyOf,
    Not,
    Query,
    Term,
    parse_query,
    print_query,
)
from multimail.core.times import DAY, HOUR, MINUTE

NOW = 1_767_225_600_000_000
"""2026-01-01T00:00:00Z"""

A, B, C = Term("from", "a"), Term("to", "b"), Term("text", "c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", AllOf()),
        ("   ", AllOf()),
        ("from:anna@example.org", Term("from", "anna@example.org")),
        ("FROM:a", A),
        ('from:"Anna Berg"', Term("from", "Anna Berg")),
        ("refund", Term("text", "refund")),
        ('"money back"', Term("text", "money back")),
        ("from:a OR to:b", AnyOf((A, B))),
        ("from:a to:b", AllOf((A, B))),
        ("from:a AND to:b", AllOf((A, B))),
        ("from:a OR to:b c", AllOf((AnyOf((A, B)), C))),
        ("from:a AND to:b OR c", AnyOf((AllOf((A, B)), C))),
        ("from:a AND (to:b OR c)", AllOf((A, AnyOf((B, C))))),
        ("-from:a", Not(A)),
        ("NOT from:a to:b", AllOf((Not(A), B))),
        ("-(from:a to:b)", Not(AllOf((A, B)))),
        ('--"c"', Not(Not(C))),
        ("(c)", C),
        ("or and not", AllOf((Term("text", "or"), Term("text", "and"), Term("text", "not")))),
        ("is:UNREAD", Term("is", "unread")),
        ("is:pending_approval has:attachments", AllOf((Term("is", "pending"), Term("has", "attachment")))),
        ("label:vip body:x", AllOf((Term("tag", "vip"), Term("text", "x")))),
        ("10:30", Term("text", "10:30")),
        ("https://example.org/a", Term("text", "https://example.org/a")),
        ("well-known", Term("text", "well-known")),
        ("thread:thread_01 id:msg_01", AllOf((Term("thread", "thread_01"), Term("id", "msg_01")))),
        ('"OR"', Term("text", "OR")),
    ],
)
def test_a_query_becomes_a_tree(text: str, tree: Query) -> None:
    assert parse_query(text, NOW) == tree


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("after:2026-01-01", NOW),
        ("since:20260102", NOW + DAY),
        ("after:2026-01-01T01:30:00Z", NOW + HOUR + 30 * MINUTE),
        ("after:2026-01-01t01:00:00+01:00", NOW),
        ("after:2026-01-01T00:00:00.000001", NOW + 1),
        ('after:"2026-01-01 01:00"', NOW + HOUR),
        ("newer_than:7d", NOW - 7 * DAY),
        ("after:2w", NOW - 14 * DAY),
        ("after:12h", NOW - 12 * HOUR),
        ("after:90m", NOW - 90 * MINUTE),
        ("after:1y", NOW - 365 * DAY),
    ],
)
def test_times_are_days_moments_or_relative(text: str, at: int) -> None:
    assert parse_query(text, NOW) == Term("after", at)


def test_times_at_the_ends_of_the_calendar_stay_printable() -> None:
    for text in ("before:99999y", "until:9999-12-31T23:59:59-14:00", "older_than:99999w"):
        query = parse_query(text, NOW)
        assert parse_query(print_query(query), NOW) == query


@pytest.mark.parametrize(
    ("text", "position", "what", "advice"),
    [
        ("form:a", 1, "unknown key form:", "from:"),
        ("c zzz:a", 3, "unknown key zzz:", "before:"),
        ("is:unred", 1, "unknown value 'unred' of is:", "unread"),
        ("has:zzz", 1, "unknown value 'zzz' of has:", "attachment, replies"),
        ("from:", 1, "from: without a value", "from:value"),
        ('subject:" "', 1, "subject: without a value", "two words"),
        ("from:(a OR b)", 1, "without a value", "from:value"),
        ("after:soon", 1, "'soon' is not a time", "7d"),
        ("after:2026-02-30", 1, "is not a time", "2026-03-01"),
        ("c OR", 3, "nothing after 'OR'", "leave it out"),
        ("OR c", 1, "'OR' where a term was expected", "in quotes"),
        ("c OR AND a", 6, "'AND' where a term was expected", "in quotes"),
        ("NOT", 1, "nothing after 'NOT'", "leave it out"),
        ("(c", 1, "never closed", "Close it"),
        ("c)", 2, "without an opening one", "Remove it"),
        ("(c OR )", 7, "')' where a term was expected", "Put a term"),
        ("c ()", 3, "empty parentheses", "Put a term"),
        ('c "open', 3, "a quote that is never closed", "late invoice"),
        ("c -", 3, "no letter or digit", "Leave it out"),
        ("tag:!!", 1, "no letter or digit", "Leave it out"),
        ("c\0", 2, "a control character", "Leave it out"),
        ("c \ud800", 3, "a control character", "Leave it out"),
        ("x" * (MAX_LENGTH + 1), MAX_LENGTH + 1, "longer than", "Ask for less"),
        ("c " * (MAX_TERMS + 1), 2 * MAX_TERMS + 1, "more than 50 terms", "Ask for less"),
        ("(" * (MAX_DEPTH + 1) + "c", MAX_DEPTH + 1, "nested deeper", "flatter"),
        ("-" * (MAX_DEPTH + 1) + "c", MAX_DEPTH + 1, "nested deeper", "flatter"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_place(
    text: str, position: int, what: str, advice: str
) -> None:
    with pytest.raises(Problem) as refusal:
        parse_query(text, NOW)

    problem = refusal.value
    assert (problem.code, problem.field) == ("invalid_query", "query")
    assert f"at character {position}: " in problem.message
    assert what in problem.message
    assert advice in problem.advice


def test_the_deepest_allowed_query_is_read() -> None:
    assert parse_query("(" * MAX_DEPTH + "c" + ")" * MAX_DEPTH, NOW) == C
    assert parse_query("c " * MAX_TERMS, NOW) == AllOf((C,) * MAX_TERMS)


PIECES = [
    "from:",
    "is:unread",
    "a",
    '"',
    "(",
    ")",
    "OR",
    "AND",
    "NOT",
    "-",
    "after:7d",
    ":",
    " ",
    "zz:",
    "\n",
]


@given(st.text(max_size=80) | st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))
def test_any_text_is_a_query_or_a_problem(text: str) -> None:
    try:
        query = parse_query(text, NOW)
    except Problem as refusal:
        code = refusal.code
    else:
        code = "invalid_query" if parse_query(print_query(query), NOW) == query else "not the same"

    assert code == "invalid_query"


WORDS = st.from_regex(r"[a-zß]{1,5}( [a-z]{1,3})?", fullmatch=True)
TERMS: st.SearchStrategy[Query] = st.one_of(
    st.builds(Term, st.sampled_from(sorted(KEYS - {"is", "has", "before", "after"})), WORDS),
    st.builds(Term, st.just("is"), st.sampled_from(sorted(STATES))),
    st.builds(Term, st.just("has"), st.sampled_from(sorted(HAVES))),
    st.builds(Term, st.sampled_from(["before", "after"]), st.integers(0, 2 * NOW)),
)


def _composed(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, parts) | st.builds(AllOf, several) | st.builds(AnyOf, several)


@given(st.recursive(TERMS, _composed, max_leaves=6))
def test_a_printed_query_parses_into_the_same_tree(query: Query) -> None:
    text = print_query(query)
    if len(text) <= MAX_LENGTH and text.count("(") + text.count("-") <= MAX_DEPTH:
        assert parse_query(text, NOW) == query
