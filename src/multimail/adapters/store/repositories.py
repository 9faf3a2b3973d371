"""A transaction as the services see it: every noun's repository, made when first asked for."""

from __future__ import annotations

from functools import cached_property

from multimail.adapters.store.arrivals import Arrivals
from multimail.adapters.store.contacts import Contacts
from multimail.adapters.store.decisions import Decisions, Idempotency
from multimail.adapters.store.deliveries import Deliveries
from multimail.adapters.store.events import Events
from multimail.adapters.store.inbox import Inbox
from multimail.adapters.store.mailboxes import Mailboxes, Settings
from multimail.adapters.store.messages import Messages
from multimail.adapters.store.principals import Principals, Sessions
from multimail.adapters.store.revisions import Revisions
from multimail.adapters.store.tags import Tags
from multimail.adapters.store.threads import Threads
from multimail.adapters.store.tx import Tx


class Transaction(Tx):
    """See `ports.store.Tx`."""

    @cached_property
    def principals(self) -> Principals:
        return Principals(self)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self)

    @cached_property
    def settings(self) -> Settings:
        return Settings(self)

    @cached_property
    def mailboxes(self) -> Mailboxes:
        return Mailboxes(self)

    @cached_property
    def messages(self) -> Messages:
        return Messages(self)

    @cached_property
    def revisions(self) -> Revisions:
        return Revisions(self)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self)

    @cached_property
    def decisions(self) -> Decisions:
        return Decisions(self)

    @cached_property
    def idempotency(self) -> Idempotency:
        return Idempotency(self)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self)

    @cached_property
    def tags(self) -> Tags:
        return Tags(self)

    @cached_property
    def contacts(self) -> Contacts:
        return Contacts(self)

    @cached_property
    def threads(self) -> Threads:
        return Threads(self)

    @cached_property
    def arrivals(self) -> Arrivals:
        return Arrivals(self)

    @cached_property
    def events(self) -> Events:
        return Events(self)
