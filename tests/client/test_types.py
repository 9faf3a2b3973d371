"""A program's use of the client is checked by mypy: what is right passes, what is wrong is found."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.program import PROJECT

PROGRAM = """
from datetime import datetime, timezone
from typing import Any, assert_type

import multimail
from multimail import AsyncClient, Client, MultimailClient, errors, verify_webhook
from multimail.client.answers import ContactList, ContactView, Event, MessageRow, SendResult
from multimail_sdk import MultiMailClient

client = multimail.Client(api_key="mm_key", timeout=5)
result = client.send_email(
    to="ann@x.example", subject="Hello", body="…", from_address="me@x.example", tags=["a"],
    scheduled_at=datetime.now(timezone.utc), oversight_mode="gated_send", metadata={"n": 1},
    attachments=[{"filename": "a.txt", "content_base64": b"text"}], consent_class="commercial",
)
assert_type(result, SendResult)
assert_type(result.message_id, str)
assert_type(result.scheduled_at, str | None)
assert_type(result.id, str)
for mail in client.iterate(client.check_inbox, "invoice", filter={"tags": ["a"]}, unread=True):
    assert_type(mail, MessageRow)
for page in client.pages(client.list_pending, tag="a"):
    assert_type(page.items[0].draft_body, str)
contacts = client.contacts.search(domain="x.example", filters={"metadata.plan": "pro"}, limit=50)
assert_type(contacts, ContactList)
assert_type(contacts.items[0], ContactView)
assert_type(contacts[0].metadata, dict[str, Any])
for event in client.events("now", kinds=["message.*"]):
    assert_type(event, Event)
client.decide_email(message_id=result["message_id"], decision="approve", note="Fine.")
client.tag_email(contact_id=contacts[0].id, tags="vip")
assert_type(client.list_keys().keys[0].key_id, str)
kinds: list[type[Client]] = [MultimailClient, MultiMailClient]
verify_webhook({"X": "y"}, b"{}", "whsec_x", tolerance=60)
try:
    client.contacts.get(email="ann@x.example")
except errors.RateLimited as error:
    assert_type(error.retry_after, float | None)


async def awaited() -> str:
    async with AsyncClient() as client:
        async for contact in client.iterate(client.contacts.search, tag="vip"):
            assert_type(contact, ContactView)
        return (await client.reply_email(message_id="msg_1", body="Yes.")).thread_id
"""
WRONG = {
    'client.send_email(subject="Hello")': 'Missing named argument "to"',
    'client.send_email(to="a@x.example", subjct="Hello")': 'Unexpected keyword argument "subjct"',
    'client.send_email(to="a@x.example", from_address=3)': 'Argument "from_address"',
    'client.decide_email(message_id="msg_1", decision="perhaps")': 'Argument "decision"',
    'client.check_inbox(limit="all")': 'Argument "limit"',
    'client.iterate(client.list_pending, mailbax="x")': 'Unexpected keyword argument "mailbax"',
    "client.send_mail()": '"Client" has no attribute "send_mail"',
}


def checked(folder: Path, program: str) -> tuple[int, str]:
    """What mypy says of a program, strictly, as somebody runs it who installed the package."""
    path = folder / "program.py"
    path.write_text(program, "utf-8")
    environment = {**os.environ, "MYPYPATH": str(PROJECT / "src")}
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-incremental",
        "--cache-dir",
        os.devnull,
        str(path),
    ]
    done = subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True, timeout=170
    )
    return done.returncode, done.stdout + done.stderr


def test_a_program_passes_and_its_mistakes_are_found(tmp_path: Path) -> None:
    lines = PROGRAM.splitlines()
    mistakes = {len(lines) + number: words for number, words in enumerate(WRONG.values(), 1)}

    _, said = checked(tmp_path, "\n".join([*lines, *WRONG]) + "\n")

    found = dict(
        line.removeprefix("program.py:").split(": error: ", 1)
        for line in said.splitlines()
        if ": error: " in line
    )
    assert sorted(map(int, found)) == sorted(mistakes), said
    assert [found[str(number)] for number, words in mistakes.items() if words not in found[str(number)]] == []
