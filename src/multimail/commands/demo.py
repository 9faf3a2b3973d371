"""`multimail demo`: a whole conversation over SMTP, on an account of its own that is gone afterwards.

Everything is the product: the receiver takes the mail, dispatch carries out every call, the outbox sends over
SMTP. Only the customer, the reviewer and the customer's mail server are played here.
"""

from __future__ import annotations

import asyncio
import smtplib
import tempfile
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

from multimail import config
from multimail.commands.terminal import say, us
from multimail.contract.shapes import View
from multimail.core.envelope import Envelope, SessionFacts
from multimail.core.errors import Problem
from multimail.services import dispatch, first_start
from multimail.services.context import Caller
from multimail.services.first_start import BUILT_IN_AGENT
from multimail.surfaces.cli.render import one_line, quoted, rendered
from multimail.surfaces.smtp.receiver import ReceiverSettings
from multimail.surfaces.smtp.server import SmtpServer
from multimail.wiring.system import Running, running

DESK: Final = "desk@harbour.example"
ANN: Final = "ann@customer.example"
_PATIENCE: Final = 20.0
_QUESTION: Final = (
    "Dear harbour team,\n\nis the meeting room free on Thursday at ten? We would be six.\n\nAnn\n"
)
_DRAFT: Final = "Hello Ann,\n\nyes, the room is **yours on Thursday at ten**. It costs 20 euros an hour.\n"
_EDITED: Final = "Hello Ann,\n\nyes, the room is **yours on Thursday at ten**. For members it is free.\n"
_THANKS: Final = "Wonderful, thank you!\n\nAnn\n"


class Customer:
    """The customer's mail server: it takes every mail and keeps it."""

    def __init__(self) -> None:
        self.got: asyncio.Queue[bytes] = asyncio.Queue()

    async def recipient(self, address: str, session: SessionFacts) -> Problem | None:
        """Everybody lives here."""
        return None

    async def accept(self, mail: Envelope) -> None:
        """Keep it."""
        await self.got.put(mail.raw)


@dataclass(frozen=True, slots=True)
class Stage:
    """The server under way, the customer, and who reviews."""

    place: Running
    customer: Customer
    operator: str

    async def agent(self, operation: str, **arguments: Any) -> Any:
        """A call of the agent, as an MCP host makes it."""
        return await self._call(BUILT_IN_AGENT, "mcp:stdio", operation, arguments)

    async def person(self, operation: str, **arguments: Any) -> Any:
        """A call of the reviewer, as the review page makes it."""
        return await self._call(self.operator, "web", operation, arguments)

    async def _call(self, principal: str, surface: str, operation: str, arguments: dict[str, Any]) -> View:
        return await dispatch.call(self.place.services, Caller(principal, surface), operation, arguments)

    async def write(self, subject: str, body: str, answers: EmailMessage | None = None) -> None:
        """The customer's mail, over SMTP; returns when the server has said 250."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = f"Ann Customer <{ANN}>", DESK, subject
        mail["Message-ID"] = f"<{self.place.services.ids.secret(9)}@customer.example>"
        if answers is not None:
            mail["In-Reply-To"] = mail["References"] = answers["Message-ID"]
        mail.set_content(body)
        await asyncio.to_thread(_send, self.place.smtp_port, mail)


def play() -> None:
    """Play it to its end; anything that goes otherwise than told is a `Problem`."""
    with tempfile.TemporaryDirectory(prefix="multimail-demo-") as folder:
        asyncio.run(_play(Path(folder)))
    say("\nThat was an account of its own, gone now. Nothing of yours was touched.")
    say(f"Yours starts with: {us()} serve")


async def _play(folder: Path) -> None:
    customer = Customer()
    sink = SmtpServer(customer, ReceiverSettings(port=0, hostname="customer.example"))
    await sink.start()
    settings = config.Settings(**_settings(folder, sink.port))
    try:
        async with running(settings, free_ports=True) as place:
            await _conversation(await _stage(place, customer))
    finally:
        await sink.stop(grace=1.0)


def _settings(folder: Path, relay_port: int) -> dict[str, Any]:
    """None of the person's own settings holds here."""
    hosts = {"smtp_host": "127.0.0.1", "smtp_port": 0, "http_host": "127.0.0.1", "http_port": 0}
    relay = {
        "relay": f"smtp+insecure://127.0.0.1:{relay_port}",
        "relay_file": None,
        "hostname": "harbour.example",
    }
    return {**hosts, **relay, "data": folder / "data", "key": None, "key_file": None, "public_url": ""}


