"""Addresses: one canonical form, no identity by accident, nothing that could end a header line."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.addresses import (
    Address,
    ascii_domain,
    domain_of,
    listed,
    matches,
    normalise,
    parse_address,
    parse_list,
    validate_pattern,
)
from multimail.core.errors import Problem

UMLAUT_DOMAIN = "xn--mnchen-3ya.de"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anna@example.org", Address("anna@example.org")),
        ("  anna@EXAMPLE.org ", Address("anna@example.org")),
        ("<anna@example.org>", Address("anna@example.org")),
        ("Anna Berg <Anna.B+x@Example.org>", Address("Anna.B+x@example.org", "Anna Berg")),
        ('"Berg, Anna" <anna@example.org>', Address("anna@example.org", "Berg, Anna")),
        ('"A \\"B\\" <x>" <anna@example.org>', Address("anna@example.org", 'A "B" <x>')),
        ("Anna (Sales) <anna@example.org>", Address("anna@example.org", "Anna (Sales)")),
        ("jörg@MÜNCHEN.de", Address(f"jörg@{UMLAUT_DOMAIN}")),
        ("a@MÜNCHEN。de", Address(f"a@{UMLAUT_DOMAIN}")),
        (f"a@{UMLAUT_DOMAIN.upper()}", Address(f"a@{UMLAUT_DOMAIN}")),
        ('"two words"@example.org', Address('"two words"@example.org')),
        ('"needless"@example.org', Address("needless@example.org")),
        ('"a@b" <"c \\\\ d"@example.org>', Address('"c \\\\ d"@example.org', "a@b")),
        ("root@localhost", Address("root@localhost")),
        ("a@my_container", Address("a@my_container")),
        ("a@[127.0.0.1]", Address("a@[127.0.0.1]")),
        ("a@[IPv6:0:0::1]", Address("a@[ipv6:::1]")),
        ("a@straße.de", Address("a@xn--strae-oqa.de")),
    ],
)
def test_an_address_is_read_into_its_canonical_form(text: str, expected: Address) -> None:
    assert parse_address(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("anna", "it has no @"),
        ("anna@", "domain after @ is missing"),
        ("@example.org", "before @ is missing"),
        ("a b@example.org", "before @ is malformed"),
        ("a@b@example.org", "before @ is malformed"),
        ("a..b@example.org", "before @ is malformed"),
        ("<@relay,@other:a@example.org>", "before @ is malformed"),
        ("a@example..org", "not a host name"),
        ("a@-example.org", "not a host name"),
        ("a@example.org.", "not a host name"),
        ("a@" + "x" * 64 + ".org", "not a host name"),
        ("a@☃.org", "no host name has"),
        ("a@ex\u200bample.org", "no host name has"),
        ("a@[300.1.1.1]", "literal is malformed"),
        ("a@[127.0.0.1", "literal is malformed"),
        ("a@[IPv6:zz]", "literal is malformed"),
        ("a@b.org\r\nBcc: c@d.org", "control characters"),
        ("a\0@b.org", "control characters"),
        ("Anna \u202e<a@b.org>", "control characters"),
        ("\ud800@b.org", "control characters"),
        ("a\ufffd@b.org", "damaged"),
        ("a\u200bb@b.org", "invisible characters"),
        ("a\u2003b@b.org", "invisible characters"),
        ("x" * 65 + "@example.org", "longer than 64 octets"),
        ("ü" * 33 + "@example.org", "longer than 64 octets"),
        ("a" * 20 + "@" + ".".join(["x" * 60] * 4), "longer than 254 octets"),
        ("a@" + ".".join(["x" * 60] * 5), "longer than 255 octets"),
        ("x" * 2001, "longer than 2000 characters"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(Problem) as refusal:
        parse_address(text, field="to")

    assert refusal.value.code == "invalid_address"
    assert refusal.value.field == "to"
    assert why in refusal.value.message
    assert refusal.value.message.isascii()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a@x.org, b@x.org", ["a@x.org", "b@x.org"]),
        ("a@x.org; b@x.org,", ["a@x.org", "b@x.org"]),
        ('"Doe, \\"J\\"; " <a@x.org>, <b@x.org>', ["a@x.org", "b@x.org"]),
        (["Doe, Jane <a@x.org>", "b@x.org, c@x.org"], ["a@x.org", "b@x.org", "c@x.org"]),
        (["A <a@x.org>, B <b@x.org>"], ["a@x.org", "b@x.org"]),
        ("a@x.org, A@X.ORG", ["a@x.org"]),
        ("", []),
        ([], []),
    ],
)
def test_recipients_come_as_one_string_or_a_list(value: str | list[str], expected: list[str]) -> None:
    assert [found.address for found in parse_list(value)] == expected


def test_one_bad_recipient_refuses_the_list() -> None:
    with pytest.raises(Problem, match="'nobody'"):
        parse_list("a@x.org, nobody", field="cc")


def test_identity_ignores_case_and_spelling_of_the_domain_only() -> None:
    assert normalise(" Anna.B+tag@Example.ORG ") == "anna.b+tag@example.org"
    assert normalise("Jörg@MÜNCHEN.de") == f"jörg@{UMLAUT_DOMAIN}"
    assert normalise('"anna"@x.org') == "anna@x.org"
    assert normalise("straße@x.org") != normalise("strasse@x.org")
    assert normalise("Ö no address") == "ö no address"


def test_a_kelvin_sign_does_not_pass_for_a_k() -> None:
    assert parse_address("\u212a@x.org").address == "K@x.org"


def test_the_domain_is_canonical() -> None:
    assert domain_of("a@MÜNCHEN.de") == UMLAUT_DOMAIN
    assert domain_of("nobody") == ""
    assert ascii_domain("EXAMPLE.org") == "example.org"


@pytest.mark.parametrize(
    ("pattern", "canonical"),
    [
        ("*", "*"),
        (" *@Example.org ", "@example.org"),
        ("@example.org", "@example.org"),
        ("example.org", "@example.org"),
        ("@localhost", "@localhost"),
        ("*@münchen.de", f"@{UMLAUT_DOMAIN}"),
        ("Anna@Example.org", "anna@example.org"),
        ("Anna <anna@example.org>", "anna@example.org"),
    ],
)
def test_a_list_entry_has_one_canonical_form(pattern: str, canonical: str) -> None:
    assert validate_pattern(pattern) == canonical
    assert validate_pattern(canonical) == canonical


@pytest.mark.parametrize(
    "pattern", ["", "anna", "*.example.org", "a*@example.org", "*@*", "@", "**", "a@b@c.org"]
)
def test_other_wildcards_are_refused(pattern: str) -> None:
    with pytest.raises(Problem) as refusal:
        validate_pattern(pattern, field="trusted")

    assert (refusal.value.code, refusal.value.field) == ("invalid_address", "trusted")
    assert not matches(pattern, "anna@example.org")


@pytest.mark.parametrize(
    ("pattern", "address", "covered"),
    [
        ("*", "anyone@anywhere.org", True),
        ("@example.org", "Anna@EXAMPLE.org", True),
        ("*@example.org", "anna@sub.example.org", False),
        ("example.org", "anna@notexample.org", False),
        ("anna@example.org", "ANNA@example.org", True),
        ("anna@example.org", "anna+x@example.org", False),
        ("anna@example.org", '"anna"@example.org', True),
        ("@example.org", '"x@example.org"@evil.org', False),
        ("@münchen.de", f"a@{UMLAUT_DOMAIN}", True),
    ],
)
def test_an_entry_covers_an_address_or_a_domain(pattern: str, address: str, covered: bool) -> None:
    assert matches(pattern, address) is covered


def test_an_empty_list_covers_nobody() -> None:
    assert not listed((), "anna@example.org")
    assert listed(("@x.org", "anna@example.org"), "Anna@example.org")


@given(
    st.text(max_size=60)
    | st.from_regex(r"[^@<>]{0,9}<?[a-zA-Zß-ü\"]{1,9}@[A-Za-zß-ü.]{1,20}>?", fullmatch=True)
)
def test_any_text_is_an_address_or_a_problem(text: str) -> None:
    try:
        found = parse_address(text)
    except Problem:
        return

    assert parse_address(found.address).address == found.address
    assert normalise(normalise(found.address)) == normalise(found.address)
    assert not any(unicodedata.category(char) == "Cc" for char in found.address + found.name)
    assert domain_of(found.address).isascii()
