"""What a resource route is: one row of data that says which operation a method and path stand for, and how.

Answers have canonical names only. Whatever is not said here (scope, problems, effect) is the operation's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from multimail.contract.operation import Effect, Operation

READING: Final[Mapping[str, Mapping[str, Any]]] = {
    "read_email": {"mark_read": False},
    "manage_contacts": {"action": "search", "upsert": False},
    "tag_email": {"action": "get"},
}
"""Operations that change nothing with these arguments: GET is open for them, with these and no others."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Where a part of the path goes: to `field`, or to `otherwise` when it is no id with the prefix `prefix`."""

    field: str
    otherwise: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The answer is one element of the list `of`: the first, or the one that has the path's parameter in any of `by`.

    `not_found` when there is none. `again` repeats it under a name of its own.
    """

    of: str
    by: tuple[str, ...] = ()
    again: str = ""


@dataclass(frozen=True, slots=True)
class Extra:
    """Fields of each element of the list `of` that are there only when `?include=` names them."""

    of: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """One method on one path.

    Parameters in `path` are fields of the operation unless `parameters` says otherwise; `fixed` are arguments that
    the route stands for. `location` is filled with the answer's fields. `fields` are all that is kept of the answer.
    With the argument `may_exist` the thing may have been there before, which is 200.
    """

    method: str
    path: str
    operation: str
    summary: str
    status: int = 200
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    chosen: Chosen | None = None
    include: Mapping[str, Extra] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    location: str = ""
    may_exist: str = ""

    @property
    def takes_body(self) -> bool:
        """Whether arguments come in a JSON body; else they come in the query."""
        return self.method in {"POST", "PUT", "PATCH"}


def asked_by_get(row: Operation) -> Mapping[str, Any] | None:
    """The arguments that GET fixes for an operation, or nothing where GET is not open for it."""
    return {} if row.effect is Effect.READ else READING.get(row.name)
