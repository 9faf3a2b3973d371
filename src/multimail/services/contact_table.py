"""The columns of a table of contacts: what they are called and hold, and how a cell is kept from being a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from multimail.core.cells import plain
from multimail.core.errors import Problem
from multimail.services.contact_rows import KNOWN, SHOWN, Row, Said, Skip, checked, strict_json

COLUMNS: Final = ("email", "name", "tags", "metadata", *SHOWN)
DATA: Final = "metadata."
_ALSO: Final = {
    "e-mail": "email", "mail": "email", "address": "email", "email address": "email", "e-mail address": "email",
    "e-mail 1 - value": "email", "full name": "name", "display name": "name", "tag": "tags", "labels": "tags",
    "first name": "given", "given name": "given", "last name": "family", "family name": "family", "surname": "family",
}  # fmt: skip
_DELIMITERS: Final = ",;\t"
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"')
_MOST: Final = 500


def separator(header: str, told: str) -> str:
    """What stands between the cells: what the file says, else the one that stands most often in its first row."""
    outside = _QUOTED.sub("", header)
    found = max(_DELIMITERS, key=outside.count)
    return found if told == "," and outside.count(found) else told


def closes(line: str, delimiter: str, quoted: bool) -> bool:
    """Whether no quoted cell is open at the end of a line. A quote opens one only where a cell begins."""
    at = line.find('"')
    while at >= 0:
        if not quoted:
            quoted = at == 0 or line[at - 1] == delimiter
            at = line.find('"', at + 1)
        elif line.startswith('"', at + 1):
            at = line.find('"', at + 2)
        else:
            quoted = False
            at = line.find('"', at + 1)
    return not quoted


@dataclass(frozen=True, slots=True)
class Table:
    """What each column of a file is, empty for one that is not read."""

    columns: tuple[str, ...]

    @classmethod
    def of(cls, header: Sequence[str], others: str) -> Table:
        """Raises `unknown_field` for a column that is nothing here, unless others are to be ignored or kept as data."""
        names = [plain(name).strip() for name in header[:_MOST]]
        if not any(_ALSO.get(name.lower(), name.lower()) == "email" for name in names):
            raise Problem(
                "invalid", "There is no column email.", field="body",
                advice="The first line names the columns: email,name,tags,metadata",
            )  # fmt: skip
        columns = tuple(_column(name, others) for name in names)
        for name in set(columns) - {""}:
            if columns.count(name) > 1:
                raise Problem("invalid", f"The column {name[:80]!a} stands there twice.", field="body")
        return cls(columns)

    def row(self, line: int, cells: Sequence[str]) -> Row | Skip:
        """A row with more cells than there are columns is none."""
        if len(cells) > len(self.columns):
            return Skip(line, "invalid_row")
        found = {name: plain(cell) for name, cell in zip(self.columns, cells, strict=False) if name}
        try:
            metadata = _data(found)
        except ValueError:
            return Skip(line, "invalid_metadata")
        name = found.get("name", "").strip()
        name = name or " ".join(one for part in ("given", "family") if (one := found.get(part, "").strip()))
        return checked(
            Said(line, found.get("email"), name, re.split("[,;]", found.get("tags", "")), metadata)
        )


def _data(found: dict[str, str]) -> Any:
    """The data in one cell as JSON, and in cells of their own as text; an empty cell says nothing."""
    whole = strict_json(found["metadata"]) if found.get("metadata", "").strip() else {}
    own = {name.removeprefix(DATA): cell for name, cell in found.items() if name.startswith(DATA) and cell}
    return whole | own if own and isinstance(whole, dict) else whole


def _column(name: str, others: str) -> str:
    found = _ALSO.get(name.lower(), name.lower())
    if found in (*KNOWN, "given", "family"):
        return found
    if name.startswith(DATA) and len(name) > len(DATA):
        return name
    if found in SHOWN or not name or others == "ignore":
        return ""
    if others == "metadata":
        return DATA + name
    near = get_close_matches(found, (*KNOWN, *_ALSO), 1)
    raise Problem(
        "unknown_field", f"The column {name[:80]!a} is no field of a contact.", field=name[:80],
        advice=(f"Did you mean {near[0]}? " if near else "")
        + "Call it metadata.NAME, or say what becomes of others: ignore or metadata.",
    )  # fmt: skip
