"""What another mailbox has is to a confined person's pages as if it were nowhere: the same bytes as for made-up ids."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from multimail.core.ids import prefix_of
from multimail.surfaces.web.pages import PAGES
from tests.support.desk import Desk
from tests.support.guest import Guest, House

pytestmark = pytest.mark.anyio
_IN_PATH = re.compile(r"\{(\w+)\}")
_PASSING = re.compile(r'(name="once"[^>]*value=")[^"]*')
ABOUT = (
    "/inbox?mailbox={mailbox}", "/inbox?folder=all&q=mailbox:{mailbox}", "/inbox/suggest?text=a&mailbox={mailbox}",
    "/inbox/empty?mailbox={mailbox}", "/review?mailbox={mailbox}", "/review?after={mail}", "/review?thread={thread}",
    "/review/batch?ids={draft}", "/review/batch/receipts?ids={draft}&left={draft}", "/compose?reply={mail}",
    "/compose?reply={mail}&all=1", "/compose?forward={mail}", "/figures?mailbox={mailbox}", "/freeze?mailbox={mailbox}",
    "/figures/simulate?mailbox={mailbox}&mode=monitored", "/audit?mailbox={mailbox}", "/audit?message={draft}",
    "/audit/export?mailbox={mailbox}", "/audit/export?message={draft}&format=jsonl", "/inbox?cursor={mail}",
    "/mail/{mail}/frame?images=1", "/mail/{draft}/frame?revision=1", "/mail/{mail}/part/1?revision=1",
    "/mail/{mail}?show=source", "/mail/{mail}/attachments/1?preview=1", "/mail/{draft}/raw",
)  # fmt: skip
"""Addresses that name something in their query, or a side of something."""
FORMS: tuple[dict[str, str], ...] = (
    {},
    {"decision": "approve", "digest": "{digest}", "do": "read", "tags": "a", "note": "n", "sure": "1"},
    {"decision": "reject", "note": "No.", "pick": "{draft}", "mailbox": "{mailbox}", "sure": "1"},
    {"pick": "{thread}", "do": "archived", "mailbox": "{mailbox}", "reply": "{mail}", "body": "b", "sure": "1"},
    {"pick": "{mail}", "do": "deleted", "forward": "{mail}", "to": "a@b.example", "body": "b", "reason": "r"},
    {"mailbox": "{mailbox}", "box": "{mailbox}", "to": "a@b.example", "subject": "s", "body": "b", "remove": "a",
     "decision": "approve", "ids": "{draft}", "digest-{draft}": "{digest}", "reason-{draft}": "r", "sure": "1"},
)  # fmt: skip


@dataclass(frozen=True)
class Named:
    """What an address may name, by what stands for it there."""

    ids: dict[str, str]

    def put(self, text: str) -> str:
        return _IN_PATH.sub(lambda found: self.ids.get(found[1], "1"), text)

    def without(self, text: str) -> str:
        """An answer without the ids that were asked for, which a refusal may repeat."""
        for one in self.ids.values():
            text = text.replace(one, "…")
        return _PASSING.sub(r"\1", text)


@pytest.fixture
async def foreign(desk: Desk) -> Named:
    """What another mailbox has."""
    held = await desk.send()
    boundary = 'multipart/mixed; boundary="b"'
    parts = (
        "--b\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--"
    )
    mail = await desk.receive(parts, MIME_Version="1.0", Content_Type=boundary)
    stored = await desk.message(mail)
    return Named(
        _called(held.message_id, mail, stored.thread_id, stored.mailbox_id) | {"digest": held.digest}
    )


def _called(draft: str, mail: str, thread: str, mailbox: str) -> dict[str, str]:
    names = {"draft": draft, "mail": mail, "thread": thread, "mailbox": mailbox}
    return names | {"message_id": draft, "thread_id": thread, "mailbox_id": mailbox}


@pytest.fixture
def absent(foreign: Named) -> Named:
    """Ids like those, of nothing."""
    last = {one: "0" if one[-1] != "0" else "1" for one in foreign.ids.values()}
    made = {name: one[:-1] + last[one] for name, one in foreign.ids.items()}
    assert all(prefix_of(one) for name, one in made.items() if name != "digest")
    return Named(made)


@pytest.fixture(params=["viewer", "reviewer", "operator"])
async def confined(desk: Desk, at: House, request: pytest.FixtureRequest) -> AsyncIterator[Guest]:
    """A person who has another mailbox than that, and whatever powers there."""
    made = await at.key(name="else", role=request.param, kind="person", mailboxes=["capture@localhost"])
    desk.who["else"] = made.key_id
    async with at.signed_in("else") as guest:
        yield guest


def addresses(method: str) -> list[str]:
    paths = [
        one.path for one in PAGES if one.method == method and not one.path.startswith(("/account", "/sign"))
    ]
    return paths + ([one.replace("message_id", "mail") for one in paths if "message_id" in one])


async def test_no_page_tells_what_is_foreign_from_what_is_not(
    confined: Guest, foreign: Named, absent: Named
) -> None:
    for path in (*addresses("GET"), *ABOUT):
        found = [await confined.get(one.put(path)) for one in (foreign, absent)]

        assert found[0].status_code == found[1].status_code, path
        assert foreign.without(found[0].text) == absent.without(found[1].text), path


async def test_no_form_tells_or_does_anything_about_what_is_foreign(
    desk: Desk, confined: Guest, foreign: Named, absent: Named
) -> None:
    for path in addresses("POST"):
        for form in FORMS:
            found = [
                await confined.post(
                    one.put(path), **{one.put(name): one.put(value) for name, value in form.items()}
                )
                for one in (foreign, absent)
            ]

            assert found[0].status_code == found[1].status_code, (path, form)
            places = [one.headers.get("location", "") for one in found]
            assert foreign.without(places[0]) == absent.without(places[1]), (path, form)
            assert foreign.without(found[0].text) == absent.without(found[1].text), (path, form)
    assert await desk.status(foreign.ids["draft"]) == "pending_approval"
    assert (await desk.message(foreign.ids["mail"])).status == "unread"
