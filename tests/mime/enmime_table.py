"""The row that `tests/data/enmime_expected.json` keeps for one mail; `python -m tests.mime.enmime_table` rewrites it.

Every row of the table was read against its raw mail. Read the diff the same way before committing one.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from multimail.mime.model import Attachment, Mailbox, ParsedMail
from multimail.mime.parse import parse

DATA: Final = Path(__file__).parent.parent / "data"
MAILS: Final = DATA / "enmime"
TABLE: Final = DATA / "enmime_expected.json"
SHORT: Final = 400


def names() -> list[str]:
    """The mails by their path below `tests/data/enmime`."""
    return sorted(str(path.relative_to(MAILS)) for path in MAILS.rglob("*.raw"))


def raw(name: str) -> bytes:
    """The bytes of one mail."""
    return (MAILS / name).read_bytes()


def row(mail: ParsedMail) -> dict[str, Any]:
    """What the table says of a mail; fields that are empty are left out."""
    fields = {
        "message_id": mail.message_id,
        "subject": mail.subject,
        "from": [_mailbox(each) for each in mail.from_],
        "sender": _mailbox(mail.sender) if mail.sender else "",
        "reply_to": [_mailbox(each) for each in mail.reply_to],
        "to": [_mailbox(each) for each in mail.to],
        "cc": [_mailbox(each) for each in mail.cc],
        "date": datetime.fromtimestamp(mail.date / 1_000_000, UTC).isoformat()
        if mail.date is not None
        else "",
        "return_path": mail.return_path or "",
        "content_type": mail.content_type,
        "text": _text(mail.text),
        "html": _text(mail.html),
        "attachments": [_attachment(each) for each in mail.attachments],
        "problems": list(mail.problems),
    }
    return {name: value for name, value in fields.items() if value}


def _mailbox(mailbox: Mailbox) -> str:
    return f"{mailbox.name} <{mailbox.address}>" if mailbox.name else mailbox.address


def _text(text: str) -> Any:
    if len(text) <= SHORT:
        return text
    return {
        "starts": text[:120],
        "ends": text[-120:],
        "characters": len(text),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }


def _attachment(attachment: Attachment) -> dict[str, Any]:
    fields = {
        "filename": attachment.filename,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
        "content_id": attachment.content_id,
        "inline": attachment.inline,
    }
    return {name: value for name, value in fields.items() if value or name == "size"}


def main() -> None:
    """Writes the table as the parser sees the mails now."""
    table = {name: row(parse(raw(name))) for name in names()}
    TABLE.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
