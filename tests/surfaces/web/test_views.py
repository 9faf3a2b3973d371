"""Numbers as people read them, and that no template can print anything that acts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup
from starlette.responses import Response

from multimail.core.errors import Problem
from multimail.surfaces.web import views
from multimail.surfaces.web.views import Views

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FOLDER = Path(str(resources.files("multimail.surfaces.web"))) / "templates"
TEMPLATES = {
    str(file.relative_to(FOLDER)): file.read_text("utf-8") for file in sorted(FOLDER.rglob("*.html"))
}


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (7200, "2 hours ago"),
        (86_400 * 3, "3 days ago"),
    ],
)
def test_age(seconds: int, said: str) -> None:
    assert views.ago(NOON - timedelta(seconds=seconds), NOON) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (30, "in less than a minute"),
        (3600, "in 1 hour"),
        (86_400 * 7 - 5, "in 7 days"),
        (0, "just now"),
        (-600, "10 minutes ago"),
    ],
)
def test_time_to_come(seconds: int, said: str) -> None:
    assert views.until(NOON + timedelta(seconds=seconds), NOON) == said


def test_a_moment_says_its_zone() -> None:
    assert views.moment(NOON) == "Mon 2 Mar 2026, 12:00 UTC"


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (1500, "2 KB"), (999_500, "1.0 MB"), (25_000_000, "25.0 MB")],
)
def test_sizes(count: int, said: str) -> None:
    assert views.size(count) == said


def test_a_difference_is_told_line_by_line() -> None:
    diff = "--- a\n+++ b\n@@ -1,3 +1,3 @@\n Subject: x\n-old\n+new\n@@ -9,1 +9,1 @@\n--- not a head\n"

    assert views.diff_lines(diff) == [
        ("same", " Subject: x"),
        ("removed", "-old"),
        ("added", "+new"),
        ("place", "⋯"),
        ("removed", "--- not a head"),
    ]
    assert views.diff_lines("") == []


def test_values_are_plain() -> None:
    assert views.plain({"codes": [250, 451], "by": {"a": None}}) == "codes 250, 451, by a None"
    assert views.decided("request_changes") == "Changes asked for"
    assert views.decided("something new") == "something new"


@pytest.mark.anyio
async def test_what_hides_or_acts_is_shown_and_markup_is_text() -> None:
    assert views.harmless("a\u202eb\x1b") == "a⟨U+202E⟩b␛"
    assert views.harmless(Markup("<p>\u202e</p>")) == "<p>\u202e</p>"
    assert views.harmless(3) == 3
    hostile = Problem("invalid", "<script>\u202e</script>", advice='"><img src=x>')
    page = await Views().page("problem.html", visitor=None, problem=hostile, kept={"note": "</textarea><b>"})

    text = bytes(page.body).decode()
    assert "&lt;script&gt;⟨U+202E⟩&lt;/script&gt;" in text
    assert "<b>" not in text
    assert "<img src=x" not in text


@pytest.mark.anyio
async def test_a_template_that_misses_a_value_fails() -> None:
    with pytest.raises(UndefinedError):
        await Views().page("problem.html", visitor=None)


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_hold_no_script_no_style_no_other_place_and_no_way_around_escaping(name: str) -> None:
    acting = r"<script(?! src=\"/static/)|<style|\sstyle=|\son\w+=|javascript:|//\w|<base|<meta http"
    forbidden = rf"{acting}|\|\s*safe|autoescape|Markup"

    assert re.findall(forbidden, TEMPLATES[name], re.IGNORECASE) == []


OF_MAIL = "unsubscribe.html"
"""Behind a link in mail: whoever has it has no session, and its own token is in the address."""


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_form_that_posts_carries_its_sessions_token_and_searches_carry_none(name: str) -> None:
    for form in re.findall(r"<form.*?</form>", TEMPLATES[name], re.DOTALL):
        posts = 'method="post"' in form
        assert posts or 'method="get"' in form
        assert posts == ("token(visitor)" in form) or 'action="/sign-in"' in form or name == OF_MAIL


def test_every_answer_carries_the_protective_headers() -> None:
    answer = views.protected(Response(headers={"Cache-Control": "public"}))

    assert answer.headers["cache-control"] == "public"
    assert {name: answer.headers[name] for name in views.HEADERS} == views.HEADERS
    assert views.protected(Response()).headers["cache-control"] == "no-store"


def test_the_stylesheet_asks_for_nothing_else() -> None:
    sheet = views.static("style.css").decode()

    assert re.findall(r"url\(|@import|expression", sheet) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_file_that_a_template_refers_to_is_served(name: str) -> None:
    named = set(re.findall(r"/static/([\w.-]+)", TEMPLATES[name]))

    assert named - views.STATIC.keys() == set()
    assert all(views.static(one) for one in named)


@pytest.mark.parametrize(
    ("percents", "shown"),
    [
        (0.0, "0 %"), (1.587, "1.6 %"), (10.317, "10.3 %"), (5.0, "5 %"), (4.98, "4.98 %"), (0.1, "0.1 %"),
        (0.098, "0.098 %"), (0.14, "0.14 %"), (99.97, "99.97 %"), (100.0, "100 %"),
    ],
)  # fmt: skip
def test_a_rate_is_short_and_never_looks_like_a_threshold_that_it_does_not_reach(
    percents: float, shown: str
) -> None:
    assert views.rate(percents) == shown
