"""Ports for backups: whole copies of the data file in a folder, and the list of erasures that lies beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from multimail.ports.erasure import Proof
    from multimail.ports.store import Store


class Copies(Protocol):
    """The backups in one folder. Everything in it is the owner's alone."""

    @property
    def folder(self) -> str: ...

    def names(self) -> list[str]:
        """Those there are, oldest first; none when there is no such folder."""
        ...

    async def make(self, name: str) -> int:
        """Copy what is committed now, without free pages and without stopping anybody who writes; its bytes.

        There is such a file only once it is whole and durable.
        """
        ...

    def remove(self, name: str) -> None: ...

    def opened(self, name: str) -> Store:
        """One of them as a store of its own, brought up to date."""
        ...

    def proofs(self) -> list[Proof]:
        """The erasures that are listed beside the copies."""
        ...

    def list_proofs(self, proofs: Sequence[Proof]) -> None:
        """Replace that list, durably, if it is another."""
        ...
