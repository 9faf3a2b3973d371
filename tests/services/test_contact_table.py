"""The columns of a table of contacts."""

from __future__ import annotations

import pytest

from multimail.core.errors import Problem
from multimail.services.contact_rows import Row, Skip
from multimail.services.contact_table import Table, closes, separator


@pytest.mark.parametrize(
    ("header", "told", "found"),
    [
        ("email,name", ",", ","), ("email;name", ",", ";"), ("email\tname", ",", "\t"), ("email", ",", ","),
        ('"a,b,c";email;name', ",", ";"), ("email,name", ";", ";"),
    ],
)  # fmt: skip
def test_what_stands_between_cells_is_seen_from_the_first_line(header: str, told: str, found: str) -> None:
    assert separator(header, told) == found


@pytest.mark.parametrize(
    ("line", "quoted", "closed"),
    [
        ("a,b", False, True), ('"a,b', False, False), ('a,"b', False, False), ('a,"b"', False, True),
        ('5" pipe,x', False, True), ('a""b,x', False, True), ('"a""b', False, False), ('x"', True, True),
        ("still open", True, False), ('x"",y', True, False), ('x","y', True, False), ("", True, False),
    ],
)  # fmt: skip
def test_a_quoted_cell_may_go_on_in_the_next_line(line: str, quoted: bool, closed: bool) -> None:
    assert closes(line, ",", quoted) is closed


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (["E-Mail Address", "First Name", "surname", "Labels"], ("email", "given", "family", "tags")),
        (["email", "metadata.plan", "Created_At", "contact_id", ""], ("email", "metadata.plan", "", "", "")),
    ],
)
def test_columns_are_known_by_the_names_that_others_give_them(
    header: list[str], columns: tuple[str, ...]
) -> None:
    assert Table.of(header, "refuse").columns == columns


@pytest.mark.parametrize(
    ("header", "code", "words"),
    [
        (["name"], "invalid", "no column email"),
        (["email", "E-mail"], "invalid", "twice"),
        (["email", "shoe size"], "unknown_field", "'shoe size'"),
        (["email", "nmae"], "unknown_field", "'nmae'"),
    ],
)
def test_a_header_that_is_none_is_refused(header: list[str], code: str, words: str) -> None:
    with pytest.raises(Problem) as caught:
        Table.of(header, "refuse")
    assert caught.value.code == code
    assert words in caught.value.message
    assert words != "'nmae'" or "Did you mean name?" in caught.value.advice


def test_other_columns_are_left_out_or_kept_as_data() -> None:
    header, cells = ["email", "Shoe size"], ["ann@x.example", "44"]

    assert Table.of(header, "ignore").row(2, cells) == Row(2, "ann@x.example", "", {}, {})
    assert Table.of(header, "metadata").row(2, cells) == Row(2, "ann@x.example", "", {"Shoe size": "44"}, {})


def test_a_row_is_put_together_from_its_cells() -> None:
    table = Table.of(["email", "given name", "last name", "tags", "metadata", "metadata.region"], "refuse")
    cells = ["Ann@X.example", "Ann", "Smith", "vip;plan=pro", '{"n": 1, "gone": null}', "EU"]

    assert table.row(2, cells) == Row(
        2, "ann@x.example", "Ann Smith", {"n": 1, "gone": None, "region": "EU"}, {"vip": "", "plan": "pro"}
    )
    assert table.row(3, [*cells, "one too many"]) == Skip(3, "invalid_row")
    assert table.row(4, ["ann@x.example"]) == Row(4, "ann@x.example", "", {}, {})
    assert table.row(5, ["ann@x.example", "", "", "", "{broken"]) == Skip(5, "invalid_metadata")
    assert table.row(6, ["ann@x.example", "", "", "", "[1]", "EU"]) == Skip(6, "invalid_metadata")
