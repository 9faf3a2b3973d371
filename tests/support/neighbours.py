"""Two mailboxes of one server: what the one has, by every name it can be asked for, and keys of the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.support.office import Office, bearer, eventually

OWN: Final = "mine1@here.test"
FOREIGN: Final = "their@here.test"
NOBODYS: Final = "empty@here.test"
"""As long as the foreign one, so that answers are as long."""
Pair = tuple[Any, Any]
Filled = Mapping[str, str]


@dataclass(frozen=True)
class Street:
    """The server, keys confined to the own mailbox by role, what both have, and pairs of a foreign and a random value
    for each field that names something.
    """

    office: Office
    keys: Mapping[str, str]
    own: Filled
    foreign: Filled
    pairs: Mapping[str, tuple[Pair, ...]]


def street(office: Office) -> Street:
    """Both mailboxes, filled alike by keys of their own."""
    own, foreign = (filled(office, address) for address in (OWN, FOREIGN))
    keys = {role: office.key(role, mailboxes=[OWN]) for role in ("agent", "reviewer", "operator")}
    return Street(office, keys, own, foreign, _pairs(foreign))


def filled(office: Office, address: str) -> Filled:
    """A mailbox with one of everything."""
    office.mailbox(address)
    made = office.call("create_key", name=address, role="agent", mailboxes=[address])
    key = made["key"]
    office.arrive(address, "A question", "How much is it?")
    inbound = eventually(lambda: office.call("check_inbox", key=key)["messages"], "the mail is here")[0]
    text = {"subject": "A letter", "body": "Text."}
    held = office.call("send_email", key=key, to="bob@out.test", idempotency_key="the same", **text)
    rows = [{"to": "carl@out.test", "values": {"n": "Carl"}}]
    batch = office.call("send_batch", key=key, subject="To {{n}}", body="Dear {{n}}", recipients=rows)
    rule = office.call("create_approval_rule", name=address, mailbox=address, recipient_domains=["no.test"])
    steps = [{"subject": "Welcome", "body": "Hello."}]
    sequence = office.call("create_sequence", key=key, name="welcome", mailbox=address, steps=steps)[
        "sequence_id"
    ]
    office.call("enroll_contacts", key=key, sequence_id=sequence, emails=["dora@out.test"])
    step = office.call("claim_sequence_steps", key=key, sequence_id=sequence, lease_seconds=86_400)["steps"][
        0
    ]
    hook = office.call("create_webhook", url="http://127.0.0.1:9/", mailbox=address, events=["mailbox.*"])
    upload = office.http.post(f"{office.url}/v1/uploads?filename=a.txt", content=b"A file.",
                         headers=bearer(key) | {"Content-Type": "text/plain"})  # fmt: skip
    boxes = office.call("list_mailboxes", key=key)["mailboxes"]
    page = office.call("check_inbox", key=key, limit=1)
    return {
        "message_id": inbound["message_id"], "held": held["message_id"], "thread_id": inbound["thread_id"],
        "batch_id": batch["batch_id"], "rule_id": rule["rule_id"], "webhook_id": hook["webhook_id"],
        "delivery_id": office.call("test_webhook", webhook_id=hook["webhook_id"])["delivery_id"],
        "upload_id": upload.json()["upload_id"], "mailbox": address, "mailbox_id": boxes[0]["mailbox_id"],
        "sequence_id": sequence, "enrollment_id": step["enrollment_id"], "lease": step["lease"],
        "key_id": made["key_id"], "cursor": page["cursor"], "key": key,
    }  # fmt: skip


def random(value: str) -> str:
    """An id of nothing, as like this one as can be."""
    return NOBODYS if value == FOREIGN else value[:-1] + ("0" if value[-1] != "0" else "1")


def _pairs(there: Filled) -> dict[str, tuple[Pair, ...]]:
    def each(*names: str) -> tuple[Pair, ...]:
        return tuple((there[name], random(there[name])) for name in names)

    mails = each("message_id", "held")
    boxes = each("mailbox", "mailbox_id")
    files = [({"message_id": one, "position": 1}, {"message_id": two, "position": 1}) for one, two in mails]
    files += [({"upload_id": one}, {"upload_id": two}) for one, two in each("upload_id")]
    return {
        "message_id": mails, "since_id": mails, "thread_id": each("thread_id"), "mailbox": boxes,
        "mailboxes": _lists(boxes), "message_ids": _lists(mails), "batch_id": each("batch_id"),
        "attachments": _lists(files), "webhook_id": each("webhook_id"), "delivery_id": each("delivery_id"),
        "sequence_id": each("sequence_id"), "enrollment_id": each("enrollment_id"), "lease": each("lease"),
        "rule_id": each("rule_id"), "key_id": each("key_id"), "principal": each("key_id"),
        "approval_limit": tuple(({"mailboxes": [one]}, {"mailboxes": [two]}) for one, two in boxes),
        "decisions": tuple(
            ([{"message_id": one, "decision": verb}], [{"message_id": two, "decision": verb}])
            for one, two in mails for verb in ("approve", "reject")
        ),
    }  # fmt: skip


def _lists(pairs: Any) -> tuple[Pair, ...]:
    return tuple(([one], [two]) for one, two in pairs)
