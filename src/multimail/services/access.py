"""Finding what a principal may see: foreign ids and random ids get the very same answer."""

from __future__ import annotations

from multimail.core.addresses import normalise
from multimail.core.errors import Problem
from multimail.core.lifecycle import HIDDEN_FROM_AGENTS
from multimail.core.model import Mailbox, MessageClass, Principal
from multimail.ports.reading import ThreadFacts
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx


def mailbox(tx: Tx, principal: Principal, name: str | None) -> Mailbox:
    """The mailbox by id or address; without a name, the only one the principal has."""
    if name:
        found = (
            tx.mailboxes.get(name) if name.startswith("mbx_") else tx.mailboxes.by_address(normalise(name))
        )
        if found is None or not principal.may_use(found.id):
            raise Problem(
                "unknown_mailbox",
                "There is no such mailbox that this key may use.",
                field="mailbox",
                advice="list_mailboxes names yours.",
            )
        return found
    open_to = tx.mailboxes.all(principal.mailboxes)
    named = [box for box in open_to if not box.catches_all] or open_to
    if len(named) != 1:
        raise Problem(
            "mailbox_required",
            f"{len(named)} mailboxes are open to this key.",
            field="mailbox",
            advice=f"Name one: {', '.join(box.address for box in named[:5])}."
            if named
            else "Ask the operator.",
        )
    return named[0]


def mailbox_ids(tx: Tx, principal: Principal, name: str | None) -> tuple[str, ...] | None:
    """The mailboxes a search covers: the named one, else all of the principal's; None is every mailbox."""
    return (mailbox(tx, principal, name).id,) if name else principal.mailboxes


def sees(principal: Principal, message: StoredMessage | None) -> bool:
    """Whether a message exists for this principal at all."""
    return message is not None and visible(message, principal.mailboxes, see_held=not principal.is_agent)


def visible(message: StoredMessage, mailbox_ids: tuple[str, ...] | None, *, see_held: bool) -> bool:
    """Whether a message exists for a reader of these mailboxes, None being all of them."""
    if mailbox_ids is not None and message.mailbox_id not in mailbox_ids:
        return False
    if see_held:
        return True
    hidden = message.direction == "inbound" and message.status in HIDDEN_FROM_AGENTS
    return not hidden and not message.held_from_agents and message.message_class != MessageClass.SYSTEM


def message(tx: Tx, principal: Principal, message_id: str) -> StoredMessage:
    """The message, or `not_found` in the same words for what is foreign, hidden and not there."""
    found = tx.messages.get(message_id)
    if found is None or not sees(principal, found):
        raise Problem(
            "not_found",
            "There is no such message that this key may see.",
            field="message_id",
            advice="check_inbox lists messages with their ids.",
        )
    return found


def thread(tx: Tx, principal: Principal, thread_id: str) -> ThreadFacts:
    """The conversation, or `not_found` in the same words for what is foreign, hidden and not there."""
    facts = tx.inbox.thread_facts(thread_id, not principal.is_agent)
    if facts is None or not principal.may_use(facts.mailbox_id):
        raise Problem(
            "not_found",
            "There is no such thread that this key may see.",
            field="thread_id",
            advice="check_inbox lists messages with their thread_id.",
        )
    return facts


def belongs(tx: Tx, principal: Principal, mailbox_id: str, named: str | None) -> None:
    """Refuse a mailbox that was named beside an id and is not the one the id belongs to."""
    if named and mailbox(tx, principal, named).id != mailbox_id:
        raise Problem(
            "contradiction",
            "This id belongs to another mailbox than the one named.",
            field="mailbox",
            advice="Leave mailbox out: it follows from the id.",
        )


def everything(principal: Principal) -> None:
    """Refuse a principal that is limited to some mailboxes what concerns all of them."""
    if principal.mailboxes is not None:
        raise Problem(
            "forbidden", "This key is limited to some mailboxes.", field="mailbox", advice="Name one of them."
        )
