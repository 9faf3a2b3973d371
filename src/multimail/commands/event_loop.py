"""The event loop that processes run on for long: a quicker one where the platform has it.

Nothing may depend on which one it is: tests run in the standard library's, what people start in this one.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any


def run(main: Coroutine[Any, Any, None]) -> None:
    """As `asyncio.run`."""
    if sys.platform == "win32":
        asyncio.run(main)
    else:
        import uvloop

        uvloop.run(main)
