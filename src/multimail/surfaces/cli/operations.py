"""Every operation as a command: options from its request, the one door, the answer for a person or as JSON."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from multimail.contract.operation import Operation
from multimail.surfaces.cli import options, secrets
from multimail.surfaces.cli.names import command_name
from multimail.surfaces.cli.render import json_text, rendered

if TYPE_CHECKING:
    from multimail.surfaces.cli.session import Connect


def command(row: Operation, connect: Connect, name: str = "") -> click.Command:
    """The command of an operation. Its context's `obj` gets `json` and `key_file` for whoever is above."""
    own = [
        click.Option(["--json", "as_json"], is_flag=True, help="The whole answer as JSON."),
        click.Option(
            ["--key-file"], type=click.Path(path_type=Path), help="A file with the key to act with."
        ),
    ]
    if row.secret:
        path = click.Path(path_type=Path)
        own.append(
            click.Option(
                ["--write-to"], type=path, help="Put the secret into this new file, not on the terminal."
            )
        )

    @click.pass_context
    def run(context: click.Context, /, **typed: Any) -> None:
        as_json, key_file, write_to = (typed.pop(one, None) for one in ("as_json", "key_file", "write_to"))
        context.obj |= {"json": as_json} | ({"key_file": key_file} if key_file is not None else {})
        arguments = options.arguments(row, typed)
        with secrets.kept_in(write_to) if row.secret else nullcontext(), connect(context, row) as session:
            view = session.call(row.name, arguments)
            if write_to is not None:
                secrets.write(write_to, getattr(view, view.SHOWN_ONCE))
                view = view.model_copy(update={view.SHOWN_ONCE: f"in {write_to}"})
        click.echo(json_text(view) if as_json else rendered(view))

    text = f"{row.description}\n\nThis is the operation {row.name}; it needs the scope {row.scope}."
    parameters = [*options.parameters(row), *own]
    return click.Command(
        name or command_name(row), callback=run, params=parameters, help=text, short_help=row.title
    )
