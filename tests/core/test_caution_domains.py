"""Domains that can be taken for others, and the many that cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.caution_domains import (
    WELL_KNOWN,
    host_in_ascii,
    is_disguised,
    neighbours,
    readable,
    registrable,
    resembles,
    same_owner,
    skeleton,
)

LETTERS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=6, max_size=20)


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("paypa1.com", "paypal.com"),
        ("раураl.com", "paypal.com"),
        ("ρaypal.com", "paypal.com"),
        ("paypał.com", "paypal.com"),
        ("rnicrosoft.com", "microsoft.com"),
        ("micros0ft.com", "microsoft.com"),
        ("rnicr0s0ft.com", "microsoft.com"),
        ("goggle.com", "google.com"),
        ("gooogle.com", "google.com"),
        ("googel.com", "google.com"),
        ("gogle.com", "google.com"),
        ("google.co", "google.com"),
        ("login.paypa1.com", "paypal.com"),
        ("paypal.com.evil.net", "paypal.com"),
        ("paypal-com.evil.net", "paypal.com"),
        ("www.paypal.com.secure.evil.co.uk", "paypal.com"),
    ],
)
def test_a_lookalike_is_known_by_what_it_looks_like(host: str, known: str) -> None:
    assert resembles(host_in_ascii(host), WELL_KNOWN) == known


@pytest.mark.parametrize(
    "host",
    ["paypal.com", "www.paypal.com", "example.com", "github.io", "müller.de", "google.de", "hp.com", "x.y.z", "", ".",
     "amazon.co.uk", "nootherlike.com", "xn--", "[127.0.0.1]"],
)  # fmt: skip
def test_honest_names_resemble_nothing(host: str) -> None:
    assert resembles(host_in_ascii(host), WELL_KNOWN) == ""


def test_a_name_in_several_countries_is_no_lookalike() -> None:
    assert resembles("example.dk", ["example.de"]) == ""
    assert "example.de" not in set(neighbours("example.dk"))
    assert resembles("exampel.dk", ["example.dk"]) == "example.dk"


@pytest.mark.parametrize("host", ["раypal.com", "аррӏе.com", "gооgle.com", "paypaɩ.com", "bankо.de"])
def test_letters_of_another_script_are_a_disguise(host: str) -> None:
    assert is_disguised(host_in_ascii(host))


@pytest.mark.parametrize(
    "host",
    [
        "paypal.com",
        "müller.de",
        "łódź.pl",
        "пример.com",
        "нора.рф",
        "日本カー.jp",
        "한국a.kr",
        "smørrebrød.dk",
    ],
)
def test_a_name_in_its_own_script_is_none(host: str) -> None:
    assert not is_disguised(host_in_ascii(host))


@given(LETTERS, st.integers(0, 30), st.sampled_from("abcz09-"))
def test_neighbours_and_resembling_agree_on_one_letter(name: str, place: int, letter: str) -> None:
    known, at = f"{name}.com", place % len(name)
    for other in (
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
    ):
        host = f"{other}.com"
        if host != known and len(other) > 5:
            assert known in set(neighbours(host))
            assert resembles(host, [known]) == known


@given(LETTERS, LETTERS)
def test_what_resembles_is_among_the_neighbours(one: str, other: str) -> None:
    if resembles(f"{one}.com", [f"{other}.com"]):
        assert f"{other}.com" in set(neighbours(f"{one}.com"))


def test_who_owns_a_host() -> None:
    assert registrable("a.b.example.co.uk") == "example.co.uk"
    assert registrable("me.github.io") == "me.github.io"
    assert same_owner("www.example.com", "example.com")
    assert not same_owner("me.github.io", "you.github.io")
    assert not same_owner("example.com", "example.com.evil.net")


@given(st.text(max_size=300))
def test_every_text_has_an_answer(text: str) -> None:
    host = host_in_ascii(text)

    assert isinstance(readable(host) + skeleton(host) + resembles(host, WELL_KNOWN), str)
    assert is_disguised(host) in {True, False}
    assert all(isinstance(one, str) for one in neighbours(text))
    assert is_disguised(f"xn--{text}.com") in {True, False}


def test_a_name_of_many_digits_has_few_neighbours() -> None:
    assert sum(1 for _ in neighbours("0" * 63 + ".com")) < 10_000
