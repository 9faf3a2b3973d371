"""An account made ready before any server runs on it: mailboxes, and a key for each role a test needs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from multimail.config import Settings
from multimail.services import dispatch, first_start
from multimail.services.context import Caller, Services
from multimail.wiring.account import opened
from multimail.wiring.folder import DATABASE
from tests.support.blank import blank


def account(data: Path, mailboxes: Mapping[str, Mapping[str, Any]], *roles: str) -> dict[str, str]:
    """Make them; returns the keys by role. Nothing is open any more when this returns."""
    if not (data / DATABASE).exists():
        blank(data / DATABASE)
    return asyncio.run(_make(data, mailboxes, roles))


async def _make(
    data: Path, mailboxes: Mapping[str, Mapping[str, Any]], roles: tuple[str, ...]
) -> dict[str, str]:
    async with opened(Settings(data=data)) as services:
        now = services.clock.now()
        operator, key = await services.store.write(
            lambda tx: first_start.first_operator(tx, services.ids, now)
        )
        do = _Operator(services, operator)
        for address, settings in mailboxes.items():
            await do("create_mailbox", address=address, **settings)
        return {"operator": key} | {
            role: (await do("create_key", name=role, role=role)).key for role in roles
        }


@dataclass(frozen=True, slots=True)
class _Operator:
    services: Services
    principal_id: str

    async def __call__(self, operation: str, **arguments: Any) -> Any:
        return await dispatch.call(self.services, Caller(self.principal_id, "cli"), operation, arguments)
