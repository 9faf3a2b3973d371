"""What is done for each row of the mode × operation table: one mailbox, one mail, one call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from multimail.core.envelope import Envelope
from multimail.core.times import HOUR, MINUTE, Micros
from multimail.services import review_notices
from multimail.services.inbound import Inbound
from tests.services.mode_calls import ANN, GIVEN, HOOK
from tests.support.desk import Desk
from tests.support.sink import Sink

OUT: Final = "out@example.org"


@dataclass
class Scene:
    """A mailbox of its own on the desk, to be set to a mode; `before` counts what the sink had already."""

    desk: Desk
    sink: Sink
    mode: str
    began: Micros
    before: int

    @classmethod
    async def of(cls, desk: Desk, sink: Sink, mode: str, number: int) -> Scene:
        """A new mailbox that holds what leaves."""
        mine = replace(desk, box=f"box{number}@localhost")
        await mine.call(
            "operator", "create_mailbox", address=mine.box, oversight_address=f"boss{number}@example.com"
        )
        return cls(mine, sink, mode, desk.clock.now(), len(sink.mails))

    async def set(self, **settings: Any) -> None:
        """The mode of the row, and what else the situation needs."""
        await self.desk.set(default_mode=self.mode, **settings)

    async def send(self, **changes: Any) -> str:
        return str((await self.desk.send(**changes)).message_id)

    async def settle(self) -> None:
        """What is due now is done."""
        await self.desk.timers()
        await self.desk.step(self.sink)

    async def pass_time(self, offset: Micros) -> None:
        """Let it be so long after the call; nothing between is left out."""
        await self.settle()
        if self.arrived():
            return
        self.desk.later(max(self.began + offset - self.desk.clock.now(), 0))
        await self.settle()

    def arrived(self) -> int:
        """Mails the sink has got since, copies of one mail counted once."""
        return len({mail.message_id for mail in self.sink.mails[self.before :]})

    async def clear(self) -> None:
        """Nothing of this scene is left for the next one."""
        await self.desk.call("operator", "unfreeze")
        listed = await self.desk.call("operator", "list_mailboxes")
        if self.desk.box in {one.address for one in listed.mailboxes}:
            await self.desk.call("operator", "delete_mailbox", mailbox=self.desk.box)

    async def receive(self) -> str:
        """A mail from outside."""
        number = len(await self.desk.inbound())
        raw = (
            f"From: {ANN}\r\nTo: {self.desk.box}\r\nSubject: Q\r\nMessage-ID: <{number}@x.org>\r\n\r\nHi\r\n"
        )
        envelope = Envelope(ANN, (self.desk.box,), raw.encode(), "127.0.0.1", "x.org", smtputf8=False)
        await Inbound(self.desk.services).accept(envelope)
        return (await self.desk.inbound())[-1].id

    async def plain(self, operation: str) -> str:
        """An operation that lets nothing leave, with a held mail there that could."""
        held = await self.send(attachments=[{"filename": "a.txt", "content_base64": "YQ=="}])
        inbound = await self.receive()
        await self.set()
        thread = (await self.desk.message(held)).thread_id
        given = GIVEN[operation]
        ids = {"message_id": held, "thread_id": thread, "mailbox": self.desk.box, "inbound": inbound}
        if given.get("webhook_id"):
            ids["hook"] = (await self.desk.call("operator", "create_webhook", url=HOOK)).webhook_id
        arguments = {
            name: ids.get(value, value) if isinstance(value, str) else value for name, value in given.items()
        }
        await self.desk.call("operator", operation, **arguments)
        return ""


async def sends(scene: Scene, settings: dict[str, Any], mail: dict[str, Any]) -> str:
    await scene.set(**settings)
    return await scene.send(**mail)


async def send_scheduled(scene: Scene) -> str:
    return await sends(scene, {"trusted": ["*"]}, {"scheduled_at": scene.desk.at(HOUR)})


async def send_frozen(scene: Scene) -> str:
    await scene.desk.call("reviewer", "freeze", mailbox=scene.desk.box)
    return await sends(scene, {"trusted": ["*"]}, {})


async def send_opted_out(scene: Scene, **claim: str) -> str:
    await scene.desk.call("operator", "tag_email", email=OUT, tags=["unsubscribed"])
    return await sends(scene, {"trusted": ["*"]}, {"to": [OUT], **claim})


async def answers(scene: Scene, operation: str, trusted: list[str]) -> str:
    inbound = await scene.receive()
    await scene.set(trusted=trusted)
    given: dict[str, Any] = {"to": [ANN]} if operation == "forward_email" else {}
    view = await scene.desk.call("agent", operation, message_id=inbound, body="Yes.", **given)
    return str(view.message_id)


async def edits(scene: Scene, decision: str = "") -> str:
    held = await scene.send()
    if decision:
        await scene.desk.decide(held, decision, note="Shorter.")
    await scene.set()
    await scene.desk.call("agent", "edit_pending", message_id=held, body="Shorter.")
    return held


async def decides(scene: Scene, decision: str, *, at: Micros = 0, frozen: bool = False) -> str:
    held = await scene.send(**({"scheduled_at": scene.desk.at(at)} if at else {}))
    await scene.set()
    if frozen:
        await scene.desk.call("reviewer", "freeze")
    await scene.desk.decide(held, decision)
    return held


async def decides_many(scene: Scene, decision: str, *, frozen: bool = False) -> str:
    held = await scene.send()
    await scene.set()
    if frozen:
        await scene.desk.call("reviewer", "freeze")
    decisions = [{"message_id": one, "decision": decision} for one in ("msg_00000000000000", held)]
    await scene.desk.call("reviewer", "decide_emails", decisions=decisions)
    return held


async def releases(scene: Scene) -> str:
    kept = await scene.send()
    await scene.desk.set(deliver="capture")
    await scene.desk.decide(kept)
    await scene.desk.step()
    await scene.set()
    await scene.desk.call("operator", "release_message", message_id=kept)
    return kept


async def unfreezes(scene: Scene) -> str:
    approved = await scene.send()
    await scene.desk.decide(approved)
    await scene.desk.call("reviewer", "freeze", mailbox=scene.desk.box)
    await scene.set()
    await scene.settle()
    assert not scene.arrived()
    await scene.desk.call("operator", "unfreeze", mailbox=scene.desk.box)
    return approved


async def thaws(scene: Scene) -> str:
    approved = await scene.send()
    await scene.desk.decide(approved)
    await scene.desk.call("reviewer", "freeze")
    await scene.set()
    await scene.desk.call("operator", "unfreeze", message_id=approved)
    return approved


async def updates(scene: Scene, waiting: str) -> str:
    if waiting == "free":
        await scene.desk.set(default_mode="autonomous")
    mail = await scene.send()
    if waiting == "approved":
        await scene.desk.decide(mail)
    await scene.set()
    return mail


async def by_rule(scene: Scene, **mail: Any) -> str:
    await make_rule(scene)
    await scene.set()
    return await scene.send(**mail)


async def make_rule(scene: Scene) -> str:
    """A rule of an operator that covers everybody a scene writes to."""
    given: dict[str, Any] = {"name": f"neighbours of {scene.desk.box}", "recipient_domains": ["example.org"]}
    made = await scene.desk.call("operator", "create_approval_rule", mailbox=scene.desk.box, **given)
    return str(made.rule_id)


async def makes_rule(scene: Scene) -> str:
    held = await scene.send()
    await scene.set()
    await make_rule(scene)
    return held


async def deletes_rule(scene: Scene) -> str:
    rule = await make_rule(scene)
    mail = await scene.send()
    await scene.set()
    await scene.desk.call("operator", "delete_approval_rule", rule_id=rule)
    return mail


async def arrives(scene: Scene) -> str:
    await scene.set()
    return await scene.receive()


async def tells(scene: Scene) -> str:
    """Something waits for a person, for as long as notices are gathered."""
    await scene.send()
    await scene.set()
    scene.desk.later(2 * MINUTE)
    await review_notices.step(scene.desk.services)
    return ""


SCENES: Final[dict[tuple[str, str], Callable[[Scene], Awaitable[str]]]] = {
    ("send_email", "to a stranger"): partial(sends, settings={}, mail={}),
    ("send_email", "to trusted recipients only"): partial(sends, settings={"trusted": ["*"]}, mail={}),
    ("send_email", "trusted, with a copy to a stranger"): partial(
        sends, settings={"trusted": [ANN], "auto_bcc": ["log@example.net"]}, mail={}
    ),
    ("send_email", "outside the allowed list"): partial(
        sends, settings={"allowed": ["@example.com"]}, mail={}
    ),
    ("send_email", "trusted, with a placeholder"): partial(
        sends, settings={"trusted": ["*"]}, mail={"body": "Dear {{name}}"}
    ),
    ("send_email", "trusted, more than ten visible"): partial(
        sends, settings={"trusted": ["*"]}, mail={"to": [f"p{number}@example.org" for number in range(11)]}
    ),
    ("send_email", "to who opted out"): send_opted_out,
    ("send_email", "to who opted out, claimed transactional"): partial(
        send_opted_out, message_class="transactional"
    ),
    ("send_email", "to a stranger, by an approval rule"): by_rule,
    ("send_email", "by an approval rule, asking for gated_send"): partial(
        by_rule, oversight_mode="gated_send"
    ),
    ("send_email", "by an approval rule, with a placeholder"): partial(by_rule, body="Dear {{name}}"),
    ("send_email", "trusted, scheduled"): send_scheduled,
    ("send_email", "trusted, while frozen"): send_frozen,
    ("reply_email", "to a stranger"): partial(answers, operation="reply_email", trusted=[]),
    ("reply_email", "to trusted recipients only"): partial(answers, operation="reply_email", trusted=["*"]),
    ("forward_email", "to a stranger"): partial(answers, operation="forward_email", trusted=[]),
    ("forward_email", "to trusted recipients only"): partial(
        answers, operation="forward_email", trusted=["*"]
    ),
    ("edit_pending", "held mail to a stranger"): edits,
    ("edit_pending", "after a person asked for changes"): partial(edits, decision="request_changes"),
    ("decide_email", "approve"): partial(decides, decision="approve"),
    ("decide_email", "approve, scheduled"): partial(decides, decision="approve", at=HOUR),
    ("decide_email", "approve, while frozen"): partial(decides, decision="approve", frozen=True),
    ("decide_email", "reject"): partial(decides, decision="reject"),
    ("decide_emails", "approve"): partial(decides_many, decision="approve"),
    ("decide_emails", "approve, while frozen"): partial(decides_many, decision="approve", frozen=True),
    ("decide_emails", "reject"): partial(decides_many, decision="reject"),
    ("release_message", "captured mail"): releases,
    ("unfreeze", "approved mail waiting"): unfreezes,
    ("unfreeze", "one mail while everything is frozen"): thaws,
    ("update_mailbox", "to this mode, free mail waiting"): partial(updates, waiting="free"),
    ("update_mailbox", "to this mode, approved mail waiting"): partial(updates, waiting="approved"),
    ("update_mailbox", "to this mode, held mail waiting"): partial(updates, waiting="held"),
    ("create_approval_rule", "held mail waiting that it covers"): makes_rule,
    ("delete_approval_rule", "mail waiting that it let go"): deletes_rule,
    **{(name, ""): partial(Scene.plain, operation=name) for name in GIVEN},
    ("", "mail arrives"): arrives,
    ("", "a notice is due"): tells,
}
