"""Cells of tables that people open in a spreadsheet: text stays text, and comes back as it was."""

from __future__ import annotations

import re
from typing import Final

_ACTS: Final = "[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
"""What spreadsheets take for the beginning of a formula, full-width forms too (OWASP, CSV injection)."""
_FORMULA: Final = re.compile(f"'*{_ACTS}")
_MARKED: Final = re.compile(f"'+{_ACTS}")


def harmless(cell: str) -> str:
    """The cell, marked as text where a spreadsheet would calculate it; `plain` gives it back."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def plain(cell: str) -> str:
    """The cell without the mark that makes it text."""
    return cell[1:] if _MARKED.match(cell) else cell
