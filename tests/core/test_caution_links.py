"""Links: where they really lead, and what is read on them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.caution import Caution
from multimail.core.caution_links import (
    COMPARED,
    Link,
    bare,
    clean,
    host_of,
    is_mismatch,
    links,
    oddity,
    scheme_of,
    shown_hosts,
    written,
)


def found(*pairs: tuple[str, str], known: tuple[str, ...] = ()) -> dict[str, Caution]:
    return {one.code: one for one in links([Link(*pair) for pair in pairs], known)}


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("https://example.com/a?b@c#d", "example.com"),
        ("HTTPS://EXAMPLE.com.:8443/", "example.com"),
        ("https://bank.com@evil.com", "evil.com"),
        ("https://bank.com\\@evil.com", "bank.com"),
        ("https:\\\\evil.com\\x", "evil.com"),
        ("https:/evil.com", "evil.com"),
        ("https:evil.com", "evil.com"),
        ("ht\ntps://ev\til.com", "evil.com"),
        ("//evil.com/x", "evil.com"),
        ("https://b%61nk.com", "bank.com"),
        ("https://ｂank.com", "bank.com"),
        ("https://раypal.com", "xn--ypal-43d9g.com"),
        ("https://[::1]:80/", "[::1]"),
        ("mailto:ann@Example.com?subject=x", "example.com"),
        ("mailto:", ""),
        ("javascript:alert(1)", ""),
        ("/relative", ""),
        ("", ""),
    ],
)
def test_the_host_is_the_one_that_a_browser_goes_to(target: str, host: str) -> None:
    assert host_of(target) == host


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("https://bank.com", "https://evil.com"),
        ("https://bank.com/login", "https://bank.com.evil.net/login"),
        ("https://paypal.com", "https://paypal.com@evil.com"),
        ("bank.com", "https://evil.com"),
        ("www.bank.com", "https://evil.com"),
        ("Log in at bank.com now", "https://evil.com"),
        ("b\u200bank.com", "https://evil.com"),
        ("bank。com", "https://evil.com"),
        ("ｂａｎｋ．ｃｏｍ", "https://evil.com"),
        ("paypal.com", "https://раypal.com"),
        ("ann@bank.com", "mailto:ann@evil.com"),
        ("ann@bank.com", "https://evil.com"),
        ("me.github.io", "https://you.github.io"),
        ("https://bank.com", "javascript:alert(1)"),
    ],
)
def test_a_text_that_names_another_host_is_a_mismatch(text: str, target: str) -> None:
    assert is_mismatch(Link(text, target))
    assert "link_mismatch" in found((text, target))


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("click here", "https://evil.com"),
        ("https://example.com/docs", "https://www.example.com/docs?x=1"),
        ("example.com", "https://click.example.com"),
        ("www.example.com", "http://example.com"),
        ("ann@example.com", "mailto:Ann@example.com?subject=Hi"),
        ("ann@example.com", "https://example.com/ann"),
        ("README.md", "https://github.com/x"),
        ("report.pdf", "https://files.example.com/1"),
        ("Node.js 20.1", "https://nodejs.org"),
        ("v1.2.3", "https://example.com"),
        ("e.g. this", "https://example.com"),
        ("müller.de", "https://xn--mller-kva.de"),
        ("", "https://example.com"),
        ("https://example.com", "https://example.com"),
    ],
)
def test_honest_texts_are_left_alone(text: str, target: str) -> None:
    assert not is_mismatch(Link(text, target))


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://127.0.0.1/", "http://[::1]/",
        "http://2130706433/", "http://0x7f000001/", "https://bank.com@evil.com", "https://bit.ly/x", "https://",
    ],
)  # fmt: skip
def test_odd_targets_say_why(target: str) -> None:
    assert oddity(target).endswith(".")
    assert "odd_link" in found(("here", target))


@pytest.mark.parametrize(
    "target", ["https://example.com/@ann", "mailto:ann@example.com", "tel:+49", "#top", "", "/x"]
)
def test_usual_targets_are_not_odd(target: str) -> None:
    assert oddity(target) == ""


def test_a_link_to_a_lookalike_names_what_it_looks_like() -> None:
    one = found(("Log in", "https://раypal.com/login"))["lookalike_link"]

    assert one.text == "Looks like paypal.com, and is not."
    assert one.where == ("раypal.com (xn--ypal-43d9g.com)",)
    assert "lookalike_link" in found(("x", "https://exampel.org"), known=("example.org",))
    assert found(("x", "https://example.org"), known=("example.org",)) == {}


def test_a_disguised_name_is_found_whatever_it_looks_like() -> None:
    assert "lookalike_link" in found(("x", "https://bаnkоfnowhere.com"))


def test_the_one_bad_link_is_found_behind_many_good_ones() -> None:
    good = [(f"s{number}.example.com", f"https://s{number}.example.com") for number in range(3_000)]

    assert "link_mismatch" in found(*good, ("bank.com", "https://evil.com"))


def test_more_hosts_than_are_compared_weigh_as_much_as_a_lookalike() -> None:
    many = [Link("x", f"https://h{number}.example.com") for number in range(COMPARED + 1)]

    assert [one.points for one in links(many, ())] == [50]
    assert list(links(many[:-1], ())) == []


def test_addresses_in_a_text_are_links_too() -> None:
    assert list(bare("See https://a.com/x, (http://b.com/y). HTTPS://c.com and ftp://d.com")) == [
        "https://a.com/x", "http://b.com/y", "HTTPS://c.com",
    ]  # fmt: skip


def test_links_are_read_as_they_are_written_though_they_become_none() -> None:
    source = (
        "```\n[bank.com](https://evil.com)\n```\n[x]( <https://y.org> 't') ![z](https://w.org/1.gif) [a]()"
    )

    assert [(one.text, one.target) for one in written(source)] == [
        ("bank.com", "https://evil.com"), ("x", "https://y.org"), ("z", "https://w.org/1.gif"),
    ]  # fmt: skip


@given(st.text(), st.text())
def test_every_link_has_an_answer(text: str, target: str) -> None:
    made = Link(text, target)

    assert is_mismatch(made) in {True, False}
    assert isinstance(host_of(target) + scheme_of(target) + oddity(target) + clean(text) + made.shown, str)
    assert all(isinstance(one, str) for one in (*shown_hosts(text), *bare(text)))


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30))), st.tuples(st.text(), st.text()))
def test_one_link_more_takes_no_finding_away(some: list[tuple[str, str]], one: tuple[str, str]) -> None:
    assert found(*some).keys() <= found(*some, one).keys()


@pytest.mark.parametrize(
    "piece", ["a", "a.", "a@", "www.", "http://", "-", "%", "@", "[", "\\", ".com ", "1."]
)
def test_long_texts_are_read_in_linear_time(piece: str) -> None:
    """In a time that grows with the square this would not end."""
    long = piece * (1_000_000 // len(piece))

    assert len(found((long, f"https://{long}"), *((one, one) for one in bare(long)))) <= 3
