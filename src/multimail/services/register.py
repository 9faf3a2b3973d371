"""The register of processing activities (GDPR Art. 30): what each mailbox sends about what, on which basis, to how
many people, and how long it is kept. What nobody stated is named as a gap."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from multimail.contract.person import GetRegister, Register, RegisterRow
from multimail.core.cells import harmless
from multimail.core.errors import Problem
from multimail.core.model import Mailbox
from multimail.core.times import to_datetime
from multimail.ports.consent import TopicUse
from multimail.ports.store import Tx
from multimail.services import access, convert, facts
from multimail.services.context import Call

FORMS: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
COLUMNS: Final = tuple(name for name in RegisterRow.model_fields if name != "mailbox_id")
_ADVICE: Final = (
    'An operator states what is missing once: update_mailbox with metadata such as {"controller": "…", "purpose":'
    ' {"newsletter": "…"}, "lawful_basis": {"newsletter": "consent"}, "physical_address": "…"}.'
)
_SUBJECTS: Final = "people the mailbox writes to, and who write to it"
_DATA: Final = (
    "address, name, contact data, consent and preferences, the mail itself, when it was sent and answered"
)
_RECIPIENTS: Final = "the recipients' own mail servers; whoever reviews mail of this account"
_TRANSFERS: Final = "to where the recipients' mail servers are; none otherwise, this server is self-hosted"
_SECURITY: Final = "own server, encrypted transport to relays, access by key and scope, each call recorded"


def get_register(tx: Tx, call: Call, request: GetRegister) -> Register:
    """The register of the mailboxes that the caller may use."""
    ids = access.mailbox_ids(tx, call.principal, request.mailbox)
    boxes = tx.mailboxes.all(ids)
    used = {(one.mailbox_id, one.topic): one for one in tx.consents.topics([box.id for box in boxes])}
    given = tx.consents.counts(call.now)
    rows = [
        _row(box, topic, used.get((box.id, topic)), given) for box in boxes for topic in _topics(box, used)
    ]
    controllers = [text for box in boxes if (text := _text(box, "controller", ""))]
    return Register(
        controller=convert.shown(controllers[0]) if controllers else None,
        generated_at=to_datetime(call.now),
        activities=rows,
        count=len(rows),
        advice=_ADVICE if not controllers or any(row.gaps for row in rows) else None,
    )


def _topics(box: Mailbox, used: Mapping[tuple[str, str], TopicUse]) -> list[str]:
    """What an operator named, and what was sent: mail without a topic is an activity as well."""
    named = {
        str(topic)
        for field in ("topics", "lawful_basis", "purpose")
        if isinstance(given := box.metadata.get(field), Mapping)
        for topic in given
    }
    return sorted(named | {topic for box_id, topic in used if box_id == box.id}) or [""]


def _row(box: Mailbox, topic: str, use: TopicUse | None, given: Mapping[str, Counter[str]]) -> RegisterRow:
    word = facts.operator_class(box, topic)
    purpose, basis = _text(box, "purpose", topic), _text(box, "lawful_basis", topic)
    stated = {
        "purpose": purpose,
        "lawful_basis": basis,
        "physical_address": _text(box, "physical_address", topic),
    }
    # A mailbox that sent nothing without a topic has nothing to state about it.
    unused = not topic and use is None
    return RegisterRow(
        mailbox_id=box.id,
        mailbox=box.address,
        topic=topic or None,
        message_class=word.value if word else None,
        purpose=purpose or None,
        lawful_basis=basis or None,
        data_subjects=_text(box, "data_subjects", topic) or _SUBJECTS,
        data_categories=_text(box, "data_categories", topic) or _DATA,
        recipients=_text(box, "recipients", topic) or _RECIPIENTS,
        transfers=_text(box, "transfers", topic) or _TRANSFERS,
        retention=_retention(box),
        security=_text(box, "security", topic) or _SECURITY,
        mails=use.mails if use else 0,
        people=use.people if use else 0,
        first_at=convert.moment(use.first_at) if use else None,
        last_at=convert.moment(use.last_at) if use else None,
        consents=dict(sorted(given.get(topic, Counter()).items())),
        gaps=[] if unused else [name for name, text in stated.items() if not text],
    )


def _text(box: Mailbox, field: str, topic: str) -> str:
    """What an operator wrote: one text for all mail, or one a topic."""
    given = box.metadata.get(field)
    found = given.get(topic) if isinstance(given, Mapping) else given
    return convert.shown(found.strip()) if isinstance(found, str) else ""


def _retention(box: Mailbox) -> str:
    days = f"{box.retention.days} days" if box.retention.days is not None else ""
    most = f"the newest {box.retention.messages} mails" if box.retention.messages is not None else ""
    return ", ".join(filter(None, (days, most))) or "until deleted"


def exported(tx: Tx, call: Call, arguments: Mapping[str, Any], form: str) -> bytes:
    """The register as a file of that form, or `invalid`."""
    if form not in FORMS:
        raise Problem("invalid", f"There is no format {form[:20]!a}.", field="format", advice="csv or json")
    return written(get_register(tx, call, GetRegister.parse(dict(arguments))), form)


def written(register: Register, form: str) -> bytes:
    """The register as a file: CSV in which no cell can become a formula, or JSON."""
    if form == "json":
        return register.model_dump_json(exclude_none=True, indent=2).encode() + b"\n"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in register.activities:
        values = row.model_dump(mode="json")
        writer.writerow([harmless(_cell(values[name])) for name in COLUMNS])
    return text.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return "" if value is None else str(value)
