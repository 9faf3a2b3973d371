"""When Python looks for rings of garbage: not while it starts, seldom then, since next to nothing here makes any, and
never at the end.
"""

from __future__ import annotations

import atexit
import gc
from typing import Final

_WHILE_STARTING: Final = (400_000, 20, 10)
_BETWEEN_LOOKS: Final = (20_000, 20, 10)
"""How many objects come to be before Python looks, and how many looks before a wider one."""


def look_later() -> None:
    """To be called before the imports: looking through what they make, which stays, is a tenth of a start.

    At its end Python would look through everything several times, which takes longer than many a command: all of it
    goes with the process. What has to be closed is closed by whoever opened it.
    """
    gc.set_threshold(*_WHILE_STARTING)
    atexit.register(gc.freeze)


def look_seldom() -> None:
    """To be called after the imports: what is there by now is not looked through again."""
    gc.freeze()
    gc.set_threshold(*_BETWEEN_LOOKS)
