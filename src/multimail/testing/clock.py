"""`mail.clock`: time as the server under test knows it, moved by the test."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from multimail.core.times import Micros, from_datetime
from multimail.testing.moments import last_of, moment, shown

if TYPE_CHECKING:
    from multimail.testing.drive import Drive
    from multimail.testing.stepped import SteppedClock
    from multimail.testing.system import System
    from multimail.testing.thread import LoopThread


_MICROSECOND: Final = timedelta(microseconds=1)


class Clock:
    """Stands still until it is told to move. When a method returns, all that was due on the way has happened."""

    def __init__(self, thread: LoopThread[System]) -> None:
        self._thread = thread

    def __repr__(self) -> str:
        return f"<Clock at {self.now.isoformat()}>"

    @property
    def now(self) -> datetime:
        """The moment, in UTC, to the millisecond: each arriving mail takes a microsecond."""
        return shown(self._clock.now())

    def advance(self, by: timedelta | None = None, **parts: float) -> datetime:
        """Let time pass: `advance(hours=2)`, or any other parts of a `timedelta`. Returns the new moment."""
        length = (by or timedelta()) + timedelta(**parts)
        if length < timedelta():
            raise ValueError("time does not run backwards")
        self._thread.run(self._drive.go_to(self.micros(length)))
        return self.now

    def set(self, to: datetime | str) -> datetime:
        """Let time pass until a moment: a datetime with a zone, or ISO 8601 with an offset. Returns it in UTC."""
        at = moment(to)
        if at < from_datetime(self.now):
            raise ValueError(f"it is {self.now.isoformat()} already: time does not run backwards")
        self._thread.run(self._drive.go_to(last_of(at)))
        return self.now

    def micros(self, given: timedelta | datetime | str) -> Micros:
        """A moment, or so long from now, as the server counts."""
        if isinstance(given, timedelta):
            return self._clock.now() + given // _MICROSECOND
        return last_of(moment(given))

    def settle(self) -> datetime:
        """Let everything happen that is due now, without letting time pass."""
        self._thread.run(self._drive.settle())
        return self.now

    def next(self) -> datetime | None:
        """When something will happen by itself: a send, an expiry, a retry, a decision, the end of a wait."""
        due = self._thread.run(self._drive.coming())
        return None if due is None else shown(due)

    @property
    def flows(self) -> bool:
        """Whether time passes by itself while somebody waits."""
        return self._clock.flows

    def until_waiting(self, count: int = 1, patience: float = 30.0) -> None:
        """Return as soon as so many callers wait for mail or for a decision: then they have seen all there is.

        Raises `TimeoutError` after `patience` seconds of real time. It is for agents that run beside the test.
        """
        self._thread.run(asyncio.wait_for(self._clock.until_waiting(count), patience))

    def flow(self) -> Flow:
        """From now on time passes by itself, from one thing that is due to the next, while a caller waits
        (`wait_for_email`, `wait_for_decision`); in a `with` block until its end."""
        self._flow(on=True)
        return Flow(self)

    def stand_still(self) -> None:
        """Only `advance` and `set` move time, as in the beginning."""
        self._flow(on=False)

    def _flow(self, *, on: bool) -> None:
        async def switch() -> None:
            self._clock.flows = on
            self._drive.ring()

        self._thread.run(switch())

    @property
    def _clock(self) -> SteppedClock:
        return self._thread.value.clock

    @property
    def _drive(self) -> Drive:
        return self._thread.value.drive


class Flow:
    """What `flow` gives: time flows until the end of the `with` block, if there is one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __enter__(self) -> Clock:
        return self._clock

    def __exit__(self, *_: object) -> None:
        self._clock.stand_still()
