"""The project's own source as data, for the tests that judge its shape; it judges nothing itself."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[2]
CODE = ("src", "tests", "tools", "benchmarks", "examples")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file: its path as the project names it, its text and its tree."""

    name: str
    text: str
    tree: ast.Module

    def functions(self) -> Iterator[tuple[str, Function]]:
        """Every function with its dotted name, nested ones and methods included."""
        yield from _functions(self.tree, "")

    def strings(self) -> Iterator[tuple[int, str]]:
        """Line and value of every string that is not a docstring."""
        docstrings = {id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                yield node.lineno, node.value

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and full name of every module, or name of a module, that the file imports."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


@cache
def files() -> tuple[str, ...]:
    """Every file of the project: what git tracks or would track."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True).stdout
    return tuple(sorted(name for name in set(listed.split("\0")) if name and (PROJECT / name).is_file()))


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """The Python files under these folders, all of ours when none is given."""
    under = tuple(f"{folder}/" for folder in folders or CODE)
    return tuple(_read(name) for name in files() if name.endswith(".py") and name.startswith(under))


@cache
def _read(name: str) -> Source:
    text = (PROJECT / name).read_text("utf-8")
    return Source(name, text, ast.parse(text, name))


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef):
            name = f"{prefix}{child.name}"
            if isinstance(child, Function):
                yield name, child
            yield from _functions(child, f"{name}.")
        else:
            yield from _functions(child, prefix)
