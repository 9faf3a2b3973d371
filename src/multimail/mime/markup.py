"""HTML before a tree is built of it: how costly the tree would be, and its text without one. All in one pass.

A tree can be far larger than its source: 240 KB of `<font>` left open before many paragraphs made a parser
build 3 GB, because the HTML standard reopens formatting elements in every new block. Nothing here parses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Final

DEEPEST: Final = 400
COPIES: Final = 200_000
ATTRIBUTES: Final = 400
SMALL: Final = 8192
# Start tags, end tags, comments and raw text as the HTML standard's tokenizer divides them (section 13.2.5).
# Groups are atomic, so that matching is linear; whatever is not closed runs to the end, as it does there.
WS: Final = r"[ \t\n\f\r]"
VALUE: Final = r"(?>\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\f\r>\"'][^ \t\n\f\r>]*+|)"
ATTRIBUTE: Final = rf"(?>(?:{WS}|/)*+(?>=[^ \t\n\f\r/>=]*+|[^ \t\n\f\r/>=]++)(?>{WS}*+={WS}*+{VALUE})?+)"
TOKEN: Final = re.compile(
    rf"<(?P<raw>script|style|title)(?={WS}|[/>]){ATTRIBUTE}*+(?:{WS}|/)*+>?.*?(?=</(?P=raw)(?:{WS}|[/>])|\Z)"
    rf"|<(?P<end>/?)(?P<name>[a-z][^ \t\n\f\r/>]*+)(?P<rest>{ATTRIBUTE}*+)(?:{WS}|/)*+>?"
    r"|<!--(?>-?>|.*?(?:--!?>|\Z))|</>|<[!?/][^>]*+>?",
    re.DOTALL | re.IGNORECASE,
)
ONE_ATTRIBUTE: Final = re.compile(ATTRIBUTE)
# What makes the tokenizer depend on the tree, which is not built here.
EXOTIC: Final = re.compile(
    r"<(?:!\[CDATA\[|(?:svg|math|select|frameset|xmp|iframe|noembed|noframes|noscript|plaintext|textarea)\b)",
    re.IGNORECASE,
)
# Void elements hold nothing; the others end when the next of their kind begins.
FLAT: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dd dt option".split()
)
FORMATTING: Final = frozenset("a b big code em font i nobr s small strike strong tt u".split())
UNSEEN: Final = re.compile(r"<(script|style|template|title)\b|(<!--)", re.IGNORECASE)
BREAKING: Final = re.compile(r"</?(?:p|div|tr|table|h[1-6]|ul|ol|li|blockquote|br)\b[^<>]*>", re.IGNORECASE)
ANY_TAG: Final = re.compile(r"<[a-zA-Z/!?][^<>]*>")
BLANKS: Final = re.compile(r"[ \t\u00a0]+")
EMPTY_LINES: Final = re.compile(r"\n\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Shape:
    """`deep`: nested beyond what any page needs. `costly`: a tree could be huge, or take more than linear time."""

    deep: bool
    costly: bool


def shape(html: str) -> Shape:
    """How `html` would look as a tree.

    Counts per element name what is open, so that it never counts less than the tree would hold; an end tag
    without an element is ignored, as a parser ignores it. Exotic HTML is safe only while it is small.
    """
    costly = len(html) > SMALL and EXOTIC.search(html) is not None
    opened: dict[str, int] = {}
    depth = formatting = copies = 0
    for token in TOKEN.finditer(html):
        costly = costly or copies > COPIES or _is_extreme(token, html)
        name = (token["name"] or "p").lower()
        copies += 0 if token["end"] else formatting
        step = -1 if token["end"] else 1
        if name not in FLAT and (step > 0 or opened.get(name)):
            opened[name] = opened.get(name, 0) + step
            depth += step
            formatting += step * (name in FORMATTING)
        if depth > DEEPEST:
            return Shape(deep=True, costly=True)
    return Shape(deep=False, costly=costly or copies > COPIES)


def _is_extreme(token: re.Match[str], html: str) -> bool:
    """A tag with attributes beyond number, or a script whose end only a tree builder would find."""
    rest = token["rest"]
    if rest is not None:
        return len(rest) > ATTRIBUTES * 2 and sum(1 for _ in ONE_ATTRIBUTE.finditer(rest)) > ATTRIBUTES
    return token["raw"] is not None and html.find("<!--", token.start(), token.end()) != -1


def tagless(html: str) -> str:
    """The text of `html` without its tags, scripts, styles and comments."""
    return tidy(unescape(ANY_TAG.sub("", BREAKING.sub("\n", _seen(html)))))


def tidy(text: str) -> str:
    """`text` with runs of blanks and of empty lines made one."""
    return EMPTY_LINES.sub("\n\n", BLANKS.sub(" ", text)).strip()


def comments(html: str, most: int) -> list[str]:
    """The comments of `html` that hold any text, at most `most`."""
    found: list[str] = []
    at = html.find("<!--")
    while at != -1 and len(found) < most:
        end = html.find("-->", at + 4)
        text = html[at + 4 : end if end != -1 else len(html)].strip()
        if text:
            found.append(text)
        at = html.find("<!--", end) if end != -1 else -1
    return found


def _seen(html: str) -> str:
    """`html` without comments and elements no reader sees; one that is never closed hides the rest."""
    out: list[str] = []
    at = 0
    while (found := UNSEEN.search(html, at)) is not None:
        out.append(html[at : found.start()])
        closing = "-->" if found[2] else f"</{found[1]}"
        end = re.compile(re.escape(closing), re.IGNORECASE).search(html, found.end())
        if end is None:
            return "".join(out)
        at = end.end() if found[2] else end.start()
    out.append(html[at:])
    return "".join(out)
