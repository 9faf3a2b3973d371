"""The program: `python -m multimail` and the command `multimail`."""

from __future__ import annotations

import gc
import sys
from typing import Final

_BETWEEN_LOOKS: Final = (20_000, 20, 10)
"""How many objects come to be before Python looks for rings of garbage, and how many looks before a wider one."""


def main() -> None:
    """Run the command that the arguments name, and leave with its exit code."""
    # What an import makes stays: looking through it every 700 objects is a tenth of the time of a start.
    gc.set_threshold(*_BETWEEN_LOOKS)
    arguments = sys.argv[1:]
    if arguments[:1] == ["mcp"] and not {"--help", "-h"} & set(arguments):
        # A host waits for this door: nothing is imported that it does not need.
        from multimail.commands import door

        sys.exit(door.main(arguments[1:]))
    from multimail.commands.program import program

    program(prog_name="multimail")


if __name__ == "__main__":
    main()
