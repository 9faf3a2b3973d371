"""A house with something of everything in it, the same each time: what every page of the site is looked at with.

Time stands at a Monday noon and moves only while the house is furnished; names, ids and texts are always the same.
"""

from __future__ import annotations

import base64
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from multimail.adapters.system import Ids, VirtualClock
from multimail.config import Settings
from multimail.core.envelope import Envelope
from multimail.core.times import DAY, HOUR, MINUTE, SECOND, Micros, to_rfc3339
from multimail.ports.webhooks import Answer, Post
from multimail.services import first_start
from multimail.services.inbound import Inbound
from multimail.wiring.plugs import Plugs
from multimail.wiring.system import running
from tests.support.browser import Place
from tests.support.desk import NOON
from tests.support.sent import count
from tests.support.showroom_drips import pace_and_sequences
from tests.support.sink import Sink

OPERATOR: Final = "Olga"
REVIEWER: Final = "Rita"
SUPPORT: Final = "support@harbour.example"
NEWS: Final = "news@harbour.example"
_PIXEL: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_HTML: Final = """\
<html><body><h1>Your parcel is on its way</h1><p>Hello harbour team,</p>
<p>order <b>4711</b> left our house this morning. <a href="https://tracking.example.net/4711">www.parcels.example</a>
shows where it is.</p><img src="https://images.example.net/open.gif" alt="" width="1" height="1">
<p>Yours, the parcel people</p></body></html>
"""
_FIRST: Final = (
    "Dear {name},\n\nthe meeting rooms have **new hours** from April: eight to eight, Saturdays too."
)
_ROOMS: Final = f"{_FIRST}\n\nYours,\nthe harbour team"


@dataclass
class Showroom:
    """The place, and names of what is in it: `names["draft"]` is the id of a mail."""

    place: Place
    clock: VirtualClock
    names: dict[str, str] = field(default_factory=dict)

    async def call(self, operation: str, /, who: str = "", **arguments: Any) -> Any:
        return await self.place.call(operation, who, **arguments)

    def later(self, by: Micros) -> None:
        self.clock.advance(by)

    async def receive(self, sender: str, subject: str, text: str, **more: Any) -> str:
        """A mail from outside; the id it has here. `more` are `to`, `html`, `files` and `answers`."""
        mail = EmailMessage()
        to = more.get("to", SUPPORT)
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        mail["Message-ID"] = f"<{len(self.names)}.{self.clock.now()}@customer.example>"
        if "answers" in more:
            mail["In-Reply-To"] = more["answers"]
        mail.set_content(text)
        if "html" in more:
            mail.add_alternative(more["html"], subtype="html")
        for name, content, kind in more.get("files", ()):
            main, _, sub = kind.partition("/")
            mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
        address = sender.partition("<")[2].removesuffix(">")
        raw = mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        await Inbound(self.place.server.services).accept(
            Envelope(address, (to,), raw, "192.0.2.1", "mail.customer.example", smtputf8=False)
        )
        found = await self.call("check_inbox", mailbox=to, limit=1)
        return str(found.messages[0].message_id)

    async def draft(self, **mail: Any) -> str:
        """What the agent writes; its id, whatever became of it."""
        sent = await self.call("send_email", "agent", **{"mailbox": SUPPORT} | mail)
        return str(sent.message_id)

    async def decide(self, message_id: str, decision: str, **more: Any) -> None:
        shown = await self.call("list_pending", REVIEWER, message_id=message_id)
        await self.call(
            "decide_email", REVIEWER, message_id=message_id, decision=decision,
            digest=shown.pending[0].digest, **more,
        )  # fmt: skip


async def _furnish(room: Showroom, days: int) -> None:
    await _people_and_boxes(room)
    for day in range(days):
        await _work(room, day)
    await _conversations(room)
    await _past_decisions(room)
    await _waiting(room)
    await _rules_and_webhooks(room)
    await pace_and_sequences(room, SUPPORT, NEWS)
    await _agreements(room)
    await _campaigns(room)


async def _campaigns(room: Showroom) -> None:
    """Two variants of a campaign over a week, the last day of which went wrong."""
    store, now = room.place.server.services.store, room.clock.now()
    for day in range(6, -1, -1):
        for variant, replied in (("A", 9), ("B", 4)):
            good: dict[str, Any] = {"sent": 90 - 9 * day, "replied": replied, "unsubscribed": 1}
            good |= {} if day else {"bounced": 7}
            at = now - day * DAY
            await store.write(
                partial(count, mailbox_id=room.names["news"], tag="spring", now=at, variant=variant, **good)
            )


