"""No cell of a table becomes a formula, and each comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from multimail.core.cells import harmless, plain

ACTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@pytest.mark.parametrize("first", ACTS)
def test_what_a_spreadsheet_would_calculate_is_marked_as_text(first: str) -> None:
    assert harmless(f"{first}1+1") == f"'{first}1+1"


@pytest.mark.parametrize("cell", ["", "Ann", "'tis", "a=b", "O'Neil", "1-2"])
def test_other_text_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


@given(st.text(alphabet="'=+-@ab\t\n\uff1d"))
@example("'=1")
def test_a_cell_comes_back_as_it_was(cell: str) -> None:
    assert plain(harmless(cell)) == cell
    assert not harmless(cell).startswith(ACTS)
