"""What goes to stderr, and how. What mail brought with it never gets there whole: see the callers' messages."""

from __future__ import annotations

import logging
import sys
from typing import Final

_FORM: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def log_to_stderr(level: str) -> None:
    """One line per record, of our own from `level` on.

    Of libraries only warnings: what they say beyond that is what passes through them, statements and addresses too.
    """
    chosen = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(stream=sys.stderr, level=max(chosen, logging.WARNING), format=_FORM, force=True)
    logging.getLogger("multimail").setLevel(chosen)
