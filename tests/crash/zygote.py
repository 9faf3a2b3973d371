"""A process that has everything imported and no threads, and forks a resident whenever it is told to.

Orders come as JSON lines on standard input: `{"settings": {"MULTIMAIL_…": "…"}, "fault": "name"}`, both may be empty.
Answers are JSON lines: the child's pid, that it is ready, and how it ended.
"""

from __future__ import annotations

import encodings.idna
import gc
import json
import os
import sys
import threading
from functools import partial
from typing import Any

import anyio._backends._asyncio
import uvicorn.lifespan.off
import uvicorn.protocols.http.auto

from multimail.adapters.store import readers
from multimail.adapters.transport import relay
from multimail.adapters.transport.pool import Limits
from multimail.commands import hosting
from multimail.config import load
from multimail.services import bindings
from multimail.surfaces.mcp import calls
from multimail.wiring import system
from tests.crash import faults

IMPORTED = (readers, bindings, calls, system, anyio, encodings, uvicorn)
"""What the program and its libraries import late, so that a start is quick."""


def tell(**facts: Any) -> None:
    """One line, in one write: the child and its parent share the pipe."""
    os.write(1, json.dumps(facts).encode() + b"\n")


async def ready(place: system.Running) -> None:
    """Everything answers; and commits are durable before they are answered."""

    def pragmas(tx: Any) -> dict[str, Any]:
        return {name: tx.value(f"PRAGMA {name}") for name in ("synchronous", "journal_mode")}

    tell(ready=await place.services.store.write(pragmas))


def resident(order: dict[str, Any]) -> None:
    """Be one, exactly as `multimail serve` is."""
    os.environ.update(order["settings"])
    faults.seed(order["fault"])
    settings = load()
    if (settings.failpoint or "").startswith("smtp_out.before_rset"):
        # Under load no kept connection is idle so long that it would be asked first.
        vars(relay)["Limits"] = partial(Limits, fresh=0)
    hosting.host(settings, hosting.PERSON, ready)


def main() -> None:
    """Serve orders until the input ends."""
    assert threading.active_count() == 1, threading.enumerate()
    # What residents never write to, they share.
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.close(0)
            try:
                resident(json.loads(line))
            finally:
                sys.stderr.flush()
                os._exit(0 if sys.exc_info()[0] is None else 1)
        tell(pid=child)
        tell(ended=os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    main()
