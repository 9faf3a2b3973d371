"""`multimail mcp`: the door on standard input and output, quick to open because a host waits for it.

What the mailbox behind it needs is imported once the client has its list of tools.
"""

from __future__ import annotations

import argparse
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from multimail.commands import event_loop, garbage, lock
from multimail.commands.failpoints import arm
from multimail.commands.logs import log_to_stderr
from multimail.commands.terminal import complain
from multimail.config import Settings, load
from multimail.core.errors import Problem
from multimail.core.model import Role
from multimail.surfaces.mcp.server import Options
from multimail.surfaces.mcp.stdio import Behind, serve_stdio
from multimail.wiring.folder import seal_key

_LOG: Final = logging.getLogger(__name__)
_BETWEEN_LOOKS: Final = 15.0


def main(arguments: list[str]) -> int:
    """Serve the client until it closes standard input; the exit code."""
    given = _parser().parse_args(arguments)
    try:
        settings = load(data=given.data, key_file=given.key_file)
        log_to_stderr(settings.log_level)
        if settings.failpoint:
            arm(settings.failpoint)
        options = Options(ask_seconds=settings.ask_seconds, state_keys=(seal_key(settings.folder),))
        key = settings.key_text()
    except Problem as problem:
        complain(problem)
        return problem.row.exit
    listed = None if key else Role.AGENT
    event_loop.run(serve_stdio(lambda: _opened(settings, key), options, listed=listed))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("multimail mcp", allow_abbrev=False)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--key-file", type=Path)
    return parser


@asynccontextmanager
async def _opened(settings: Settings, key: str) -> AsyncIterator[Behind]:
    """The account and who calls. A resident is looked for beside it: nothing that is asked here waits for one."""
    from multimail.services.credentials import principal_of_key
    from multimail.services.first_start import BUILT_IN_AGENT
    from multimail.wiring.account import opened

    async with opened(settings, one_caller=True) as services:
        principal_id = principal_of_key(services, key) if key else BUILT_IN_AGENT
        garbage.look_seldom()
        closing = threading.Event()
        if settings.start_resident:
            keeper = threading.Thread(target=_keep_resident, args=(settings.folder, closing), daemon=True)
            keeper.start()
        try:
            yield Behind(services, principal_id)
        finally:
            closing.set()


def _keep_resident(folder: Path, closing: threading.Event) -> None:
    """Have a resident from now on: start one, and another one should it crash. One that was stopped stays so."""
    from multimail.commands import residents

    wanted = True
    while not closing.is_set():
        if wanted:
            try:
                residents.ensure(folder)
            except (Problem, OSError) as fault:
                _LOG.warning("no resident process: timers and sending wait until one runs (%s)", fault)
        closing.wait(_BETWEEN_LOOKS)
        wanted = lock.crashed(folder)
