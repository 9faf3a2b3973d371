"""Webhooks: the list and a new one. Its secret is shown on the answer that makes it, and never again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from multimail.contract.administration import MailboxList, MailboxView
from multimail.contract.webhooks import WebhookList, WebhookSecret
from multimail.core.errors import Problem
from multimail.core.notices import NOTICES
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings import asking, secrets, webhook_fields
from multimail.surfaces.web.settings.asking import Change, Question
from multimail.surfaces.web.settings.fields import filled, given, kept
from multimail.surfaces.web.settings.secrets import Shown
from multimail.surfaces.web.settings.webhook_fields import EMPTY, LABELS

if TYPE_CHECKING:
    from starlette.responses import Response

    from multimail.surfaces.web.site import Visit

AT: Final = "/settings/webhooks"
TOLD: Final = Question(
    "Held mail is told to this address",
    "Nothing was changed yet. What it lets out:",
    (
        Change(
            "What a reviewer may see", "Also mail that is held from agents is posted there, with its text."
        ),
    ),
    "Go on",
)
USE: Final = "The receiver checks the signature of each post with it; without it, anybody could post there."


async def show(visit: Visit) -> Response:
    """All webhooks, with the form of a new one."""
    return await _page(visit, EMPTY, None)


async def create(visit: Visit) -> Response:
    """A new webhook and its secret."""
    section = webhook_fields.section(await boxes(visit), "")
    texts = kept(visit.form, [section])
    if asking.wants_back(visit):
        return await _page(visit, texts, None)
    try:
        filled(texts, "url")
        if texts["audience"] == "reviewer" and not asking.is_sure(visit):
            return await asking.ask(visit, TOLD)
        wanted = given(**webhook_fields.arguments(texts)) | {"idempotency_key": secrets.once(visit)}
        made = await visit.call("create_webhook", wanted)
    except Problem as problem:
        return await _page(visit, texts, problem)
    assert isinstance(made, WebhookSecret)
    place = f"{AT}/{made.webhook_id}"
    told = Shown("The new webhook", f"Secret of {made.url}", made.secret, USE, place, "To the webhook")
    return await secrets.page(visit, told)


async def boxes(visit: Visit) -> list[MailboxView]:
    """The mailboxes that a webhook can be about."""
    listed = await visit.call("list_mailboxes", {})
    assert isinstance(listed, MailboxList)
    return listed.mailboxes


async def _page(visit: Visit, texts: Mapping[str, str], problem: Problem | None) -> Response:
    listed = await visit.call("list_webhooks", {})
    assert isinstance(listed, WebhookList)
    spent = problem is not None and problem.code == "idempotency_mismatch"
    if spent:
        advice = "It is in the list. Send the form once more to make another one."
        problem = Problem("idempotency_mismatch", "This form made a webhook already.", advice=advice)
    return await asking.page(
        visit,
        "webhooks",
        problem,
        (LABELS, {}),
        webhooks=listed.webhooks,
        section=webhook_fields.section(await boxes(visit), "New webhook"),
        events=NOTICES,
        form=texts,
        once=secrets.anew(visit) if spent else secrets.once(visit),
    )


PAGES: Final = (PageRoute(AT, show), PageRoute(AT, create, "POST"))
