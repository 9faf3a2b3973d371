"""What an operation is: one row of data from which every surface is made.

An MCP tool, REST route, SDK method, CLI command and reference page all come from the row; adding an
operation therefore touches no surface.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from multimail.contract.shapes import Request, View
from multimail.core.model import Scope


class Effect(StrEnum):
    """What a call changes; the four MCP annotations follow from it."""

    READ = "read"
    WRITE = "write"
    REMOVE = "remove"
    SEND = "send"


class Toolset(StrEnum):
    """Which MCP tool list an operation is shown in; a credential's scopes narrow it further."""

    AGENT = "agent"
    REVIEW = "review"
    ADMIN = "admin"


MCP: Final = "mcp"
CLI: Final = "cli"
REST: Final = "rest"


@dataclass(frozen=True, slots=True)
class Example:
    """A call with its arguments and what it shows; tests run each through every surface."""

    title: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the product.

    `description` is what an agent reads (≤ 200 characters); `positional` names the fields a command takes
    without a flag; `waits` marks operations that may take as long as the caller allows; `asks` marks those
    that put a question to the person at the host when an owner calls; `secret` marks answers that hold a key
    or link, shown on terminals only.
    """

    name: str
    title: str
    description: str
    request: type[Request]
    view: type[View]
    scope: Scope
    effect: Effect
    toolset: Toolset
    problems: tuple[str, ...]
    examples: tuple[Example, ...]
    idempotent: bool = False
    open_world: bool = False
    waits: bool = False
    asks: bool = False
    secret: bool = False
    positional: tuple[str, ...] = ()
    surfaces: frozenset[str] = field(default=frozenset({MCP, CLI, REST}))

    @property
    def read_only(self) -> bool:
        """MCP `readOnlyHint`: the call changes nothing a user would see."""
        return self.effect is Effect.READ

    @property
    def destructive(self) -> bool:
        """MCP `destructiveHint`: something is lost or leaves the machine."""
        return self.effect in {Effect.REMOVE, Effect.SEND}
