"""The client of MultiMail under a second import name; everything is `multimail`'s own."""

from __future__ import annotations

from multimail import (
    AsyncClient,
    AsyncMultiMail,
    AsyncMultiMailClient,
    AsyncMultimailClient,
    Client,
    MultiMail,
    MultiMailClient,
    MultimailClient,
    MultimailError,
    __version__,
    errors,
    verify_webhook,
)

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
