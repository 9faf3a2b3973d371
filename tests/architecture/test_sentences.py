"""Every module begins with a sentence that says what lives there, and is named for a thing."""

from __future__ import annotations

import ast

from tests.architecture.sources import Source, sources

SHORTEST = 3
KINDS = {"helpers.py", "helper.py", "utils.py", "util.py", "base.py", "common.py", "misc.py"}


def has_sentence(source: Source) -> bool:
    paragraph = (ast.get_docstring(source.tree) or "").split("\n\n")[0].rstrip()
    return len(paragraph.split()) >= SHORTEST and paragraph.endswith((".", ":", "?"))


def test_a_module_begins_with_its_sentence() -> None:
    assert [source.name for source in sources() if not has_sentence(source)] == []


def test_a_module_is_named_for_a_thing_and_not_for_a_kind() -> None:
    assert [source.name for source in sources() if source.name.rpartition("/")[2] in KINDS] == []
