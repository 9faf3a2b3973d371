"""The mail transaction of an SMTP connection: MAIL, RCPT, DATA.

Nothing here knows what a mailbox is: recipients and mails are put to the `Intake`, and a mail gets its 250
only after `Intake.accept` has returned.
"""
# ruff: noqa: N802 - aiosmtpd finds a method by the verb it is named after

from __future__ import annotations

import asyncio
from typing import Any

from aiosmtpd.smtp import Envelope as Transaction

from multimail.core.envelope import Envelope, SessionFacts
from multimail.core.failpoints import hit
from multimail.surfaces.smtp import replies
from multimail.surfaces.smtp.connection import Connection, Reception
from multimail.surfaces.smtp.content import ContentTooLarge, read_content
from multimail.surfaces.smtp.paths import NULL, has_domain


class Receiver(Connection):
    """The protocol of one connection, with its mail."""

    def __init__(self, reception: Reception) -> None:
        super().__init__(reception)
        self._handle_hooks = {"MAIL": self.handle_MAIL, "RCPT": self.handle_RCPT}

    async def handle_MAIL(
        self, _server: Any, _session: Any, transaction: Transaction, address: str, _: Any
    ) -> str:
        """Begin a transaction; aiosmtpd has checked the order of commands and the parameters."""
        if not (address.isascii() or transaction.smtp_utf8):
            return replies.NEED_SMTPUTF8
        transaction.mail_from = address
        hit("smtp_in.mail")
        return replies.SENDER_OK

    async def handle_RCPT(
        self, _server: Any, _session: Any, transaction: Transaction, address: str, _: Any
    ) -> str:
        """Add a recipient if the intake takes it; naming one twice is naming it once."""
        if not has_domain(address):
            return replies.BAD_RECIPIENT
        if not (address.isascii() or transaction.smtp_utf8):
            return replies.NEED_SMTPUTF8
        if len(transaction.rcpt_tos) >= self.reception.settings.recipients_limit:
            return replies.TOO_MANY_RECIPIENTS
        problem = await self.reception.intake.recipient(address, self._facts(transaction))
        if problem is not None:
            return replies.problem_reply(problem)
        if address not in transaction.rcpt_tos:
            transaction.rcpt_tos.append(address)
        hit("smtp_in.rcpt")
        return replies.RECIPIENT_OK

    async def smtp_DATA(self, arg: str | None) -> None:
        """Take one mail. The transaction is over afterwards, whatever the reply is."""
        transaction = self.envelope
        if arg or transaction is None or not transaction.rcpt_tos:
            await self.push(replies.NO_ARGUMENT if arg else replies.NEED_RECIPIENT)
            return
        self.receiving = True
        await self.push(replies.GO_AHEAD)
        reply = await self._receive(transaction)
        self.envelope = self._create_envelope()
        self.receiving = False
        await self.push(reply)
        if reply is replies.ACCEPTED:
            hit("smtp_in.replied")
        if self.reception.closing:
            await self.drop(replies.SHUTTING_DOWN)

    async def _receive(self, transaction: Transaction) -> str:
        """Read the mail, hand it over and say how that went."""
        try:
            raw = await read_content(
                self.content_reader, self.reception.settings.size_limit, self._reset_timeout
            )
            hit("smtp_in.before_accept")
            await self._accept(self._envelope(transaction, raw))
            hit("smtp_in.accepted")
        except ContentTooLarge as error:
            return replies.TOO_LARGE if error.drained else replies.ENDLESS
        except Exception as error:  # noqa: BLE001 - whatever it is, the peer gets a reply and keeps the mail
            return await self.handle_exception(error)
        self.faults = 0
        return replies.ACCEPTED

    async def _accept(self, mail: Envelope) -> None:
        """Let the intake run to its end even when the peer goes away: its writing must not be torn."""
        task = self.loop.create_task(self.reception.intake.accept(mail))
        self.reception.accepting.add(task)
        task.add_done_callback(self.reception.accepting.discard)
        self.accepting = True
        try:
            await asyncio.shield(task)
        finally:
            self.accepting = False
            self._reset_timeout()

    def _facts(self, transaction: Transaction) -> SessionFacts:
        return SessionFacts(
            peer=self.peer,
            helo=self._host_name(),
            sender=_sender(transaction),
            smtputf8=transaction.smtp_utf8,
            authenticated=bool(self.session and self.session.authenticated),
            accepted=len(transaction.rcpt_tos),
        )

    def _envelope(self, transaction: Transaction, raw: bytes) -> Envelope:
        return Envelope(
            sender=_sender(transaction),
            recipients=tuple(transaction.rcpt_tos),
            raw=raw,
            peer=self.peer,
            helo=self._host_name(),
            smtputf8=transaction.smtp_utf8,
        )

    def _host_name(self) -> str:
        return (self.session and self.session.host_name) or ""


def _sender(transaction: Transaction) -> str:
    return "" if transaction.mail_from in {None, NULL} else str(transaction.mail_from)
