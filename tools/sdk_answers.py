"""Prints the SDK's result classes from the views of all operations and the further names the server gives them."""

from __future__ import annotations

import itertools
import keyword
import types
import typing
from collections.abc import Iterator
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel, create_model

from multimail.contract.events import EventBody, EventList
from multimail.contract.operation import REST
from multimail.contract.registry import OPERATIONS
from multimail.contract.shapes import View
from multimail.surfaces.http import names
from tools.sdk_types import answered, views_in

LISTS: Final = ("ContactList",)
"""Pages that are their list themselves, for programs that index and count what a search answers."""

_SAMPLES: Final[dict[Any, Any]] = {int: 7, float: 7.5, bool: True, Any: "any"}
_IDS: Final = ("msg_00000000000000", "thread_00000000000000", "contact_00000000000000")


def _events() -> type[View]:
    """The list of events, whose elements are described by a model that the server itself does not need."""
    event = _copied("Event", EventBody)
    return _copied("EventList", EventList, events=(list[event], ...))  # type: ignore[valid-type]


def _copied(name: str, model: type[BaseModel], **other: Any) -> type[View]:
    """The fields of a model as a view, some of them with another annotation."""
    fields: dict[str, Any] = {name: (field.annotation, field) for name, field in model.model_fields.items()}
    return create_model(name, __base__=View, __doc__=model.__doc__, **{**fields, **other})


DESCRIBED: Final[dict[type[View], type[View]]] = {EventList: _events()}


def views() -> list[type[View]]:
    """Every view that an operation over HTTP can answer, parts before what they are part of."""
    found: dict[type[View], None] = {}
    for row in OPERATIONS:
        if REST in row.surfaces:
            _collect(DESCRIBED.get(row.view, row.view), found)
    return list(found)


def _collect(view: type[View], found: dict[type[View], None]) -> None:
    if view in found:
        return
    for base in view.__bases__:
        if issubclass(base, View) and base is not View:
            _collect(base, found)
    for field in view.model_fields.values():
        for inner in views_in(field.annotation):
            _collect(inner, found)
    found[view] = None


def rows_of(view: type[View]) -> str:
    """The field that holds the rows of a page, empty where the view is no page."""
    lists = [
        name for name, field in view.model_fields.items()
        if get_origin(field.annotation) is list and views_in(field.annotation)
    ]  # fmt: skip
    # A list that always has a cursor never ends: it is a log to follow, no page of something.
    ends = "cursor" not in view.model_fields or not view.model_fields["cursor"].is_required()
    is_page = len(lists) == 1 and {"count", "cursor"} & view.model_fields.keys() and ends
    return lists[0] if is_page else ""


def classes() -> list[str]:
    """The source of each class."""
    return [_class(view) for view in views()]


def _class(view: type[View]) -> str:
    rows = rows_of(view)
    row = views_in(view.model_fields[rows].annotation)[0].__name__ if rows else ""
    inherited = [base for base in view.__bases__ if base is not View and issubclass(base, View)]
    kind = "ListResult" if view.__name__ in LISTS else "Listing"
    parent = f"{kind}[{row}]" if rows else inherited[0].__name__ if inherited else "Result"
    head = [f"class {view.__name__}({parent}):", f'    """{(view.__doc__ or "An answer.").strip()}"""', ""]
    body = [*_class_data(view, rows, row), *_fields(view, rows)]
    return "\n".join([*head, *(f"    {line}" for line in body)])


def _class_data(view: type[View], rows: str, row: str) -> list[str]:
    if view.__name__ in LISTS:
        return [f'_rows: ClassVar[str] = "{rows}"', f"_row: ClassVar[type[Result]] = {row}"]
    further = _further(view)
    inner = {
        name: "ThreadView" if further.get(name) == "ThreadView" else views_in(field.annotation)[0].__name__
        for name, field in view.model_fields.items()
        if views_in(field.annotation)
    }
    lines = ["__slots__ = ()"]
    if inner:
        pairs = ", ".join(f'"{name}": {kind}' for name, kind in inner.items())
        lines.append(f"_views: ClassVar[Mapping[str, type[Result]]] = {{{pairs}}}")
    if rows:
        lines.append(f'_rows: ClassVar[str] = "{rows}"')
    also = [name for name in further if name not in view.model_fields] + (["items"] if rows else [])
    if also:
        lines.append(f"_also: ClassVar[frozenset[str]] = frozenset({sorted(set(also))!r})")
    return lines


def _fields(view: type[View], rows: str) -> list[str]:
    """A line for each field: the operation's own first, then the further names."""
    own = {name: answered(field.annotation) for name, field in view.model_fields.items()}
    if rows:
        own.pop("cursor", None)
    every = {**own, **{name: kind for name, kind in _further(view).items() if name != "items" or not rows}}
    parent = dict(_inherited(view))
    taken = {*dir(list if view.__name__ in LISTS else dict), *parent}
    # Under a name of a mapping's method a list can be called as well.
    shadowed = {
        name: f"Rows{kind[4:]}"
        for name, kind in every.items()
        if hasattr(dict, name) and kind.startswith("list[")
    }
    every |= shadowed
    return [
        f"{name}: {kind}{'  # type: ignore[assignment]' if name in taken - shadowed.keys() else ''}"
        for name, kind in every.items()
        if not keyword.iskeyword(name) and parent.get(name) != kind
    ]


def _inherited(view: type[View]) -> Iterator[tuple[str, str]]:
    """Fields that a parent declares already."""
    for base in view.__bases__:
        if issubclass(base, View) and base is not View:
            yield from ((name, answered(field.annotation)) for name, field in base.model_fields.items())
            yield from _further(base).items()


def _further(view: type[View]) -> dict[str, str]:
    """Names that the server adds, and names whose form it changes, with their types: found by trying it."""
    found: dict[str, str] = {}
    for sample_id in _IDS:
        own = _sample(view, sample_id)
        given = names.add(dict(own), names.plan(view))
        for name, value in given.items():
            if name not in own:
                found.setdefault(name, _same(view, own, value) or _kind(value))
            elif value is not own[name]:
                found[name] = (
                    "ThreadView" if name == "thread" else f"{_kind(value)} | {_declared(view, name)}"
                )
    return found


def _same(view: type[View], own: dict[str, Any], value: Any) -> str:
    """The type of the field whose value this is."""
    held = (name for name, other in own.items() if other is value and not isinstance(value, bool | int))
    name = next(held, "")
    return _declared(view, name) if name else ""


def _declared(view: type[View], name: str) -> str:
    return answered(view.model_fields[name].annotation)


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "dict[str, Any]"
    if isinstance(value, list):
        return "list[Any]"
    return "Any" if value is None else type(value).__name__


def _sample(view: type[View], sample_id: str) -> dict[str, Any]:
    """An answer with every field, each value an object of its own."""
    return {name: _value(field.annotation, name, sample_id) for name, field in view.model_fields.items()}


def _value(annotation: Any, name: str, sample_id: str) -> Any:
    while get_origin(annotation) is typing.Annotated:
        annotation = get_args(annotation)[0]
    origin = get_origin(annotation)
    if origin in (types.UnionType, typing.Union):
        return _value(get_args(annotation)[0], name, sample_id)
    if origin is list:
        return [_value(get_args(annotation)[0], name, sample_id)]
    if origin is dict:
        return {}
    if isinstance(annotation, type) and issubclass(annotation, View):
        return _sample(annotation, sample_id)
    if origin is Literal or annotation not in _SAMPLES:
        return sample_id if name == "target" else f"<{name} {next(_numbers)}>"
    return _SAMPLES[annotation]


_numbers = itertools.count()
