"""A transaction as the services see it: every noun's repository, made when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from multimail.adapters.store.approvals import ApprovalRules
from multimail.adapters.store.arrivals import Arrivals
from multimail.adapters.store.audit import Audit
from multimail.adapters.store.awaiting import Awaiting
from multimail.adapters.store.batches import Batches, Templates
from multimail.adapters.store.cautions import Desk
from multimail.adapters.store.consents import Consents
from multimail.adapters.store.contacts import Contacts
from multimail.adapters.store.conversations import Conversations
from multimail.adapters.store.decisions import Decisions, Idempotency
from multimail.adapters.store.deliveries import Deliveries
from multimail.adapters.store.eraser import Eraser
from multimail.adapters.store.erasure import Erasures
from multimail.adapters.store.events import Events
from multimail.adapters.store.figures import Figures
from multimail.adapters.store.freezes import Freezes
from multimail.adapters.store.inbox import Inbox
from multimail.adapters.store.mailboxes import Mailboxes, Settings
from multimail.adapters.store.messages import Messages
from multimail.adapters.store.pace import Pace
from multimail.adapters.store.passkeys import Passkeys
from multimail.adapters.store.person import PersonalData
from multimail.adapters.store.principals import Principals, Sessions
from multimail.adapters.store.purge import Purge
from multimail.adapters.store.reputation import Reputation, WarmUps
from multimail.adapters.store.revisions import Revisions
from multimail.adapters.store.sequences import Sequences
from multimail.adapters.store.stops import Stops
from multimail.adapters.store.suppressions import Suppressions, Unsubscribes
from multimail.adapters.store.tags import Tags
from multimail.adapters.store.threads import Threads
from multimail.adapters.store.tx import Tx
from multimail.adapters.store.uploads import Uploads
from multimail.adapters.store.webhook_deliveries import HookDeliveries
from multimail.adapters.store.webhooks import Webhooks

R = TypeVar("R")


class Noun(Generic[R]):
    """A repository, made at its first use. `functools.cached_property` would take a lock for each."""

    def __init__(self, make: Callable[[Tx], R]) -> None:
        self._make = make
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, tx: Tx, owner: type) -> R:
        made = self._make(tx)
        # Found before this descriptor from now on.
        tx.__dict__[self._name] = made
        return made


class Transaction(Tx):
    """See `ports.store.Tx`."""

    awaiting = Noun(Awaiting)
    purge = Noun(Purge)
    erasures = Noun(Erasures)
    eraser = Noun(Eraser)
    principals = Noun(Principals)
    sessions = Noun(Sessions)
    passkeys = Noun(Passkeys)
    pace = Noun(Pace)
    sequences = Noun(Sequences)
    settings = Noun(Settings)
    mailboxes = Noun(Mailboxes)
    messages = Noun(Messages)
    revisions = Noun(Revisions)
    deliveries = Noun(Deliveries)
    decisions = Noun(Decisions)
    idempotency = Noun(Idempotency)
    approval_rules = Noun(ApprovalRules)
    templates = Noun(Templates)
    batches = Noun(Batches)
    audit = Noun(Audit)
    figures = Noun(Figures)
    freezes = Noun(Freezes)
    inbox = Noun(Inbox)
    conversations = Noun(Conversations)
    tags = Noun(Tags)
    contacts = Noun(Contacts)
    consents = Noun(Consents)
    person = Noun(PersonalData)
    desk = Noun(Desk)
    threads = Noun(Threads)
    arrivals = Noun(Arrivals)
    uploads = Noun(Uploads)
    suppressions = Noun(Suppressions)
    unsubscribes = Noun(Unsubscribes)
    events = Noun(Events)
    webhooks = Noun(Webhooks)
    webhook_deliveries = Noun(HookDeliveries)
    reputation = Noun(Reputation)
    warm_ups = Noun(WarmUps)
    stops = Noun(Stops)
