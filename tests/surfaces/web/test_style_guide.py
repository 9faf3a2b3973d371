"""The style guide shows every token there is, and every part."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from multimail.surfaces.web import views
from multimail.surfaces.web.style_guide import tokens
from tests.support.guest import Guest

pytestmark = pytest.mark.anyio
_TEMPLATES = resources.files("multimail.surfaces.web").joinpath("templates")
_NOT_SHOWN = {
    "token",
    "mail",
    "insist",
    "decision",
    "recipients",
    "kept",
    "confirmation",
    "attachments",
    "spans",
}
"""Macros of parts.html that draw what a mail or a visitor has, out of parts that are shown."""


async def test_every_colour_size_and_space_is_shown(reviewer: Guest) -> None:
    page = (await reviewer.get("/style")).text
    known = tokens()

    assert min(map(len, (known.colours, known.text, known.spaces))) >= 6
    for name, _ in (*known.colours, *known.text, *known.spaces):
        assert f"var(--{name})" in page


def test_every_part_is_used_on_it() -> None:
    parts = set(re.findall(r"{% macro ([a-z]\w*)", _TEMPLATES.joinpath("parts.html").read_text("utf-8")))
    guide = _TEMPLATES.joinpath("style.html").read_text("utf-8")
    shown = {name for name in parts if re.search(rf"\b{name}\(", guide)}

    assert parts - shown - {"beside_field", "described"} == _NOT_SHOWN


async def test_its_own_sheet_is_served_and_no_other_page_loads_it(reviewer: Guest) -> None:
    sheet = await reviewer.get("/static/guide.css")

    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    assert "/static/guide.css" in (await reviewer.get("/style")).text
    assert "/static/guide.css" not in (await reviewer.get("/review")).text


def test_what_a_page_loads_before_it_can_be_read_is_small() -> None:
    """One stylesheet and the three scripts that every page has, as they are transferred without compression."""
    styles = len(views.static("style.css"))
    scripts = sum(len(views.static(name)) for name in ("page.js", "keys.js", "live.js"))

    assert styles + scripts <= 60_000
