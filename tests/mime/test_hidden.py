"""What a reader would not see is found and named."""

from __future__ import annotations

import pytest

from multimail.mime.hidden import Hidden, hidden_characters, hidden_text


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<p>a<!-- secret --></p>", "comment"),
        ("<p hidden>secret</p>", "attribute"),
        ("<div style='display: none'>secret</div>", "display_none"),
        ("<div style='mso-hide:all'>secret</div>", "display_none"),
        ("<div style='visibility:hidden'>secret</div>", "invisible"),
        ("<div style='opacity:0'>secret</div>", "invisible"),
        ("<div style='font-size:0px;color:red'>secret</div>", "tiny"),
        ("<div style='max-height:0'>secret</div>", "tiny"),
        ("<div style='position:absolute;left:-9999px'>secret</div>", "off_screen"),
        ("<div style='text-indent:-5000px'>secret</div>", "off_screen"),
        ("<span style='color:#fff'>secret</span>", "same_color"),
        ("<td bgcolor='#101010'><span style='color:black'>secret</span></td>", ""),
        ("<table><tr><td bgcolor='#000'><font color='#000000'>secret</font></td></tr></table>", "same_color"),
        ("<style>.x{display:none}</style><p class=x>secret</p>", "display_none"),
    ],
)
def test_hidden_text_is_named_by_the_way_it_is_hidden(html: str, reason: str) -> None:
    if reason:
        assert hidden_text(html) == (Hidden(reason, "secret"),)
    else:
        # A cell outside a table is dropped by a browser, and its background with it.
        assert hidden_text(html) == ()


@pytest.mark.parametrize(
    "html",
    [
        "<p>open</p>",
        "<p style='opacity:0.9;font-size:10px;max-height:0.5em'></p>",
        "<div style='background:#036'><span style='color:white'>open</span></div>",
        "<div style='background:url(x.png)'><span style='color:white'>open</span></div>",
        "<style>@media (max-width:600px){.wide{display:none}}</style><p class=wide>open</p>",
        "<div style='font-size:16px'>open</div>",
        "<div style='display:none'>  </div>",
    ],
)
def test_what_is_shown_or_empty_is_not_hidden(html: str) -> None:
    assert hidden_text(html) == ()


def test_an_element_within_a_hidden_one_is_not_told_twice() -> None:
    html = "<div style='display:none'>outer <b style='display:none'>inner</b></div>"
    assert hidden_text(html) == (Hidden("display_none", "outer inner"),)


def test_much_hidden_text_is_bounded() -> None:
    found = hidden_text("<p hidden>" + "x" * 10_000 + "</p>" + "<p hidden>y</p>" * 1_000)
    assert len(found) == 50
    assert max(len(each.text) for each in found) == 500


def test_invisible_characters_are_counted_by_kind() -> None:
    text = "a\u200bb\u200bc\u202ed\x1b[0m\U000e0041"
    assert hidden_characters(text) == {"zero_width": 2, "bidi": 1, "tag": 1, "control": 1}
    assert hidden_characters("plain text\nwith lines\tand ünïcode") == {}
