"""Requests and answers about one's own sign-ins to the pages."""

from typing import ClassVar

from pydantic import Field

from multimail.contract.fields import Moment
from multimail.contract.shapes import Request, View


class ListSessions(Request):
    """Arguments of `list_sessions`: none."""


class SessionView(View):
    """A browser that is signed in; `confirmed` says that it proved once more who is there."""

    session_id: str
    confirmed: bool
    created_at: Moment
    expires_at: Moment


class SessionList(View):
    """One's own sign-ins, newest first."""

    sessions: list[SessionView]
    count: int


class CloseSessions(Request):
    """Arguments of `close_sessions`."""

    ALIASES: ClassVar = {"session_id": ("id", "session")}
    session_id: str | None = Field(default=None, max_length=40, description="Only this one; all if left out.")
    keep: str | None = Field(default=None, max_length=40, description="All but this one.")


class SessionsClosed(View):
    """How many sign-ins ended."""

    closed: int
