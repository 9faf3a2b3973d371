"""`multimail aside`: mail that came in and could not be filed, listed, and saved as it came, for a person."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from multimail.commands import identity
from multimail.commands.terminal import say
from multimail.config import Settings
from multimail.core.errors import Problem
from multimail.core.model import Scope
from multimail.core.times import to_rfc3339
from multimail.ports.intake import SetAside
from multimail.ports.store import Tx
from multimail.services.inbound_aside import REASONS
from multimail.surfaces.cli.render import one_line

_MOST: Final = 1_000


def show(settings: Settings, save: Path | None) -> None:
    """Print what is kept aside, newest first; with `save`, write each as ID.eml into that folder."""
    with identity.session(settings, Scope.ADMIN) as session:
        found = session.runner.run(session.services.store.read(lambda tx: _kept(tx, session.principal_id)))
    if not found:
        say("Nothing is kept aside.")
    for one in found:
        people = ", ".join(one.envelope.get("recipients", ()))
        say(
            one_line(
                f"{one.id}  {to_rfc3339(one.at)}  {one.reason}  from {one.envelope.get('sender')} to {people}"
            )
        )
        say(f"  {REASONS.get(one.reason, '')} {len(one.raw):,} bytes")
        if save is not None:
            save.mkdir(parents=True, exist_ok=True)
            (save / f"{one.id}.eml").write_bytes(one.raw)


def _kept(tx: Tx, principal_id: str) -> list[SetAside]:
    """Whole mails of every mailbox: for operators only."""
    who = tx.principals.get(principal_id)
    if who is None or Scope.ADMIN not in who.principal.scopes:
        raise Problem("forbidden", "Mail that is kept aside is an operator's to see.")
    return tx.arrivals.kept_aside(_MOST)
