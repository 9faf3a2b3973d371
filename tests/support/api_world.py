"""A filled account behind a real server, and whatever a call to it may be about, made when it is asked for."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx2

from multimail.adapters.transport.capture import CaptureTransport
from multimail.config import Settings
from multimail.core.envelope import Envelope
from multimail.services import dispatch, first_start
from multimail.services.context import Caller
from multimail.services.inbound import Inbound
from multimail.services.outbox import Outbox
from multimail.wiring.account import opened
from tests.support.program import LIMIT_S, resident_of, serving

DESK: Final = "desk@here.test"
KEPT: Final = "kept@here.test"
WIDE: Final[dict[str, Any]] = {
    "MULTIMAIL_MAX_OPEN_DRAFTS": "10000", "MULTIMAIL_THREAD_RATE_PER_HOUR": "10000",
    "MULTIMAIL_RATE_PER_MINUTE": "100000000", "MULTIMAIL_RELAY": "smtp+insecure://127.0.0.1:9",
}  # fmt: skip
Arguments = dict[str, Any]


_IDS: Final = {"webhook": "webhook", "approval_rule": "rule", "template": "template"}


@dataclass(eq=False)
class World:
    """The server's address, its keys, and what there is that a call may be about."""

    base_url: str
    admin: str
    agent: str
    inbound: list[str]
    kept: list[str]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    released: Iterator[str] = field(default_factory=lambda: iter(()))

    def __post_init__(self) -> None:
        self.http = httpx2.Client(base_url=self.base_url, timeout=LIMIT_S)
        self.released = iter(self.kept)

    def headers(self, key: str = "") -> dict[str, str]:
        return {"Authorization": f"Bearer {key or self.admin}"}

    def call(self, name: str, key: str = "", /, **arguments: Any) -> Any:
        """What another call needs to be there."""
        answer = self.http.post(f"/v1/{name}", json=arguments, headers=self.headers(key))
        assert answer.status_code == 200, f"{name}: {answer.text}"
        return answer.json()

    def number(self) -> int:
        return next(self.numbers)

    def mail(self, **more: Any) -> Arguments:
        number = self.number()
        return {
            "mailbox": DESK,
            "to": [f"p{number}@out.test"],
            "subject": f"No. {number}",
            "body": "Text.",
        } | more

    def pending(self, **more: Any) -> str:
        """A mail of an agent that waits for a person."""
        return str(self.call("send_email", self.agent, **self.mail(**more))["message_id"])

    def own(self) -> str:
        """A mail of the caller's that waits."""
        return str(self.call("send_email", **self.mail())["message_id"])

    def arrived(self) -> str:
        return self.inbound[self.number() % len(self.inbound)]

    @cache  # noqa: B019 - there is one of these for a test
    def thread(self) -> str:
        return str(self.call("read_email", message_id=self.inbound[0])["thread_id"])

    def contact(self) -> str:
        email = f"c{self.number()}@out.test"
        self.call("manage_contacts", action="upsert", email=email, name="Ann", metadata={"plan": "pro"})
        return email

    def mailbox(self) -> str:
        return str(self.call("create_mailbox", address=f"m{self.number()}@here.test")["mailbox"]["address"])

    def key(self) -> str:
        return str(self.call("create_key", name=f"key {self.number()}", role="viewer")["key_id"])

    def room(self, things: str, one: str, most: int) -> None:
        """There may be only so many webhooks and the like: all go when there are nearly."""
        found = self.call(f"list_{things}")[things]
        for each in found if len(found) >= most else ():
            self.call(f"delete_{one}", **{f"{_IDS[one]}_id": each[f"{_IDS[one]}_id"]})

    def hook(self) -> Arguments:
        """Arguments of a new webhook, for which there is room."""
        self.room("webhooks", "webhook", 60)
        return {"url": "http://127.0.0.1:9/hook", "events": ["mailbox.*"]}

    def webhook(self) -> str:
        return str(self.call("create_webhook", **self.hook())["webhook_id"])

    def batch(self) -> Arguments:
        rows = [{"to": f"b{self.number()}@out.test", "values": {"name": "Ann"}}]
        text = {"subject": "Hello", "body": "Dear {{name}}", "recipients": rows, "mailbox": DESK}
        made: Arguments = self.call("send_batch", self.agent, **text)
        return made

    def template(self) -> Arguments:
        self.room("templates", "template", 60)
        made: Arguments = self.call(
            "create_template", name=f"t{self.number()}", subject="Hello {{name}}", body="Dear {{name}}"
        )
        return made

    def sequence(self) -> str:
        """A sequence with somebody in it."""
        made = self.call(
            "create_sequence",
            name=f"s{self.number()}",
            mailbox=DESK,
            steps=[{"subject": "Hi", "body": "Hello."}],
        )
        self.call("enroll_contacts", sequence_id=made["sequence_id"], emails=["lee@clock.test"])
        return str(made["sequence_id"])

    def claimed_step(self) -> Arguments:
        step = self.call("claim_sequence_steps", sequence_id=self.sequence())["steps"][0]
        return {"enrollment_id": step["enrollment_id"], "lease": step["lease"]}

    def new_rule(self) -> Arguments:
        """Arguments of a new rule, for which there is room."""
        self.room("approval_rules", "approval_rule", 60)
        return {"name": f"r{self.number()}", "recipient_domains": ["rules.test"]}

    def rule(self) -> str:
        return str(self.call("create_approval_rule", **self.new_rule())["rule_id"])

    def delivery(self) -> str:
        return str(self.call("test_webhook", webhook_id=self.webhook())["delivery_id"])


async def _fill(data: Path, released: int) -> tuple[str, str, list[str], list[str]]:
    async with opened(Settings(data=data)) as services:
        now = services.clock.now()
        operator, admin = await services.store.write(
            lambda tx: first_start.first_operator(tx, services.ids, now)
        )

        async def do(name: str, /, **given: Any) -> Any:
            return await dispatch.call(services, Caller(operator, "cli"), name, given)

        await do("create_mailbox", address=DESK)
        free = {"default_mode": "autonomous", "ceiling": "autonomous", "deliver": "capture"}
        await do("create_mailbox", address=KEPT, **free)
        agent = await do("create_key", name="agent", role="agent")
        for number in range(20):
            raw = letter(number)
            await Inbound(services).accept(
                Envelope("ann@out.test", (DESK,), raw, "127.0.0.1", "out.test", smtputf8=False)
            )
        kept = [
            (
                await do(
                    "send_email", mailbox=KEPT, to=[f"k{number}@out.test"], subject=f"No. {number}", body="x"
                )
            ).message_id
            for number in range(released)
        ]
        while await Outbox(services, CaptureTransport(), "filling").step():
            pass
        inbound = await do("check_inbox", mailbox=DESK, direction="inbound", limit=100)
        return admin, agent.key, [one.message_id for one in inbound.messages], kept


def letter(number: int) -> bytes:
    """A mail to the desk, with a file."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Ann <ann@out.test>", DESK, f"Question {number}"
    made["Message-ID"] = f"<{number}@out.test>"
    made.set_content("How much is it?")
    made.add_attachment(b"A file.", maintype="text", subtype="plain", filename="a.txt")
    return made.as_bytes()


@contextmanager
def world(data: Path, released: int) -> Iterator[World]:
    """The account, filled and served until the block ends."""
    admin, agent, inbound, kept = asyncio.run(_fill(data, released))
    with serving(data, "serve", limit_s=1_000, **WIDE) as server:
        server.until("Ctrl-C")
        made = World(resident_of(data).base_url, admin, agent, inbound, kept)
        try:
            yield made
        finally:
            made.http.close()
