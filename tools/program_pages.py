"""Prints the pages of docs/reference about the program itself: its settings, its commands, its failpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from pydantic import SecretStr

from multimail.commands.keys import OPERATIONS
from multimail.commands.program import program
from multimail.config import Settings, variable
from multimail.core.failpoints import FAILPOINTS
from multimail.surfaces.cli.names import by_name, command_name
from tools.reference import code, page, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pydantic.fields import FieldInfo

DATA_FOLDER = (
    "`~/.local/share/multimail` (Linux, or under `XDG_DATA_HOME`), `~/Library/Application Support/multimail` (macOS), "
    "`%LOCALAPPDATA%\\multimail` (Windows)"
)
FAILPOINTS_INTRO = (
    "Places where `MULTIMAIL_FAILPOINT=NAME:COUNT` kills the process, to try what a crash there leaves behind. "
    "`multimail failpoints` prints the same table."
)
COMMANDS_INTRO = (
    "Every command takes `--help`. Those that carry out an operation take its arguments as options "
    "(`scheduled_at` is `--scheduled-at`), `--json` for the whole answer, and `--key-file` for the key to act "
    "with; without a key they act as the built-in agent, and what an agent may not do asks for a key or "
    "passphrase on the terminal. Exit codes are those of the [errors](errors.md)."
)
WIDTH = 100


def settings() -> str:
    intro = (
        "Settings are environment variables. Options of the command line come before them. What belongs to one mailbox "
        "(modes, lists, caps, copies) is set on the mailbox with [`update_mailbox`](operations.md#update_mailbox)."
    )
    rows = (
        (code(variable(name)), _default(name, field), field.description or "")
        for name, field in Settings.model_fields.items()
    )
    points = ((code(name), meaning) for name, meaning in FAILPOINTS.items())
    return page(
        "Settings",
        [
            intro,
            table(("Variable", "Default", "Meaning"), rows),
            "## Failpoints",
            FAILPOINTS_INTRO,
            table(("Name", "Where it is"), points),
        ],
    )


def _default(name: str, field: FieldInfo) -> str:
    if name == "data":
        return DATA_FOLDER
    value = field.default
    if value in (None, "") or isinstance(value, SecretStr):
        return ""
    return code({True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value))


def commands() -> str:
    operations = {command_name(row): row for row in by_name().values()}
    context = click.Context(program, info_name="multimail", terminal_width=WIDTH, max_content_width=WIDTH)
    own = [(name, program.get_command(context, name)) for name in program.list_commands(context)]
    sections = [
        section
        for name, one in own
        if one and name not in operations
        for section in _sections(one, context, name)
    ]
    in_keys = {operation: f"keys {name}" for name, operation in OPERATIONS.items()}
    mailbox = (
        (
            code(f"multimail {in_keys.get(row.name, name)}"),
            f"[`{row.name}`](operations.md#{row.name})",
            " ".join(map(code, row.positional)),
        )
        for name, row in operations.items()
    )
    return page(
        "Commands",
        [
            COMMANDS_INTRO,
            "## The server",
            *sections,
            "## The mailbox",
            "The operation's own name works as well. *Without a flag* says which arguments may stand bare, in order.",
            table(("Command", "Operation", "Without a flag"), mailbox),
        ],
    )


def _sections(command: click.Command, above: click.Context, name: str) -> Iterator[str]:
    if command.hidden:
        return
    context = click.Context(command, above, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)
    yield f"### {context.command_path}\n\n```text\n{_help(command, context)}\n```"
    if isinstance(command, click.Group):
        inner = ((one, command.get_command(context, one)) for one in command.list_commands(context))
        own: Sequence[tuple[str, Any]] = [
            (one, found) for one, found in inner if found and not _is_operation(found)
        ]
        for one, found in own:
            yield from _sections(found, context, one)


def _is_operation(command: click.Command) -> bool:
    return any(parameter.name == "as_json" for parameter in command.params)


def _help(command: click.Command, context: click.Context) -> str:
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/settings.md": settings,
    "docs/reference/commands.md": commands,
}
