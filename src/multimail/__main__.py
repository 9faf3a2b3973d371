"""The program: `python -m multimail` and the command `multimail`."""

from __future__ import annotations

import sys

from multimail.commands import garbage


def main() -> None:
    """Run the command that the arguments name, and leave with its exit code."""
    garbage.look_later()
    arguments = sys.argv[1:]
    if arguments[:1] == ["mcp"] and not {"--help", "-h"} & set(arguments):
        # A host waits for this door: nothing is imported that it does not need.
        from multimail.commands import door

        sys.exit(door.main(arguments[1:]))
    from multimail.commands.program import program

    program(prog_name="multimail")


if __name__ == "__main__":
    main()
