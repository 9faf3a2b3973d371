"""A call becomes the bytes of a request and bytes become a result or an exception, without a socket."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest

from multimail.client import codec, errors, routes
from multimail.client.codec import Incoming, request_of, result_of, retry_after
from multimail.client.settings import Settings

SETTINGS = Settings("mm_key", "http://mail.example", 30.0, "desk@house.example")
PROBLEM = {
    "type": "http://mail.example/docs/errors#invalid", "title": "A field has a wrong value", "status": 422,
    "detail": "to: too short.", "code": "invalid", "field": "to", "advice": "Name one.", "retry": False,
    "cancelled": False,
}  # fmt: skip


def sent(route: Any, **given: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(request_of(route, given, SETTINGS).content)
    return found


def answered(status: int, content: Any, **headers: str) -> Incoming:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Incoming(status, headers, raw)


def test_a_call_is_a_post_of_its_arguments_with_the_key() -> None:
    outgoing = request_of(routes.GET_THREAD, {"thread_id": "thread_1", "limit": None}, SETTINGS)

    assert outgoing.url == "http://mail.example/v1/get_thread"
    assert json.loads(outgoing.content) == {"thread_id": "thread_1"}
    assert outgoing.headers["Authorization"] == "Bearer mm_key"
    assert outgoing.headers["Content-Type"] == "application/json"


def test_a_request_is_shown_without_the_key() -> None:
    assert "mm_key" not in repr(request_of(routes.LIST_KEYS, {}, SETTINGS))


def test_every_send_gets_a_key_of_its_own_and_keeps_one_that_was_given() -> None:
    first, second = (sent(routes.SEND_EMAIL, to="a@x.example")["idempotency_key"] for _ in range(2))

    assert first != second
    assert sent(routes.SEND_EMAIL, to="a@x.example", idempotency_key="mine")["idempotency_key"] == "mine"
    assert "idempotency_key" not in sent(routes.CREATE_MAILBOX, address="a@x.example")


def test_a_send_may_be_repeated_because_of_its_key() -> None:
    assert request_of(routes.SEND_EMAIL, {"to": "a@x.example"}, SETTINGS).repeatable
    assert not request_of(routes.EDIT_PENDING, {"message_id": "m"}, SETTINGS).repeatable


def test_the_clients_mailbox_is_meant_where_the_call_names_none() -> None:
    assert sent(routes.CHECK_INBOX)["mailbox"] == "desk@house.example"
    assert "mailbox" not in sent(routes.CHECK_INBOX, from_mailbox="other@house.example")
    # Whoever freezes without naming a mailbox means everything.
    assert sent(routes.FREEZE) == {}


def test_values_of_python_have_their_form_in_json() -> None:
    east = timezone(timedelta(hours=2))
    found = sent(
        routes.SEND_EMAIL, to=("a@x.example",), scheduled_at=datetime(2030, 1, 2, 3, 4, tzinfo=east),
        attachments=[{"filename": "a", "content": b"\x00\xff"}], tags={"b", "a"},
        metadata=MappingProxyType({"day": date(2030, 1, 2), "id": UUID(int=1), "text": "ä"}),
    )  # fmt: skip

    assert found["to"] == ["a@x.example"]
    assert found["scheduled_at"] == "2030-01-02T03:04:00+02:00"
    assert found["attachments"] == [{"filename": "a", "content": "AP8="}]
    assert found["tags"] == ["a", "b"]
    assert found["metadata"] == {"day": "2030-01-02", "id": str(UUID(int=1)), "text": "ä"}


def test_a_time_without_a_zone_is_refused_before_it_sends_at_the_wrong_hour() -> None:
    with pytest.raises(errors.Invalid, match="time zone") as caught:
        sent(routes.SEND_EMAIL, to="a@x.example", scheduled_at=datetime(2030, 1, 2))  # noqa: DTZ001

    assert caught.value.code == "invalid_time"


@pytest.mark.parametrize("value", [float("nan"), object(), {1, "a"}, {("a",): 1}, "\ud800"])
def test_what_json_cannot_say_is_refused(value: Any) -> None:
    with pytest.raises(errors.Invalid, match="cannot be written as JSON"):
        sent(routes.SEND_EMAIL, to="a@x.example", metadata={"x": value})


def test_a_wait_has_its_own_time_on_top_of_the_time_limit() -> None:
    def limit(route: Any, **given: Any) -> float:
        return request_of(route, given, SETTINGS).timeout

    assert limit(routes.CHECK_INBOX) == 30.0
    assert limit(routes.WAIT_FOR_EMAIL) == 60.0
    assert limit(routes.WAIT_FOR_EMAIL, timeout_seconds=5) == 35.0
    assert limit(routes.LIST_EVENTS) == 30.0
    assert limit(routes.LIST_EVENTS, timeout_seconds=25.0) == 55.0


def test_an_answer_is_the_operations_result() -> None:
    result = result_of(routes.CANCEL_MESSAGE, answered(200, {"message_id": "m", "cancelled": True}))

    assert type(result).__name__ == "CancelResult"
    assert result.cancelled is True


def test_a_problem_is_an_exception_with_all_it_says() -> None:
    with pytest.raises(errors.Invalid, match="to: too short") as caught:
        result_of(routes.CANCEL_MESSAGE, answered(422, PROBLEM))

    error = caught.value
    assert (error.code, error.status, error.field, error.advice) == ("invalid", 422, "to", "Name one.")
    assert error.problem == PROBLEM


def test_a_problem_of_a_newer_server_is_told_by_its_status() -> None:
    with pytest.raises(errors.RateLimited) as caught:
        result_of(
            routes.LIST_KEYS,
            answered(429, {"code": "too_fond", "title": "No", "retry": True}, **{"retry-after": "7"}),
        )

    assert (caught.value.code, caught.value.retry_after, caught.value.retry) == ("too_fond", 7.0, True)


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        (200, b"<html>Welcome</html>", errors.NotMultimail),
        (200, b"[]", errors.NotMultimail),
        (204, b"", errors.NotMultimail),
        (302, b"", errors.NotMultimail),
        (404, b"<html>Not found</html>", errors.NotMultimail),
        (400, b'{"code": 7}', errors.NotMultimail),
        (500, b"[" * 200_000, errors.NotMultimail),
        (401, b"", errors.Unauthenticated),
        (502, b"Bad gateway", errors.ServerFault),
        (503, b"\xff", errors.Unavailable),
        (504, b"", errors.Timeout),
    ],
)
def test_what_somebody_else_answers_is_said_with_a_piece_of_it(
    status: int, content: bytes, kind: type[errors.MultimailError]
) -> None:
    with pytest.raises(kind, match="base_url") as caught:
        result_of(routes.LIST_KEYS, answered(status, content))

    assert type(caught.value) is kind
    assert caught.value.status == status
    assert len(str(caught.value)) < 1_000


NOW = datetime(2030, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("3", 3.0),
        (" 120 ", 120.0),
        ("Tue, 01 Jan 2030 12:00:30 GMT", 30.0),
        ("Tue, 01 Jan 2030 11:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("²", None),
    ],
)
def test_the_servers_wish_is_read_in_both_of_its_forms(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


def test_no_wish_is_none() -> None:
    assert retry_after({}, NOW) is None
    assert codec.failure_of(answered(503, {"code": "busy"})).retry_after is None
