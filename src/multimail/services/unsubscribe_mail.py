"""A mail that asks to receive no more: heard at once, and confirmed once where it is sure who wrote it.

The confirmation is the server's own mail with a fixed text. Nobody gets one who was not asking, so a forged sender
brings about none; and nobody gets a second one within a month.
"""

from __future__ import annotations

from typing import Final

from multimail.core.addresses import normalise
from multimail.core.model import Draft, Mailbox, MessageClass, Recipient, RecipientKind
from multimail.core.times import DAY, HOUR, to_datetime
from multimail.ports.intake import Filed
from multimail.ports.records import NewMessage
from multimail.ports.store import Tx
from multimail.services import address_keys, record, system_mail, unsubscribing
from multimail.services.context import Call, Services
from multimail.services.machine import machine_call
from multimail.services.unsubscribing import Wish

OPERATION: Final = "unsubscribe_confirmation"
MOST_AN_HOUR: Final = 60
"""Confirmations of one mailbox in an hour."""
_ONCE_IN: Final = 30 * DAY
_AUTHENTICATED: Final = ("dmarc", "local")


def heard(tx: Tx, services: Services, filed: Filed, parent: str | None, *, automatic: bool) -> None:
    """Honour it, held or not: a request must not wait for a reviewer. It counts for the mail it answers, `parent`."""
    message, author = filed.message, filed.author
    key = address_keys.address_key(tx, author)
    wish = Wish(
        key,
        normalise(author),
        message.mailbox_id,
        unsubscribing.EVERYTHING,
        "mail",
        message.created_at,
        message.id,
        message.thread_id,
        about=parent,
    )
    if unsubscribing.honour(tx, services, wish) and not automatic and _authenticated(message):
        _confirm(tx, machine_call(services), message, wish)


def _authenticated(message: NewMessage) -> bool:
    """By a verdict that speaks for the address in From."""
    return "pass" in {message.authentication.get(name) for name in _AUTHENTICATED}


def _confirm(tx: Tx, call: Call, message: NewMessage, wish: Wish) -> None:
    box = tx.mailboxes.get(message.mailbox_id)
    last = tx.unsubscribes.confirmed_at(wish.key)
    if box is None or (last is not None and call.now < last + _ONCE_IN):
        return
    if len(tx.awaiting.notices(box.id, OPERATION, call.now - HOUR)) >= MOST_AN_HOUR:
        return
    judged = system_mail.judge(tx, call, box, _draft(box, call, message, wish))
    if judged is None:
        return
    sent = system_mail.queue(tx, call, box, judged)
    tx.unsubscribes.confirm(wish.key, call.now)
    tx.events.add(record.event(call, "contact.confirmed", sent, about=message.id))


def _draft(box: Mailbox, call: Call, message: NewMessage, wish: Wish) -> Draft:
    """The fixed text: nothing of the mail that it answers is in it."""
    at = to_datetime(call.now).strftime("%Y-%m-%d %H:%M UTC")
    return Draft(
        operation=OPERATION,
        mailbox_id=box.id,
        sender=box.address,
        sender_name=box.display_name,
        recipients=(Recipient(wish.address or "", RecipientKind.TO),),
        subject="You are unsubscribed",
        body=(
            f"You asked {box.address} for no more mail. That holds since {at}.\n\n"
            "What is about something you ordered or asked for, such as a receipt, may still come.\n\n"
            "This is confirmed once. If you did not ask for it, write to us, and a person will see to it."
        ),
        in_reply_to=message.header_id,
        references=(message.header_id,),
        message_class=MessageClass.SYSTEM,
    )
