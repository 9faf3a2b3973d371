"""Markdown bodies: both alternatives say the same, nothing in them acts, nothing of the source is lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from multimail.mime.markdown import LONGEST, to_html, to_text

PIECES = [
    "word", "two words", "\n", "\n\n", " ", "  ", "**", "*", "_", "`", "```\n", "[a](https://x.org)", "# ", "> ",
    "- ", "1. ", "\\", "<b>", "&", "&amp;", '"', "| a | b |\n|---|---|\n", "~~", "\t", "\r\n", "---", "é", "\u2028",
    "[r]: /x", "\x0b", "\xa0", "+", "=", "3)",
]  # fmt: skip
SOURCES = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("", ""),
        ("Hello,\n\nthanks & bye\nAnna", "<p>Hello,</p>\n<p>thanks &amp; bye<br />\nAnna</p>\n"),
        ("**bold** and ~~gone~~", "<p><strong>bold</strong> and <s>gone</s></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("[x](https://example.org/?a=1&b=2)", '<p><a href="https://example.org/?a=1&amp;b=2">x</a></p>\n'),
        ("<mailto:a@b.org>", '<p><a href="mailto:a@b.org">mailto:a@b.org</a></p>\n'),
        ("[r]: https://example.org", "<p>[r]: https://example.org</p>\n"),
    ],
)
def test_markdown_becomes_html(source: str, html: str) -> None:
    assert to_html(source) == html


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](data:image/png;base64,AA==)",
        "![x](file:///etc/passwd)",
        "<javascript:alert(1)>",
        "[x](//evil.example)",
    ],
)
def test_nothing_in_the_html_acts(source: str) -> None:
    html = to_html(source)

    assert not re.search(r"<(?!/?p>)", html)


@given(SOURCES)
def test_plain_text_takes_the_short_way_to_the_same_html(source: str) -> None:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.enable(["table", "strikethrough"]).disable(["reference"])

    assert to_html(source) == parser.render(source)


PROSE = [piece for piece in PIECES if not piece.startswith(("```", "~~", "|"))]


@given(st.lists(st.sampled_from(PROSE), max_size=25).map("".join) | st.text(max_size=200))
def test_every_word_is_in_both_alternatives(source: str) -> None:
    wanted = source.count("word")

    assert to_html(source).count("word") == wanted
    assert to_text(source).count("word") == wanted
    assert not re.search(r"<(?:script|img|b)\b", to_html(source))


@pytest.mark.parametrize(
    "source",
    [">" * 500 + " word", "- " * 300 + "word", "\n".join(" " * 2 * n + "- word" for n in range(200))],
)
def test_deep_nesting_loses_nothing(source: str) -> None:
    assert unescape(to_html(source)).count("word") == source.count("word")


def test_a_very_long_body_stays_as_written() -> None:
    html = to_html("**a** <b>\n\n" * (LONGEST // 10))

    assert html.startswith("<p>**a** &lt;b&gt;</p>\n<p>")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Hello,\r\n\r\nbye", "Hello,\n\nbye"),
        ("# Title\n\n**bold**\n\n- item", "# Title\n\n**bold**\n\n- item"),
        ("See [the terms](https://example.org/t_(1)).", "See the terms (https://example.org/t_(1))."),
        ('[the terms](<https://example.org> "Title")', "the terms (https://example.org)"),
        ("[https://example.org](https://example.org)", "https://example.org"),
        ("[a@b.org](mailto:a@b.org)", "a@b.org"),
        (
            "![logo](https://example.org/l.png) ![](https://x.org/p)",
            "logo (https://example.org/l.png) https://x.org/p",
        ),
        ("<https://example.org> <a@b.org> <mailto:c@d.org>", "https://example.org <a@b.org> c@d.org"),
        ("2 \\* 3 and a line  \nnext\\\nlast", "2 * 3 and a line\nnext\nlast"),
        ("`[a](b)` [a](b)", "`[a](b)` a (b)"),
        ("```\n[a](b)\n~~~\n``` x\n````\n[a](b)", "```\n[a](b)\n~~~\n``` x\n````\na (b)"),
        ("> quoted [a](b)", "> quoted a (b)"),
        ("[x] and [y] (z)", "[x] and [y] (z)"),
    ],
)
def test_plain_text_reads_well(source: str, text: str) -> None:
    assert to_text(source) == text
