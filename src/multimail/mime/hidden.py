"""What a mail hides from a reader but not from a model: invisible characters, and HTML that is not shown.

Nothing is removed here; surfaces decide how to show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from multimail.mime import markup

CHARACTERS: Final[dict[str, re.Pattern[str]]] = {
    "zero_width": re.compile(
        "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2060-\u2064\u3164\ufeff\uffa0]"
    ),
    "bidi": re.compile("[\u202a-\u202e\u2066-\u2069]"),
    "tag": re.compile("[\U000e0000-\U000e007f\U000e0100-\U000e01ef]"),
    "control": re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"),
}
CONTROLS: Final = bytes(code for code in (*range(32), 127) if code not in b"\t\n\r")
LONGEST: Final = 512 * 1024
MOST: Final = 50
EXAMINED: Final = 5000
ANCESTORS: Final = 60
TEXT_KEPT: Final = 500
HIDING: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("display_none", re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)),
    (
        "invisible",
        re.compile(
            r"visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0?\.?0*(?:\s*[;!]|\s*$)", re.IGNORECASE
        ),
    ),
    (
        "tiny",
        re.compile(
            r"font-size\s*:\s*(?:0|1)(?:\.\d+)?(?:px|pt|em|rem|%)?(?:\s*[;!]|\s*$)|max-height\s*:\s*0|max-width\s*:\s*0",
            re.IGNORECASE,
        ),
    ),
    (
        "off_screen",
        re.compile(
            r"(?:left|top|right|bottom|margin-left|margin-top|text-indent)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*0",
            re.IGNORECASE,
        ),
    ),
)
# Without any of these in lower case, nothing that is looked for can be found. Colours hide on a page, which is
# white, where they are as light as one; on anything else a background is named. An attribute may be spelled with
# character references, and then says nothing to who reads the source only. A sign is looked for where its first
# word stands, which is found much faster.
WORDS: Final = (
    "hidden", "<template", "mso-hide", "visibility", "opacity", "max-height", "max-width", "clip", "background",
    "bgcolor",
)  # fmt: skip
SIGNS: Final = (
    ("display", re.compile(r"display\s*:\s*none")),
    ("font-size", re.compile(r"font-size\s*:\s*[01](?!\d)")),
    (":", re.compile(r":\s*-\d{3}")),
    ("color", re.compile(r"color\s*[:=][^;>]{0,200}?(?:#[ef]|rgba?\(\s*2|white)")),
    *(
        (name, re.compile(rf"{name}\s*=\s*(?:\"[^\"&]*&|'[^'&]*&|[^\s\"'>&]*&)"))
        for name in ("style", "color")
    ),
)
COLOR: Final = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]+)", re.IGNORECASE)
BACKGROUND: Final = re.compile(r"(?:^|;)\s*background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
HEX: Final = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b")
RGB: Final = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})")
NAMED: Final = {"white": (255, 255, 255), "black": (0, 0, 0), "transparent": None}
WHITE: Final = (255, 255, 255)
NEAR: Final = 30
RULE: Final = re.compile(r"([^{}@;]{1,200})\{([^{}]{0,2000})\}")
AT_BLOCK: Final = re.compile(r"@[^{};]{0,300}\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
STYLES: Final = 200_000

Color = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Hidden:
    """Text a reader would not see. `reason` is one of comment, attribute, display_none, invisible, tiny,
    off_screen and same_color; `text` is cut at 500 characters."""

    reason: str
    text: str


def hidden_characters(text: str) -> dict[str, int]:
    """How many invisible characters of each kind `text` holds; kinds that do not occur are left out."""
    if text.isascii() and len(text.encode().translate(None, CONTROLS)) == len(text):
        return {}
    counts = {kind: len(pattern.findall(text)) for kind, pattern in CHARACTERS.items()}
    return {kind: count for kind, count in counts.items() if count}


def hidden_text(html: str) -> tuple[Hidden, ...]:
    """The hidden texts of `html`, at most 50, comments first; empty for HTML too deep to look into."""
    html = html[:LONGEST]
    found = [Hidden("comment", text[:TEXT_KEPT]) for text in markup.comments(html, MOST)]
    if _may_hide(html) and not markup.shape(html).costly:
        found.extend(_elements(LexborHTMLParser(html)))
    return tuple(found[:MOST])


def _may_hide(html: str) -> bool:
    """False where no element can be a hidden one: then no tree is built, which costs more than all the rest."""
    lowered = _lowered(html)
    if any(word in lowered for word in WORDS):
        return True
    return any(word in lowered and sign.search(lowered) for word, sign in SIGNS)


def _lowered(html: str) -> str:
    """In lower case as far as ASCII goes, which is much faster than all of Unicode; a Kelvin sign passes for a k."""
    if html.isascii():
        return html.lower()
    lowered = html.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
    return lowered.replace("\u212a", "k")


def _elements(tree: LexborHTMLParser) -> Iterator[Hidden]:
    """Outermost hidden elements in document order of each way of hiding, each with its text."""
    seen: set[int] = set()
    for node, reason in _candidates(tree):
        if node.mem_id in seen or any(parent.mem_id in seen for parent in _ancestors(node)):
            continue
        seen.add(node.mem_id)
        text = " ".join(node.text(separator=" ").split())
        if text:
            yield Hidden(reason, text[:TEXT_KEPT])


def _candidates(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, str]]:
    for node in tree.css("[hidden], template")[:EXAMINED]:
        yield node, "attribute"
    for selector, reason in _hiding_rules(tree):
        try:
            nodes = tree.css(selector)
        except (SelectolaxError, ValueError):
            continue
        yield from ((node, reason) for node in nodes[:EXAMINED])
    for node in tree.css("[style], font[color]")[:EXAMINED]:
        reason = _reason(node.attributes.get("style") or "") or ("same_color" if _same_color(node) else "")
        if reason:
            yield node, reason


def _reason(style: str) -> str:
    return next((reason for reason, pattern in HIDING if pattern.search(style)), "")


def _hiding_rules(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Selectors of style sheets that hide always; what depends on a medium is no hiding."""
    for sheet in tree.css("style"):
        rules = AT_BLOCK.sub("", (sheet.text() or "")[:STYLES])
        for number, (selector, declarations) in enumerate(RULE.findall(rules)):
            reason = _reason(declarations)
            if reason and number < MOST * 2:
                yield selector.strip(), reason


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    for _ in range(ANCESTORS):
        if parent is None:
            return
        yield parent
        parent = parent.parent


