"""The outside world of the server under test: a next hop in memory that keeps what it is given.

It takes part as any transport does, and tells outcomes by the same table as the relay. No network is touched.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from multimail.adapters.transport.outcome import Stage, Verdict, lost, of_reply
from multimail.core import return_path
from multimail.core.times import Micros
from multimail.ports.transport import AboutToSend, HandOver, Outcome, Recipient
from multimail.testing.letters import Sent
from multimail.testing.switches import At, Switch, Switchboard

_STAGES: Final[dict[At, Stage]] = {
    "CONNECT": Stage.CONNECT, "MAIL": Stage.MAIL, "RCPT": Stage.RCPT, "DATA": Stage.DATA, "DOT": Stage.REPLY,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Envelope:
    """Who a hand-over is from and to, as faults look at it: by mailbox, whatever delivery its sender names."""

    sender: str
    board: Switchboard

    def fault(self, at: At, recipients: Sequence[Recipient]) -> Verdict | None:
        """What the next hop refuses at this step, if it does."""
        found = self.board.take("smtp", lambda one: one.at == at and self.meets(one, recipients))
        if found is None:
            return None
        if at == "CONNECT":
            return lost(Stage.CONNECT, "the relay could not be reached (Connection refused)")
        return of_reply(_STAGES[at], int(found.reply[:3]), found.reply[4:])

    def meets(self, switch: Switch, recipients: Sequence[Recipient]) -> bool:
        return any(switch.meets(self.sender, one.address) for one in recipients)


class Outside:
    """Where mail goes that leaves. `mails` grows on the server's thread; `arrived` is called for each."""

    name: Final[Literal["relay"]] = "relay"

    def __init__(self, board: Switchboard, now: Callable[[], Micros]) -> None:
        self.mails: list[Sent] = []
        self.arrived = asyncio.Event()
        self._board = board
        self._now = now

    async def deliver(self, work: HandOver, about_to_send: AboutToSend) -> tuple[Outcome, ...]:
        """See the port."""
        envelope = _Envelope(return_path.plain(work.envelope_sender), self._board)
        refusal = envelope.fault("CONNECT", work.recipients) or envelope.fault("MAIL", work.recipients)
        refused = {
            one.delivery_id: verdict
            for one in work.recipients
            if (verdict := refusal or envelope.fault("RCPT", [one])) is not None
        }
        accepted = tuple(one.delivery_id for one in work.recipients if one.delivery_id not in refused)
        going = await about_to_send(accepted) if accepted else ()
        if going:
            taken = [one for one in work.recipients if one.delivery_id in going]
            refused |= dict.fromkeys(going, self._text(envelope, work, taken))
        return tuple(
            refused[one.delivery_id].of(one.delivery_id)
            for one in work.recipients
            if one.delivery_id in refused
        )

    async def probe(self) -> str:
        """Empty unless connections are refused just now."""
        found = self._board.find("smtp", lambda one: one.at == "CONNECT")
        return "" if found is None else "the relay could not be reached (Connection refused)"

    async def close(self) -> None:
        """Nothing is held open."""

    def _text(self, envelope: _Envelope, work: HandOver, to: list[Recipient]) -> Verdict:
        refusal = envelope.fault("DATA", to) or envelope.fault("DOT", to)
        if refusal is not None:
            return refusal
        addresses = tuple(one.address for one in to)
        self.mails.append(Sent(work.envelope_sender, addresses, work.raw, self._now()))
        self.arrived.set()
        if self._board.take("lost_acknowledgement", lambda one: envelope.meets(one, to)) is not None:
            return lost(Stage.REPLY, "the relay closed the connection", dot_written=True)
        return of_reply(Stage.REPLY, 250, "2.0.0 kept")
