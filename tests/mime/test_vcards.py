"""vCards as address books write them, and as we do: read back as they were, and total on what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.mime.vcards import Card, read, write

DATA: dict[str, Any] = {"plan": "x,y;z\n \\ é🙂", "n": [1, 2.5, None, True], "long": "x" * 300}


def card(*lines: str, end: str = "\r\n") -> Card | None:
    return read(end.join(("BEGIN:VCARD", *lines, "END:VCARD", "")))


def test_what_is_written_is_read_back_as_it_was() -> None:
    found = read(write("ann@x.example", "Ann  Smith, PhD", ["vip", "plan=pro", "a;b"], DATA))

    assert found is not None
    assert (found.addresses, found.name, found.tags) == (
        ("ann@x.example",),
        "Ann  Smith, PhD",
        ("vip", "plan=pro", "a;b"),
    )
    assert json.loads(found.data) == DATA


def test_who_has_no_name_is_called_by_the_address_and_has_none_still() -> None:
    text = write("ann@x.example", "", [], {})

    assert "FN:ann@x.example" in text
    assert read(text) == Card(("ann@x.example",))


def test_a_person_with_several_addresses_is_there_with_all_of_them() -> None:
    found = card(
        "VERSION:4.0", "FN:Bob", "EMAIL;PREF=1:bob@x.example", "item1.EMAIL:b2@x.example", "ORG:Acme;Sales",
        "TEL;VALUE=uri:tel:+1", "CATEGORIES:a,b", "TZ:Europe/Berlin",
    )  # fmt: skip

    assert found == Card(
        ("bob@x.example", "b2@x.example"), "Bob", ("a", "b"),
        details={"organization": "Acme Sales", "phone": "tel:+1", "timezone": "Europe/Berlin"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg", "VERSION:2.1"), "Jörg Müller"),
        (("VERSION:3.0", "N:Smith;Ann;;Dr.;"), "Dr. Ann Smith"),
        (("VERSION:3.0", "NICKNAME:Annie"), "Annie"),
        (("VERSION:3.0", "FN:Ann\\nSmith"), "Ann Smith"),
        (("VERSION:3.0",), ""),
    ],
)
def test_the_name_is_found_wherever_the_card_has_it(lines: tuple[str, ...], name: str) -> None:
    found = card(*lines, "EMAIL:j@x.example", end="\n")

    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("text", ["", "garbage", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "BEGIN:VCARD\n", "\0"])
def test_what_is_no_card_is_nobody(text: str) -> None:
    assert read(text) is None


@given(st.text(max_size=200))
def test_nothing_raises(text: str) -> None:
    card(text)
