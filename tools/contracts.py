"""An Import Linter contract of our own: each library has its homes in one table.

Protected contracts would say the same in forty lines, and could not say that a library missing from the
table may not be used at all.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from importlinter import Contract, ContractCheck, fields, output

if TYPE_CHECKING:
    from grimp import ImportGraph

ANYWHERE = "anywhere"


class LibraryHomes(Contract):
    """`homes` has lines `library = module module …`; a module stands for itself and all below it.

    `anywhere` lifts the limit. The standard library is free unless a line names it, and our own modules
    may be named like a library.
    """

    type_name = "homes"

    root = fields.StringField()
    homes = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        table = dict(_row(line) for line in self.homes)  # type: ignore[attr-defined]
        root = str(self.root)
        strangers = sorted(
            f"{importer} -> {imported} (l.{detail['line_number']})"
            for importer in graph.modules
            if _within(importer, root)
            for imported in graph.find_modules_directly_imported_by(importer)
            if not _at_home(importer, imported, table, root)
            for detail in graph.get_import_details(importer=importer, imported=imported)
        )
        return ContractCheck(kept=not strangers, metadata={"strangers": strangers})

    def render_broken_contract(self, check: ContractCheck) -> None:
        output.print_error("Not a home of this library, or a library without a home:", bold=True)
        for stranger in check.metadata["strangers"]:
            output.print_error(f"- {stranger}", bold=False)


def _row(line: str) -> tuple[str, tuple[str, ...]]:
    library, _, homes = line.partition("=")
    return library.strip(), tuple(homes.split())


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _at_home(importer: str, imported: str, table: dict[str, tuple[str, ...]], root: str) -> bool:
    for library, homes in table.items():
        if _within(imported, library):
            allowed = (library, *homes)
            return ANYWHERE in homes or any(_within(importer, home) for home in allowed)
    return _within(imported, root) or imported.partition(".")[0] in sys.stdlib_module_names
