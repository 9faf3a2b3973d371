"""The schemas of requests and answers, from the contract's models: what is sent and accepted under canonical names,
and answers once more in the form with all names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from multimail.contract.shapes import Request, View
from multimail.surfaces.http.name_schemas import NAMED, REF, Schema, always, inner_views, sometimes

_OURS: Final = frozenset({"title", "hidden", "mail_text"})
"""Keys that say nothing to anybody outside."""
_ANY_TEXT: Final = Request.model_config["str_max_length"]
"""Bounds whatever has no bound of its own; far beyond what a body may have."""


class Schemas:
    """All schemas of some models by name, as `components` holds them."""

    def __init__(self, requests: Iterable[type[Request]], views: Iterable[type[View]]) -> None:
        self._views = _reachable(views)
        inputs = [(model, "validation") for model in dict.fromkeys(requests)]
        outputs = [(model, "serialization") for model in self._views]
        _, whole = models_json_schema([*inputs, *outputs], ref_template=REF + "{model}")  # type: ignore[list-item]
        self._all: dict[str, Schema] = {name: clean(schema) for name, schema in whole["$defs"].items()}
        for request in dict.fromkeys(requests):
            self._all[request.__name__] = _with_aliases(request, self._all[request.__name__])
        nullable = {view.__name__: dict(self._all[view.__name__]) for view in self._views}
        for view in self._views:
            self._all[view.__name__] = _canonical(view, nullable[view.__name__])
        self._named = {view.__name__ for view in self._views if any(map(always, _reachable([view])))}
        for view in self._views:
            if view.__name__ in self._named:
                self._all[view.__name__ + NAMED] = self._with_names(view)

    @property
    def all(self) -> dict[str, Schema]:
        """Every schema by its name."""
        return self._all

    def of(self, model: type[Request | View]) -> Schema:
        """The schema itself."""
        return self._all[model.__name__]

    def ref(self, view: type[View], *, named: bool) -> Schema:
        """Where the schema of an answer is."""
        suffix = NAMED if named and view.__name__ in self._named else ""
        return {"$ref": f"{REF}{view.__name__}{suffix}"}

    def _with_names(self, view: type[View]) -> Schema:
        schema = self._renamed(self._all[view.__name__])
        fields, more = schema["properties"], always(view)
        added = {name: fields[like] if isinstance(like, str) else like for name, like in more.items()}
        rare = {name: like for name, like in sometimes(view).items() if isinstance(like, dict)}
        required = list(dict.fromkeys([*schema.get("required", ()), *added]))
        return {**schema, "properties": {**fields, **added, **rare}, "required": required}

    def _renamed(self, node: Any) -> Any:
        """The same, with references to the form with all names."""
        if isinstance(node, list):
            return [self._renamed(one) for one in node]
        if not isinstance(node, dict):
            return node
        found = {key: self._renamed(value) for key, value in node.items()}
        name = str(found.get("$ref", "")).removeprefix(REF)
        return found | {"$ref": f"{REF}{name}{NAMED}"} if name in self._named else found


def clean(node: Any, *, is_names: bool = False) -> Any:
    """Without what is only for ourselves; `is_names` says that the keys are names of fields."""
    if isinstance(node, list):
        return [clean(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: clean(value, is_names=key == "properties" and not is_names)
        for key, value in node.items()
        if is_names or not (key in _OURS or (key == "maxLength" and value == _ANY_TEXT))
    }


def without_null(schema: Mapping[str, Any]) -> Schema:
    """The schema of a value that is left out where there is none."""
    found = {key: value for key, value in schema.items() if key != "default" or value is not None}
    choices = [one for one in found.get("anyOf", ()) if one.get("type") != "null"]
    if len(choices) == 1:
        del found["anyOf"]
        return {**choices[0], **found}
    return {**found, "anyOf": choices} if choices else found


def without(schema: Schema, fields: Iterable[str]) -> Schema:
    """The schema of an object without some of its fields."""
    gone = frozenset(fields)
    kept = {name: one for name, one in schema.get("properties", {}).items() if name not in gone}
    required = [name for name in schema.get("required", ()) if name not in gone]
    found = {**schema, "properties": kept, "required": required}
    if not required:
        del found["required"]
    return found


def _reachable(views: Iterable[type[View]]) -> list[type[View]]:
    found: dict[type[View], None] = {}
    waiting = list(views)
    while waiting:
        view = waiting.pop(0)
        if view not in found:
            found[view] = None
            waiting += [one for field in view.model_fields.values() for one in inner_views(field.annotation)]
    return list(found)


def _canonical(view: type[View], schema: Schema) -> Schema:
    """Answers leave out what is null."""
    optional = {name for name, field in view.model_fields.items() if field.default is None}
    fields = {
        name: without_null(one) if name in optional else one
        for name, one in schema.get("properties", {}).items()
    }
    required = [name for name in fields if name not in optional]
    return {**schema, "properties": fields, "required": required}


def _greatest(request: type[Request], name: str) -> Any:
    """What is accepted; models are advised to take less."""
    bounds = [getattr(bound, "le", None) for bound in request.model_fields[name].metadata]
    return next(bound for bound in bounds if bound is not None)


def _with_aliases(request: type[Request], schema: Schema) -> Schema:
    """The other names of a field stand in its description: they are accepted, and not advertised."""
    fields = {
        name: one | {"maximum": _greatest(request, name)} if "maximum" in one else one
        for name, one in schema.get("properties", {}).items()
    }
    for name, aliases in request.ALIASES.items():
        told = f"{fields[name].get('description', '')} Also known as {', '.join(aliases)}.".strip()
        fields[name] = {**fields[name], "description": told}
    return {**schema, "properties": fields} if fields else schema
