"""Generated files: writes them, or with --check says which are not what their source says now.

GENERATORS is the whole list. A generator is a function without arguments that returns the text of the file.
"""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from multimail.surfaces.mcp.snapshot import tools_json
from tools import openapi, program_pages, reference, sdk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PROJECT = Path(__file__).resolve().parent.parent

GENERATORS: Mapping[str, Callable[[], str]] = {
    **reference.PAGES,
    **program_pages.PAGES,
    **sdk.PAGES,
    **openapi.PAGES,
    "src/multimail/surfaces/mcp/tools.json": tools_json,
}


def changed(
    project: Path, generators: Mapping[str, Callable[[], str]]
) -> Iterator[tuple[str, str | None, str]]:
    """The files that differ from what is generated now: name, what is on disk, what would be there."""
    for name, generate in generators.items():
        path = project / name
        on_disk = path.read_text("utf-8") if path.exists() else None
        if (text := generate()) != on_disk:
            yield name, on_disk, text


def stale(project: Path, generators: Mapping[str, Callable[[], str]]) -> dict[str, str]:
    """The files that differ from what is generated now, each with its difference."""
    found = {}
    for name, on_disk, text in changed(project, generators):
        old, new = (on_disk or "").splitlines(), text.splitlines()
        found[name] = "\n".join(difflib.unified_diff(old, new, name, "generated", lineterm=""))
    return found


def write(project: Path, generators: Mapping[str, Callable[[], str]]) -> list[str]:
    """Writes what is stale and returns its names."""
    texts = {name: text for name, _, text in changed(project, generators)}
    for name, text in texts.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return list(texts)


def main(arguments: list[str]) -> int:
    if arguments != ["--check"]:
        for name in write(PROJECT, GENERATORS):
            print(f"wrote {name}")
        return 0
    found = stale(PROJECT, GENERATORS)
    for name, difference in found.items():
        print(f"{name} is not what its source says now:\n{difference}", file=sys.stderr)
    if found:
        print("Run `make generate` and look at what changed.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
