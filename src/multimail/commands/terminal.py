"""Talking to a person: what is printed where, and that secrets reach a terminal or nobody."""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path
from typing import NoReturn

from multimail.core.errors import Problem
from multimail.core.text import neutralise


def say(text: str = "") -> None:
    """A line for the person, at once: it may be read by somebody who waits for it."""
    print(text, flush=True)


def is_shown() -> bool:
    """Whether what is printed is seen on a terminal and not kept in a pipe, file or log."""
    return sys.stdout.isatty()


def can_ask() -> bool:
    """Whether a person can be asked something, and answer unseen."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def us() -> str:
    """How the person calls this program from the folder they are in: a path, never a name from an index."""
    called = Path(sys.argv[0])
    if called.name == "multimail" and os.access(called, os.X_OK):
        return shlex.quote(str(_from_here(called)))
    return f"{shlex.quote(str(_from_here(Path(sys.executable))))} -m multimail"


def complain(problem: Problem) -> None:
    """The problem on standard error: code, field, what was wrong and what would be right."""
    field = f" ({problem.field})" if problem.field else ""
    print(_plain(f"{problem.code}{field}: {problem.message}"), file=sys.stderr)
    if problem.advice:
        print(_plain(problem.advice), file=sys.stderr)
    for name, value in problem.details.items():
        print(_plain(f"{name}: {value}"), file=sys.stderr)


def fail(problem: Problem, *, as_json: bool = False) -> NoReturn:
    """Complain and leave with the problem's exit code."""
    if as_json:
        told = {
            "code": problem.code,
            "message": problem.message,
            "field": problem.field,
            "advice": problem.advice,
        }
        error = {name: value for name, value in told.items() if value} | problem.details
        print(json.dumps({"error": error}, indent=2, default=str), file=sys.stderr)
    else:
        complain(problem)
    sys.exit(problem.row.exit)


def _from_here(path: Path) -> Path:
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolving would leave the environment's own folder
    here = Path.cwd()
    return absolute.relative_to(here) if absolute.is_relative_to(here) else absolute


def _plain(text: str) -> str:
    return neutralise(text)[0]
