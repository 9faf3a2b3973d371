"""One-click unsubscribe as a mailbox provider does it: from the raw mail at a real SMTP server, by POST."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from tests.support.office import Office, office

BUYER: Final = "kim@out.test"
OTHER: Final = "lee@out.test"
LETTERS: Final[dict[str, Any]] = {
    "message_class": "commercial",
    "region": "US",
    "physical_address": "Example Ltd, 1 High Street, Springfield",
}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as made:
        made.mailbox("news@here.test", default_mode="autonomous", metadata=LETTERS)
        made.mailbox("shop@here.test", default_mode="autonomous", metadata={"message_class": "transactional"})
        yield made


def send(here: Office, mailbox: str, to: list[str], subject: str) -> dict[str, Any]:
    return here.call("send_email", mailbox=mailbox, to=to, subject=subject, body="What is new.")


def provider_posts(raw: bytes) -> httpx2.Response:
    """As RFC 8058 has it: the https URL of the header, the body that the other header gives, and nothing else."""
    head = re.sub(rb"\r?\n[ \t]+", b" ", raw.partition(b"\r\n\r\n")[0]).decode("ascii")
    link = re.search(r"(?im)^List-Unsubscribe: .*?<(https?://[^>]+)>", head)
    body = re.search(r"(?im)^List-Unsubscribe-Post: (\S+)", head)
    assert link is not None
    assert body is not None
    return httpx2.post(
        link[1].replace(" ", ""), content=body[1].strip(), timeout=20,
        headers={"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Provider"},
    )  # fmt: skip


def test_one_click_from_the_raw_mail_ends_what_is_commercial_and_nothing_else(here: Office) -> None:
    send(here, "news@here.test", [BUYER], "Spring offers")
    here.left(BUYER)
    raw = here.sink.mails[0].raw

    answer = provider_posts(raw)

    assert (answer.status_code, "set-cookie" in answer.headers, answer.history) == (200, False, [])
    after = send(here, "news@here.test", [BUYER, OTHER], "Summer offers")
    assert after["suppressed"] == [BUYER]
    assert send(here, "news@here.test", [BUYER], "Autumn offers")["status"] == "suppressed"
    send(here, "shop@here.test", [BUYER], "Your receipt")
    here.left(OTHER)
    assert [mail["Subject"] for mail in here.left(BUYER, 2)] == ["Spring offers", "Your receipt"]


def test_a_forged_link_changes_nothing(here: Office) -> None:
    send(here, "news@here.test", [BUYER], "Spring offers")
    here.left(BUYER)
    raw = here.sink.mails[0].raw
    token = re.search(rb"/u/([\w-]{72})>", re.sub(rb"\r?\n[ \t]+", b"", raw))
    assert token is not None
    forged = raw.replace(token[1][10:20], b"AAAAAAAAAA")

    assert provider_posts(forged).status_code == 404
    assert send(here, "news@here.test", [BUYER], "Summer offers")["status"] != "suppressed"
