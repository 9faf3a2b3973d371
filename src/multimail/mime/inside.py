"""A mail from inside: its tree of parts with their paths, and the bytes of one of them. Total on bad input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from multimail.mime import body, parse
from multimail.mime.model import Limits
from multimail.mime.structure import Part

_NAMED: Final = ("attachment", "inline")


@dataclass(frozen=True, slots=True)
class Inner:
    """A part. `path` counts from 1 at each level, as IMAP does (RFC 3501 section 6.4.5), and is empty for the mail
    itself; `size` is of the part as it was packed. `position` is that of the attachment it is, from 0, if it is one.
    """

    path: str
    content_type: str
    filename: str
    size: int
    disposition: str
    charset: str
    encoding: str
    content_id: str
    position: int | None
    children: tuple[Inner, ...]


@dataclass(frozen=True, slots=True)
class Inside:
    """All that is to be seen of a mail without its attachments' contents."""

    root: Inner
    headers: tuple[tuple[str, str], ...]
    html: str
    text: str
    problems: tuple[str, ...]


def inside(raw: bytes, limits: Limits = parse.DEFAULT) -> Inside:
    """The mail in `raw`, taken apart."""
    problems: set[str] = set()
    fields, root, content, segments = parse.read(raw, limits, problems)
    text = "\n\n".join(one.text for one in segments if not one.html)
    header = parse.Header(fields, parse.charset_of(root), limits, problems)
    listed = tuple((name, header.decoded(value[: limits.header_value])) for name, value in fields)
    tree = _inner(
        root,
        "" if root.children else "1",
        {id(part): position for position, part in enumerate(content.files)},
    )
    return Inside(tree, listed, "\n".join(content.html), text, tuple(sorted(problems)))


def _inner(part: Part, path: str, files: dict[int, int]) -> Inner:
    prefix = f"{path}." if path else ""
    position = files.get(id(part))
    named = position is not None or body.declared_name(part)
    return Inner(
        path=path,
        content_type=part.content_type,
        filename=body.filename(part, position or 0, set()) if named else "",
        size=part.end - part.start,
        disposition=part.disposition.value if part.disposition.value in _NAMED else "",
        charset=part.charset[:80],
        encoding=part.encoding[:80].lower(),
        content_id=part.content_id,
        position=position,
        children=tuple(
            _inner(child, f"{prefix}{number}", files) for number, child in enumerate(part.children, 1)
        ),
    )


def content(raw: bytes, path: str, limits: Limits = parse.DEFAULT) -> tuple[str, bytes] | None:
    """The declared type and the decoded bytes of the part at a path; a mail of one part is its own part `1`."""
    _, root, opened, _ = parse.read(raw, limits, set())
    part: Part | None = root
    if root.children or path != "1":
        for step in path.split("."):
            number = int(step) if step.isascii() and step.isdecimal() and len(step) < 4 else 0
            part = part.children[number - 1] if part and 0 < number <= len(part.children) else None
    return None if part is None else (part.content_type, body.decoded(opened, part))


def pictures(raw: bytes, limits: Limits = parse.DEFAULT) -> list[tuple[str, str, str]]:
    """Of each part that the HTML may speak of: its Content-ID, its path and its declared type."""
    _, root, _, _ = parse.read(raw, limits, set())
    found: list[tuple[str, str, str]] = []
    waiting = [_inner(root, "" if root.children else "1", {})]
    while waiting:
        one = waiting.pop()
        waiting += one.children
        if one.content_id:
            found.append((one.content_id, one.path, one.content_type))
    return found
