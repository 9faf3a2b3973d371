"""Links and pictures of a page: all of them, with the whole of what is read on each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.mime.anchors import LONGEST, Page, read
from multimail.mime.markdown import to_html


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ('<a href="https://x.org">Here</a>', ("Here", "https://x.org")),
        ('<a href="https://x.org">ba<b>nk.</b>com</a>', ("bank.com", "https://x.org")),
        ("<A HREF=https://x.org>b&#97;nk</A>", ("bank", "https://x.org")),
        ('<a href="https://x.org"><img src="a.png" alt="bank.com"></a>', ("bank.com", "https://x.org")),
        ('<map><area href="https://x.org" alt="bank.com"></map>', ("bank.com", "https://x.org")),
        ('<a href="  java\tscript:x ">Here</a>', ("Here", "  java\tscript:x ")),
        ("<a href>Here</a>", ("Here", "")),
    ],
)
def test_a_link_has_all_that_is_read_on_it(html: str, link: tuple[str, str]) -> None:
    assert read(html).links == (link,)


@pytest.mark.parametrize(
    "source",
    [
        "[bank.com](https://evil.com)",
        "[**bank**.com](https://evil.com)",
        "[bank\\.com](https://evil.com)",
        "[b&#97;nk.com](https://evil.com)",
        "[![bank.com](https://evil.com/1.png)](https://evil.com)",
        "> - [bank.com](<https://evil.com> 'title')",
        "|a|\n|-|\n|[bank.com](https://evil.com)|",
    ],
)
def test_a_link_of_a_draft_is_found_however_it_is_written(source: str) -> None:
    assert read(to_html(source)).links == (("bank.com", "https://evil.com"),)


def test_pictures_from_elsewhere_are_told_from_those_that_come_along() -> None:
    page = read(
        '<img src="https://x.org/1.gif"><img src="cid:1"><img src="//y.org/2"><img src="data:image/png,">'
    )

    assert page.images == ("https://x.org/1.gif", "//y.org/2")


def test_the_last_of_very_many_links_is_there() -> None:
    page = read("<a href='https://x.org'>x</a>" * 20_000 + "<a href='https://evil.com'>bank.com</a>")

    assert len(page.links) == 20_001
    assert page.links[-1] == ("bank.com", "https://evil.com")


@pytest.mark.parametrize("html", ["<font>" * 3_000 + "<p>" * 3_000, "<div>" * 500_000, "x" * (LONGEST + 1)])
def test_what_is_too_large_or_tangled_says_so(html: str) -> None:
    assert read(html) == Page(opaque=True)


@given(st.text())
def test_every_text_is_a_page(html: str) -> None:
    assert isinstance(read(html), Page)
    assert isinstance(read(f"<a href='{html}'>{html}</a>"), Page)
