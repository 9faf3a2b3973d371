"""JSON Schemas that tools advertise, made from the contract's models: short, inlined, without pydantic's leavings.

Nothing is checked by these schemas: arguments are judged by the contract, whose errors say more. So unknown
fields are not ruled out (aliases pass a host that validates) and greatest lengths are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from multimail.contract.shapes import Request, View

Schema = dict[str, Any]

_LEFT_OUT: Final = frozenset(
    {
        "title",
        "additionalProperties",
        "propertyNames",
        "maxLength",
        "minLength",
        "maxItems",
        "$defs",
        "default",
        "hidden",
        "mail_text",
    }
)
_LONGEST_ENUM: Final = 4


def input_schema(request: type[Request]) -> Schema:
    """The arguments, required ones first; hidden fields and aliases are not told."""
    whole = request.model_json_schema()
    schema = _simple(whole, whole.get("$defs", {}))
    schema.pop("description", None)
    return _required_first(schema)


def output_schema(view: type[View]) -> Schema:
    """The answer one level deep: what is inside lists and objects is not described, nor what the caller just wrote
    itself, and nothing is required."""
    whole = view.model_json_schema(mode="serialization")
    definitions = whole.get("$defs", {})
    fields = whole.get("properties", {})
    return {
        "type": "object",
        "properties": {
            name: _flat(_simple(fields[name], definitions)) for name in fields if name not in view.ECHOED
        },
    }


def _simple(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Schema:
    node = _resolved(node, definitions)
    schema = {key: value for key, value in node.items() if key not in _LEFT_OUT}
    if (default := node.get("default")) not in (None, "", [], {}, False):
        schema["default"] = default
    if "properties" in schema:
        shown = {name: field for name, field in schema["properties"].items() if not field.get("hidden")}
        schema["properties"] = {name: _simple(field, definitions) for name, field in shown.items()}
    if "items" in schema:
        schema["items"] = _named_only(_simple(schema["items"], definitions))
    if "anyOf" in schema:
        schema["anyOf"] = [_simple(choice, definitions) for choice in schema["anyOf"]]
    return schema


def _named_only(item: Schema) -> Schema:
    """What is inside a list goes by its names: the list's own description says what they are for."""
    for field in item.get("properties", {}).values():
        field.pop("description", None)
    return item


def _resolved(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """References and "or null" taken out; the docstring of a model behind a reference is not for agents."""
    if "$ref" in node:
        target = definitions[node["$ref"].rpartition("/")[2]]
        inner = {key: value for key, value in target.items() if key != "description"}
        return _resolved(
            {**inner, **{key: value for key, value in node.items() if key != "$ref"}}, definitions
        )
    choices = [choice for choice in node.get("anyOf", ()) if choice.get("type") != "null"]
    if len(choices) == 1:
        rest = {key: value for key, value in node.items() if key != "anyOf"}
        return _resolved({**choices[0], **rest}, definitions)
    return {**node, "anyOf": choices} if choices else node


def _flat(schema: Schema) -> Schema:
    if "anyOf" in schema:
        return {}
    flat = {"type": schema["type"]} if "type" in schema else {}
    if len(schema.get("enum", ())) in range(1, _LONGEST_ENUM + 1):
        flat["enum"] = schema["enum"]
    return flat


def _required_first(schema: Schema) -> Schema:
    required = schema.get("required", [])
    fields = schema.get("properties", {})
    order = [*required, *(name for name in fields if name not in required)]
    return {**schema, "properties": {name: fields[name] for name in order}}
