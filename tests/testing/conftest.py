"""The fixtures of the plugin, as a project that has the distribution installed gets them by themselves."""

from __future__ import annotations

from multimail.testing.plugin import (
    multimail_async_server,
    multimail_clock,
    multimail_mailbox,
    multimail_server,
)

__all__ = ["multimail_async_server", "multimail_clock", "multimail_mailbox", "multimail_server"]
