"""One row of a file: a contact, or a code that says why it is none."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.contract.contact_files import SKIPS
from multimail.services.contact_rows import Row, Said, Skip, checked, of_object, strict_json

ANN = "ann@x.example"


def test_a_row_has_the_address_as_it_is_known_and_the_name_beside_it() -> None:
    assert checked(Said(1, " Ann Smith <Ann@X.example> ")) == Row(1, ANN, "Ann Smith", {}, {})
    assert checked(Said(1, ANN, "Ann", "a,b=1", {"n": None})) == Row(
        1, ANN, "Ann", {"n": None}, {"a": "", "b": "1"}
    )
    assert checked(Said(1, ANN, None, None, None)) == Row(1, ANN, "", {}, {})


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Said(7), "no_address"),
        (Said(7, None), "no_address"),
        (Said(7, 5), "no_address"),
        (Said(7, "nobody"), "invalid_address"),
        (Said(7, "a@b@c"), "invalid_address"),
        (Said(7, ANN, "x" * 201), "invalid_name"),
        (Said(7, ANN, "a\nb"), "invalid_name"),
        (Said(7, ANN, 5), "invalid_name"),
        (Said(7, ANN, "", [5]), "invalid_tag"),
        (Said(7, ANN, "", 5), "invalid_tag"),
        (Said(7, ANN, "", ["a\nb"]), "invalid_tag"),
        (Said(7, ANN, "", (), []), "invalid_metadata"),
        (Said(7, ANN, "", (), "text"), "invalid_metadata"),
        (Said(7, ANN, "", (), {"a": "x" * 70_000}), "metadata_too_large"),
        (Said(7, ANN, "", (), {"a": [[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]}), "metadata_too_deep"),
    ],
)
def test_a_row_that_cannot_be_is_passed_over_by_a_code(said: Said, code: str) -> None:
    assert checked(said) == Skip(7, code)
    assert code in SKIPS


@pytest.mark.parametrize("given", [None, [], "x", 5, {"email": ANN, "mail": ANN}])
def test_an_object_with_other_names_is_no_row(given: Any) -> None:
    assert of_object(3, given) == Skip(3, "invalid_row")


def test_what_an_export_says_besides_is_not_read() -> None:
    assert of_object(3, {"email": ANN, "replied": True, "created_at": "x"}) == Row(3, ANN, "", {}, {})


@pytest.mark.parametrize(
    "text", ["{", "", '{"a": 1, "a": 2}', "NaN", "[" * 100_000, '"' + "x" * 1_048_577 + '"', b'"\xff"']
)
def test_json_with_two_readings_or_none_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        strict_json(text)


def test_json_is_read_from_text_and_bytes() -> None:
    assert strict_json('{"a": [1]}') == strict_json(b'{"a": [1]}') == {"a": [1]}
