"""How often Python looks for rings of garbage: seldom, since next to nothing here makes any."""

from __future__ import annotations

import gc
from typing import Final

_BETWEEN_LOOKS: Final = (20_000, 20, 10)
"""How many objects come to be before Python looks, and how many looks before a wider one."""


def look_seldom() -> None:
    """To be called before the imports: looking through what they make every 700 objects is a tenth of a start."""
    gc.set_threshold(*_BETWEEN_LOOKS)
