"""Requests and answers about what may pass without a person: limits of programs, and rules of an operator."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from multimail.contract.shapes import Request, View


class ApprovalLimitIn(Request):
    """What a program's key may decide on; what is left out is not bounded."""

    LISTS: ClassVar = frozenset({"domains", "mailboxes"})
    WORDS: ClassVar = LISTS
    domains: list[str] | None = Field(default=None, description="Every recipient is at one of these.")
    max_recipients: int | None = Field(default=None, ge=0, description="Most recipients, copies included.")
    mailboxes: list[str] | None = Field(default=None, description="Sent from one of these.")


class ApprovalLimitView(View):
    """A limit as it holds."""

    domains: list[str] | None = None
    max_recipients: int | None = None
    mailboxes: list[str] | None = None
