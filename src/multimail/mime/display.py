"""HTML of a mail as it may be shown in a frame: rewritten from an allow list, bounded in time and depth.

What is kept has no script, no form, no frame and no address but links that a person may follow. Nothing in it is
loaded from elsewhere unless images were asked for. The frame's own policy forbids all of it a second time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

import nh3

from multimail.mime import markup, styles

LONGEST: Final = 2 * 1024 * 1024
"""Characters of HTML that are looked at."""
STYLES: Final = 20
SCHEMES: Final = frozenset({"http", "https", "mailto"})
PICTURES: Final = re.compile(
    r"data:image/(?:png|gif|jpeg|jpg|webp|bmp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE
)
REMOTE: Final = re.compile(r"(?:https?:)?//", re.IGNORECASE)
# A browser leaves these out of an address before it looks at it.
UNREAD: Final = re.compile("[\x00-\x20\x7f]")
SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")

# Elements that change how what follows is read, or that belong to another language. Renamed, they are unknown
# elements: their own tags go, their text stays.
_FOREIGN: Final = re.compile(
    r"<(/?)(svg|math|select|frameset|xmp|iframe|noembed|noframes|noscript|plaintext|textarea|template|listing)"
    r"(?=[\s/>]|\Z)",
    re.IGNORECASE,
)
_DATA: Final = re.compile(r"<!\[CDATA\[", re.IGNORECASE)
_BODY: Final = re.compile(r"<(/?)body(?=[\s/>])", re.IGNORECASE)
_START: Final = re.compile(rf"<style{markup.ATTRIBUTE}*+(?:{markup.WS}|/)*+>?", re.IGNORECASE)

TAGS: Final = frozenset(
    """a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del
    details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav
    nobr ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead
    time tr tt u ul var wbr""".split()
)
_WITHOUT_TEXT: Final = frozenset({"script", "style", "title", "object", "applet", "audio", "video", "canvas"})
_ANYWHERE: Final = frozenset({"style", "class", "id", "dir", "lang", "title", "align", "valign", "bgcolor"})
_SIZES: Final = frozenset({"width", "height"})
_CELL: Final = _SIZES | {"colspan", "rowspan", "nowrap", "background"}
_ATTRIBUTES: Final[dict[str, frozenset[str]]] = {
    "*": _ANYWHERE,
    "a": frozenset({"href"}),
    "img": _SIZES | {"src", "alt", "border", "hspace", "vspace"},
    "table": _SIZES | {"border", "cellpadding", "cellspacing", "background", "rules", "frame"},
    "td": _CELL,
    "th": _CELL,
    "tr": frozenset({"height", "background"}),
    "col": _SIZES | {"span"},
    "colgroup": _SIZES | {"span"},
    "font": frozenset({"color", "face", "size"}),
    "hr": frozenset({"size", "width", "noshade", "color"}),
    "ol": frozenset({"start", "type", "reversed"}),
    "ul": frozenset({"type"}),
    "li": frozenset({"value", "type"}),
    "div": frozenset({"background"}),
    "bdo": frozenset({"dir"}),
    "details": frozenset({"open"}),
    "time": frozenset({"datetime"}),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """HTML that may stand in a frame, and the style sheet that belongs to it.

    `remote` counts the pictures that are, or would be, loaded from elsewhere. `note` is `text_only` where the HTML was
    beyond bounds and only its text is shown, `cut` where its end is missing, else empty.
    """

    html: str
    style: str
    remote: int
    note: str = ""


@dataclass(slots=True)
class _Filter:
    """What becomes of an attribute's value. `pictures` are addresses by Content-ID, in lower case."""

    pictures: Mapping[str, str]
    images: bool
    remote: int = 0

    def value(self, element: str, attribute: str, value: str) -> str | None:
        """The value as it may stand there, or nothing."""
        if attribute == "style":
            return styles.declarations(value) or None
        if attribute == "href":
            return link(value) or None
        return self._picture(value) if attribute in ("src", "background") else value

    def _picture(self, value: str) -> str | None:
        address = UNREAD.sub("", value)
        if address[:4].lower() == "cid:":
            return self.pictures.get(address[4:].lower())
        if PICTURES.fullmatch(address):
            return address
        if REMOTE.match(address):
            self.remote += 1
            remote = f"https:{address}" if address.startswith("//") else address
            return remote if self.images else None
        return None


_NONE: Final[Mapping[str, str]] = {}


def display(html: str, pictures: Mapping[str, str] = _NONE, *, images: bool = False) -> Shown:
    """The HTML for a frame. `pictures` are the mail's own, as data addresses by Content-ID; `images` lets pictures be
    loaded from elsewhere."""
    note = "cut" if len(html) > LONGEST else ""
    tame = tamed(html[:LONGEST])
    page, sheets = apart(tame)
    if markup.shape(page).costly:
        return Shown(f"<pre>{escape(markup.tagless(tame))}</pre>", "", 0, "text_only")
    chosen = _Filter(pictures, images)
    clean = nh3.clean(
        _BODY.sub(r"<\1div", page),
        tags=TAGS,
        clean_content_tags=_WITHOUT_TEXT,
        attributes=_ATTRIBUTES,
        attribute_filter=chosen.value,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes=SCHEMES | {"cid", "data"},
    )
    return Shown(clean, styles.sheet("\n".join(sheets)), chosen.remote, note)


def apart(html: str) -> tuple[str, list[str]]:
    """The page without scripts, comments, titles and style elements, and what the style elements hold.

    Old mail programs are given style sheets within comments: those are not for us.
    """
    kept: list[str] = []
    sheets: list[str] = []
    at = 0
    for token in markup.TOKEN.finditer(html):
        raw = token["raw"]
        if raw is None and not html.startswith("<!--", token.start()):
            continue
        kept.append(html[at : token.start()])
        at = token.end()
        start = _START.match(token[0])
        if raw is not None and raw.lower() == "style" and start is not None:
            sheets.append(token[0][start.end() :])
    kept.append(html[at:])
    return "".join(kept), sheets[:STYLES]


def tamed(html: str) -> str:
    """HTML whose tags mean the same wherever they stand: without other languages and raw text in it."""
    text = html.replace("\0", "")
    return _FOREIGN.sub(r"<\1x-\2", _DATA.sub("", text))


def link(value: str) -> str:
    """An address that a person may follow, else nothing: absolute, and of the web or of a mailbox."""
    address = UNREAD.sub("", value)
    found = SCHEME.match(address)
    return address if found is not None and found[1].lower() in SCHEMES else ""