async def _people_and_boxes(room: Showroom) -> None:
    for name, role in ((OPERATOR, "operator"), (REVIEWER, "reviewer"), ("Sam", "reviewer")):
        await room.place.join(name, role)
    bot = await room.call("create_key", name="nightly import", role="agent", kind="program")
    room.names["key"] = bot.key_id
    for address, title in ((SUPPORT, "Harbour support"), (NEWS, "Harbour news")):
        box = await room.call("create_mailbox", address=address, display_name=title)
        room.names[address.partition("@")[0]] = box.mailbox.mailbox_id
    await room.call(
        "update_mailbox", mailbox=SUPPORT, oversight_address="olga@harbour.example", trusted=["@harbour.example"],
        undo_seconds=30, signature="The harbour team", cap_per_hour=60,
    )  # fmt: skip


async def _work(room: Showroom, day: int) -> None:
    """A day of small answers to Bob, each looked at and approved."""
    for number in range(1 + day * 7 % 4):
        reply = await room.draft(
            to=["bob@bakery.example"], subject=f"Order {day}{number}", body="Two, please!"
        )
        await room.call("review_email", REVIEWER, message_id=reply)
        room.later((8 + 5 * number) * SECOND)
        await room.decide(reply, "approve")
        room.later(HOUR)
        assert await room.place.outcome(reply) == "delivered"
    room.later(DAY - (1 + day * 7 % 4) * HOUR)


async def _agreements(room: Showroom) -> None:
    """What is stated about the newsletter, and one of its readers, who lives in two places."""
    stated = {
        "topics": {"newsletter": "commercial"}, "purpose": {"newsletter": "News of the harbour"},
        "lawful_basis": {"newsletter": "consent"}, "controller": "Harbour Ltd, 1 Quay, Leith",
        "physical_address": "Harbour Ltd, 1 Quay, Leith",
    }  # fmt: skip
    await room.call("update_mailbox", mailbox=NEWS, metadata=stated)
    eve = "eve@members.example"
    member = await room.call(
        "manage_contacts", action="upsert", email=eve, name="Eve Evans", metadata={"regions": ["EU", "US-CA"]}
    )
    room.names["member"] = member.contacts[0].contact_id
    await room.call(
        "record_consent", email=eve, topic="newsletter", region="EU", source="the form in the hall"
    )
    await room.call("record_consent", "agent", email=eve, topic="offers", source="she said so")
    await room.call("set_preferences", email=eve, channels={"sms": False})
    bob = await room.call(
        "manage_contacts", action="update", email="bob@bakery.example", tags=["supplier", "vip"],
        metadata={"plan": "weekly", "brings": ["bread", "cake"]},
    )  # fmt: skip
    room.names["bob"] = bob.contacts[0].contact_id
    await room.call("record_consent", email="bob@bakery.example", basis="contract", source="the order book")


async def _conversations(room: Showroom) -> None:
    room.names["html"] = await room.receive(
        "Parcels <noreply@parcels.example>", "Your parcel is on its way", "Order 4711 left our house.",
        html=_HTML, files=[("label.png", _PIXEL, "image/png"), ("terms.txt", b"No returns.\n", "text/plain")],
    )  # fmt: skip
    room.later(DAY)
    await room.receive("Bob Baker <bob@bakery.example>", "Invoice of February", "Attached. Thanks!\n\nBob")
    room.later(3 * HOUR)
    question = await room.receive(
        "Ann Archer <ann@customer.example>", "Meeting room on Thursday",
        "Dear harbour team,\n\nis the meeting room free on Thursday at ten? We would be six.\n\nAnn",
    )  # fmt: skip
    room.names["question"] = question
    room.names["thread"] = (await room.call("read_email", message_id=question)).thread_id
    await room.call("tag_email", message_id=question, tags=["booking"])
    await room.receive("Cat Cole <cat@studio.example>", "A compliment", "Best coffee in town.\n\nCat")


