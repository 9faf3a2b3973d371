"""The links of a mail with their true targets, and whether a link's text names another host than it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from multimail.mime import display, markup

MOST: Final = 500
LOOKED_AT: Final = 20_000
LONGEST_TEXT: Final = 200
LONGEST_TARGET: Final = 2_000

_IN_TEXT: Final = re.compile(r"(?:https?://|mailto:)[^\s<>\"'\u00a0]{1,2000}", re.IGNORECASE)
_TRAILING: Final = ".,;:!?)]}>"
_HREF: Final = re.compile(r"[\s/]*href\s*=\s*(?:\"([^\"]*)\"?|'([^']*)'?|(.*))", re.IGNORECASE | re.DOTALL)
_NAMED: Final = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:/{0,3})?(?:[^\s@/]{1,200}@)?((?:[\w-]{1,63}\.){1,10}[\w-]{2,63})\.?(?::\d{1,5})?(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_DOTS: Final = 3
_FILES: Final = frozenset(
    "pdf doc docx xls xlsx ppt pptx txt csv zip png jpg jpeg gif html htm md ics eml json xml".split()
)


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
        yield node.text(separator=" ") or node.attributes.get("alt") or "", node.attributes.get("href") or ""


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
    text = " ".join(label.split())[:LONGEST_TEXT]
    href = display.UNREAD.sub("", target)[:LONGEST_TARGET]
    found = display.SCHEME.match(href)
    scheme = found[1].lower() if found else ""
    host = _host(href, scheme)
    shown = _shown_host(text)
    return Link(text, href, scheme, host, shown, bool(shown and host) and not _are_kin(shown, host))


def _host(href: str, scheme: str) -> str:
    """Where a browser goes: it takes a backslash for a slash, and what stands before an at sign for a name."""
    if scheme == "mailto":
        return href.partition("?")[0].rpartition("@")[2].lower()
    if scheme not in ("http", "https", "ftp") and not href.startswith("//"):
        return ""
    slashed = href.replace("\\", "/")
    rest = slashed[len(scheme) + 1 :] if scheme else slashed
    try:
        return (urlsplit("//" + rest.lstrip("/")).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _shown_host(text: str) -> str:
    """The host that a text is taken to name: it is an address of the web or of a mailbox, and nothing else."""
    found = _NAMED.fullmatch(text.strip(" <>()[]\"'"))
    if found is None:
        return ""
    host = found[1].lower()
    last = host.rpartition(".")[2]
    is_number = last.isdecimal() and host.count(".") != _DOTS
    is_file = last in _FILES and "/" not in text
    return "" if is_number or is_file else host


def _are_kin(one: str, other: str) -> bool:
    """The same host, or one within the other; `www.` says nothing."""
    first, second = one.removeprefix("www."), other.removeprefix("www.")
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")
