"""The pages' stylesheet as data: declarations, custom properties, what is a literal size or colour, and contrast."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from typing import Final

FOLDER: Final = resources.files("multimail.surfaces.web").joinpath("static")
TOKENS: Final = "tokens.css"

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_DECLARATION: Final = re.compile(r"(?<=[{;\s])([a-z-]+)\s*:\s*([^;{}]+)(?=[;}])")
_MEDIA: Final = re.compile(r"@(?:media|container)([^{]+)\{")
_CUSTOM: Final = re.compile(r"--([a-z0-9-]+)\s*:\s*([^;]+);")
_USED: Final = re.compile(r"var\(--([a-z0-9-]+)\)")
_QUOTED: Final = re.compile(r'"[^"]*"|url\([^)]*\)')
_NUMBER: Final = re.compile(r"(?<![\w-])[+-]?(?:\d+\.?\d*|\.\d+)([a-z%]*)")
_COLOUR: Final = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix)\(", re.IGNORECASE
)
_NAMED: Final = re.compile(
    r"(?<![\w-])(?:white|black|red|green|blue|gray|grey|silver|orange|yellow|purple|navy|teal|maroon|lime|aqua|fuchsia"
    r"|olive|brown|pink|gold|crimson|salmon|tomato|coral|indigo|violet|beige|ivory|khaki|tan|canvas|canvastext)(?![\w-])",
    re.IGNORECASE,
)  # fmt: skip
_WHOLE: Final = frozenset({"100%", "100vw", "100vh", "100dvh"})
_NO_SIZE: Final = frozenset({"fr", "deg", "turn", "s", "ms"})
_UNITLESS: Final = frozenset({
    "animation-iteration-count", "column-count", "flex", "flex-grow", "flex-shrink", "grid-area", "grid-column",
    "grid-column-end", "grid-column-start", "grid-row", "grid-row-end", "grid-row-start", "grid-template-columns",
    "grid-template-rows", "-webkit-line-clamp", "order", "orphans", "rotate", "tab-size", "widows", "z-index",
})  # fmt: skip
"""Properties whose bare numbers count or weigh something and are no size."""
BREAKPOINTS: Final = frozenset({
    "(width >= 40rem)", "(width < 40rem)", "(width >= 64rem)", "(width < 64rem)", "(prefers-color-scheme: dark)",
    "(prefers-reduced-motion: reduce)", "print", "(hover: hover)", "(forced-colors: active)",
})  # fmt: skip
"""All that a piece may ask about its surroundings."""


def pieces() -> dict[str, str]:
    """Text of each piece of the stylesheet, by file name."""
    return {
        one.name: one.read_text("utf-8")
        for one in sorted(FOLDER.iterdir(), key=lambda entry: entry.name)
        if one.name.endswith(".css")
    }


def literals(css: str) -> list[str]:
    """Declarations that say a size or colour themselves, and questions about other widths than the breakpoints."""
    css = _COMMENT.sub(" ", css)
    asked = [" ".join(found.split()) for found in _MEDIA.findall(css)]
    outside = [f"@media {one}" for one in asked if one not in BREAKPOINTS]
    rules = _MEDIA.sub("{", css)
    return outside + [
        f"{name}: {value.strip()}" for name, value in _DECLARATION.findall(rules) if _is_literal(name, value)
    ]


def _is_literal(name: str, value: str) -> bool:
    bare = _USED.sub(" ", _QUOTED.sub(" ", value))
    if _COLOUR.search(bare) or _NAMED.search(bare):
        return True
    return any(_is_size(name, found.group(), found.group(1), bare) for found in _NUMBER.finditer(bare))


def _is_size(name: str, number: str, unit: str, value: str) -> bool:
    if float(number.removesuffix(unit)) == 0 or number in _WHOLE or unit in _NO_SIZE:
        return False
    if unit:
        return True
    # Inside calc() a bare number multiplies a token; it is no size of its own.
    return name not in _UNITLESS and "calc(" not in value and (name, number) != ("opacity", "1")


def used(css: str) -> set[str]:
    """Names of the tokens that a text refers to."""
    return set(_USED.findall(_COMMENT.sub(" ", css)))


def themes() -> tuple[dict[str, str], dict[str, str]]:
    """The tokens by day, and what the night changes of them."""
    light, _, dark = _COMMENT.sub(" ", pieces()[TOKENS]).partition("@media")
    return dict(_values(light)), dict(_values(dark))


def _values(css: str) -> Iterator[tuple[str, str]]:
    return ((name, " ".join(value.split())) for name, value in _CUSTOM.findall(css))


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG between two colours written as #rrggbb."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)))
