"""A send time on each recipient's own clock: the same hour for everybody, at as many moments as there are clocks."""

from __future__ import annotations

from dataclasses import replace

from multimail.core.errors import Problem
from multimail.core.model import Draft, Mailbox
from multimail.core.pace import on_clock
from multimail.ports.store import Tx
from multimail.services import drafting, time_zones
from multimail.services.context import Call


def planned(tx: Tx, call: Call, box: Mailbox, draft: Draft, *, new: bool) -> Draft:
    """The draft with the moment for each recipient; it is scheduled for the first of them.

    Where the hour is over already mail goes at once; if that is so everywhere, a new mail is refused.
    """
    if draft.wall is None:
        return draft
    people = [one.address for one in draft.recipients if not one.automatic]
    zones = time_zones.zones(tx, box, people)
    times = {one: on_clock(draft.wall, zones[one]) for one in people}
    if new and max(times.values()) < call.now - drafting.GRACE:
        raise Problem(
            "invalid_time", "On every recipient's clock the send time is past.", field="scheduled_at",
            advice="Give a later time, or leave it out to send now.",
        )  # fmt: skip
    first = min(times.values())
    return replace(draft, scheduled_at=first if first > call.now else None, times=tuple(times.items()))
