"""Core and MIME are pure: same arguments, same answer; time, chance and the outside come in as arguments."""

from __future__ import annotations

import ast
import sys

from tests.architecture.sources import sources

PURE = ("src/multimail/core", "src/multimail/mime")

# Modules that hold a clock, chance, a log, a wait or the outside world.
IMPURE = {
    "asyncio", "contextvars", "getpass", "http", "io.open", "logging", "multiprocessing", "os", "pathlib", "platform",
    "random", "secrets", "select", "shutil", "signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess", "tempfile",
    "threading", "time", "urllib.request", "uuid",
}  # fmt: skip

# Calls that read the clock or roll dice although their module is allowed.
IMPURE_CALLS = {"now", "utcnow", "today", "localtime", "make_msgid", "input", "open", "print"}


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def within(name: str, modules: set[str]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def test_a_pure_module_imports_nothing_that_reaches_outside() -> None:
    found = [
        (source.name, line, name)
        for source in sources(*PURE)
        for line, name in source.imports()
        if within(name, IMPURE)
    ]

    assert found == []


def test_a_pure_module_neither_reads_the_clock_nor_rolls_dice() -> None:
    calls = [(source.name, call.lineno, called(call)) for source in sources(*PURE) for call in source.calls()]

    assert [call for call in calls if call[2] in IMPURE_CALLS] == []


def test_a_pure_module_never_waits() -> None:
    waits = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)

    assert [
        source.name for source in sources(*PURE) for node in ast.walk(source.tree) if isinstance(node, waits)
    ] == []


def test_core_imports_the_standard_library_and_itself() -> None:
    allowed = {*sys.stdlib_module_names, "multimail.core"}
    core = sources("src/multimail/core")

    assert [
        (source.name, name) for source in core for _, name in source.imports() if not within(name, allowed)
    ] == []
