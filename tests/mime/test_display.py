"""HTML of a mail for a frame: nothing acts, loads or leads anywhere unseen; what is honest stays as it was."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.mime import display
from multimail.mime.display import Shown
from tests.support import hostile

PIXEL = "data:image/png;base64,iVBORw0KGgo="


class _Tags(HTMLParser):
    """All tags with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = _Tags()
    reader.feed(html)
    return reader.found


def faults(shown: Shown) -> list[Any]:
    """Whatever in it could do something."""
    found: list[Any] = []
    for tag, attributes in tags(shown.html):
        found += [tag] if tag not in display.TAGS else []
        for name, value in attributes.items():
            text = re.sub(r"\s", "", value or "").lower()
            if name in {"src", "background"} and not text.startswith("data:image/"):
                found.append((tag, name, value))
            if name == "href" and not text.startswith(("http:", "https:", "mailto:")):
                found.append((tag, name, value))
            if name.startswith("on") or name in {
                "srcset",
                "srcdoc",
                "formaction",
                "action",
                "ping",
                "poster",
            }:
                found.append((tag, name))
            if name == "style" and re.search(r"url|import|fixed|absolute|expression|\\|image-set", text):
                found.append((tag, value))
    if re.search(r"url|@import|@font|fixed|absolute|[<\\]|image-set|var\(", shown.style):
        found.append(shown.style)
    return found


@pytest.mark.parametrize("name", hostile.CASES)
def test_nothing_that_acts_or_loads_is_kept(name: str) -> None:
    html = hostile.CASES[name]

    assert faults(display.display(html)) == []
    # In a document of its own, behind an unfinished tag, and twice.
    assert (
        faults(display.display(f"<html><head>{html}</head><body><table><tr><td {html}</table>{html}")) == []
    )


@given(
    st.lists(
        st.sampled_from([*hostile.CASES.values(), "<p>", "</p>", "<table>", "<!--", "-->", "'", '"', ">"])
    )
)
def test_no_mixture_of_them_is_either(parts: list[str]) -> None:
    assert faults(display.display("".join(parts))) == []


def test_a_page_as_people_send_it_stays_as_it_looks() -> None:
    html = (
        "<html><body bgcolor='#eeeeee' style='margin:0'><table width=600 align=center cellpadding=4><tr>"
        "<td style='font:bold 14px Arial,sans-serif;color:#333;border-radius:4px'>Hello <b>Ann</b></td></tr></table>"
        "<a href='https://example.org/x?a=1&amp;b=2' style='color:rgb(1, 2, 3)'>Look</a></body></html>"
    )

    shown = display.display(html)

    assert (shown.note, shown.remote) == ("", 0)
    assert '<div bgcolor="#eeeeee" style="margin:0">' in shown.html
    assert 'style="font:bold 14px Arial,sans-serif;color:#333;border-radius:4px"' in shown.html
    assert dict(tags(shown.html))["a"] == {
        "href": "https://example.org/x?a=1&b=2", "style": "color:rgb(1, 2, 3)", "target": "_blank",
        "rel": "noopener noreferrer nofollow",
    }  # fmt: skip


def test_pictures_from_elsewhere_wait_until_they_are_asked_for() -> None:
    html = (
        "<img src='https://example.org/a.png' alt='A plane'><img src=//c.example/d>"
        "<table background=http://example.org/b><tr><td>x</table>"
    )

    without, with_them = display.display(html), display.display(html, images=True)

    assert (without.remote, "example.org" in without.html, 'alt="A plane"' in without.html) == (
        3,
        False,
        True,
    )
    assert (with_them.remote, 'src="https://example.org/a.png"' in with_them.html) == (3, True)
    assert 'src="https://c.example/d"' in with_them.html


def test_the_mails_own_pictures_are_shown_by_their_content_id() -> None:
    shown = display.display("<img src='cid:Logo@Mail'><img src='CID:other'>", {"logo@mail": PIXEL})

    assert [attributes.get("src") for _, attributes in tags(shown.html)] == [PIXEL, None]


def test_pictures_within_the_html_are_raster_pictures_only() -> None:
    shown = display.display(f"<img src='{PIXEL}'><img src='data:image/svg+xml;base64,AAAA'>")

    assert [attributes.get("src") for _, attributes in tags(shown.html)] == [PIXEL, None]


@pytest.mark.parametrize("name", ["nested", "formatting"])
def test_of_html_beyond_bounds_only_the_text_is_shown(name: str) -> None:
    shown = display.display(f"<p>Dear Ann &amp; all</p>{hostile.LARGE[name](400_000)}")

    assert shown.note == "text_only"
    assert shown.html.startswith("<pre>")
    assert "Dear Ann &amp; all" in shown.html
    assert {tag for tag, _ in tags(shown.html)} == {"pre"}


def test_other_languages_in_a_page_do_not_make_it_unreadable() -> None:
    page = "<p>Dear Ann</p>" * 1000 + "<svg><path d='M0 0'/></svg><noscript><p>Hi</p></noscript>"

    shown = display.display(page)

    assert shown.note == ""
    assert shown.html.count("<p>Dear Ann</p>") == 1000
    assert "<p>Hi</p>" in shown.html


def test_style_sheets_are_those_of_the_page_and_none_of_old_programs() -> None:
    html = (
        "<head><style type='text/css'><!-- p{color:red} --></style><!--[if mso]><style>p{color:blue}</style>"
        "<![endif]--><title><style>p{color:green}</style></title></head><p title='<style>p{color:pink}</style>'>x</p>"
        "<STYLE media=screen>.a{margin:0}</STYLE ><!--[if !mso]><!--><b>shown</b><!--<![endif]-->"
    ) + "<p>text</p>" * 1000

    shown = display.display(html)

    assert shown.style.split("\n") == ["p{color:red}", ".a{margin:0}"]
    assert (shown.note, "<b>shown</b>" in shown.html) == ("", True)


def test_very_long_html_is_cut_and_says_so() -> None:
    shown = display.display("<p>x</p>" * 300_000)

    assert shown.note == "cut"
    assert shown.html.startswith("<p>x</p><p>x</p>")
