"""Query, body, path and headers come together as the arguments of one operation; what disagrees is refused."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.requests import Request

from multimail.contract.contacts import ManageContacts, SearchContacts
from multimail.contract.reading import CheckInbox, DownloadAttachment, ReadEmail
from multimail.contract.registry import operation
from multimail.contract.reviews import ListPending
from multimail.contract.sending import CancelMessage, SendEmail
from multimail.core.errors import Problem
from multimail.surfaces.http.arguments import (
    WHOLE,
    WITH_FILES,
    WITHOUT,
    add_idempotency,
    canonical,
    fix,
    from_query,
    most,
    whole,
)


def asked(query: str = "", **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "query_string": query.encode("latin-1"), "headers": raw})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {}),
        ("limit=5&query=a+b", {"limit": "5", "query": "a b"}),
        ("tag=a&tag=b&tag=c", {"tag": ["a", "b", "c"]}),
        ("query=", {"query": ""}),
        ("query=%7Bno+object", {"query": "{no object"}),
        ('filters={"metadata.plan": "pro"}', {"filters": {"metadata.plan": "pro"}}),
        ("filters.metadata.plan=pro", {"filters": {"metadata.plan": "pro"}}),
        ("metadata.plan=pro&metadata.seats=2", {"filters": {"metadata.plan": "pro", "metadata.seats": "2"}}),
        ("last_contacted_before=2026-01-01", {"filters": {"last_contacted_before": "2026-01-01"}}),
        ("domain=example.org", {"domain": "example.org"}),
        ("no.such=1", {"no.such": "1"}),
    ],
)
def test_a_query_is_an_object(query: str, expected: dict[str, Any]) -> None:
    assert from_query(asked(query), operation("search_contacts")) == expected


def test_the_conditions_of_a_query_mean_what_the_contract_means() -> None:
    query = "filter.tags=spring&filter.has_replies=true&unread=false&limit=3&since=2026-03-01"

    found = CheckInbox.parse(from_query(asked(query), operation("check_inbox")))

    assert found.filter == {"tags": "spring", "has_replies": "true"}
    assert (found.unread, found.limit) == (False, 3)


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("query=%FF", "malformed", ""),
        ("&".join(f"a{number}=1" for number in range(201)), "malformed", ""),
        ("filters=x&filters.metadata.plan=pro", "contradiction", "filters.metadata.plan"),
    ],
)
def test_a_query_without_one_reading_is_refused(query: str, code: str, field: str) -> None:
    with pytest.raises(Problem) as caught:
        from_query(asked(query), operation("search_contacts"))

    assert (caught.value.code, caught.value.field) == (code, field)


def test_what_a_path_stands_for_takes_the_place_of_every_name_of_it() -> None:
    arguments = {"id": "msg_1", "email_id": None, "reason": "x"}

    fix(arguments, CancelMessage, {"message_id": "msg_1"}, "the path")

    assert arguments == {"message_id": "msg_1", "reason": "x"}


@pytest.mark.parametrize(
    ("arguments", "fixed"),
    [
        ({"id": "msg_2"}, {"message_id": "msg_1"}),
        ({"tag": "b"}, {"tags": ["a"]}),
        ({"limit": 2}, {"limit": True}),
    ],
)
def test_who_says_otherwise_than_the_path_is_refused(
    arguments: dict[str, Any], fixed: dict[str, Any]
) -> None:
    model = CancelMessage if "message_id" in fixed else CheckInbox

    with pytest.raises(Problem) as caught:
        fix(arguments, model, fixed, "the path")

    assert (caught.value.code, caught.value.field) == ("contradiction", next(iter(fixed)))


@pytest.mark.parametrize("given", ["again", '"again"'])
def test_the_header_is_the_idempotency_key(given: str) -> None:
    arguments: dict[str, Any] = {}

    add_idempotency(asked(idempotency_key=given), operation("send_email"), arguments)

    assert arguments == {"idempotency_key": "again"}


def test_two_headers_with_different_idempotency_keys_are_a_contradiction() -> None:
    raw = [(b"idempotency-key", b"a"), (b"idempotency-key", b"b")]
    request = Request({"type": "http", "query_string": b"", "headers": raw})

    with pytest.raises(Problem, match="contradiction"):
        add_idempotency(request, operation("send_email"), {})


def test_two_different_idempotency_keys_are_a_contradiction() -> None:
    with pytest.raises(Problem, match="contradiction"):
        add_idempotency(asked(idempotency_key="a"), operation("send_email"), {"idempotency_key": "b"})


@pytest.mark.parametrize("name", ["check_inbox", "tag_email", "cancel_message"])
def test_an_idempotency_key_is_not_needed_where_a_repeat_does_no_harm(name: str) -> None:
    arguments: dict[str, Any] = {}

    add_idempotency(asked(idempotency_key="a"), operation(name), arguments)

    assert arguments == {}


@pytest.mark.parametrize("name", ["create_mailbox", "release_message"])
def test_a_key_that_could_not_be_honoured_is_refused(name: str) -> None:
    with pytest.raises(Problem) as caught:
        add_idempotency(asked(idempotency_key="a"), operation(name), {})

    assert (caught.value.code, caught.value.field) == ("invalid", "Idempotency-Key")


def test_what_is_asked_for_where_nothing_is_said() -> None:
    assert whole(CheckInbox, rows=True) == {"limit": WHOLE}
    assert whole(ListPending, rows=True) == {"max_bytes": 1_048_576, "limit": 10_000}
    assert whole(ListPending, rows=False) == whole(ReadEmail, rows=True) == {"max_bytes": 1_048_576}
    assert whole(DownloadAttachment, rows=True) == {"max_bytes": 1_048_576}
    assert whole(CancelMessage, rows=True) == {}


def test_only_what_takes_files_takes_large_bodies() -> None:
    assert (most(SendEmail), most(CancelMessage)) == (WITH_FILES, WITHOUT)


def test_the_canonical_name_of_a_field() -> None:
    assert [canonical(ManageContacts, name) for name in ("tag", "id", "email", "none")] == [
        "tags", "contact_id", "email", "none",
    ]  # fmt: skip
    assert canonical(SearchContacts, "filter") == "filters"
