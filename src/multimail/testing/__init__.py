"""A MultiMail server for the tests of other people's software: in process, on a clock that the test moves.

`with multimail.testing.server() as mail:` works in any test runner; with pytest there are fixtures (`plugin`).
Importing this package costs nothing: the server is loaded when the first one starts.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from multimail.testing.asynchronous import AsyncServer, async_server
    from multimail.testing.serving import NotSent, Server, server

__all__ = ["AsyncServer", "NotSent", "Server", "async_server", "server"]

_PLACES: Final = {
    "AsyncServer": "asynchronous",
    "async_server": "asynchronous",
    "NotSent": "serving",
    "Server": "serving",
    "server": "serving",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
