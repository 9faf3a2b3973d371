"""The one door: scope, idempotency, handler, record. Every surface calls `call` and nothing else.

An operation is one transaction and one synchronous function, so nothing can be awaited between deciding and
writing. The principal is read inside that transaction: a revoked key fails at its next call.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from multimail.contract import registry, streams
from multimail.contract.operation import Operation
from multimail.contract.shapes import Request, View
from multimail.contract.streams import Stream
from multimail.core.errors import Problem
from multimail.core.ids import prefix_of
from multimail.core.model import Principal
from multimail.core.times import Micros, seconds_until
from multimail.ports.records import Remembered, StoredCall
from multimail.ports.store import Tx
from multimail.services.binding import Binding
from multimail.services.context import Call, Caller, Services

Progress = Callable[[float, float], Awaitable[None]]

PROGRESS_EVERY = 5.0
"""Seconds between progress notes of a wait; hosts reset their own time limits on them."""


async def call(
    services: Services,
    caller: Caller,
    name: str,
    arguments: Mapping[str, Any],
    progress: Progress | None = None,
) -> View:
    """Carry out an operation and return its view; raises `Problem` and nothing else that is expected.

    The answer to a write is given after its commit. A cancelled caller leaves a write whole: done or not done.
    """
    target = ""
    try:
        row = registry.operation(name)
        request = row.request.parse(dict(arguments))
        target = _target(request)
        view = await _perform(services, caller, row, request, progress)
    except Problem as problem:
        record(services, caller, name, problem.code, target)
        raise
    except Exception:
        record(services, caller, name, "internal", target)
        raise
    if not _binding(name).changes(request):
        record(services, caller, name, "ok", target, request)
    return view


def _binding(name: str) -> Binding:
    from multimail.services.bindings import BINDINGS  # noqa: PLC0415 - loaded at the first call: doors start fast

    return BINDINGS[name]


async def _perform(
    services: Services, caller: Caller, row: Operation, request: Request, progress: Progress | None
) -> View:
    binding = _binding(row.name)
    if binding.wait is not None:
        return await _waited(services, caller, row, request, progress)
    if binding.changes(request):
        written = await services.store.write(lambda tx: _written(tx, services, caller, row, request))
        return await binding.then(services, written) if binding.then is not None else written
    under_way: list[Call] = []

    def read(tx: Tx) -> View:
        here = authorised(tx, services, caller, row)
        under_way.append(here)
        assert binding.handler is not None
        return binding.handler(tx, here, request)

    view = await services.store.read(read, search=binding.search(request))
    if under_way[-1].after:
        follow_ups = tuple(under_way[-1].after)
        services.store.post(lambda tx: [follow_up(tx) for follow_up in follow_ups])
    for work in under_way[-1].later:
        services.store.later(work)
    return view


def authorised(tx: Tx, services: Services, caller: Caller, row: Operation | Stream) -> Call:
    """The call of a principal that is valid now and holds the operation's scope, or a `Problem`."""
    now = services.clock.now()
    stored = tx.principals.get(caller.principal_id)
    if stored is None or not stored.valid_at(now):
        raise Problem(
            "unauthenticated", "The key is not valid any more.", advice="Ask the operator for a new key."
        )
    require(stored.principal, row)
    return Call(stored.principal, caller, now, services, key_until=stored.expires_at)


def require(principal: Principal, row: Operation | Stream) -> None:
    """Refuse a principal without the operation's scope."""
    if row.scope not in principal.scopes:
        raise Problem(
            "forbidden",
            f"{row.name} needs the scope {row.scope}, which this key does not have.",
            advice="Ask the operator; an agent cannot change this.",
        )


