"""The HTTP library is asked for what the codec wants, and what it raises is told in our words."""

from __future__ import annotations

import httpx2
import pytest

from multimail.client.codec import Outgoing
from multimail.client.errors import ConnectionFailed, Timeout
from multimail.client.exchange import failure, options, received, sent
from multimail.client.settings import Settings

OUTGOING = Outgoing("http://x.example/v1/list_keys", {"a": "b"}, b"{}", 12.5, repeatable=True)


def test_a_server_on_this_machine_is_asked_directly_and_others_through_the_proxy_of_the_environment() -> None:
    here = options(Settings("mm_key", "http://127.0.0.1:8025"))
    there = options(Settings("mm_key", "https://mail.example"))

    assert (here["trust_env"], here["verify"]) == (False, False)
    assert (there["trust_env"], there["verify"]) == (True, True)


@pytest.mark.parametrize("url", ["https://127.0.0.1", "http://mail.example", "https://mail.example"])
def test_certificates_are_verified_wherever_they_may_be_met(url: str) -> None:
    assert options(Settings("mm_key", url))["verify"] is True


def test_redirects_are_not_followed_because_the_key_would_go_along() -> None:
    assert options(Settings("mm_key"))["follow_redirects"] is False


def test_a_request_has_the_time_of_its_call_and_less_to_connect() -> None:
    timeout = sent(OUTGOING)["timeout"]

    assert (timeout.read, timeout.connect) == (12.5, 10.0)


def test_an_answer_keeps_status_headers_of_any_case_and_bytes() -> None:
    incoming = received(httpx2.Response(429, headers={"Retry-After": "3"}, content=b"{}"))

    assert (incoming.status, incoming.headers["retry-after"], incoming.content) == (429, "3", b"{}")


@pytest.mark.parametrize("kind", [httpx2.ReadTimeout, httpx2.ConnectTimeout, httpx2.PoolTimeout])
def test_no_answer_in_time_is_a_timeout(kind: type[httpx2.TimeoutException]) -> None:
    error = failure(kind("slow"), OUTGOING)

    assert type(error) is Timeout
    assert "within 12.5 seconds" in str(error)
    assert "MULTIMAIL_TIMEOUT" in error.advice


@pytest.mark.parametrize("kind", [httpx2.ConnectError, httpx2.ReadError, httpx2.RemoteProtocolError])
def test_a_broken_connection_is_told_with_its_reason(kind: type[httpx2.TransportError]) -> None:
    assert "Connection refused" in str(failure(kind("Connection refused"), OUTGOING))
    assert kind.__name__ in str(failure(kind(""), OUTGOING))
    assert type(failure(kind("x"), OUTGOING)) is ConnectionFailed
    assert "list_keys: Gone. Is the server running?" in str(failure(kind("Gone."), OUTGOING))
