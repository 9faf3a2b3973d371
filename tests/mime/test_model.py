"""The codes of parsing are a closed list with a meaning each."""

from __future__ import annotations

import re
from pathlib import Path

from multimail.mime import model
from multimail.mime.model import PROBLEMS

SOURCES = Path(model.__file__).parent


def test_every_code_the_parser_gives_is_in_the_list_and_every_code_listed_is_given() -> None:
    given: set[str] = set()
    for path in SOURCES.glob("*.py"):
        given.update(re.findall(r"problems\.add\(\"([a-z_0-9]+)\"\)", path.read_text(encoding="utf-8")))
    assert given == set(PROBLEMS)


def test_every_code_has_a_sentence() -> None:
    assert [code for code, meaning in PROBLEMS.items() if not meaning.endswith(".")] == []
