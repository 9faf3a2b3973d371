"""The links of a mail with their true targets, and whether a link's text names another host than it leads to.

Where a link leads, and what its text says, is judged by `core.caution_links` alone: a list and a warning agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from multimail.core import caution_links
from multimail.core.caution_domains import same_owner
from multimail.mime import anchors, display, markup

MOST: Final = 500
LOOKED_AT: Final = 20_000
LONGEST_TEXT: Final = 200
LONGEST_TARGET: Final = 2_000

_IN_TEXT: Final = re.compile(r"(?:https?://|mailto:)[^\s<>\"'\u00a0]{1,2000}", re.IGNORECASE)
_TRAILING: Final = ".,;:!?)]}>"
_HREF: Final = re.compile(r"[\s/]*href\s*=\s*(?:\"([^\"]*)\"?|'([^']*)'?|(.*))", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Link:
    """`href` is the target as a browser would read it. `shown_host` is the host that the text names, if it names one;
    `mismatch`: the link leads to another."""

    text: str
    href: str
    scheme: str
    host: str
    shown_host: str
    mismatch: bool


def links(html: str, text: str) -> list[Link]:
    """Those of the HTML, else those of the text; each once, in order, at most 500."""
    pairs = _of_html(html) if html.strip() else _of_text(text)
    found: dict[tuple[str, str], Link] = {}
    for label, target in islice(pairs, LOOKED_AT):
        if len(found) >= MOST:
            break
        if not target:
            continue
        one = _link(label, target)
        found.setdefault((one.text, one.href), one)
    return list(found.values())


def _of_html(html: str) -> Iterator[tuple[str, str]]:
    page = display.apart(display.tamed(html[: display.LONGEST]))[0]
    if markup.shape(page).costly:
        for token in markup.TOKEN.finditer(page):
            if not token["end"] and (token["name"] or "").lower() in ("a", "area"):
                yield "", _href(token["rest"])
        return
    for node in LexborHTMLParser(page).css("a[href], area[href]"):
        yield anchors.label(node), node.attributes.get("href") or ""


def _href(attributes: str) -> str:
    """The first address among the attributes of a tag."""
    for one in markup.ONE_ATTRIBUTE.finditer(attributes):
        if found := _HREF.fullmatch(one[0]):
            return unescape(found[1] or found[2] or found[3] or "")
    return ""


def _of_text(text: str) -> Iterator[tuple[str, str]]:
    for match in _IN_TEXT.finditer(text[: display.LONGEST]):
        target = match[0].rstrip(_TRAILING)
        yield target, target


def _link(label: str, target: str) -> Link:
    href = display.UNREAD.sub("", target)[:LONGEST_TARGET]
    host = caution_links.host_of(href)
    is_mismatch = caution_links.is_mismatch(caution_links.Link(label, href))
    named = [one for one in caution_links.shown_hosts(label) if one]
    # Of several, the one that the link does not lead to is the one to show.
    shown = next((one for one in named if not is_mismatch or not same_owner(one, host)), "")
    text = " ".join(label.split())[:LONGEST_TEXT]
    return Link(text, href, caution_links.scheme_of(href), host, shown or next(iter(named), ""), is_mismatch)
