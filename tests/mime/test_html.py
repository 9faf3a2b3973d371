"""HTML becomes the markdown of what a browser would show, whatever its shape."""

from __future__ import annotations

import pytest

from multimail.mime.html import plain, to_markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (
            "<p>Dear <b>Ann</b>,</p><p>see <a href='https://x.example/'>this</a>.</p>",
            "Dear **Ann**,\n\nsee [this](https://x.example/).",
        ),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<title>T</title><style>p{}</style><script>x()</script><p>text", "text"),
        ("<p>a<!-- b --><span style='display:none'>c</span>", "a"),
        ("<p>a <img src='https://track.example/p.gif'> <img alt='Logo' src='cid:1'>", "a  [image: Logo]"),
        ("<img alt='' src='data:image/png;base64,AAAA'>", ""),
        ("plain &lt;text&gt; &amp;c", "plain <text> &c"),
        ("", ""),
    ],
)
def test_markdown_holds_what_is_shown(html: str, markdown: str) -> None:
    assert to_markdown(html, set()) == markdown


@pytest.mark.parametrize("opening", ["<div>", "<table><tr><td>", "<blockquote>", "<ul><li>", "<b>", "<span>"])
def test_text_below_any_depth_is_found(opening: str) -> None:
    assert "needle" in to_markdown(opening * 20_000 + "needle", set())


def test_five_megabytes_of_nesting_are_cut_and_said_to_be() -> None:
    problems: set[str] = set()
    to_markdown("<div>" * 1_000_000 + "text", problems)
    assert problems == {"truncated"}


def test_plain_text_has_a_line_per_block_and_no_script() -> None:
    assert plain("<p>one</p><script>two</script><p>three</p>").split() == ["one", "three"]
