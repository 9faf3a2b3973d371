"""HTML is measured as the tokenizer of the standard reads it, so that no bomb is taken for a page."""

from __future__ import annotations

import pytest

from multimail.mime.markup import SMALL, comments, shape, tagless

PAGE = (
    "<html><body>"
    + "<table><tr><td style='a: b'><p>text <b>bold</b></td></tr></table>" * 2_000
    + "</body></html>"
)
FONTS = "<p>" + "".join(f"<font color={number}>" for number in range(300))


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 1_000,
        "<div></span>" * 1_000,
        "<div><!--</div>-->" * 1_000,
        "<div title='</div>'>" * 1_000,
        "<div><style></div></style>" * 1_000,
        FONTS + "</p><p>x" * 1_000,
        "<a " + " ".join(f"x{number}=1" for number in range(1_000)) + ">",
        "<a " + " ".join(f'b{number}=">" x{number}' for number in range(1_000)) + ">",
        "<script><!--<script></script>-->",
        "<svg>" + " " * SMALL,
    ],
)
def test_what_would_make_a_huge_tree_is_costly(html: str) -> None:
    assert shape(html).costly


@pytest.mark.parametrize(
    "html",
    [
        PAGE,
        "<p>" * 5_000,
        "<br>" * 5_000,
        "<div>x</div>" * 5_000,
        "<img src='data:image/png;base64," + "ab/+" * 50_000 + "'>",
        '<script type=\'application/ld+json\'>{"a": "<div>"}</script>' * 500,
        "<svg><path/></svg>",
        "<" * 5_000,
    ],
)
def test_an_ordinary_page_is_not(html: str) -> None:
    assert not shape(html).costly


def test_only_nesting_makes_html_deep() -> None:
    assert shape("<div>" * 1_000).deep
    assert not shape(FONTS + "</p><p>x" * 1_000).deep


def test_text_without_a_tree_leaves_out_what_is_not_seen() -> None:
    html = "<title>t</title><p>one</p><!-- two --><script>three</script><div>f&ouml;ur<br>five</div><!-- six"
    assert tagless(html) == "one\n\nföur\nfive"


def test_comments_are_listed_up_to_a_number() -> None:
    assert comments("a<!-- one --><!----><!--two", 9) == ["one", "two"]
    assert comments("<!--x-->" * 100, 3) == ["x"] * 3
