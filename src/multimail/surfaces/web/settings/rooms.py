"""The rooms of the settings: one row each, from which the tabs and the overview are made.

A page that comes later, such as those about consent and reputation, is a row here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from multimail.core.model import Principal, Scope


@dataclass(frozen=True, slots=True)
class Room:
    """Where a page is, what it is for, and whom it is of use to: whoever holds one of the scopes, and what concerns
    `everything` only those who are not limited to some mailboxes."""

    path: str
    title: str
    text: str
    scopes: frozenset[Scope]
    everything: bool = False


_WATCHING: Final = frozenset({Scope.OVERSIGHT, Scope.ADMIN})
_OPERATING: Final = frozenset({Scope.ADMIN})
ROOMS: Final = (
    Room("/settings/mailboxes", "Mailboxes",
         "How much each may do alone, whom it may write to, who watches, how long its mail is kept.", _WATCHING),
    Room("/settings/rules", "Rules",
         "What goes without a person although the mode would hold it, and the texts that rules can name.", _OPERATING),
    Room("/settings/pace", "Pace",
         "How often and at which hours people are written to, and on whose clock.", _OPERATING),
    Room("/settings/keys", "Keys",
         "Who and what may use this server: people, agents and programs, each with a key of its own.", _OPERATING,
         everything=True),
    Room("/settings/webhooks", "Webhooks",
         "Which programs are told what happens, what they answered, and what is told again.", _OPERATING,
         everything=True),
    Room("/account", "Your account",
         "Your passphrase, your passkeys and the browsers in which you are signed in.", frozenset(Scope)),
)  # fmt: skip


def open_to(principal: Principal) -> tuple[Room, ...]:
    """The rooms that are of use to somebody; what they do there is checked anyway."""
    limited = principal.mailboxes is not None
    return tuple(
        room for room in ROOMS if room.scopes & principal.scopes and not (limited and room.everything)
    )
