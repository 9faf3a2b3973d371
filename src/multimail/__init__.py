"""MultiMail: the self-hosted mail server an AI agent can be trusted with, and the client of its API.

Importing this package costs nothing: it holds the version, and what programs use is loaded when it is first named.
The several names of the client are one class.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from multimail.client import errors
    from multimail.client.asynchronous import AsyncClient
    from multimail.client.errors import MultimailError
    from multimail.client.sync import Client
    from multimail.client.webhooks import verify_webhook

    MultimailClient = MultiMailClient = MultiMail = Client
    AsyncMultimailClient = AsyncMultiMailClient = AsyncMultiMail = AsyncClient

__all__ = [
    "AsyncClient",
    "AsyncMultiMail",
    "AsyncMultiMailClient",
    "AsyncMultimailClient",
    "Client",
    "MultiMail",
    "MultiMailClient",
    "MultimailClient",
    "MultimailError",
    "__version__",
    "errors",
    "verify_webhook",
]

__version__ = "0.1.0"

_PLACES: Final = {
    **dict.fromkeys(["Client", "MultimailClient", "MultiMailClient", "MultiMail"], ("sync", "Client")),
    **dict.fromkeys(
        ["AsyncClient", "AsyncMultimailClient", "AsyncMultiMailClient", "AsyncMultiMail"],
        ("asynchronous", "AsyncClient"),
    ),
    "MultimailError": ("errors", "MultimailError"),
    "verify_webhook": ("webhooks", "verify_webhook"),
    "errors": ("errors", ""),
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _PLACES[name]
    loaded = importlib.import_module(f"multimail.client.{module}")
    value = getattr(loaded, attribute) if attribute else loaded
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
