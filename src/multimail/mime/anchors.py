"""Links and pictures of an HTML mail as its readers meet them: the whole of what is read on a link, and its target.

All of them: whoever counts on a limit could put what matters behind it. Nothing here judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from multimail.mime import markup

LONGEST: Final = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    """`links` are text and target of each, `images` the addresses of pictures that are loaded from elsewhere. `opaque`:
    the HTML is too large or tangled to be read, and neither is complete."""

    links: tuple[tuple[str, str], ...] = ()
    images: tuple[str, ...] = ()
    opaque: bool = False


def read(html: str) -> Page:
    """What a page links to and loads. Total, and linear in the length of the page."""
    if not html:
        return Page()
    if len(html) > LONGEST or markup.shape(html).costly:
        return Page(opaque=True)
    tree = LexborHTMLParser(html)
    links = tuple(
        (label(node), node.attributes.get("href") or "") for node in tree.css("a[href], area[href]")
    )
    sources = (node.attributes.get("src") or "" for node in tree.css("img[src], input[src]"))
    return Page(
        links, tuple(one for one in sources if one.strip().lower().startswith(("http:", "https:", "//")))
    )


def label(node: LexborNode) -> str:
    """The text as it stands on the page: words that tags divide are one word, and a picture says what it is called."""
    pictures = [one.attributes.get("alt") or "" for one in node.css("img[alt]")]
    own = node.attributes.get("alt") or ""
    return " ".join(part for part in (node.text(separator=""), own, *pictures) if part)
