"""The door for streams: the same order of things as `dispatch.call`, for work that is no operation.

Authorised inside the transaction and written into the record of calls, whatever comes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from multimail.contract.streams import Stream
from multimail.core.errors import Problem
from multimail.core.ids import prefix_of
from multimail.ports.store import Tx
from multimail.services import access, dispatch
from multimail.services.context import Call, Caller, Services

T = TypeVar("T")
Work = Callable[[Tx, Call], T]


async def read(services: Services, caller: Caller, stream: Stream, work: Work[T], about: str = "") -> T:
    """Run `work` on a snapshot, as a principal that may use the stream now. `about` is the id it is about."""
    target = about if prefix_of(about) else ""
    with _faults(services, caller, stream, target):
        found = await services.store.read(
            lambda tx: work(tx, dispatch.authorised(tx, services, caller, stream))
        )
    dispatch.record(services, caller, stream.name, "ok", target)
    return found


async def write(services: Services, caller: Caller, stream: Stream, work: Work[T]) -> T:
    """Run `work` in the next group commit; its answer is durable, and so is the line about it."""

    def whole(tx: Tx) -> T:
        done = work(tx, dispatch.authorised(tx, services, caller, stream))
        tx.events.call(dispatch.line_of(services, caller, stream.name, "ok", ""))
        return done

    with _faults(services, caller, stream):
        return await services.store.write(whole)


def permit(services: Services, caller: Caller, stream: Stream, *, of_all: bool = False) -> None:
    """Refuse, before anything is read from the network, who may not use the stream; `of_all` says that it concerns
    every mailbox."""
    with _faults(services, caller, stream):
        call = services.store.instant(lambda tx: dispatch.authorised(tx, services, caller, stream))
        if of_all:
            access.everything(call.principal)


def refused(services: Services, caller: Caller, stream: Stream, problem: Problem) -> Problem:
    """The problem, which ended the stream before its work began, after it was written down."""
    dispatch.record(services, caller, stream.name, problem.code, "")
    return problem


def succeeded(services: Services, caller: Caller, stream: Stream) -> None:
    """Write down a use of a stream whose work another door did."""
    dispatch.record(services, caller, stream.name, "ok", "")


@contextmanager
def _faults(services: Services, caller: Caller, stream: Stream, target: str = "") -> Iterator[None]:
    """Whatever is raised inside is written down on its way."""
    try:
        yield
    except Problem as problem:
        dispatch.record(services, caller, stream.name, problem.code, target)
        raise
    except Exception:
        dispatch.record(services, caller, stream.name, "internal", target)
        raise
