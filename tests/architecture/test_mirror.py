"""The tree of tests mirrors the tree of sources, so that everyone knows where the test of a file is."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.exceptions import TESTED_ELSEWHERE
from tests.architecture.sources import Function, files, sources


def mirrors(source: str) -> tuple[str, str]:
    """The test file of a source file, and the beginning of its parts' names where there are several."""
    *folders, name = source.removeprefix("src/multimail/").removesuffix(".py").split("/")
    if name == "__init__" and folders:
        name = folders.pop()
    stem = "/".join(["tests", *folders, f"test_{name.strip('_')}"])
    return f"{stem}.py", f"{stem}_"


def has_tests(source: str) -> bool:
    whole, part = mirrors(source)
    return whole in files() or any(name.startswith(part) for name in files())


def does_something(function: Function) -> bool:
    """False for what only declares: a docstring and an ellipsis, as in a Protocol."""
    return not all(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in function.body
    )


def without_tests() -> list[str]:
    """Source files that have functions and no test file."""
    return [
        source.name
        for source in sources("src/multimail")
        if any(does_something(function) for _, function in source.functions()) and not has_tests(source.name)
    ]


def test_a_source_file_has_its_test_file_or_a_reason_to_be_tested_elsewhere() -> None:
    assert without_tests() == sorted(TESTED_ELSEWHERE)


def test_an_exception_says_why() -> None:
    assert [name for name, why in TESTED_ELSEWHERE.items() if len(why.split()) < 5] == []


@pytest.mark.parametrize(
    ("source", "test"),
    [
        ("src/multimail/core/addresses.py", "tests/core/test_addresses.py"),
        ("src/multimail/__main__.py", "tests/test_main.py"),
        ("src/multimail/adapters/store/__init__.py", "tests/adapters/test_store.py"),
    ],
)
def test_the_mirror_of_a_file_is_where_one_looks_for_it(source: str, test: str) -> None:
    assert mirrors(source)[0] == test
