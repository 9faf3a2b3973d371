"""How every form of the settings is shown again and how it asks once more: nothing that was written is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from multimail.surfaces.web.settings import rooms

if TYPE_CHECKING:
    from starlette.responses import Response

    from multimail.core.errors import Problem
    from multimail.surfaces.web.site import Visit

SURE: Final = "sure"
BACK: Final = "back"
_OWN: Final = frozenset({"csrf", SURE, BACK})


@dataclass(frozen=True, slots=True)
class Change:
    """One line of what a change lets go, for a person."""

    label: str
    meaning: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked once more before it is done; `trial` is the address of a page that tries it on past mail."""

    title: str
    lead: str
    changes: tuple[Change, ...]
    yes: str
    trial: str = ""


def faults(problem: Problem | None, known: Mapping[str, str], beside: Mapping[str, str]) -> dict[str, Any]:
    """What templates need to name a fault beside its field, or above the form if it belongs to none of them."""
    field = problem.field if problem else ""
    place = beside.get(field, field)
    while place and place not in known:
        place = place.rpartition(".")[0]
    return {
        "problem": problem,
        "advice": problem.advice if problem else "",
        "beside": place,
        "beside_label": known.get(place, ""),
    }


async def page(
    visit: Visit,
    name: str,
    problem: Problem | None = None,
    fields: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
    **context: Any,
) -> Response:
    """A page of the settings under their tabs, with the fault beside one of its `fields`: their labels by name, and
    where fields of the operation stand that have another name in the form."""
    found = rooms.open_to(visit.visitor.principal)
    path = visit.request.url.path
    return await visit.page(
        f"settings/{name}.html",
        problem.row.http if problem else 200,
        room_list=[(room.path, room.title) for room in found],
        room_here=next((room.path for room in found if f"{path}/".startswith(f"{room.path}/")), ""),
        **faults(problem, *fields),
        **context,
    )


def is_sure(visit: Visit) -> bool:
    """Whether the person said yes on the page that asks once more."""
    return bool(visit.form.get(SURE))


def wants_back(visit: Visit) -> bool:
    """Whether the person chose the form again instead."""
    return bool(visit.form.get(BACK))


async def ask(visit: Visit, question: Question) -> Response:
    """The same form once more, hidden, under what it changes; its buttons do it or go back to it."""
    return await page(
        visit,
        "sure",
        question=question,
        action=visit.request.url.path,
        form={name: value for name, value in visit.form.items() if name not in _OWN},
    )
