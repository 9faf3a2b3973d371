"""The server acting on its own: who stands in the record when no caller is there."""

from __future__ import annotations

from typing import Final

from multimail.core.model import Principal, PrincipalKind, Role
from multimail.services.context import Call, Caller, Services

SERVER: Final = "server"


def machine_call(services: Services) -> Call:
    """A call by the server itself. It has no scope: no operation can be carried out with it."""
    principal = Principal(SERVER, PrincipalKind.PROGRAM, "MultiMail", Role.VIEWER, frozenset())
    return Call(principal, Caller(SERVER, SERVER), services.clock.now(), services)
