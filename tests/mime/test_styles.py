"""CSS of a mail: what only decorates is kept as it is, the rest is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.mime.styles import declarations, sheet

FUNCTIONS = ["url(", "image-set(", "var(", "expression(", "attr(", "env(", "element(", "cross-fade(", "src("]


@pytest.mark.parametrize(
    "css",
    [
        "color:#fff",
        'font-family:"Segoe UI",Arial,sans-serif',
        "background:linear-gradient(90deg,rgb(1,2,3),#fff)",
        "margin:0 auto!important",
        "width:calc(100% - 20px)",
        "font-family:'メイリオ'",
    ],
)
def test_what_decorates_is_kept(css: str) -> None:
    assert declarations(css) == css


@pytest.mark.parametrize(
    "css",
    [
        *(f"background:{name}x)" for name in FUNCTIONS),
        "position:fixed",
        "z-index:9",
        "content:'x'",
        "animation:a 1s",
        "transform:scale(9)",
        "cursor:none",
        "--x:1",
        "background:\\75 rl(x)",
        "color:red}body{color:blue",
        "color:'red",
        "color:</style>",
        "behavior:x",
        "-moz-binding:x",
    ],
)
def test_what_loads_covers_or_acts_is_left_out(css: str) -> None:
    assert declarations(css) == ""
    assert declarations(f"color:red;{css};margin:0").startswith("color:red")


def test_a_comment_does_not_join_what_it_parts_into_something_new() -> None:
    assert declarations("background:u/**/rl(x);col/* ; */or:red") == "color:red"


def test_plain_rules_and_media_rules_are_kept_in_order() -> None:
    css = "p{color:red}\n<!-- .a > b{margin:0;position:fixed} --> @media (max-width:600px){p{width:100%}}td{padding:1px"

    assert sheet(css).split("\n") == [
        "p{color:red}",
        ".a > b{margin:0}",
        "@media (max-width:600px){p{width:100%}}",
        "td{padding:1px}",
    ]


@pytest.mark.parametrize(
    "css",
    [
        "@import 'x';",
        "@import url(x) screen;",
        "@font-face{font-family:x;src:url(y)}",
        "@keyframes k{from{color:red}}",
        "@supports (color:red){p{color:red}}",
        "@media screen{@import 'x';}",
        "@media (prefers-color-scheme:dark){p{color:red}}",
        "@page{margin:0}",
        "p{}",
        "p{background:url(x)}",
        "p\\x{color:red}",
        "a[title='<']{color:red}",
        "}}}",
    ],
)
def test_other_rules_are_left_out_and_what_follows_is_read(css: str) -> None:
    assert sheet(css) == ""
    assert sheet(f"{css} p{{color:red}}") == "p{color:red}"


@given(st.text(st.sampled_from("a:;{}()@<>\\/*'\"!-, url")))
def test_nothing_kept_can_end_a_style_element_or_name_an_address(css: str) -> None:
    for kept in (declarations(css), sheet(css)):
        assert not set(kept) & set("<\\@") or kept.startswith("@media")
        assert "url" not in kept.partition("(")[0].partition(":")[2]
