"""Prints the generated part of the Python SDK from the registry: routes, result classes and typed methods."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args, get_origin

from multimail.contract.operation import REST, Effect, Operation
from multimail.contract.registry import OPERATIONS
from multimail.services.bindings import BINDINGS
from multimail.surfaces.http.arguments import whole
from tools import sdk_answers
from tools.sdk_types import argument, requests_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from multimail.contract.shapes import Request

FOLDER: Final = "src/multimail/client"
NOTICE: Final = "# Written by `make generate` from the registry; change the rows in the source instead."
OWN_MAILBOX: Final = (
    "check_inbox",
    "wait_for_email",
    "list_pending",
    "send_email",
    "send_batch",
)
"""Operations that mean the client's own mailbox where a call names none. Whatever stops or removes is not here."""
WHOLE: Final = ("SearchContacts", "ListEvents")
"""Requests whose arguments are wanted as one type too."""

_WIDTH: Final = 100
_BYTES: Final = ("content_base64", "content", "data")


def offered() -> list[Operation]:
    return [row for row in OPERATIONS if REST in row.surfaces]


def constant(row: Operation) -> str:
    return row.name.upper()


# --- routes ----------------------------------------------------------------------------------------


def routes() -> str:
    lines = ["from typing import Final", "", "from multimail.client import answers"]
    lines += ["from multimail.client.route import Route", ""]
    lines += [f"{constant(row)}: Final = Route({', '.join(_route(row))})" for row in offered()]
    return _module("Every operation as a client sees it: its path, and what may be done twice.", lines)


def _route(row: Operation) -> Iterator[str]:
    yield f'"{row.name}", answers.{row.view.__name__}'
    if row.effect is Effect.READ or (row.idempotent and row.effect is not Effect.SEND):
        yield "repeatable=True"
    if looks := tuple(_looks(row)):
        yield f"looks={looks!r}"
    if "idempotency_key" in row.request.model_fields:
        yield "keyed=True"
    if row.waits:
        yield f"waits={float(row.request.model_fields['timeout_seconds'].default)}"
    if row.name in OWN_MAILBOX:
        yield "mailbox=True"


def _looks(row: Operation) -> Iterator[str]:
    """The actions that change nothing, of an operation whose others do; the default one first."""
    field = row.request.model_fields.get("action")
    if field is None or row.idempotent or get_origin(field.annotation) is not Literal:
        return
    actions = sorted(get_args(field.annotation), key=lambda action: action != field.default)
    yield from (
        action for action in actions if not BINDINGS[row.name].changes(row.request.parse({"action": action}))
    )


# --- answers and arguments -------------------------------------------------------------------------


def answers() -> str:
    lines = ["from collections.abc import Mapping", "from typing import Any, ClassVar", ""]
    lines += ["from multimail.client.results import Listing, ListResult, Result, Rows", "", ""]
    lines += ["\n\n\n".join(sdk_answers.classes())]
    return _module("What each operation answers; `results` says how these can be used.", lines)


def arguments() -> str:
    lines = ["from collections.abc import Mapping, Sequence", "from datetime import date"]
    lines += ["from typing import Any, Literal, TypedDict", ""]
    requests = dict.fromkeys(row.request for row in offered())
    fields = [field for request in requests for field in request.model_fields.values()]
    parts = {part.__name__: part for field in fields for part in requests_in(field.annotation)}
    for _, request in sorted(parts.items()):
        lines.append(_typed_dict(request.__name__, _every(request)))
    for request in requests:
        if also := _aliases(request):
            lines.append(_typed_dict(f"{request.__name__}Names", also))
        if request.__name__ in WHOLE:
            whole = {name: kind for name, kind in _every(request).items() if name not in _positional(request)}
            lines.append(_typed_dict(f"{request.__name__}Arguments", whole))
    return _module(
        "Further names of arguments, and objects in them: for type checkers and editors only.", lines
    )


def _positional(request: type[Request]) -> tuple[str, ...]:
    return next(row.positional for row in offered() if row.request is request)


def _typed_dict(name: str, fields: Mapping[str, str]) -> str:
    pairs = ", ".join(f'"{field}": {kind}' for field, kind in fields.items())
    return f'{name} = TypedDict("{name}", {{{pairs}}}, total=False)'


def _aliases(request: type[Request]) -> dict[str, str]:
    return {
        alias: _kind(request, name, alias) for name, aliases in request.ALIASES.items() for alias in aliases
    }


def _every(request: type[Request]) -> dict[str, str]:
    own = {name: _kind(request, name, name) for name in request.model_fields}
    return {**own, **_aliases(request)}


def _kind(request: type[Request], field: str, name: str) -> str:
    kind = argument(request, field).replace("arguments.", "")
    return f"{kind} | bytes | None" if name in _BYTES else f"{kind} | None"


# --- methods ---------------------------------------------------------------------------------------


def methods_sync() -> str:
    return _methods("SyncMethods", "", "Every operation as a method that waits for its answer.")


