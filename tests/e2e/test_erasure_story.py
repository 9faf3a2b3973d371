"""A whole server forgets somebody while it runs: mail over SMTP in and out, a webhook, a backup, and then nothing."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support import remains
from tests.support.office import Office, eventually, office
from tests.support.program import run

JANE: Final = "jane.quuxley@acme.example"
NAME: Final = "Janine Zaphodia Quuxley"
PERSON: Final = remains.Person((JANE, NAME, "+49 30 7654321"), ("quuxley", "zaphodia", "janine"))


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as made:
        yield made


def correspond(company: Office, box: str) -> None:
    """Mail from, to and about somebody, and a card of them."""
    company.arrive(box, f"Hello from {NAME}", "Ring me: +49 30 7654321", sender=f"{NAME} <{JANE}>")
    company.arrive(box, "News", f"{NAME} moved: {JANE}", sender="Bob <bob@example.com>")
    content = base64.b64encode(f"Dear {NAME}".encode()).decode()
    file = {"filename": "letter.txt", "content_base64": content}
    for to in ([JANE], [JANE, "carl@example.org"]):
        company.call("send_email", mailbox=box, to=to, subject=f"For {NAME}", body="Hi.", attachments=[file])
    company.left(JANE, 2)
    card: dict[str, Any] = {"name": NAME, "metadata": {"phone": "+49 30 7654321"}}
    company.call("manage_contacts", action="upsert", email=JANE, **card)


def test_a_running_server_forgets_somebody_in_every_file(company: Office) -> None:
    data = company.folder / "data"
    box = company.mailbox("desk@here.test", default_mode="autonomous")
    correspond(company, box)
    backup = run(data, "backup", MULTIMAIL_KEY=company.operator)
    assert backup.returncode == 0, backup.stderr
    before = remains.find(data, PERSON)

    answer = company.call("erase_person", email=JANE, confirm_email=JANE)

    kinds = {place.split(": ")[0] for places in before.values() for place in places}
    assert before.keys() >= {"row", "search", "page"}
    assert {"multimail.db"} < {kind for kind in kinds if not kind.endswith("-wal")}
    assert (answer["state"], answer["mails_removed"], answer["mails_redacted"]) == ("erased", 2, 2)
    backed = eventually(
        lambda: company.call("list_erasures")["erasures"][0].get("backups_at"), "the backup is clean"
    )
    assert backed
    assert remains.find(data, PERSON) == {}
    again = company.call("send_email", mailbox=box, to=[JANE], subject="Again", body="Hi.")
    kept = company.call("send_email", mailbox=box, to=["carl@example.org"], subject="To Carl", body="Hi.")
    assert (again["status"], kept["status"] != "suppressed") == ("suppressed", True)
    assert company.has_left(JANE) == 2
