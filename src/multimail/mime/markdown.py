"""Markdown of an outgoing body to its two alternatives: HTML, and plain text that reads well.

HTML in the source is shown as text, links lead to http, https, mailto and tel only, and equal sources give
equal output. Link definitions are no feature here but text, so that no paragraph vanishes from the HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from html import escape
from itertools import groupby
from operator import add
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

LONGEST: Final = 100_000
"""Beyond so many characters markup stays as written: formatting takes up to a second per 100 KB of it."""
_NESTING: Final = 150

_SAFE_LINK: Final = re.compile(r"(?:https?://|mailto:|tel:)[^\x00-\x20]", re.IGNORECASE)
# Lines without any of these, and that do not begin like a block, are paragraphs: most of most mails.
_MARKUP: Final = re.compile(r"[`*_\[\]<&\\~|\x00]")
_BLOCK_STARTS: Final = frozenset("#>-+=")
_ORDERED: Final = re.compile(r"\d{1,9}[.)]")
# More prefixes than this on one line could exceed the parser's nesting, which drops what lies deeper.
_DEEP: Final = re.compile(r"^(?:[ \t>]|[*+-][ \t]|\d{1,9}[.)][ \t]){60}", re.MULTILINE)
_BLANK_LINES: Final = re.compile(r"(\n(?:[ \t]*\n)+)")
_LINE_ENDS: Final = re.compile(r"\r\n?")

_TOUCHED: Final = re.compile(r"[\[<\\]|[ \t]$")
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_INLINE: Final = re.compile(
    r"(?P<code>`[^`\n]+`)"
    r"|!?\[(?P<label>[^\[\]\n]{0,500})\]\(<?(?P<url>[^\s<>()]{1,2000}(?:\([^\s<>()]{0,200}\)[^\s<>()]{0,2000})?)>?"
    r'(?:[ \t]+"[^"\n]{0,200}")?\)'
    r"|<(?P<auto>(?:https?://|mailto:|tel:)[^\s<>]{1,2000})>"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<end>(?:\\|[ \t]+)$)",
    re.MULTILINE | re.IGNORECASE,
)


def both(source: str) -> tuple[str, str]:
    """What `to_text` and `to_html` make of one source, which is looked through once for them."""
    text = _with_line_feeds(source)
    plain = _is_plain(text)
    return text if plain else _marked_text(text), _html(text, plain=plain)


def to_html(source: str) -> str:
    """An HTML fragment. Line breaks in a paragraph stay line breaks, as people expect of mail."""
    text = _with_line_feeds(source)
    return _html(text, plain=_is_plain(text))


def to_text(source: str) -> str:
    """Plain text: the markdown as it is, links written out as `text (address)`, escapes undone; code untouched."""
    text = _with_line_feeds(source)
    return text if _is_plain(text) else _marked_text(text)


def _with_line_feeds(source: str) -> str:
    return _LINE_ENDS.sub("\n", source) if "\r" in source else source


def _html(text: str, *, plain: bool) -> str:
    if plain or len(text) > LONGEST or _DEEP.search(text):
        return _paragraphs(_BLANK_LINES.split(text))
    if "```" in text or "~~~" in text:
        return str(_parser().render(text))
    return _block_by_block(_BLANK_LINES.split(text + "\n\n"))


def _marked_text(text: str) -> str:
    chunks: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence or mark:
            chunks.append(line)
            fence = _after(line, fence, mark)
        else:
            chunks.append(_INLINE.sub(_as_text, line) if _TOUCHED.search(line) else line)
    return "\n".join(chunks)


def _is_plain(text: str) -> bool:
    if _MARKUP.search(text):
        return False
    return not any(
        line[0] in _BLOCK_STARTS or line[0].isspace() or line[-1].isspace() or _ORDERED.match(line)
        for line in text.split("\n")
        if line
    )


def _block_by_block(parts: list[str]) -> str:
    """`parts` are blocks, each followed by the empty lines that end it.

    Plain paragraphs go without the parser, which costs twenty times as much, and what lies between them with
    it: a plain paragraph after an empty line ends whatever was open before it, except a fenced block.
    """
    blocks = map(add, parts[::2], parts[1::2])
    return "".join(
        _paragraphs(group) if plain else _parser().render("".join(group))
        for plain, group in groupby(blocks, _is_plain)
    )


def _after(line: str, fence: str, mark: re.Match[str] | None) -> str:
    """The fence that is open after this line (CommonMark 4.5)."""
    if not mark:
        return fence
    if not fence:
        return mark[1]
    closes = mark[1].startswith(fence) and line[mark.end() :].strip() == ""
    return "" if closes else fence


def _as_text(match: re.Match[str]) -> str:
    if match["code"]:
        return match[0]
    if url := match["url"]:
        label = match["label"].strip()
        address = url.removeprefix("mailto:").removeprefix("tel:")
        return address if label in ("", url, address) else f"{label} ({address})"
    if auto := match["auto"]:
        return auto.removeprefix("mailto:").removeprefix("tel:")
    return match["escaped"] or ""


def _paragraphs(blocks: Iterable[str]) -> str:
    return "".join(
        "<p>" + escape(text, quote=False).replace('"', "&quot;").replace("\n", "<br />\n") + "</p>\n"
        for block in blocks
        if (text := block.strip())
    )


def _is_safe_link(url: str) -> bool:
    return _SAFE_LINK.match(url) is not None


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - sixty modules that plain paragraphs do without

    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": _NESTING})
    parser.enable(["table", "strikethrough"]).disable(["reference", "html_block", "html_inline"])
    parser.validateLink = _is_safe_link  # type: ignore[method-assign]
    return parser
