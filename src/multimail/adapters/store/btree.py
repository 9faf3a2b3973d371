"""Pages of a SQLite file as its format has them: which bytes mean nothing to anybody. Reads bytes, writes nothing.

Whoever overwrites bytes must be sure, so a page counts as one of a tree only when each of its bytes is accounted for:
the head, the pointers, every cell, every free block, and as many loose bytes as the head says. That is what
`PRAGMA integrity_check` looks at, and no page of another kind comes through it by chance. Pages that may look alike
are known by their place: those of the map that `auto_vacuum` keeps, and the one where SQLite's locks are.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_INTERIOR_INDEX: Final = 2
_INTERIOR_TABLE: Final = 5
_LEAF_INDEX: Final = 10
_LEAF_TABLE: Final = 13
_HEADS: Final = {_INTERIOR_INDEX: 12, _INTERIOR_TABLE: 12, _LEAF_INDEX: 8, _LEAF_TABLE: 8}
"""Kinds of pages of trees, with the length of their head."""
_FIRST_HEAD: Final = 100
_LOCKS_AT: Final = 1 << 30
_LEAST_CELL: Final = 4
_MOST_PAGES: Final = 2 << 24
"""With more, the first byte of an overflow page might look like a kind of tree."""
_NINTH: Final = 8
_SMALLEST: Final = 512

Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What the first page says of the others: their size, how much of it is used, and how they are found."""

    size: int
    usable: int
    mapped: bool
    first_free: int

    @classmethod
    def of(cls, file: int) -> Shape | None:
        """None for a file in which nothing may be touched."""
        first = os.pread(file, _FIRST_HEAD, 0)
        if len(first) < _FIRST_HEAD or first[:16] != b"SQLite format 3\0":
            return None
        size = _number(first, 16, 2)
        size = 65536 if size == 1 else size
        if size < _SMALLEST or size & (size - 1) or os.fstat(file).st_size // size >= _MOST_PAGES:
            return None
        return cls(size, size - first[20], _number(first, 52, 4) != 0, _number(first, 32, 4))

    def is_apart(self, number: int) -> bool:
        """Whether the page is the one of the locks, or one of the map of `auto_vacuum`."""
        locks = _LOCKS_AT // self.size + 1
        if number == locks:
            return True
        if not self.mapped or number == 1:
            return False
        each = self.usable // 5 + 1
        of_map = (number - 2) // each * each + 2
        # SQLite moves a page of the map that would be where its locks are to the next place.
        return number == (of_map + 1 if of_map == locks else of_map)


def unused(page: bytes, number: int, shape: Shape, free: Mapping[int, int]) -> Spans:
    """Where no row and no pointer is. Of a page of a tree: the middle, and what is free between rows, behind the four
    bytes by which each free block leads to the next. Empty for every page that is not surely known."""
    if len(page) != shape.size or shape.is_apart(number):
        return []
    if number in free:
        return [(free[number], shape.usable)]
    found = gaps(page, number, shape)
    return found if found and _adds_up(page, number, shape) else []


def gaps(page: bytes, number: int, shape: Shape) -> Spans:
    """The same for a page that is taken for one of a tree without looking at its cells: good for a first look."""
    head = _FIRST_HEAD if number == 1 else 0
    length = _HEADS.get(page[head])
    if length is None:
        return []
    start, content = head + length + 2 * _number(page, head + 3, 2), _number(page, head + 5, 2) or 65536
    if not start <= content <= shape.usable:
        return []
    blocks = _free_blocks(page, _number(page, head + 1, 2), content, shape.usable)
    return [] if blocks is None else [(start, content), *((at + 4, end) for at, end in blocks)]


def free_pages(file: int, shape: Shape) -> dict[int, int]:
    """The pages that hold nothing, each with where its unused bytes begin: behind the list of others, if it has it."""
    found: dict[int, int] = {}
    trunk = shape.first_free
    while trunk and trunk not in found:
        page = os.pread(file, shape.size, (trunk - 1) * shape.size)
        count = _number(page, 4, 4)
        if len(page) < shape.size or count > shape.usable // 4 - 2:
            return {}
        found[trunk] = 8 + 4 * count
        found |= dict.fromkeys((_number(page, at, 4) for at in range(8, 8 + 4 * count, 4)), 0)
        trunk = _number(page, 0, 4)
    return found


def _free_blocks(page: bytes, first: int, content: int, usable: int) -> Spans | None:
    """The chain of free blocks; None when it makes no sense."""
    found: Spans = []
    at = first
    while at:
        if not content <= at <= usable - 4:
            return None
        following, end = _number(page, at, 2), at + _number(page, at + 2, 2)
        if end < at + 4 or end > usable or (following and following < end):
            return None
        found.append((at, end))
        at = following
    return found


def _adds_up(page: bytes, number: int, shape: Shape) -> bool:
    """Whether cells, free blocks and loose bytes fill the page from where its content begins, and never overlap."""
    head = _FIRST_HEAD if number == 1 else 0
    kind, content = page[head], _number(page, head + 5, 2) or 65536
    pointers = head + _HEADS[kind]
    spans = _free_blocks(page, _number(page, head + 1, 2), content, shape.usable) or []
    for at in range(pointers, pointers + 2 * _number(page, head + 3, 2), 2):
        cell = _number(page, at, 2)
        if not content <= cell <= shape.usable - _LEAST_CELL:
            return False
        spans.append((cell, cell + max(_LEAST_CELL, _cell(page, cell, kind, shape.usable))))
    ends = [(content, content), *sorted(spans), (shape.usable, shape.usable)]
    loose = [after[0] - before[1] for before, after in pairwise(ends)]
    return min(loose) >= 0 and sum(loose) == page[head + 7]


def _cell(page: bytes, at: int, kind: int, usable: int) -> int:
    """The length of a cell in its page."""
    start = at
    if kind in {_INTERIOR_INDEX, _INTERIOR_TABLE}:
        at += 4
    if kind == _INTERIOR_TABLE:
        return _varint(page, at)[1] - start
    payload, at = _varint(page, at)
    if kind == _LEAF_TABLE:
        at = _varint(page, at)[1]
    most = usable - 35 if kind == _LEAF_TABLE else (usable - 12) * 64 // 255 - 23
    if payload <= most:
        return at + payload - start
    least = (usable - 12) * 32 // 255 - 23
    here = least + (payload - least) % (usable - 4)
    return at + (here if here <= most else least) + 4 - start


def _varint(page: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(9):
        byte = page[at + place] if at + place < len(page) else 0
        if place == _NINTH:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    raise AssertionError("nine bytes at most")


def _number(page: bytes, at: int, length: int) -> int:
    return int.from_bytes(page[at : at + length], "big")
