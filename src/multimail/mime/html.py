"""HTML of a mail to markdown: what a browser would show, without scripts, styles or image addresses."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from multimail.mime import markup

LONGEST: Final = 512 * 1024
# No repetition may run over the beginning of the next image, or matching is quadratic.
IMAGE: Final = re.compile(r"!\[([^\[\]\n]*)\]\((?:<[^<>\n]*>|[^()\s]*)(?:[ \t]+\"[^\"\n]*\")?\)")


def to_markdown(html: str, problems: set[str]) -> str:
    """Markdown of `html`; images become their alternative text, since an address in them only tracks.

    Of HTML nested deeper than any page it is the text alone: the converter drops what lies very deep.
    """
    if len(html) > LONGEST:
        problems.add("truncated")
        html = html[:LONGEST]
    if markup.shape(html).deep:
        return markup.tagless(html)
    text = IMAGE.sub(_alternative, _converted(html)).strip()
    return text or plain(html)


def _converted(html: str) -> str:
    import html_to_markdown as library  # noqa: PLC0415 - 20 ms that the start of a process need not pay

    options = library.ConversionOptions(
        extract_metadata=False, inline_data_media="alt_text_only", include_blockquote_citations=False
    )
    try:
        return library.convert(html, options).content or ""
    except library.ConversionError:
        return ""


def plain(html: str) -> str:
    """The text alone, for HTML the converter gives nothing for."""
    if markup.shape(html).costly:
        return markup.tagless(html)
    tree = LexborHTMLParser(html)
    for node in tree.css("script, style, template, head"):
        node.decompose()
    return markup.tidy(tree.body.text(separator="\n")) if tree.body else ""


def _alternative(found: re.Match[str]) -> str:
    return f"[image: {found[1].strip()}]" if found[1].strip() else ""
