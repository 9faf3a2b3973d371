"""HTML before a tree is built of it: how costly the tree would be, and its text without one. All in one pass.

A tree can be far larger than its source: 240 KB of `<font>` left open before many paragraphs made a parser
build 3 GB, because the HTML standard reopens formatting elements in every new block. Nothing here parses.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

DEEPEST: Final = 400
COPIES: Final = 200_000
TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
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


def is_costly(html: str) -> bool:
    """Whether a tree of `html` could be deeper or larger than is safe.

    Counts per element name what is open, so that it never counts less than the tree would hold; closing tags
    without an element are ignored, as a parser ignores them.
    """
    opened: dict[str, int] = {}
    depth = formatting = copies = 0
    for closing, tag in TAG.findall(html):
        name = tag.lower()
        if name in FLAT:
            copies += formatting
        elif not closing:
            copies += formatting
            opened[name] = opened.get(name, 0) + 1
            depth += 1
            formatting += name in FORMATTING
        elif opened.get(name):
            opened[name] -= 1
            depth -= 1
            formatting -= name in FORMATTING
        if depth > DEEPEST or copies > COPIES:
            return True
    return False


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
