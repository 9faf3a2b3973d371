"""Mail as tests write it and read it: what came out, parsed, and what goes in, as bytes."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses, parseaddr
from fnmatch import fnmatchcase
from functools import cached_property

from multimail.core.times import Micros, to_datetime
from multimail.testing.moments import shown


@dataclass(frozen=True)
class Sent:
    """A mail that reached the outside: its envelope, the bytes, when, and what they say. Each recipient of a mail
    gets a copy, from an envelope sender of its own."""

    envelope_from: str
    recipients: tuple[str, ...]
    raw: bytes
    sent_at: Micros

    def __repr__(self) -> str:
        return f"<Sent {self.subject!r} to {', '.join(self.recipients)} at {self.at:%Y-%m-%d %H:%M:%S}>"

    @property
    def at(self) -> datetime:
        """When it left, by the server's clock, in UTC."""
        return shown(self.sent_at)

    @cached_property
    def message(self) -> EmailMessage:
        """All of it, as the standard library parses it."""
        parsed = message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def sender(self) -> str:
        """The address in From."""
        return "".join(_addresses([self.message["From"]])[:1])

    @property
    def to(self) -> list[str]:
        """The addresses in To and Cc; hidden ones are in `recipients` only."""
        return _addresses([self.message["To"], self.message["Cc"]])

    @property
    def headers(self) -> Mapping[str, str]:
        """By name as written; of repeated ones the last."""
        return {name: str(value) for name, value in self.message.items()}

    @property
    def text(self) -> str:
        """The plain text."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The HTML, empty if there is none."""
        return self._part("html")

    @property
    def attachments(self) -> dict[str, bytes]:
        """Contents by file name."""
        return {
            part.get_filename() or "": part.get_payload(decode=True) or b""  # type: ignore[misc]
            for part in self.message.iter_attachments()
        }

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mails are meant: `to` an address or a pattern like `*@example.org`, texts as found somewhere in it."""

    to: str = ""
    subject: str = ""
    text: str = ""
    sender: str = ""

    def meets(self, mail: Sent) -> bool:
        return (
            (not self.to or any(fnmatchcase(one.lower(), self.to.lower()) for one in mail.recipients))
            and self.subject.lower() in mail.subject.lower()
            and self.text.lower() in mail.text.lower()
            and (not self.sender or mail.sender.lower() == self.sender.lower())
        )

    def __str__(self) -> str:
        given = {name: getattr(self, name) for name in ("to", "subject", "text", "sender")}
        return ", ".join(f"{name}={value!r}" for name, value in given.items() if value)


@dataclass(frozen=True)
class Letter:
    """A mail to the server under test, as some other program would write it."""

    sender: str
    to: tuple[str, ...]
    subject: str = ""
    body: str = ""
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def envelope_from(self) -> str:
        """The sender's bare address."""
        return parseaddr(self.sender)[1]

    def raw(self, now: Micros, number: int) -> bytes:
        """The bytes. Date and Message-ID are made unless `headers` has them."""
        mail = EmailMessage(policy=email.policy.SMTP)
        made = {
            "From": self.sender, "To": ", ".join(self.to), "Subject": self.subject,
            "Date": format_datetime(to_datetime(now)), "Message-ID": f"<{number}.{now}@outside.test>",
        }  # fmt: skip
        given = {name.lower() for name in self.headers}
        for name, value in (*made.items(), *self.headers.items()):
            if name in made and name.lower() in given and (name, value) not in self.headers.items():
                continue
            mail[name] = re.sub(r"[\r\n]+", " ", value)
        mail.set_content(self.body or "\n")
        if self.html:
            mail.add_alternative(self.html, subtype="html")
        for name, content in self.attachments.items():
            mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        return mail.as_bytes()


def _addresses(fields: Iterable[object]) -> list[str]:
    return [address for _, address in getaddresses([str(one) for one in fields if one]) if address]