async def _past_decisions(room: Showroom) -> None:
    bob = "bob@bakery.example"
    sent = await room.draft(to=[bob], subject="Invoice of February", body="Paid today. Thank you, Bob!")
    await room.decide(sent, "approve")
    room.later(MINUTE)
    assert await room.place.outcome(sent) == "delivered"
    room.names["delivered"] = sent
    refused = await room.draft(to=["press@daily.example"], subject="A statement", body="No comment.")
    room.names["refused"] = refused
    await room.decide(refused, "reject", note="We never write to the press by ourselves.")
    back = await room.draft(to=["dan@club.example"], subject="Your membership", body="It ends in {{month}}.")
    await room.decide(back, "request_changes", note="Which month?")
    room.later(4 * HOUR)


async def _waiting(room: Showroom) -> None:
    reply = await room.call(
        "reply_email", "agent", message_id=room.names["question"],
        body="Hello Ann,\n\nyes, the room is **yours on Thursday at ten**. It costs 20 euros an hour:"
        " [book it](https://harbour.example/rooms/3).\n",
    )  # fmt: skip
    room.names["draft"] = reply.message_id
    room.later(7 * MINUTE)
    room.names["risky"] = await room.draft(
        to=["dora@harb0ur.example"], bcc=["boss@harbour.example"], subject="The key you asked for",
        body="Hi Dora,\n\nthe password is `hunter2-9f8a7c6d5e4b3a21`. See [harbour.example](https://evil.example/x).",
        attachments=[{"filename": "prices.csv", "content_base64": base64.b64encode(b"room,price\n3,20\n").decode()}],
    )  # fmt: skip
    for name in ("Eve", "Finn", "Gus"):
        room.names[name] = await room.draft(
            mailbox=NEWS, to=[f"{name.lower()}@members.example"], subject="New hours of the meeting rooms",
            body=_ROOMS.format(name=name), tags=["newsletter"],
        )  # fmt: skip
    room.later(2 * MINUTE)
    later = await room.draft(
        to=["gina@customer.example"], subject="Reminder: your booking", body="Until tomorrow!",
        scheduled_at=to_rfc3339(room.clock.now() + DAY),
    )  # fmt: skip
    await room.decide(later, "approve")
    room.names["scheduled"] = later
    room.later(5 * MINUTE)


async def _rules_and_webhooks(room: Showroom) -> None:
    made = await room.call(
        "create_template", name="thanks", subject="Thank you", body="Dear {{name}},\n\nthank you!"
    )
    room.names["template"] = made.template_id
    rule = await room.call(
        "create_approval_rule", name="replies to customers", mailbox=SUPPORT, reply_to_known_sender=True
    )
    room.names["rule"] = rule.rule_id
    hook = await room.call(
        "create_webhook", url="http://127.0.0.1:9/hook", events=["message.*"], description="The booking system",
    )  # fmt: skip
    room.names["webhook"] = hook.webhook_id
    contact = await room.call(
        "manage_contacts", action="add", email="harry@gone.example", name="Harry Hill",
        tags={"unsubscribed": "asked on the telephone"},
    )  # fmt: skip
    room.names["contact"] = contact.contacts[0].contact_id
    await room.call(
        "suppress_address", address="ivy@gone.example", reason="hard_bounce", note="Left the company."
    )
    await room.call(
        "suppress_address", address="jo@gone.example", reason="unsubscribe", mailbox=NEWS, topic="offers"
    )
    await room.receive("Kim King <kim@gone.example>", "UNSUBSCRIBE", "Please.")
    await room.call("freeze", mailbox=NEWS, reason="The newsletter is being rewritten")


class _Nobody:
    """A receiver of webhooks that is not there."""

    async def post(self, post: Post) -> Answer:
        return Answer(None, 0, "connection refused")


@asynccontextmanager
async def showroom(folder: Path, days: int = 0) -> AsyncIterator[Showroom]:
    """The house, furnished, with its server running; people decided in it for so many days before."""
    clock = VirtualClock(NOON - (2 + days) * DAY)
    plugs = Plugs(clock=clock, ids=Ids(random.Random(4).getrandbits), hooks=_Nobody())
    with Sink() as sink:
        settings = Settings(data=folder / "data", relay=SecretStr(sink.url), http_port=0, smtp_port=0)
        async with running(settings, free_ports=True, plugs=plugs) as server:
            services = server.services
            operator, _ = await services.store.write(
                lambda tx: first_start.first_operator(tx, services.ids, clock.now())
            )
            room = Showroom(Place(server, sink, operator), clock)
            await _furnish(room, days)
            yield room
