"""Prints the pages of docs/reference from the tables of the product, so that they cannot tell another story."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from multimail.contract.registry import OPERATIONS
from multimail.core.errors import CODES
from multimail.core.events import KINDS
from multimail.core.lifecycle import DELIVERY, INBOUND, OUTBOUND, Machine
from multimail.core.policy.modes import MEANING, ORDER
from multimail.core.policy.rules import RULES, Result
from multimail.services import mode_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from multimail.contract.operation import Operation

NOTICE = "<!-- Written by `make generate`; change the tables in the source instead. -->"


def page(title: str, parts: Iterable[str]) -> str:
    return "\n\n".join([f"# {title}", NOTICE, *parts]) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [list(heads), ["---"] * len(heads), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def code(text: str) -> str:
    return f"`{text}`"


# --- operations ------------------------------------------------------------------------------------


def operations() -> str:
    rows = (
        [f"[`{row.name}`](#{row.name})", row.title, row.scope, row.effect, row.toolset] for row in OPERATIONS
    )
    index = table(("Operation", "What it is", "Scope", "Effect", "Tool list"), rows)
    intro = (
        "Every operation is one row of `multimail.contract.registry`. The same name, arguments, answer and errors "
        "hold on every surface that offers it."
    )
    return page("Operations", [intro, index, *(_operation(row) for row in OPERATIONS)])


def _operation(row: Operation) -> str:
    request = row.request.model_json_schema()
    answer = row.view.model_json_schema()
    parts = [f"## {row.name}", row.description, _facts(row)]
    if request.get("properties"):
        parts += ["Arguments:", table(("Field", "Type", "Default", "Meaning"), _arguments(request))]
    if row.request.ALIASES:
        parts += [f"Also understood: {_aliases(row)}."]
    if answer.get("properties"):
        parts += ["Answer:", table(("Field", "Type", "Meaning"), _answer(answer))]
    parts += [f"Errors: {', '.join(f'[`{name}`](errors.md)' for name in row.problems)}."]
    for example in row.examples:
        arguments = json.dumps(example.arguments, indent=2, ensure_ascii=False)
        parts += [f"{example.title}:", f"```json\n{arguments}\n```"]
    return "\n\n".join(parts)


def _facts(row: Operation) -> str:
    facts = [f"scope `{row.scope}`", f"effect `{row.effect}`", f"on {', '.join(sorted(row.surfaces))}"]
    told = {
        "repeating it changes nothing": row.idempotent,
        "reaches the world outside": row.open_world,
        "waits as long as the caller allows": row.waits,
        "asks the person at the host": row.asks,
        "shows its answer on a terminal only": row.secret,
    }
    sentence = " · ".join([*facts, *(text for text, holds in told.items() if holds)])
    return f"{sentence[0].upper()}{sentence[1:]}."


def _arguments(schema: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    required = schema.get("required", ())
    for name, field in schema["properties"].items():
        if not field.get("hidden"):
            default = "required" if name in required else _default(field.get("default"))
            yield code(name), _type(field, schema), default, field.get("description", "")


def _answer(schema: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for name, field in schema["properties"].items():
        yield code(name), _type(field, schema), field.get("description", "")


def _aliases(row: Operation) -> str:
    pairs = (
        (name, aliases) for name, aliases in row.request.ALIASES.items() if name in row.request.model_fields
    )
    return "; ".join(f"{', '.join(map(code, aliases))} for {code(name)}" for name, aliases in pairs)


def _default(value: Any) -> str:
    return "" if value in (None, "", [], {}) else code(json.dumps(value))


def _type(field: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    if "$ref" in field:
        return _type(schema["$defs"][field["$ref"].rpartition("/")[2]], schema)
    if "enum" in field:
        return ", ".join(code(str(value)) for value in field["enum"])
    if "const" in field:
        return code(str(field["const"]))
    if choices := field.get("anyOf") or field.get("oneOf") or field.get("allOf"):
        kinds = dict.fromkeys(_type(choice, schema) for choice in choices if choice.get("type") != "null")
        return " or ".join(kinds)
    if field.get("type") == "array":
        return f"list of {_type(field.get('items', {}), schema)}"
    return str(field.get("format") or field.get("type") or "anything")


# --- errors and lifecycle --------------------------------------------------------------------------


def errors() -> str:
    intro = (
        "An error carries one of these codes, a sentence that may be shown, the field it is about and, where it "
        "helps, advice. *Retry* says whether the same call can succeed later unchanged."
    )
    rows = (
        (code(name), row.meaning, str(row.http), code(row.smtp), str(row.exit), "yes" if row.retry else "")
        for name, row in CODES.items()
    )
    return page("Error codes", [intro, table(("Code", "Meaning", "HTTP", "SMTP", "Exit", "Retry"), rows)])


def lifecycle() -> str:
    intro = "What a message and each of its deliveries can become. The database refuses every other move."
    return page("Lifecycle", [intro, *(_machine(machine) for machine in (OUTBOUND, INBOUND, DELIVERY))])


def _machine(machine: Machine) -> str:
    ends = machine.final()
    rows = (
        (code(state), meaning, "end" if state in ends else "") for state, meaning in machine.states.items()
    )
    title = machine.name.capitalize()
    return "\n\n".join(
        [f"## {title}", table(("State", "Meaning", ""), rows), f"```mermaid\n{machine.diagram()}\n```"]
    )


# --- policy ----------------------------------------------------------------------------------------

RESULTS = {Result.NOTE: "noted", Result.HOLD: "held for a person", Result.REFUSE: "refused"}


def rules() -> str:
    intro = (
        "Every mail that would leave is judged by all of these rules, in this order. The strictest result among those "
        "that hit decides; hits and misses are stored with the decision."
    )
    judged = (
        (code(rule.name), RESULTS[rule.result], rule.sentence, _problem(rule.problem)) for rule in RULES
    )
    modes = ((code(mode), MEANING[mode]) for mode in ORDER)
    return page(
        "Policy",
        [
            intro,
            table(("Rule", "A hit means", "What for", "Error"), judged),
            "## Oversight modes",
            "From strict to free. A call may ask for any; it gets at most what its mailbox's ceiling allows.",
            table(("Mode", "Meaning"), modes),
        ],
    )


def modes() -> str:
    intro = (
        "What becomes of mail, by operation and oversight mode. The table is worked out by asking the policy about "
        "typical mail, and `multimail modes` prints it too; a test carries out every cell against a real SMTP server."
    )
    heads = ("Operation", "Situation", *(code(mode) for mode in ORDER))
    lines = (
        (code(row.operation) if row.operation else "", row.situation, *row.cells().values())
        for row in mode_table.rows()
    )
    words = table(("Word", "Meaning"), mode_table.MEANING.items())
    return page("Modes and operations", [intro, table(heads, lines), words])


def events() -> str:
    intro = (
        "The audit log holds events of these kinds. They carry ids and codes only, never an address or text."
    )
    return page(
        "Events", [intro, table(("Kind", "When"), ([code(kind), text] for kind, text in KINDS.items()))]
    )


def _problem(name: str) -> str:
    return f"[`{name}`](errors.md)" if name else ""


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/operations.md": operations,
    "docs/reference/errors.md": errors,
    "docs/reference/lifecycle.md": lifecycle,
    "docs/reference/rules.md": rules,
    "docs/reference/modes.md": modes,
    "docs/reference/events.md": events,
}
