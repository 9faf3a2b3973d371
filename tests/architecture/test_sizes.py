"""Files, functions and argument lists stay small; the exceptions are listed with a reason and only shrink."""

from __future__ import annotations

import pytest

from tests.architecture.exceptions import ARGUMENTS, FILE_LINES, FUNCTION_LINES
from tests.architecture.sources import Function, Source, sources
from tools.fresh import GENERATORS

KINDS = {
    "lines of a file": (300, FILE_LINES),
    "lines of a function": (40, FUNCTION_LINES),
    "arguments": (6, ARGUMENTS),
}


def by_hand() -> list[Source]:
    return [source for source in sources() if source.name not in GENERATORS]


def arguments(function: Function) -> int:
    spec = function.args
    every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
    return len(every) - (bool(every) and every[0].arg in {"self", "cls"})


def lines(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def measured(kind: str) -> dict[str, int]:
    if kind == "lines of a file":
        return {source.name: len(source.text.splitlines()) for source in by_hand()}
    measure = lines if kind == "lines of a function" else arguments
    return {
        f"{source.name}::{name}": measure(function)
        for source in by_hand()
        for name, function in source.functions()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_outgrows_its_limit_without_a_written_reason(kind: str) -> None:
    limit, exceptions = KINDS[kind]

    too_big = {name: size for name, size in measured(kind).items() if size > limit}

    assert too_big == {name: size for name, (size, _) in exceptions.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_every_exception_says_why(kind: str) -> None:
    _, exceptions = KINDS[kind]

    assert [name for name, (_, why) in exceptions.items() if len(why.split()) < 5] == []


def test_the_measures_see_what_they_measure() -> None:
    this = next(source for source in sources("tests/architecture") if source.name.endswith("test_sizes.py"))
    functions = dict(this.functions())

    assert (lines(functions["by_hand"]), arguments(functions["lines"])) == (2, 1)
