"""Wrong inputs over HTTP and the Python client: each a problem that says what and where, and nothing has changed."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator
from typing import Any, Final

import pytest

import multimail
from tests.e2e.test_wrong_inputs import MAIL, OTHERS, SENDING, House
from tests.support.account import account
from tests.support.program import LIMIT_S, resident_of, serving

JSON: Final = "Content-Type: application/json\r\n"
SEND: Final = "POST /v1/send_email"
GOOD: Final = json.dumps(MAIL).encode()
TEXT: Final = "Content-Type: text/plain\r\n"
WIRE: Final[tuple[tuple[str, str, str, bytes, int, str], ...]] = (
    ("no type", SEND, "", GOOD, 415, "unsupported_media_type"),
    ("text", SEND, TEXT, GOOD, 415, "unsupported_media_type"),
    ("form", SEND, "Content-Type: application/x-www-form-urlencoded\r\n", b"to=a", 415, "unsupported_media_type"),
    ("utf-16", SEND, "Content-Type: application/json; charset=utf-16\r\n", GOOD, 415, "unsupported_media_type"),
    ("gzip", SEND, f"{JSON}Content-Encoding: gzip\r\n", gzip.compress(GOOD), 415, "unsupported_media_type"),
    ("half an object", SEND, JSON, GOOD[:-1], 400, "malformed"),
    ("nothing", SEND, JSON, b"", 400, "malformed"),
    ("a list", SEND, JSON, b"[1]", 400, "malformed"),
    ("NaN", SEND, JSON, GOOD[:-1] + b', "metadata": {"a": NaN}}', 400, "malformed"),
    ("two names", SEND, JSON, GOOD[:-1] + b', "to": "eve@out.test"}', 400, "malformed"),
    ("no UTF-8", SEND, JSON, b'{"to": "\xff"}', 400, "malformed"),
    ("nested", SEND, JSON, b'{"metadata":' + b"[" * 50_000 + b"]" * 50_000 + b"}", 400, "malformed"),
    ("half a pair", SEND, JSON, GOOD[:-1] + b', "reply_to": "a\\ud800@out.test"}', 422, "invalid_address"),
    ("a long number", "POST /v1/check_inbox", JSON, b'{"limit": ' + b"9" * 5000 + b"}", 400, "malformed"),
    ("yes", "POST /v1/check_inbox", JSON, b'{"limit": true}', 422, "invalid"),
    ("two keys", SEND, f"{JSON}Idempotency-Key: a\r\nIdempotency-Key: b\r\n", GOOD, 422, "contradiction"),
    ("arguments apart", "POST /v1/send_email?to=eve@out.test", JSON, GOOD, 422, "invalid"),
    ("a write", "GET /v1/send_email?to=eve@out.test", "", b"", 405, "method_not_allowed"),
    ("a method", "BREW /v1/send_email", "", b"", 405, "method_not_allowed"),
    ("a path", "GET /v1/messages/..%2F..%2Fetc", "", b"", 404, "not_found"),
    ("a folder", "GET /v1/messages/../keys", "", b"", 404, "unknown_operation"),
    ("NUL", "GET /v1/messages/%00/raw", "", b"", 404, "not_found"),
    ("no percent", "GET /v1/messages/msg_%ff", "", b"", 404, "unknown_operation"),
    ("long", f"GET /v1/messages/{'a' * 20_000}", "", b"", 404, "unknown_operation"),
    ("a query", "GET /v1/check_inbox?mailbox=%ff", "", b"", 400, "malformed"),
    ("many", f"GET /v1/check_inbox?{'&'.join(f'a{n}=1' for n in range(300))}", "", b"", 400, "malformed"),
    ("a place", "GET /v1/events", "Last-Event-ID: evt_99999999999999999999\r\n", b"", 422, "invalid_cursor"),
    ("a mailbox", "GET /v1/mailboxes/nobody@here.test", "", b"", 404, "not_found"),
    ("a file name", "POST /v1/uploads?filename=a%0d%0ab", TEXT, b"x", 422, "header_injection"),
    ("another's key", SEND, f"{JSON}X-API-Key: mm_other\r\n", GOOD, 401, "unauthenticated"),
)  # fmt: skip
LENGTHS: Final[tuple[tuple[str, bytes, int], ...]] = (
    ("Content-Length: 99999999999\r\n", b"{", 413),
    ("Content-Length: 5\r\n", GOOD, 400),
    ("Content-Length: -5\r\n", GOOD, 400),
    ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n", 400),
    ("Transfer-Encoding: chunked\r\n", b"zz\r\n{}\r\n0\r\n\r\n", 400),
    ("Expect: 100-continue\r\nContent-Length: 99999999999\r\n", b"", 413),
)
NOT_HERE: Final = frozenset({"send_mail"})
"""The client has no method of this name."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    data = tmp_path_factory.mktemp("wrong") / "data"
    keys = account(data, {MAIL["mailbox"]: {}}, "agent")
    with serving(data) as server:
        server.until("Ctrl-C")
        yield House(data, server, keys)


@pytest.fixture
def unchanged(house: House) -> Iterator[House]:
    """Whatever happens meanwhile, the tables are as before and the server is there."""
    with multimail.Client(house.keys["agent"], resident_of(house.data).base_url) as client:
        client.list_mailboxes()
        before = house.rows()
        yield house
        client.list_mailboxes()
    assert house.rows() == before


def said(house: House, head: str, body: bytes) -> tuple[int, str]:
    """Status and body of the answer to these very bytes."""
    port = resident_of(house.data).http_port
    about = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {house.keys['agent']}\r\nConnection: close\r\n"
    line, _, more = head.partition("\r\n")
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT_S) as wire:
        wire.sendall(f"{line} HTTP/1.1\r\n{about}{more}\r\n".encode("latin-1") + body)
        with wire.makefile("rb") as answer:
            status = int(answer.readline().split()[1])
            return status, answer.read().partition(b"\r\n\r\n")[2].decode()


def test_requests_that_are_wrong_on_the_wire_are_problems(unchanged: House) -> None:
    told = {}
    for name, line, headers, body, status, code in WIRE:
        length = f"Content-Length: {len(body)}\r\n" if body or headers else ""
        got, text = said(unchanged, f"{line}\r\n{headers}{length}", body)
        problem = json.loads(text)
        told[name] = (got, problem["code"], problem["status"], bool(problem.get("advice")))
        assert told[name] == (status, code, status, True), name


@pytest.mark.parametrize(("lengths", "body", "status"), LENGTHS)
def test_bodies_that_lie_about_their_length_end_with_their_connection(
    unchanged: House, lengths: str, body: bytes, status: int
) -> None:
    assert said(unchanged, f"{SEND}\r\n{JSON}{lengths}", body)[0] == status


def test_what_is_wrong_is_an_exception_with_code_field_and_advice(unchanged: House) -> None:
    calls = [("send_email", MAIL | given, code, field) for given, code, field in SENDING]
    told = {}
    with multimail.Client(unchanged.keys["agent"], resident_of(unchanged.data).base_url, retries=0) as client:
        for name, arguments, code, field in (*calls, *OTHERS):
            if name not in NOT_HERE:
                told[name, code, field] = outcome(getattr(client, name), arguments)

    assert told == {key: key[1:] for key in told}


def outcome(method: Any, arguments: dict[str, Any]) -> tuple[str, str]:
    try:
        method(**arguments)
    except multimail.errors.MultimailError as error:
        return error.code, error.field
    return "", ""
