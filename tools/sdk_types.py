"""Annotations of the contract's models as the types that programs see: no pydantic, times and enumerations as text."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal, get_args, get_origin

from multimail.contract.shapes import Request, View

_PLAIN: Final = {str: "str", int: "int", float: "float", bool: "bool", Any: "Any", type(None): "None"}


def answered(annotation: Any) -> str:
    """The type of a field of an answer, as JSON carries it."""
    annotation = _bare(annotation)
    if isinstance(annotation, type):
        if issubclass(annotation, View):
            return annotation.__name__
        if issubclass(annotation, StrEnum | datetime):
            return "str"
    return _composed(annotation, answered, {list: "list", dict: "dict", Mapping: "dict"})


def asked(annotation: Any) -> str:
    """The type of an argument: as generous as the server is, and as a program has its values."""
    annotation = _bare(annotation)
    if isinstance(annotation, type):
        if issubclass(annotation, Request):
            return f"arguments.{annotation.__name__}"
        if issubclass(annotation, StrEnum):
            return f"Literal[{', '.join(repr(one.value) for one in annotation)}]"
        if issubclass(annotation, datetime):
            return "str | date"
    return _composed(annotation, asked, {list: "Sequence", dict: "Mapping", tuple: "Sequence"})


def argument(request: type[Request], name: str) -> str:
    """The type of a field of a request; one text stands for a list where that is understood."""
    field = request.model_fields[name]
    kinds = asked(field.annotation).removesuffix(" | None").split(" | ")
    if name in request.LISTS and "Sequence[str]" in kinds and "str" not in kinds:
        kinds.insert(0, "str")
    if (
        name in request.LISTS
        and name.endswith("tags")
        and not any(kind.startswith("Mapping") for kind in kinds)
    ):
        kinds.append("Mapping[str, Any]")
    return " | ".join(kinds)


def views_in(annotation: Any) -> list[type[View]]:
    """The views that an annotation mentions."""
    annotation = _bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, View):
        return [annotation]
    return [view for part in get_args(annotation) for view in views_in(part)]


def requests_in(annotation: Any) -> list[type[Request]]:
    """The requests that stand inside another one."""
    annotation = _bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Request):
        return [annotation]
    return [request for part in get_args(annotation) for request in requests_in(part)]


def _bare(annotation: Any) -> Any:
    """Without what is only for the validator."""
    while get_origin(annotation) is typing.Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def _composed(annotation: Any, each: typing.Callable[[Any], str], containers: Mapping[Any, str]) -> str:
    origin = get_origin(annotation)
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, get_args(annotation)))}]" if each is asked else "str"
    if origin in (types.UnionType, typing.Union):
        return " | ".join(dict.fromkeys(map(each, get_args(annotation))))
    if origin in containers:
        inner = [each(part) for part in get_args(annotation) if part is not Ellipsis]
        return f"{containers[origin]}[{', '.join(inner)}]"
    return _PLAIN[annotation]
