"""Looking at the source before building a tree never overlooks what the tree would show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.mime import hidden

STYLES = [
    "color:#fff", "color : rgb( 250,250,250 )", "color:\n#EFEFEF", "color:white", "color:#333", "font-size:0",
    "font-size: 1px;", "font-size:14px", "opacity:.0", "display: none", "display:block", "left:-9999px",
    "text-indent:-100em", "clip:rect(0 0 0 0)", "max-height:0", "background:#111;color:#121212", "mso-hide:all",
    "dis&#112;lay:none", "color:&#35;fff", "visibility:collapse", "margin:0 0 12px",
]  # fmt: skip
PIECES = [
    *(f"<p style='{one}'>" for one in STYLES),
    *(f'<DIV STYLE="{one}">' for one in STYLES),
    *(f"<style>p {{ {one} }}</style>" for one in STYLES),
    "<p hidden>", "<template>", "<font color=#fefefe>", "<font color='&#119;hite'>", "<td bgcolor=#000>", "<p>",
    "</p>", "</div>", "words", "<!-- note -->", "<b>", "&amp;", "<a href='/?a=1&amp;b=2'>",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_what_a_tree_shows_as_hidden_is_found(pieces: list[str]) -> None:
    html = "text".join(pieces) + "end"
    found = hidden.hidden_text(html)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hidden, "_may_hide", lambda html: True)
        assert hidden.hidden_text(html) == found


def test_an_ordinary_mail_is_not_made_a_tree_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hidden, "LexborHTMLParser", None)
    html = "<body style='color:#1f2937;font-size:14px'><p style=\"margin:0\">Hi <a href='/?a&amp;b'>you</a></p></body>"
    assert hidden.hidden_text(html) == ()
