"""What a tree of parts means: the text a person reads, the HTML, and the attachments in their order."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from io import IncrementalNewlineDecoder
from typing import Final

from multimail.mime import charset, html, transfer
from multimail.mime.model import Attachment
from multimail.mime.structure import Part

BODY_TYPES: Final = frozenset(
    {"text/plain", "text/html", "text/markdown", "text/x-markdown", "text/enriched"}
)
# Python's own table reads the machine's, which must not change what a mail parses to.
SUFFIXES: Final[dict[str, str]] = {
    "application/gzip": ".gz",
    "application/json": ".json",
    "application/ics": ".ics",
    "application/msword": ".doc",
    "application/pdf": ".pdf",
    "application/pgp-signature": ".asc",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xml": ".xml",
    "application/zip": ".zip",
    "audio/mpeg": ".mp3",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "message/delivery-status": ".txt",
    "message/global": ".eml",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "text/vcard": ".vcf",
    "video/mp4": ".mp4",
}
META_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE
)
C1: Final = re.compile("[\x80-\x9f]")
UNSAFE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]")
LONGEST_NAME: Final = 200


@dataclass(slots=True)
class Segment:
    """A piece of the mail's text, `html` where it is still HTML."""

    text: str
    html: bool


@dataclass(slots=True)
class Content:
    """What the walk has found. Attachments are still undecoded; `room` is how much text may still come."""

    raw: bytes
    room: int
    problems: set[str]
    html: list[str] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)


def walk(content: Content, part: Part) -> list[Segment]:
    """The text of a part in reading order; its HTML and attachments are added to `content`."""
    return _walk(content, part, True)


def _walk(content: Content, part: Part, leads: bool) -> list[Segment]:
    """`leads`: the part stands where a mail's text stands, so a name does not make it a file."""
    if not part.children:
        return _leaf(content, part, leads)
    alternative = part.content_type == "multipart/alternative"
    listed = [
        _walk(content, child, leads=alternative or order == 0) for order, child in enumerate(part.children)
    ]
    if alternative:
        plain = [each for each in listed if each and all(not s.html and s.text.strip() for s in each)]
        listed = plain or listed
    return [segment for each in listed for segment in each]


def _leaf(content: Content, part: Part, leads: bool) -> list[Segment]:
    kind = part.content_type
    if kind not in BODY_TYPES or part.disposition.value == "attachment":
        content.files.append(part)
        return []
    if part.disposition.get("filename") or (not leads and declared_name(part)):
        content.files.append(part)
        if not leads:
            return []
    data = decoded(content, part)
    if charset.is_binary(data, part.charset):
        content.problems.add("binary_text")
        if part not in content.files[-1:]:
            content.files.append(part)
        return []
    if kind == "text/html":
        text = _cut(content, _html_text(content, data, part.charset))
        content.html.append(text)
        return [Segment(text, html=True)]
    return [Segment(_cut(content, charset.decode(data, part.charset, content.problems)), html=False)]


def decoded(content: Content, part: Part) -> bytes:
    """The bytes of a part without its transfer encoding."""
    text = part.content_type.startswith("text/")
    return transfer.undone(content.raw[part.start : part.end], part.encoding, text, content.problems)


def text_of(segments: list[Segment], problems: set[str]) -> str:
    """All segments as one text with `\\n` line ends; only now is HTML converted."""
    out: list[str] = []
    for segment in segments:
        text = html.to_markdown(segment.text, problems) if segment.html else segment.text
        out.append(lines(text).strip("\n"))
    return "\n\n".join(text for text in out if text.strip()).rstrip()


def lines(text: str) -> str:
    """`text` with `\\n` for every kind of line end."""
    return IncrementalNewlineDecoder(None, translate=True).decode(text, final=True) if "\r" in text else text


def attachment(content: Content, position: int) -> Attachment:
    """The attachment at this position of `content.files`, decoded."""
    part = content.files[position]
    data = decoded(content, part)
    return Attachment(
        position=position,
        filename=filename(part, position, content.problems),
        content_type=part.content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        content_id=part.content_id,
        inline=part.disposition.value == "inline" or (bool(part.content_id) and not part.disposition.value),
        content=data,
    )


def declared_name(part: Part) -> str:
    """The file name the sender gave, as it came."""
    return part.disposition.get("filename", "name") or part.type_value.get("name", "filename", "file")


def filename(part: Part, position: int, problems: set[str]) -> str:
    """A name that is safe to show and to save under: no path, no control or direction characters."""
    declared = declared_name(part)
    name = UNSAFE.sub("", declared.replace("\\", "/").rpartition("/")[2]).strip(" .")
    if name != declared.strip(" .") or (declared and not name):
        problems.add("unsafe_filename")
    if not name:
        return f"attachment-{position + 1}{SUFFIXES.get(part.content_type, '.bin')}"
    if len(name) > LONGEST_NAME:
        stem, dot, suffix = name.rpartition(".")
        kept = dot + suffix if stem and len(suffix) <= 10 else ""
        return name[: LONGEST_NAME - len(kept)] + kept
    return name


def _cut(content: Content, text: str) -> str:
    if len(text) > content.room:
        content.problems.add("truncated")
        text = text[: content.room]
    content.room -= len(text)
    return text


def _html_text(content: Content, data: bytes, declared: str) -> str:
    """HTML without a declared charset: UTF-8 if it reads as such, else what its own meta element says."""
    if charset.codec_of(declared[:80]) is None:
        meta = META_CHARSET.search(data, 0, 4096)
        try:
            sound = C1.search(data.decode("utf-8")) is None
        except UnicodeDecodeError:
            sound = False
        if meta is not None and not sound:
            declared = meta[1].decode("ascii")
    return charset.decode(data, declared, content.problems)
