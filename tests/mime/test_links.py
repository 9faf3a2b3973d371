"""The links of a mail: where they truly lead, and whether their text says otherwise."""

from __future__ import annotations

import pytest

from multimail.core import caution_links
from multimail.mime.links import MOST, Link, links


def one(html: str) -> Link:
    [found] = links(html, "")
    return found


def test_links_of_the_html_come_in_order_each_once() -> None:
    html = "<a href='https://a.example/'>A</a><a href='mailto:b@b.example'>B</a><a href='https://a.example/'>A</a>"

    assert [
        (each.text, each.href, each.scheme, each.host) for each in links(html, "https://not.example")
    ] == [
        ("A", "https://a.example/", "https", "a.example"),
        ("B", "mailto:b@b.example", "mailto", "b.example"),
    ]


def test_without_html_the_addresses_in_the_text_are_the_links() -> None:
    found = links("", "Look at https://a.example/x?y=1. Or (http://b.example/).")

    assert [each.href for each in found] == ["https://a.example/x?y=1", "http://b.example/"]
    assert not any(each.mismatch for each in found)


@pytest.mark.parametrize(
    ("href", "host"),
    [
        ("https://bank.example@evil.example/x", "evil.example"),
        ("https:\\\\evil.example\\@bank.example", "evil.example"),
        ("ht\ntps://e\tvil.example", "evil.example"),
        ("HTTPS://EVIL.example:8443/", "evil.example"),
        ("//evil.example/x", "evil.example"),
        ("https:///evil.example", "evil.example"),
        ("https:evil.example", "evil.example"),
        ("javascript:alert(1)", ""),
        ("https://[::1]/", "[::1]"),
        ("https://[", ""),
        ("/here", ""),
    ],
)
def test_the_host_is_where_a_browser_would_go(href: str, host: str) -> None:
    assert one(f'<a href="{href}">x</a>').host == host


@pytest.mark.parametrize(
    ("text", "shown", "mismatch"),
    [
        ("bank.com", "bank.com", True),
        ("https://bank.example/login", "bank.example", True),
        ("www.evil.com", "www.evil.com", False),
        ("evil.com/path", "evil.com", False),
        ("login.evil.com", "login.evil.com", False),
        ("ann@bank.example", "bank.example", True),
        ("Sign in at bank.com now", "bank.com", True),
        ("evil.com, once bank.com", "bank.com", True),
        ("b\u200bank.com", "bank.com", True),
        ("<b>bank</b><i>.com</i>", "bank.com", True),
        ("<img src=x alt='www.bank.com'>", "www.bank.com", True),
        ("x" * 300 + " bank.com", "bank.com", True),
        ("Click here", "", False),
        ("Version 1.2.3", "", False),
        ("1.5", "", False),
        ("report.pdf", "", False),
        ("notevil.com", "notevil.com", True),
    ],
)
def test_a_text_that_names_another_host_is_a_mismatch(text: str, shown: str, mismatch: bool) -> None:
    found = one(f"<a href='https://evil.com/'>{text}</a>")

    assert (found.shown_host, found.mismatch) == (shown, mismatch)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("bank.com", "https://evil.com"), ("bank.com", "https://login.bank.com/"), ("bank.com", "https:\\\\evil.com"),
        ("bank.co.uk", "https://evil.co.uk"), ("ann@bank.com", "mailto:bob@bank.com"), ("bank.com", "javascript:x"),
        ("bank。com", "https://evil.com"), ("bücher.de", "https://xn--bcher-kva.de"), ("bank.com", "/here"),
        ("https://bank.com@evil.com", "https://evil.com"), ("bank.com", "https://bank.com@evil.com"),
    ],
)  # fmt: skip
def test_the_list_says_of_a_link_what_the_warning_says(text: str, target: str) -> None:
    found = one(f'<a href="{target}">{text}</a>')

    assert found.mismatch == caution_links.is_mismatch(caution_links.Link(text, target))
    assert found.host == caution_links.host_of(target)
    assert bool(found.shown_host) or not found.mismatch


def test_the_text_within_elements_and_of_areas_counts() -> None:
    assert one("<a href='https://a.example'><b>bank</b><i>.example</i></a>").text == "bank.example"
    assert one("<map><area href='https://a.example' alt='Go'></map>").text == "Go"


def test_links_of_html_that_is_beyond_bounds_are_found_all_the_same() -> None:
    html = "<div>" * 5_000 + "<a class=x href='https://a.example/?a&amp;b'>x</a>"

    assert [each.href for each in links(html, "")] == ["https://a.example/?a&b"]


def test_a_style_sheet_as_old_programs_write_it_hides_no_text() -> None:
    found = one(
        "<style><!-- p{color:red} --></style><!-- <a href='https://b.example'>b</a> --><a href=https://a.example>A</a>"
    )

    assert (found.text, found.href) == ("A", "https://a.example")


def test_attributes_are_read_as_a_browser_reads_them_beyond_bounds_too() -> None:
    html = (
        "<div>" * 5_000
        + """<a title="href='no'" b=c HREF = 'https://a.example/'><a data-href=no href=https://b.example>"""
    )

    assert [each.href for each in links(html, "")] == ["https://a.example/", "https://b.example"]


def test_of_very_many_links_the_first_are_listed() -> None:
    found = links("".join(f"<a href=https://a.example/{n}>x</a> " for n in range(MOST * 2)), "")

    assert len(found) == MOST
    assert found[-1].href.endswith(f"/{MOST - 1}")
