"""`mail.faults`: the faults a test can set, each for one mailbox or all, for some times or until it is cleared."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from multimail.testing.switches import At, Switch, Switchboard

_REPLY: Final = re.compile(r"[2-5]\d\d( .*)?")


class Faults:
    """Every method turns a fault on and returns its switch: `switch.clear()` or a `with` block turns it off."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def smtp(
        self, reply: str, *, at: At = "RCPT", mailbox: str = "", recipient: str = "", times: int | None = None
    ) -> Switch:
        """The next hop refuses with this reply, such as `451 4.3.0 later`, to `MAIL`, `RCPT`, `DATA` or `DOT`
        (the end of the text). Several recipients of one mail are refused one by one at `RCPT` only."""
        if not _REPLY.fullmatch(reply) or reply[0] not in "45":
            raise ValueError(f"{reply!r} is no refusal of SMTP: write a code of 400 to 599 and a text")
        if at not in {"MAIL", "RCPT", "DATA", "DOT"}:
            raise ValueError(f"{at!r} is no step of SMTP: MAIL, RCPT, DATA or DOT")
        found = Switch("smtp", mailbox, recipient, times, at, reply)
        return self._board.add(found)

    def refused_connection(self, *, mailbox: str = "", times: int | None = None) -> Switch:
        """The next hop cannot be reached."""
        return self._board.add(Switch("smtp", mailbox, times=times, at="CONNECT"))

    def lost_acknowledgement(
        self, *, mailbox: str = "", recipient: str = "", times: int | None = None
    ) -> Switch:
        """The next hop takes the mail, and its answer gets lost: the mail is in `sent`, its status `unknown`."""
        return self._board.add(Switch("lost_acknowledgement", mailbox, recipient, times))

    def locked_database(self, *, mailbox: str = "", times: int | None = None, waits: bool = False) -> Switch:
        """Changes are refused with `busy`; with `waits` they wait until the fault is cleared instead.

        With a mailbox, only changes to it and its mail are."""
        return self._board.add(Switch("locked", mailbox, times=times, waits=waits))

    def full_database(self, *, mailbox: str = "", times: int | None = None) -> Switch:
        """Changes are refused with `storage_full`, and undone. With a mailbox, only changes to it and its mail."""
        return self._board.add(Switch("full", mailbox, times=times))

    def lost_webhooks(self, *, mailbox: str = "", url: str = "", times: int | None = None) -> Switch:
        """Posts to webhooks get no answer and never arrive; `url` is a pattern."""
        return self._board.add(Switch("hook_lost", mailbox, times=times, url=url))

    def delayed_webhooks(
        self, by: timedelta | float, *, mailbox: str = "", url: str = "", times: int | None = None
    ) -> Switch:
        """Posts to webhooks arrive so much later by the server's clock (a number is seconds)."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else float(by)
        if seconds < 0:
            raise ValueError("a post is delayed, not early")
        return self._board.add(Switch("hook_delayed", mailbox, times=times, url=url, seconds=seconds))

    def clear(self) -> None:
        """Turn every fault off."""
        self._board.clear()
