"""One's own sign-ins to the pages: which there are, and ending them. Nobody sees or ends those of another."""

from __future__ import annotations

from typing import Final

from multimail.contract.sessions import (
    CloseSessions,
    ListSessions,
    SessionList,
    SessionsClosed,
    SessionView,
)
from multimail.core.errors import Problem
from multimail.core.times import to_datetime
from multimail.ports.accounts import Session
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services.context import Call

_LENGTH: Final = 14


def named(id_hash: str) -> str:
    """What a session is called: the beginning of the hash under which it is kept, which opens nothing."""
    return f"ses_{id_hash[:_LENGTH]}"


def list_sessions(tx: Tx, call: Call, request: ListSessions) -> SessionList:
    """Those that are not over, newest first."""
    views = [_view(id_hash, one) for id_hash, one in _mine(tx, call)]
    return SessionList(sessions=views, count=len(views))


def close_sessions(tx: Tx, call: Call, request: CloseSessions) -> SessionsClosed:
    """End one, all but one, or all. What is over already is no error."""
    if request.session_id is not None and request.keep is not None:
        raise Problem("contradiction", "Name the one to end or the one to keep.", field="keep")
    closed = [id_hash for id_hash, _ in _mine(tx, call) if _is_meant(request, named(id_hash))]
    for id_hash in closed:
        tx.sessions.close(id_hash)
        tx.events.add(Event("session.closed", call.now, principal_id=call.principal.id))
    return SessionsClosed(closed=len(closed))


def _is_meant(request: CloseSessions, name: str) -> bool:
    return name == request.session_id if request.session_id is not None else name != request.keep


def _mine(tx: Tx, call: Call) -> list[tuple[str, Session]]:
    found = tx.sessions.of(call.principal.id)
    return [(id_hash, one) for id_hash, one in found if one.expires_at > call.now]


def _view(id_hash: str, session: Session) -> SessionView:
    return SessionView(
        session_id=named(id_hash),
        confirmed=session.confirmed_at is not None,
        created_at=to_datetime(session.created_at),
        expires_at=to_datetime(session.expires_at),
    )
