"""Reading the relay's URL: what is taken, what is refused, and that the password stays unseen."""

from __future__ import annotations

import traceback

import pytest

from multimail.adapters.transport.relay_url import RelayAddress, Security, parse_relay_url
from multimail.core.errors import Problem


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("smtp://relay.test", RelayAddress("relay.test", 587, Security.STARTTLS)),
        ("smtps://relay.test", RelayAddress("relay.test", 465, Security.TLS)),
        ("smtp+insecure://127.0.0.1:2525", RelayAddress("127.0.0.1", 2525, Security.NONE)),
        (" smtp://relay.test:25/\n", RelayAddress("relay.test", 25, Security.STARTTLS)),
        ("smtp://u:p@relay.test", RelayAddress("relay.test", 587, Security.STARTTLS, "u", "p")),
        (
            "smtp://a%40b.test:p%2F%3A%23@r.test",
            RelayAddress("r.test", 587, Security.STARTTLS, "a@b.test", "p/:#"),
        ),
        ("smtps://u:p@[2001:db8::1]:466", RelayAddress("2001:db8::1", 466, Security.TLS, "u", "p")),
        ("smtp+insecure://u:p@localhost", RelayAddress("localhost", 25, Security.NONE, "u", "p")),
        ("smtp+insecure://u:p@[::1]:25", RelayAddress("::1", 25, Security.NONE, "u", "p")),
    ],
)
def test_a_url_says_host_port_security_and_sign_in(url: str, address: RelayAddress) -> None:
    assert parse_relay_url(url) == address


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("", "starts with none of"),
        ("relay.test:587", "starts with none of"),
        ("http://u:hunter2@relay.test", "starts with none of"),
        ("smtp://u:hunter2@", "names no host"),
        ("smtp://u:hunter2@relay.test:99999", "host or port"),
        ("smtp://u:hunter2@relay.test:0", "port is 0"),
        ("smtp://u:hunter2/x@relay.test", "host or port"),
        ("smtp://relay.test/hunter2", "after the port"),
        ("smtp://relay.test?hunter2", "after the port"),
        ("smtp://relay.test#hunter2", "after the port"),
        ("smtp://u:hunter2@[::1", "host or port"),
        ("smtp://hunter2@relay.test", "user without a password"),
        ("smtp://:hunter2@relay.test", "user without a password"),
        ("smtp://u:hunter2%0d@relay.test", "control character"),
        ("smtp://u:hunter2 @relay.test", "space or control"),
        ("smtp+insecure://u:hunter2@relay.test", "unencrypted"),
        ("smtp+insecure://u:hunter2@10.0.0.1", "unencrypted"),
    ],
)
def test_a_bad_url_is_refused_with_its_fault_and_without_its_text(url: str, complaint: str) -> None:
    with pytest.raises(Problem, match=complaint) as raised:
        parse_relay_url(url)
    assert (raised.value.code, raised.value.field) == ("invalid_setting", "relay")
    assert raised.value.advice.startswith("Write it as smtp://")
    shown = "".join(traceback.format_exception_only(raised.value)) + raised.value.advice
    assert "hunter2" not in shown
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_the_password_shows_neither_in_repr_nor_in_str() -> None:
    address = parse_relay_url("smtps://ann:hunter2@[::1]")
    assert str(address) == "[::1]:465 (TLS, signing in as ann)"
    assert "hunter2" not in repr(address)
