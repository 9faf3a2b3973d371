"""The tree of MIME parts as offsets into the raw mail; nothing is decoded or copied here.

The standard parser recurses once per nested multipart and compares every line with every open boundary, so
it can be bounded neither in depth nor in time. Here each level is one search for its boundary, and what lies
beyond a limit stays one opaque part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from multimail.mime import headers, params
from multimail.mime.headers import Fields
from multimail.mime.model import Limits
from multimail.mime.params import Value

# RFC 2046 section 5.1.1; a boundary that goes on with one of these is another boundary.
BOUNDARY_CHARS: Final = frozenset(
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=?"
)
LIKELY_BOUNDARY: Final = re.compile(
    rb"^--([!-~]{1,200}?)[ \t]*\r?\nContent-[A-Za-z-]+:", re.MULTILINE | re.IGNORECASE
)
GUESS_WITHIN: Final = 64 * 1024
LINE_REST: Final = 1000
NO_VALUE: Final = Value("")
PART_FIELDS: Final = frozenset(
    {"content-type", "content-disposition", "content-transfer-encoding", "content-id", "content-description"}
)


@dataclass(slots=True)
class Part:
    """One part: what its header says, and where its body lies. Only a multipart that was split has children."""

    content_type: str
    type_value: Value
    disposition: Value
    encoding: str
    content_id: str
    start: int
    end: int
    children: list[Part] = field(default_factory=list)

    @property
    def charset(self) -> str:
        """The declared character set, `""` when there is none."""
        return self.type_value.params.get("charset", "")


@dataclass(slots=True)
class Builder:
    """One walk over a mail; `left` is how many parts may still be made."""

    raw: bytes
    limits: Limits
    problems: set[str]
    left: int


def build(raw: bytes, limits: Limits, problems: set[str]) -> tuple[Fields, Part]:
    """The header fields of the mail and the tree of its parts."""
    builder = Builder(raw, limits, problems, limits.parts)
    start = len(raw) - len(raw.lstrip(b"\r\n")) if raw[:1] in {b"\r", b"\n"} else 0
    fields, body = headers.split(raw, start, len(raw), limits, problems)
    return fields, _part(builder, fields, (body, len(raw)), 0, "text/plain")


def _part(builder: Builder, fields: Fields, span: tuple[int, int], depth: int, default: str) -> Part:
    part = _leaf(builder, fields, span, default)
    if not part.content_type.startswith("multipart/"):
        return part
    if depth >= builder.limits.depth:
        builder.problems.add("too_deep")
        return part
    boundary = _boundary(builder, part)
    if boundary:
        _split(builder, part, boundary, depth)
    if not part.children:
        builder.problems.add("missing_boundary")
        part.content_type = "text/plain"
    return part


def _leaf(builder: Builder, fields: Fields, span: tuple[int, int], default: str) -> Part:
    found: dict[str, str] = {}
    for name, value in fields:
        lowered = name.lower()
        if lowered in PART_FIELDS and lowered not in found:
            found[lowered] = value
    problems = builder.problems
    type_value = params.read(found["content-type"], problems) if "content-type" in found else NO_VALUE
    placed = found.get("content-disposition")
    disposition = params.read(placed, problems, type_value.get("charset")) if placed else NO_VALUE
    content_type = params.media_type(type_value.value, problems) if "content-type" in found else default
    if not content_type:
        content_type = "application/octet-stream" if disposition.value == "attachment" else "text/plain"
    return Part(
        content_type=content_type,
        type_value=type_value,
        disposition=disposition,
        encoding=found.get("content-transfer-encoding", ""),
        content_id=found.get("content-id", "").strip("<> \t")[:998],
        start=span[0],
        end=span[1],
    )


def _boundary(builder: Builder, part: Part) -> bytes:
    """The boundary that really divides the part: the declared one, else the first line that looks like one."""
    declared = part.type_value.params.get("boundary", "").rstrip().encode("utf-8", "replace")
    if declared and next(_delimiters(builder.raw, part, declared), None) is not None:
        return declared
    within = min(part.end, part.start + GUESS_WITHIN)
    likely = LIKELY_BOUNDARY.search(builder.raw, part.start, within)
    if likely is None:
        return b""
    builder.problems.add("missing_boundary")
    return likely[1]


def _delimiters(raw: bytes, part: Part, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each boundary line as (start of line, start of the next line, whether it closes the multipart)."""
    marker = b"--" + boundary
    at = raw.find(marker, part.start, part.end)
    while at != -1:
        after = at + len(marker)
        if at == part.start or raw[at - 1] == 10:
            next_line = raw.find(b"\n", after, part.end) + 1 or part.end
            rest = raw[after : min(next_line, after + LINE_REST)].rstrip(b" \t\r\n")
            closes = rest[:2] == b"--" and (len(rest) == 2 or rest[2] not in BOUNDARY_CHARS)
            if not rest or closes:
                yield at, next_line, closes
                after = max(after, next_line - 1)
        at = raw.find(marker, after, part.end)


def _split(builder: Builder, part: Part, boundary: bytes, depth: int) -> None:
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    begin: int | None = None
    for line, after, closes in _delimiters(builder.raw, part, boundary):
        if begin is not None:
            if builder.left <= 0:
                _set_aside(builder, part, begin)
                return
            _child(builder, part, (begin, line), depth, default)
        begin = after
        if closes:
            if builder.raw[after : part.end].strip():
                builder.problems.add("epilogue")
            return
    builder.problems.add("unterminated")
    if begin is not None and builder.raw[begin : part.end].strip():
        _child(builder, part, (begin, part.end), depth, default)


def _child(builder: Builder, part: Part, span: tuple[int, int], depth: int, default: str) -> None:
    """Adds the part between two delimiters; the line end before a delimiter belongs to the delimiter."""
    builder.left -= 1
    raw, (start, end) = builder.raw, span
    if end < part.end:
        end -= raw.endswith(b"\n", start, end)
        end -= raw.endswith(b"\r", start, end)
    fields, body = headers.split(raw, start, end, builder.limits, builder.problems)
    part.children.append(_part(builder, fields, (min(body, end), end), depth + 1, default))


def _set_aside(builder: Builder, part: Part, begin: int) -> None:
    builder.problems.add("too_many_parts")
    rest = Part("application/octet-stream", NO_VALUE, Value("attachment"), "", "", begin, part.end)
    part.children.append(rest)
