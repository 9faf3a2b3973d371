"""Paths of MAIL and RCPT."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from aiosmtpd.smtp import SMTP
from hypothesis import given
from hypothesis import strategies as st

from multimail.surfaces.smtp.paths import Parsed, has_domain, split_path


def general(arg: str) -> Parsed:
    """The reading of the library that the server falls back to."""
    return SMTP._getaddr(SimpleNamespace(local_part_limit=0), arg)  # type: ignore[arg-type]  # its only attribute


def unread(arg: str) -> Parsed:
    raise AssertionError(f"not expected to be asked for {arg}")


@pytest.mark.parametrize(
    ("arg", "address", "rest"),
    [
        ("<ann@example.org>", "ann@example.org", ""),
        ("<ann+tag@example.org> SIZE=12  BODY=8BITMIME", "ann+tag@example.org", "SIZE=12  BODY=8BITMIME"),
        ("<jürgen@exämple.org> SMTPUTF8", "jürgen@exämple.org", "SMTPUTF8"),
        ("<a..b.@docomo.example>", "a..b.@docomo.example", ""),
    ],
)
def test_the_common_form_is_read_without_the_general_parser(arg: str, address: str, rest: str) -> None:
    assert split_path(arg, unread) == (address, rest)


@pytest.mark.parametrize(
    ("arg", "address"),
    [
        ("<>", "<>"),
        ("ann@example.org", "ann@example.org"),
        ('<"two words"@example.org>', '"two words"@example.org'),
        ("<@relay.example,@b.example:ann@example.org>", "ann@example.org"),
        ("<ann@[192.0.2.1]>", "ann@[192.0.2.1]"),
        ("<postmaster>", "postmaster"),
    ],
)
def test_rare_forms_are_read_too(arg: str, address: str) -> None:
    assert split_path(arg, general)[0] == address


@pytest.mark.parametrize(
    "arg",
    [
        "<",
        "<ann@example.org",
        "<a\x1b[2J@example.org>",
        '<"a\x07"@example.org>',
        "<a\udcff@example.org>",
        "<@>",
        "<,@b>",
    ],
)
def test_what_is_no_usable_address_is_none(arg: str) -> None:
    assert split_path(arg, general) == (None, None)


def test_an_overlong_address_is_none() -> None:
    assert split_path(f"<{'a' * 400}@example.org>", unread) == (None, None)


@given(st.text(st.characters(codec=None), max_size=40).map(lambda text: f"<{text}>") | st.text(max_size=40))
def test_no_argument_raises_or_lets_a_control_character_through(arg: str) -> None:
    address, _ = split_path(arg, general)
    assert address is None or not any(char < " " or "\ud800" <= char <= "\udfff" for char in address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [("ann@example.org", True), ("Postmaster", True), ("ann", False), ("@example.org", False), ("<>", False)],
)
def test_only_postmaster_needs_no_domain(address: str, *, expected: bool) -> None:
    assert has_domain(address) is expected
