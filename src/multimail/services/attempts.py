"""One of many things in a call: if it is refused, it alone is undone, and its result says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from multimail.core.errors import Problem
from multimail.ports.store import Tx

T = TypeVar("T")


def attempted(tx: Tx, work: Callable[[], T]) -> T | Problem:
    """The result of one mail's work, or the problem with that mail alone."""
    try:
        return tx.attempt(work)
    except Problem as problem:
        if problem.row.http >= 500:
            raise
        return problem


def refusal(problem: Problem, field: str = "") -> dict[str, Any]:
    """A problem as the values of a `Refusal`."""
    said = problem.within(field) if field else problem
    return {
        "code": said.code,
        "message": said.message,
        "field": said.field or None,
        "advice": said.advice or None,
    }
