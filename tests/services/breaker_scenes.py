"""What is done for the rows of the mode × operation table that are about breakers and warm-up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from multimail.core.reputation import State
from multimail.core.times import Micros
from multimail.ports.reputation import Breaker, Subject
from multimail.ports.store import Tx
from tests.services.mode_scenes import Scene


def stop(tx: Tx, subject: Subject, now: Micros) -> None:
    """As a breaker does that pauses."""
    tx.reputation.save_breaker(Breaker(subject, State.PAUSED, "bounces", now))
    tx.stops.put(subject, "paused")


async def resumes(scene: Scene) -> str:
    approved = await scene.send()
    await scene.desk.decide(approved)
    box = (await scene.desk.message(approved)).mailbox_id
    await scene.desk.write(lambda tx: stop(tx, Subject("mailbox", box), scene.began))
    await scene.set()
    await scene.settle()
    assert not scene.arrived()
    await scene.desk.call("operator", "resume_sending", mailbox=scene.desk.box)
    return approved


async def warms_up(scene: Scene) -> str:
    """One mail a day: the second one waits, until there is no limit any more."""
    warm_up = partial(scene.desk.call, "operator", "set_warm_up", mailbox=scene.desk.box)
    await warm_up(first=1, target=1)
    for subject in ("First", "Second"):
        approved = await scene.send(subject=subject)
        await scene.desk.decide(approved)
        await scene.settle()
    assert scene.arrived() == 1
    scene.before = len(scene.sink.mails)
    await scene.set()
    await warm_up(enabled=False)
    return approved


SCENES: Final[dict[tuple[str, str], Callable[[Scene], Awaitable[str]]]] = {
    ("resume_sending", "approved mail waiting behind a breaker"): resumes,
    ("set_warm_up", "ended, approved mail waiting for tomorrow"): warms_up,
}
