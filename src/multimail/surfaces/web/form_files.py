"""Reading a posted form that brings files along: in pieces as it comes, bounded, and never onto the disk.

A file that is too large is read past and not kept, so that whoever wrote the form gets it back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from multimail.core.errors import Problem
from multimail.mime import params
from multimail.surfaces.web import forms

if TYPE_CHECKING:
    from starlette.requests import Request

TYPE: Final = "multipart/form-data"
_FILES: Final = 50
_PARTS: Final = 400
_PASSED: Final = 10
"""So many times what is kept of files is read past before the connection is given up."""


@dataclass(slots=True)
class File:
    """What a person chose. Its content is given up, and `too_large` says so, once all files together are too long."""

    filename: str
    content_type: str
    content: bytearray = field(default_factory=bytearray)
    too_large: bool = False

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def is_one(request: Request) -> bool:
    """Whether the form may have files in it."""
    return forms.media_type(request) == TYPE


async def read(request: Request, longest: int, most: int) -> tuple[dict[str, str], tuple[File, ...]]:
    """The fields as `forms.read` gives them, and the files that were chosen.

    `longest` is for the fields, `most` for all files, both in bytes. Raises `too_large`, or `invalid` for what no
    browser sends.
    """
    _, options = parse_options_header(request.headers.get("content-type", ""))
    parts = _Parts(longest, most)
    size = 0
    try:
        parser = MultipartParser(options.get(b"boundary", b""), parts.callbacks())
        async for chunk in request.stream():
            size += len(chunk)
            if size > longest + _PASSED * most:
                raise Problem("too_large", "The files are too large.")
            parser.write(chunk)
    except FormParserError:
        raise forms.unreadable() from None
    if not parts.ended:
        raise forms.unreadable()
    return forms.once(parts.fields), tuple(parts.files)


class _Parts:
    """What was read so far; the parser calls it."""

    def __init__(self, longest: int, most: int) -> None:
        self.fields: list[tuple[str, str]] = []
        self.files: list[File] = []
        self.ended = False
        self._longest, self._most = longest, most
        self._headers: dict[bytes, bytes] = {}
        self._name = self._value = b""
        self._field = ""
        self._file: File | None = None
        self._text = bytearray()

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin, "on_header_field": self._header_name, "on_header_value": self._header_value,
            "on_header_end": self._header_end, "on_headers_finished": self._head, "on_part_data": self._data,
            "on_part_end": self._part_end, "on_end": self._end,
        }  # fmt: skip

    def _begin(self) -> None:
        self._headers, self._file, self._field = {}, None, ""
        self._text = bytearray()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def _head(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._field = _decoded(options.get(b"name", b""))
        if len(self.fields) + len(self.files) >= _PARTS:
            raise forms.unreadable()
        if b"filename" in options:
            named = _decoded(options[b"filename"]).replace("\\", "/").rpartition("/")[2]
            claimed = self._headers.get(b"content-type", b"").decode("latin-1")
            self._file = File(named, params.media_type(params.read(claimed, set()).value, set()))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file is None:
            self._longest -= end - start
            if self._longest < 0:
                raise Problem("too_large", "The form is too long.")
            self._text += data[start:end]
            return
        self._most -= end - start
        if self._most < 0:
            self._file.too_large = True
            self._file.content = bytearray()
        else:
            self._file.content += data[start:end]

    def _part_end(self) -> None:
        one = self._file
        if one is None:
            self.fields.append((self._field, _decoded(self._text)))
        elif one.filename or one.content or one.too_large:
            # A browser sends an empty file without a name where none was chosen.
            self.files.append(one)
            if len(self.files) > _FILES:
                raise Problem("too_large", f"A form may bring {_FILES} files.")

    def _end(self) -> None:
        self.ended = True


def _decoded(text: bytes | bytearray) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        raise forms.unreadable() from None
