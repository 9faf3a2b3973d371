"""Patterns that are compiled when they are first used: large ones, or for what most processes never see.

Compiling the words that mail servers of thirty languages return mail with takes longer than many a command.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, cast


def late(text: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """As `re.compile`, for those who use the pattern's own methods; a faulty one is told at its first use.

    Once used, it costs what a compiled one costs.
    """
    return cast("re.Pattern[str]", _Late(text, flags))


class _Late:
    """Takes each method from the compiled pattern the first time it is asked for."""

    def __init__(self, text: str, flags: re.RegexFlag) -> None:
        self._given = (text, flags)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(*self._given)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._compiled, name)
        self.__dict__[name] = found
        return found
