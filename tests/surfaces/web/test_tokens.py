"""Sizes and colours are said once, in tokens.css, and their contrast holds by day and by night."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from tests.support import stylesheet
from tests.support.stylesheet import contrast, literals, pieces, themes, used

TEMPLATES = {
    str(entry): entry.read_text("utf-8")
    for entry in resources.files("multimail.surfaces.web").joinpath("templates").rglob("*.html")  # type: ignore[attr-defined]
}
_ACTS = re.compile(r"<style|\sstyle=|\son[a-z]+=[\"']|<script(?![^>]*\ssrc=)")
LIGHT, CHANGED = themes()
NIGHT = LIGHT | CHANGED
TEXT = [
    *((name, on) for name in ("ink", "quiet", "accent", "danger") for on in ("paper", "ground", "well")),
    *((name, f"{name}-soft") for name in ("accent", "danger", "warn", "good", "added", "removed")),
    *((name, on) for name in ("ink", "quiet") for on in ("accent-soft", "warn-soft", "danger-soft", "good-soft")),
    ("accent-strong", "paper"), ("danger-strong", "danger-soft"), ("warn", "paper"), ("good", "paper"),
    ("on-accent", "accent"), ("on-accent", "accent-strong"),
]  # fmt: skip
"""What is read, and what it stands on."""
CONTROLS = [
    ("edge", "paper"),
    ("edge", "ground"),
    ("accent", "paper"),
    ("accent", "ground"),
    ("accent", "line"),
]


@pytest.mark.parametrize("name", [name for name in pieces() if name != stylesheet.TOKENS])
def test_no_size_and_no_colour_stands_outside_of_the_tokens(name: str) -> None:
    assert literals(pieces()[name]) == []


@pytest.mark.parametrize(
    "rule",
    [
        "a { color: #fff; }", "a { color: red }", "a { border: 1px solid var(--line); }", "a { margin: 0 .5rem; }",
        "a { background: rgb(0 0 0 / .5); }", "a { font: 600 var(--text-m) var(--sans); }", "a{line-height:1.4}",
        "a { width: 50%; }", "a { width: calc(100% - 2em); }", "a { opacity: .7; }", "a { margin: -1ch 0; }",
        "a { color: color-mix(in srgb, var(--ink), var(--paper)); }", "a { max-width: 60vw; }",
        "@media (width >= 50rem) { a { margin: 0; } }", "@media (width >= 40rem) { a { margin: 4px; } }",
    ],
)  # fmt: skip
def test_a_literal_is_found_wherever_it_hides(rule: str) -> None:
    assert len(literals(rule)) == 1


@pytest.mark.parametrize(
    "rule",
    [
        "a { margin: 0 auto; width: 100%; inset: 0; }", "a { color: currentcolor; background: transparent; }",
        "a { flex: 1 1 var(--width-field); z-index: 2; }", "a { margin: calc(-1 * var(--space-2)); }",
        "a { grid-template-columns: repeat(2, minmax(0, 1fr)); }", "/* 4px of red */ a { rotate: 45deg; }",
        'a::before { content: "4px red"; }', "@media (width >= 64rem) { a:hover { margin: var(--space-1); } }",
    ],
)  # fmt: skip
def test_what_is_no_size_and_no_colour_passes(rule: str) -> None:
    assert literals(rule) == []


def test_every_token_that_is_named_exists_and_every_one_that_exists_is_named() -> None:
    named = set().union(*map(used, (*pieces().values(), *TEMPLATES.values())))

    assert named - LIGHT.keys() == set()
    assert LIGHT.keys() - named == set()


def test_every_colour_of_the_day_has_one_for_the_night_and_nothing_else_changes() -> None:
    colours = {name for name, value in LIGHT.items() if "#" in value or "rgb(" in value}

    assert CHANGED.keys() == colours


@pytest.mark.parametrize("theme", [LIGHT, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize(("name", "on"), TEXT)
def test_text_can_be_read(theme: dict[str, str], name: str, on: str) -> None:
    assert contrast(theme[name], theme[on]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize(("name", "on"), CONTROLS)
def test_the_bounds_of_controls_can_be_seen(theme: dict[str, str], name: str, on: str) -> None:
    assert contrast(theme[name], theme[on]) >= 3


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_styles_or_acts_by_itself(name: str) -> None:
    assert re.findall(_ACTS, TEMPLATES[name]) == []
