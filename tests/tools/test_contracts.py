"""The contract of library homes: a library is used at home, or not at all."""

from __future__ import annotations

import pytest
from grimp import ImportGraph

from tools.contracts import LibraryHomes

HOMES = ["mcp = shop.door", "click = anywhere", "shop.config = shop.top"]


def checked(importer: str, imported: str) -> list[str]:
    graph = ImportGraph()
    graph.add_module(importer)
    graph.add_module(imported, is_squashed=not imported.startswith("shop"))
    graph.add_import(importer=importer, imported=imported, line_number=3, line_contents="-")
    options = {"name": "homes", "type": "homes", "root": "shop", "homes": HOMES}
    strangers = LibraryHomes("homes", {}, options).check(graph, verbose=False).metadata["strangers"]
    assert isinstance(strangers, list)
    return strangers


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("shop.door", "mcp"),
        ("shop.door.tools", "mcp"),
        ("shop.core", "click"),
        ("shop.core", "datetime"),
        ("shop.core", "shop.model"),
        ("shop.top", "shop.config"),
    ],
)
def test_a_library_is_welcome_at_home(importer: str, imported: str) -> None:
    assert checked(importer, imported) == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [("shop.core", "mcp"), ("shop.doors", "mcp"), ("shop.core", "requests"), ("shop.core", "shop.config")],
)
def test_a_library_elsewhere_or_without_a_home_is_named_with_its_line(importer: str, imported: str) -> None:
    assert checked(importer, imported) == [f"{importer} -> {imported} (l.3)"]