def _same_color(node: LexborNode) -> bool:
    """Whether the text's own colour is that of the nearest background; a page is white."""
    attributes = node.attributes
    own = COLOR.search(attributes.get("style") or "")
    color = _color(own[1] if own else attributes.get("color") or "")
    if color is None:
        return False
    for element in (node, *_ancestors(node)):
        background = _background(element)
        if background is not None:
            return background != () and _near(color, background)
    return _near(color, WHITE)


def _background(node: LexborNode) -> Color | tuple[()] | None:
    """The background colour, None where the element sets none, `()` where it is a picture or unknown."""
    if node.tag is None or not node.attributes:
        return None
    attributes = node.attributes
    styled = BACKGROUND.search(attributes.get("style") or "")
    value = styled[1] if styled else attributes.get("bgcolor") or ""
    if not value or "transparent" in value:
        return None
    return _color(value) or ()


def _color(value: str) -> Color | None:
    text = value.strip().lower()
    if found := HEX.search(text):
        digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := RGB.search(text):
        return int(found[1]), int(found[2]), int(found[3])
    return NAMED.get(text.partition(" ")[0])


def _near(one: Color, other: Color | tuple[()]) -> bool:
    return all(abs(a - b) <= NEAR for a, b in zip(one, other, strict=False))