async def _stage(place: Running, customer: Customer) -> Stage:
    services = place.services
    now = services.clock.now()
    operator, _ = await services.store.write(lambda tx: first_start.first_operator(tx, services.ids, now))
    stage = Stage(place, customer, operator)
    made = await stage.person("create_mailbox", address=DESK, display_name="Harbour front desk")
    _step(f"A mailbox for the agent: {DESK}. Whatever it writes is held ({made.mailbox.oversight_mode}).")
    return stage


async def _conversation(stage: Stage) -> None:
    asked = await _question(stage)
    held = await _reply(stage, asked)
    await _review(stage, held)
    left = await _arrival(stage)
    await _outcome(stage, held)
    await _answer(stage, left, asked)
    _step("What the record says about the reply:")
    say(rendered(await stage.person("get_message_history", message_id=held.message_id)))


async def _question(stage: Stage) -> Any:
    await stage.write("Meeting room on Thursday", _QUESTION)
    _step(f"{ANN} writes over SMTP. The server said 250; the agent finds the mail at once:")
    found = await stage.agent("check_inbox", mailbox=DESK, filter="unread")
    _expect(found.count == 1, "the mail is in the inbox when SMTP has said 250")
    say(rendered(found))
    read = await stage.agent("read_email", message_id=found.messages[0].message_id)
    say("\n" + rendered(read))
    return read


async def _reply(stage: Stage, asked: Any) -> Any:
    held = await stage.agent("reply_email", message_id=asked.message_id, body=_DRAFT)
    _step("The agent answers. It may not send alone, and is told so:")
    say(rendered(held))
    _expect(held.status == "pending_approval", "the reply is held")
    _expect(stage.customer.got.empty(), "nothing has left")
    return held


async def _review(stage: Stage, held: Any) -> None:
    (waiting,) = (await stage.person("list_pending", message_id=held.message_id)).pending
    _step("A person reviews it, corrects the price, and approves exactly that text:")
    decided = await stage.person(
        "decide_email",
        message_id=held.message_id,
        decision="approve",
        digest=waiting.digest,
        revised_body=_EDITED,
    )
    _expect(bool(decided.diff), "the reviewer's change is on record")
    say("\n".join(quoted(decided.diff)))


async def _arrival(stage: Stage) -> EmailMessage:
    try:
        async with asyncio.timeout(_PATIENCE):
            raw = await stage.customer.got.get()
    except TimeoutError:
        raise Problem("timeout", "The approved reply did not leave.") from None
    mail = message_from_bytes(raw, policy=policy.default)
    _step("It leaves over SMTP. This is what the customer's mail server got:")
    for name in ("From", "To", "Subject", "In-Reply-To", "Message-ID"):
        say(f"{name}: {one_line(mail[name])}")
    plain = mail.get_body(("plain",))
    text = str(plain.get_content()) if plain else ""
    say("\n".join(quoted(text)))
    _expect("For members it is free" in text and "20 euros" not in text, "what left is what was approved")
    return mail


async def _outcome(stage: Stage, held: Any) -> None:
    told = await _settled(stage, held.message_id)
    _step(f"The agent learns the outcome ({told.status}) and what the person changed:")
    _expect(told.decided and bool(told.decision.diff), "the agent is told of the change")
    say("\n".join(quoted(told.decision.diff)))


async def _settled(stage: Stage, message_id: str) -> Any:
    """What the agent is told, once the customer's server has answered for the mail."""
    store = stage.place.services.store
    async with asyncio.timeout(_PATIENCE):
        while True:
            version = store.version()
            told = await stage.agent("wait_for_decision", message_id=message_id)
            if told.status not in {"queued", "sending"}:
                return told
            await store.changed(version, _PATIENCE)


async def _answer(stage: Stage, left: EmailMessage, asked: Any) -> None:
    await stage.write("Re: Meeting room on Thursday", _THANKS, answers=left)
    thread = await stage.agent("get_thread", thread_id=asked.thread_id)
    _step(f"{ANN} answers. It is the same conversation:")
    say(rendered(thread))
    _expect(thread.message_count == 3, "the answer joined the thread")


def _send(port: int, mail: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=_PATIENCE) as client:
        client.send_message(mail)


def _step(text: str) -> None:
    say(f"\n— {text}\n")


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise Problem("internal", f"The demo went otherwise than it should: {what}.")
