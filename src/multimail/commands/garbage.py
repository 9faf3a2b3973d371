"""How often Python looks for rings of garbage: seldom, since next to nothing here makes any, and never at the end."""

from __future__ import annotations

import atexit
import gc
from typing import Final

_BETWEEN_LOOKS: Final = (20_000, 20, 10)
"""How many objects come to be before Python looks, and how many looks before a wider one."""


def look_seldom() -> None:
    """To be called before the imports: looking through what they make every 700 objects is a tenth of a start.

    At its end Python would look through everything several times, which takes longer than many a command: all of it
    goes with the process. What has to be closed is closed by whoever opened it.
    """
    gc.set_threshold(*_BETWEEN_LOOKS)
    atexit.register(gc.freeze)