def methods_async() -> str:
    return _methods("AsyncMethods", "async ", "Every operation as a method to be awaited.")


def _methods(name: str, prefix: str, sentence: str) -> str:
    wait = "await " if prefix else ""
    lines = [
        "from abc import ABC, abstractmethod",
        "from typing import TYPE_CHECKING, Any, TypeVar",
        "",
        "from multimail.client import routes",
        "from multimail.client.route import Route",
        "",
        "if TYPE_CHECKING:",
        "    from collections.abc import Mapping, Sequence",
        "    from datetime import date",
        "    from typing import Literal, Unpack",
        "",
        "    from multimail.client import answers, arguments",
        "",
        'T = TypeVar("T")',
        "",
        "",
        f"class {name}(ABC):",
        f'    """{sentence}"""',
        "",
        "    @abstractmethod",
        f"    {prefix}def _call(self, route: Route[T], given: dict[str, Any]) -> T:",
        '        """Make the call and return its result, or raise a `MultimailError`."""',
    ]
    for row in offered():
        lines += ["", *(f"    {line}" if line else "" for line in _method(row, prefix, wait))]
    return _module(sentence, lines)


def _method(row: Operation, prefix: str, wait: str) -> list[str]:
    fields = row.request.model_fields
    by_place = [name for name in row.positional if name in fields]
    by_name = sorted((name for name in fields if name not in by_place), key=lambda name: _order(row, name))
    given = [_parameter(row, name, early=name in by_place) for name in by_place]
    if by_name:
        given += ["*", *(_parameter(row, name, early=False) for name in by_name)]
    also = f"**names: Unpack[arguments.{row.request.__name__}Names]"
    has_names = bool(_aliases(row.request))
    signature = ", ".join(["self", *given, *([also] if has_names else [])])
    pairs = ", ".join(f'"{name}": {name}' for name in fields)
    sent = f"{{{pairs}{', **names' if has_names else ''}}}"
    return [
        f"{prefix}def {row.name}({signature}) -> answers.{row.view.__name__}:",
        *(f"    {line}" if line else "" for line in _docstring(row)),
        f"    return {wait}self._call(routes.{constant(row)}, {sent})",
    ]


def _order(row: Operation, name: str) -> tuple[bool, bool]:
    """What must be given, then what is this operation's own, then what it has in common with others."""
    return not _must(row, name), name not in row.request.__annotations__


def _must(row: Operation, name: str) -> bool:
    """Whether Python can insist on it: not where another name may stand for it."""
    return row.request.model_fields[name].is_required() and not row.request.ALIASES.get(name)


def _parameter(row: Operation, name: str, *, early: bool) -> str:
    kind = argument(row.request, name)
    if _must(row, name) and not early:
        return f"{name}: {kind}"
    return f"{name}: {kind} | None = None"


def _docstring(row: Operation) -> list[str]:
    lines = textwrap.wrap(f'"""{row.description}', _WIDTH)
    fields = row.request.model_fields
    told = [line for name in fields if fields[name].description for line in _told(row, name)]
    if told:
        lines += ["", "Args:", *told]
    also = [f"{name}: {', '.join(names)}" for name, names in row.request.ALIASES.items()]
    if also:
        lines += ["", *textwrap.wrap(f"Other names for the same: {'; '.join(also)}.", _WIDTH)]
    return [*lines, '"""']


def _told(row: Operation, name: str) -> list[str]:
    field = row.request.model_fields[name]
    default = whole(row.request, rows=True).get(name, field.get_default())
    is_told = (
        not field.is_required() and isinstance(default, int | float | str) and default not in ("", False)
    )
    line = f"{name}: {field.description}{f' Default: {default}.' if is_told else ''}"
    return textwrap.wrap(line, _WIDTH, initial_indent="    ", subsequent_indent="        ")


# --- modules ---------------------------------------------------------------------------------------


def _module(sentence: str, lines: list[str]) -> str:
    head = [f'"""{sentence}"""', "", NOTICE, "# ruff: noqa: PLR0913", ""]
    return _formatted("\n".join([*head, "from __future__ import annotations", "", *lines]) + "\n")


def _formatted(text: str) -> str:
    """As the formatter would leave it, so that a generated file passes the same checks as any other."""
    ruff = str(Path(sys.executable).with_name("ruff"))
    for command in (
        [
            ruff,
            "check",
            "--quiet",
            "--fix-only",
            "--stdin-filename",
            f"{FOLDER}/x.py",
            "-",
        ],
        [ruff, "format", "--quiet", "--stdin-filename", f"{FOLDER}/x.py", "-"],
    ):
        done = subprocess.run(command, input=text, check=True, capture_output=True, text=True)
        text = done.stdout
    return text


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    f"{FOLDER}/{page.__name__}.py": page for page in (routes, answers, arguments, methods_sync, methods_async)
}


def main() -> None:
    project = Path(__file__).resolve().parent.parent
    for name, page in PAGES.items():
        (project / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
