"""Address lists are read as they come, and nothing encoded can pass for an address."""

from __future__ import annotations

import pytest

from multimail.mime.mailboxes import read
from multimail.mime.model import Mailbox


def pairs(value: str, most: int = 100) -> list[tuple[str, str]]:
    return [(each.name, each.address) for each in read(value, set(), most)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a@b.c", [("", "a@b.c")]),
        ("<a@b.c>", [("", "a@b.c")]),
        ("Ann Example <a@b.c>", [("Ann Example", "a@b.c")]),
        ('"Example, Ann" <a@b.c>, c@d.e', [("Example, Ann", "a@b.c"), ("", "c@d.e")]),
        ("=?utf-8?Q?Example,_Ann?= <a@b.c>", [("Example, Ann", "a@b.c")]),
        ('"=?utf-8?Q?Miros=C5=82aw?=" <a@b.c>', [("Mirosław", "a@b.c")]),
        ("a@b.c (Ann Example)", [("Ann Example", "a@b.c")]),
        ("Team: a@b.c, Bo <b@b.c>; c@d.e", [("", "a@b.c"), ("Bo", "b@b.c"), ("", "c@d.e")]),
        ("undisclosed-recipients:;", []),
        ("Bob <b@x> Bobby <bobby@x>", [("Bob", "b@x"), ("Bobby", "bobby@x")]),
        ("a@b.c;c@d.e", [("", "a@b.c"), ("", "c@d.e")]),
        ("a@b.c c@d.e", [("", "a@b.c"), ("", "c@d.e")]),
        ("<test@dome.domain>,", [("", "test@dome.domain")]),
        ("<@relay.x,@y:a@b.c>", [("", "a@b.c")]),
        ("<mailto:a@b.c>", [("", "a@b.c")]),
        ("a @ b.c", [("", "a@b.c")]),
        ('"john doe"@example.com', [("", '"john doe"@example.com')]),
        ("root", [("", "root")]),
        ("jörg@bücher.example", [("", "jörg@bücher.example")]),
        ("user@[IPv6:2001:db8::1]", [("", "user@[IPv6:2001:db8::1]")]),
        ("<user@[IPv6:2001:db8::1]>", [("", "user@[IPv6:2001:db8::1]")]),
        ('"Unclosed <a@b.c>', [("Unclosed", "a@b.c")]),
        ("Ann (unclosed <a@b.c>", [("Ann unclosed", "a@b.c")]),
        ("<>", []),
        ("", []),
    ],
)
def test_a_list_gives_its_mailboxes(value: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(value) == expected


@pytest.mark.parametrize("value", ["Ann Example", "<a b@c@d>", "<" + "a" * 400 + "@b.c>", '<a"b@c>'])
def test_an_entry_without_a_usable_address_is_noted(value: str) -> None:
    problems: set[str] = set()
    read(value, problems, 100)
    assert problems == {"bad_address"}


def test_an_encoded_address_is_a_name_and_never_an_address() -> None:
    problems: set[str] = set()
    assert read("=?utf-8?Q?boss@corp.example?= <evil@x.example>", problems, 10) == (
        Mailbox("evil@x.example", "boss@corp.example"),
    )
    assert read("=?utf-8?Q?=3Cboss@corp.example=3E?=", problems, 10) == ()


def test_no_more_addresses_than_the_limit() -> None:
    problems: set[str] = set()
    assert len(read("a@b.c," * 1000, problems, 7)) == 7
    assert problems == {"too_many_addresses"}
