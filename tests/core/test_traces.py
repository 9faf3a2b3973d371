"""One person in text: what is theirs, what only looks like it, and what is left without them."""

from __future__ import annotations

import pytest

from multimail.core.traces import ERASED, Traces, elsewhere, of_person

JANE = Traces("jane@acme.example", ("Jane Ann Quux", "Jane"), ("+49 30 1234567", "jq@home.example"))


@pytest.mark.parametrize(
    "text",
    [
        "jane@acme.example", "Write to <JANE@Acme.Example>.", "mailto:jane@acme.example?x=1", "Jane  Ann\n Quux rang",
        "Quux, Jane Ann", "jane, are you there", "030 is +49 (30) 123-45.67", "4930 1234567", "see jq@home.example!",
        "'jane@acme.example'", "_jane@acme.example_", "{jane@acme.example}", "?to=jane@acme.example&x",
        "**Jane Ann Quux**", "_Jane Ann Quux_", "...jane@acme.example...", "mailto:jane%40acme.example",
        "%3Ajane%40acme.example",
        "jane&#64;acme.example", "<bounce+jane=acme.example@list.example>", "Jane_Ann_Quux.pdf", "?q=Jane%20Ann+Quux",
        "Jane **Ann** Quux", "Jane <b>Ann</b>&nbsp;Quux",
        "0049 30/1234567", "030 1234567", "+49 (0) 30 1234567",
    ],
)  # fmt: skip
def test_somebody_is_found_however_written(text: str) -> None:
    assert JANE.found(text)
    assert not JANE.found(JANE.redacted(text))


@pytest.mark.parametrize(
    "text",
    [
        "mary-jane@acme.example", "x.jane@acme.example", "x_jane@acme.example", "jane@acme.example_two",
        "jane@acme.example.org", "jane@acme.example-two.org", "Janet",
        "149301234567", "49301234567890", "0301234568", "1234567", "00301234567", "maryjane=acme.example",
        "nobody", "",
    ],
)  # fmt: skip
def test_what_is_longer_is_somebody_else(text: str) -> None:
    assert not JANE.found(text)
    assert JANE.redacted(text) == text


def test_a_number_is_found_among_other_letters_and_as_it_is_dialled() -> None:
    known = Traces("x@acme.example", (), ("0049 (30) 765-4321", "555 1234567", "+1 234 5678"))

    for text in ("030/7654321", "+49 30 7654321", "(555) 123-4567", "+1-234-5678", "12345678"):
        assert known.found(f"ä {text} ö")
        assert not known.found(known.redacted(f"ä {text} ö"))
    for text in ("0551234567", "0345678", "30 7654321"):
        assert not known.found(text)


def test_accents_are_the_same_however_they_are_made() -> None:
    andre = of_person("a@acme.example", ["Andre\u0301 Que\u0300te"], {})

    for text in ("Andr\u00e9 Qu\u00e8te rang", "Andre\u0301 Que\u0300te rang"):
        assert andre.found(text)
        assert andre.redacted(text) == f"{ERASED} rang"


def test_what_is_around_the_person_is_kept() -> None:
    assert JANE.redacted("Dear Jane Ann Quux (jane@acme.example), hi") == f"Dear {ERASED} ({ERASED}), hi"


def test_a_domain_is_known_in_its_own_script() -> None:
    traces = Traces("jane@xn--bcher-kva.example")

    assert traces.found("jane@bücher.example")
    assert traces.found("jane@xn--bcher-kva.example")
    assert not Traces("jane@xn--\x80.example").found("jane@x.example")


def test_of_metadata_only_what_names_somebody_is_looked_for() -> None:
    metadata = {
        "phone": "+49 30 1234567", "id": 49301234567, "city": "Bonn", "vip": True, "zip": "12345", "at": "home",
        "other": ["jq@home.example", {"deep": "0049 (30) 7654321"}], "long": "1" * 300, "no": None, "odd": "a b@c.de",
    }  # fmt: skip

    traces = of_person(" Jane@Acme.example", ["Jane  Quux", "jane@acme.example", "Jo", "x" * 201], metadata)

    assert traces.address == "jane@acme.example"
    assert traces.names == ("Jane Quux",)
    assert traces.values == ("+49 30 1234567", "0049 (30) 7654321", "49301234567", "jq@home.example")


def test_elsewhere_names_of_one_word_and_names_of_others_are_left_alone() -> None:
    traces = elsewhere(Traces("a@b.example", ("Jane", "Jane Quux", "John Doe"), ("1234567",)), ["john doe"])

    assert traces == Traces("a@b.example", ("Jane Quux",), ("1234567",))


def test_what_is_looked_for_can_be_kept() -> None:
    kept = JANE.kept()

    assert Traces(kept["address"], tuple(kept["names"]), tuple(kept["values"])) == JANE