def _written(tx: Tx, services: Services, caller: Caller, row: Operation, request: Request) -> View:
    here = authorised(tx, services, caller, row)
    key = getattr(request, "idempotency_key", None)
    fingerprint = _fingerprint(row.name, request) if key else ""
    if key:
        earlier = _earlier(tx, here, row, key, fingerprint)
        if earlier is not None:
            return earlier
    handler = _binding(row.name).handler
    assert handler is not None
    view = handler(tx, here, request)
    for follow_up in (*here.after, *here.later):
        follow_up(tx)
    message_id = getattr(view, "message_id", "")
    if key:
        answer = view.model_dump(mode="json", exclude_none=True)
        if view.SHOWN_ONCE:
            answer[view.SHOWN_ONCE] = ""  # what a secret was is kept nowhere: the repeat names what was made
        remembered = Remembered(row.name, fingerprint, message_id, answer, here.now)
        tx.idempotency.put(here.principal.id, key, remembered)
    about = message_id or _person(tx, request) or _target(request) or getattr(view, "contact_id", "")
    tx.events.call(line_of(services, caller, row.name, "ok", about))
    return view


def _earlier(tx: Tx, here: Call, row: Operation, key: str, fingerprint: str) -> View | None:
    not_before = here.now - here.limits.idempotency_for
    remembered = tx.idempotency.get(here.principal.id, key, not_before)
    if remembered is None:
        return None
    if remembered.fingerprint != fingerprint:
        raise Problem(
            "idempotency_mismatch",
            "This idempotency key was used with another request.",
            field="idempotency_key",
            advice="Use a new key for a new mail.",
        )
    return row.view.model_validate(remembered.answer | {"repeated": True})


def _fingerprint(name: str, request: Request) -> str:
    content = request.model_dump(mode="json", exclude={"idempotency_key"})
    text = json.dumps([name, content], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


async def _waited(
    services: Services, caller: Caller, row: Operation, request: Request, progress: Progress | None
) -> View:
    """Look, then look again after every change, until found or the time is up.

    The version is taken before each look, so nothing that commits in between is missed. A key that expires meanwhile
    ends the wait then.
    """
    wait = _binding(row.name).wait
    assert wait is not None
    started = services.clock.now()
    timeout = float(getattr(request, "timeout_seconds", 0.0))
    notes = {"began": started}

    def look(tx: Tx) -> tuple[Micros | None, bool, View]:
        here = replace(authorised(tx, services, caller, row), notes=notes)
        return here.key_until, *wait.look(tx, here, request)

    while True:
        version = services.store.version()
        key_until, done, view = await services.store.read(look)
        waited = (services.clock.now() - started) / 1_000_000
        if done or waited >= timeout:
            return wait.finish(view, waited)
        if progress is not None:
            await progress(waited, timeout)
        pause = seconds_until(key_until, services.clock.now(), min(timeout - waited, PROGRESS_EVERY))
        await services.clock.wait(pause, partial(services.store.changed, version))


def _target(request: Request) -> str:
    """What the call is about, if it is named by an id: the record holds no text of a caller's."""
    given = vars(request)
    for name in ("message_id", "thread_id", "contact_id", "mailbox", "key_id", "webhook_id"):
        value = given.get(name)
        if value and prefix_of(str(value)):
            return str(value)
    return ""


def line_of(services: Services, caller: Caller, name: str, outcome: str, target: str) -> StoredCall:
    """A line of the record of calls, as of now."""
    return StoredCall(
        services.clock.now(),
        caller.principal_id,
        name if name in registry.BY_NAME or name in streams.BY_NAME else "unknown",
        caller.surface,
        outcome,
        target or None,
    )


def _person(tx: Tx, request: Request | None) -> str:
    """The contact whom a call names by address: what was done about somebody is in their export."""
    given = getattr(request, "email", None) or getattr(request, "address", None)
    found = tx.contacts.by_address(given) if isinstance(given, str) else None
    return found.id if found is not None else ""


def record(
    services: Services, caller: Caller, name: str, outcome: str, target: str, request: Request | None = None
) -> None:
    """Write down that an operation was called, or a stream was used, without keeping anybody waiting."""
    line = line_of(services, caller, name, outcome, target)
    services.store.later(lambda tx: tx.events.call(replace(line, target=_person(tx, request) or line.target)))
