"""Path templates such as `/v1/messages/{message_id}` as a tree: one step a segment, however many routes there are.

Segments are split before they are decoded, so that an address may hold an encoded slash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from starlette.types import Scope

T = TypeVar("T")
_LONGEST: Final = 1000
"""Characters of a segment; nothing that is named by one is as long."""


@dataclass(slots=True)
class _Node(Generic[T]):
    literal: dict[str, _Node[T]] = field(default_factory=dict)
    parameter: _Node[T] | None = None
    names: tuple[str, ...] = ()
    methods: dict[str, T] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What a path knows: what each method does, and what stands in the places of the parameters."""

    methods: Mapping[str, T]
    parameters: Mapping[str, str]


class Paths(Generic[T]):
    """Templates with what their methods do. A segment in its own words comes before a parameter."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, method: str, template: str, value: T) -> None:
        """One method of one path; the same twice is a mistake of the table."""
        node = self._root
        names: list[str] = []
        for segment in template.strip("/").split("/"):
            if segment.startswith("{"):
                names.append(segment.strip("{}"))
                node.parameter = node = node.parameter or _Node()
            else:
                node = node.literal.setdefault(segment, _Node())
        if method in node.methods or node.names not in ((), tuple(names)):
            raise ValueError(f"{method} {template} is there twice")
        node.names = tuple(names)
        node.methods[method] = value

    def find(self, path: str) -> Found[T] | None:
        """What is at an encoded path, or nothing."""
        node = self._root
        values: list[str] = []
        for segment in path.removeprefix("/").split("/"):
            decoded = decode(segment)
            if decoded is None:
                return None
            if decoded in node.literal:
                node = node.literal[decoded]
            elif node.parameter is not None:
                node = node.parameter
                values.append(decoded)
            else:
                return None
        return Found(node.methods, dict(zip(node.names, values, strict=True))) if node.methods else None


def decode(segment: str) -> str | None:
    """A segment's own text, or nothing where it has none."""
    try:
        text = unquote(segment, errors="strict")
    except UnicodeDecodeError:
        return None
    return text if 0 < len(text) <= _LONGEST else None


def path_of(scope: Scope) -> str:
    """The path as it was sent, without the query."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    return raw.decode("latin-1").partition("?")[0]
