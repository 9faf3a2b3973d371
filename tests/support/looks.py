"""What there is to look at: each page of the site with an address in the showroom, and a name for its picture."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.async_api import Page

from tests.support import axe
from tests.support.palette import smaller

FOLDER: Final = os.environ.get("MULTIMAIL_TEST_SCREENSHOTS", "")
KEPT: Final = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
_TALLEST: Final = 1_400
_PHONE: Final = 780


@dataclass(frozen=True, slots=True)
class Look:
    """`route` is the page's path in the table of pages; `first` is done before one looks. A `main` page is kept by
    night and on a phone too."""

    name: str
    route: str
    path: str
    who: str = "Olga"
    status: int = 200
    first: Callable[[Page], Awaitable[None]] | None = None
    main: bool = False


async def _open_freeze(page: Page) -> None:
    await page.get_by_text("Freeze", exact=True).first.click()


async def _show_keys(page: Page) -> None:
    await page.keyboard.press("?")


_MAIL: Final = "/mail/{message_id}"
_HTML_MAIL: Final = "/mail/{html}"
_REVIEW: Final = "/review/{message_id}"
LOOKS: Final = (
    Look("inbox", "/inbox", "/inbox", main=True),
    Look("inbox-search", "/inbox", "/inbox?q=from%3Aann"),
    Look("inbox-search-nothing", "/inbox", "/inbox?q=unicorn"),
    Look("inbox-search-wrong", "/inbox", "/inbox?q=before%3Ayesterdayish", status=422),
    Look("inbox-sent", "/inbox", "/inbox?folder=sent"),
    Look("inbox-empty", "/inbox/empty", "/inbox/empty?mailbox={support}"),
    Look("conversation", "/inbox/{thread_id}", "/inbox/{thread}", main=True),
    Look("mail", _MAIL, _HTML_MAIL, main=True),
    *(
        Look(f"mail-{side}", _MAIL, f"{_HTML_MAIL}?show={side}")
        for side in ("text", "markdown", "source", "headers", "structure", "links", "authentication", "attachments")
    ),
    Look("compose", "/compose", "/compose", main=True),
    Look("compose-reply", "/compose", "/compose?reply={question}"),
    Look("review", "/review", "/review", "Rita", main=True),
    Look("review-by-recipient", "/review", "/review?group=recipient", "Rita"),
    Look("review-alike", "/review", "/review?group=similarity", "Rita"),
    Look("review-freeze-menu", "/review", "/review", "Rita", first=_open_freeze),
    Look("review-keys", "/review", "/review", "Rita", first=_show_keys),
    Look("review-one", _REVIEW, "/review/{draft}", "Rita", main=True),
    Look("review-warnings", _REVIEW, "/review/{risky}", "Rita", main=True),
    Look("review-likeness", _REVIEW, "/review/{Eve}", "Rita"),
    Look("review-batch", "/review/batch", "/review/batch?ids={Eve}&ids={Finn}&ids={Gus}", "Rita", main=True),
    Look("review-receipts", "/review/batch/receipts", "/review/batch/receipts?ids={delivered},{refused}", "Rita"),
    Look("review-outcome", _REVIEW, "/review/{delivered}", "Rita"),
    Look("review-scheduled", _REVIEW, "/review/{scheduled}", "Rita"),
    Look("history", "/history/{message_id}", "/history/{delivered}", "Rita", main=True),
    Look("not-found", _REVIEW, "/review/msg_00000000000000", "Rita", 404),
    Look("freeze", "/freeze", "/freeze"),
    Look("figures", "/figures", "/figures", main=True),
    Look("reputation", "/reputation", "/reputation", main=True),
    Look("reputation-campaigns", "/reputation/campaigns", "/reputation/campaigns"),
    Look("reputation-campaign", "/reputation/campaigns/{tag:path}", "/reputation/campaigns/spring", main=True),
    Look("reputation-rules", "/reputation/breakers", "/reputation/breakers?mailbox={news}"),
    Look("simulation", "/figures/simulate", "/figures/simulate?mailbox={support}&days=14&default_mode=monitored"),
    Look("audit", "/audit", "/audit", main=True),
    Look("settings", "/settings", "/settings", main=True),
    Look("settings-mailboxes", "/settings/mailboxes", "/settings/mailboxes"),
    Look("settings-mailbox", "/settings/mailboxes/{mailbox_id}", "/settings/mailboxes/{support}", main=True),
    Look(
        "settings-mailbox-close", "/settings/mailboxes/{mailbox_id}/close", "/settings/mailboxes/{support}/close"
    ),
    Look("settings-rules", "/settings/rules", "/settings/rules"),
    Look("settings-rule-delete", "/settings/rules/{rule_id}/delete", "/settings/rules/{rule}/delete"),
    Look(
        "settings-template-delete", "/settings/rules/templates/{template_id}/delete",
        "/settings/rules/templates/{template}/delete",
    ),
    Look("settings-pace", "/settings/pace", "/settings/pace"),
    Look("settings-pace-delete", "/settings/pace/{rule_id}/delete", "/settings/pace/{pace}/delete"),
    Look("settings-keys", "/settings/keys", "/settings/keys"),
    Look("settings-key-revoke", "/settings/keys/{key_id}/revoke", "/settings/keys/{key}/revoke"),
    Look("settings-webhooks", "/settings/webhooks", "/settings/webhooks"),
    Look("settings-webhook", "/settings/webhooks/{webhook_id}", "/settings/webhooks/{webhook}"),
    Look(
        "settings-webhook-delete", "/settings/webhooks/{webhook_id}/delete", "/settings/webhooks/{webhook}/delete"
    ),
    Look("people", "/people", "/people", main=True),
    Look("people-nobody", "/people", "/people?tag=unicorn"),
    Look("people-wrong", "/people", "/people?data=plan", status=422),
    Look("people-card", "/people/{contact_id}", "/people/{bob}", main=True),
    Look("people-card-delete", "/people/{contact_id}/delete", "/people/{member}/delete"),
    Look("people-import", "/people/import", "/people/import"),
    Look("people-export", "/people/export", "/people/export?tag=vip"),
    Look("people-suppressed", "/people/suppressed", "/people/suppressed"),
    Look("people-suppressed-lift", "/people/suppressed/lift", "/people/suppressed/lift?address=ivy@gone.example"),
    Look("people-consent", "/people/{contact_id}/consent", "/people/{member}/consent?topic=newsletter", main=True),
    Look(
        "people-consent-withdraw", "/people/{contact_id}/consent/withdraw",
        "/people/{member}/consent/withdraw?topic=newsletter&region=EU",
    ),
    Look("people-export-person", "/people/{contact_id}/export", "/people/{member}/export"),
    Look("people-erase", "/people/{contact_id}/erase", "/people/{member}/erase"),
    Look("people-erasures", "/people/erasures", "/people/erasures"),
    Look("people-register", "/people/register", "/people/register"),
    Look("people-unsubscribes", "/people/unsubscribes", "/people/unsubscribes"),
    Look("people-sequences", "/people/sequences", "/people/sequences"),
    Look("people-sequence", "/people/sequences/{sequence_id}", "/people/sequences/{sequence}", main=True),
    Look("people-sequence-stop", "/people/sequences/{sequence_id}/stop", "/people/sequences/{sequence}/stop"),
    Look("account", "/account", "/account", "Rita"),
    Look("reference", "/docs", "/docs"),
    Look("reference-route", "/docs/{name}", "/docs/send_email"),
    Look("error-codes", "/docs/errors", "/docs/errors"),
    Look("style-guide", "/style", "/style", main=True),
)  # fmt: skip
ELSEWHERE: Final = {
    "/mail/{message_id}/frame": "somebody else's HTML, in a frame without script",
    "/mail/{message_id}/part/{path}": "an image of that frame",
    "/mail/{message_id}/raw": "the mail itself, to be kept as a file",
    "/mail/{message_id}/attachments/{which}": "a file",
    "/audit/export": "a file",
    "/people/export/file": "a file",
    "/people/register/file": "a file",
    "/people/{contact_id}/export/file": "a file",
    "/inbox/suggest": "a list for the search box's script",
    "/live/standing": "the parts of every page that follow the server",
    "/review/{message_id}/state": "a part of the page of that mail",
}
"""Answers to GET that are no pages of ours, each with what it is instead."""


STATES: Final = (
    *(f"empty-{room}" for room in ("inbox", "review", "freeze", "figures", "webhooks", "rules", "suppressed")),
    "approved-with-undo", "asked-once-more", "changed-meanwhile", "compared", "compose-refused", "frozen",
    "inbox-delete", "key-shown-once", "sign-in", "sign-in-by-link", "sign-in-refused", "webhook-refused",
)  # fmt: skip
"""What pages become when something is done on them, or when nothing is there yet."""


async def keep_picture(page: Page, name: str, *, main: bool = False) -> None:
    """A picture of what is on the page now, if pictures are wanted: by day and wide, a main page in every way."""
    if not FOLDER:
        return
    for scheme, width in axe.SURROUNDINGS if main else axe.SURROUNDINGS[:1]:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        low = axe.HEIGHT if width == axe.WIDE else _PHONE
        await page.set_viewport_size({"width": width, "height": low})
        tall = int(await page.evaluate("document.documentElement.scrollHeight"))
        # As tall as the page instead of a picture that is put together: what sticks to the edge stays there.
        await page.set_viewport_size({"width": width, "height": max(low, min(tall, _TALLEST))})
        suffix = f"{'-phone' if width == axe.NARROW else ''}{'-dark' if scheme == 'dark' else ''}"
        _keep(f"{name}{suffix}.png", await smaller(page, await page.screenshot(caret="hide")))
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": axe.WIDE, "height": axe.HEIGHT})


def _keep(name: str, png: bytes) -> None:
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    (Path(FOLDER) / name).write_bytes(png)


def pictures(name: str, *, main: bool = False) -> list[str]:
    """The files that `keep_picture` writes."""
    dark = [f"{name}-dark.png", f"{name}-phone.png", f"{name}-phone-dark.png"] if main else []
    return [f"{name}.png", *dark]
