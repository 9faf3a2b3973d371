"""The operation `campaign_stats`: what became of mail with a tag so far, and which variant did better."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from multimail.contract.reputation import CampaignList, CampaignStats, CampaignView, VariantView
from multimail.core.errors import Problem
from multimail.core.reputation import CAMPAIGN, COUNTED, Counts, percent
from multimail.core.times import to_datetime
from multimail.ports.reputation import CampaignTotal, Subject
from multimail.ports.store import Tx
from multimail.services import breakers
from multimail.services.context import Call
from multimail.services.reputation import counts_of


def campaign_stats(tx: Tx, call: Call, request: CampaignStats) -> CampaignList:
    """One campaign, or the latest ones; of mail that left the caller's mailboxes."""
    boxes = call.principal.mailboxes
    tags = [request.tag.strip()] if request.tag else tx.reputation.campaigns(boxes, request.limit)
    waiting, found = tx.stops.waiting(tags), []
    for tag in tags:
        totals = _asked(tx.reputation.totals(tag, boxes), request.variant)
        if totals:
            found.append(_view(tx, call, tag, totals, waiting.get(tag, 0)))
    if request.tag and not found:
        raise Problem(
            "not_found", "Nothing that was sent with this tag has left a mailbox of this key.", field="tag",
            advice="campaign_stats without a tag lists the campaigns there are.",
        )  # fmt: skip
    return CampaignList(campaigns=found, count=len(found))


def _asked(totals: Sequence[CampaignTotal], variant: str | None) -> list[CampaignTotal]:
    return [one for one in totals if variant is None or one.campaign.variant == variant]


def _view(tx: Tx, call: Call, tag: str, totals: Sequence[CampaignTotal], waiting: int) -> CampaignView:
    subject = Subject(CAMPAIGN, tag)
    return CampaignView(
        tag=tag,
        state=breakers.state_of(tx, subject, call.now).state.value,
        waiting=waiting,
        first_at=to_datetime(min(one.first_at for one in totals)),
        last_at=to_datetime(max(one.last_at for one in totals)),
        variants=[VariantView(variant=one.campaign.variant, **_figures(one.counts)) for one in totals],
        **_figures(_sum(one.counts for one in totals)),
    )


def _figures(counts: Counts) -> dict[str, Any]:
    return counts_of(counts) | {
        "reply_percent": percent(counts.replied, counts.sent),
        "unsubscribe_percent": percent(counts.unsubscribed, counts.sent),
    }


def _sum(found: Iterable[Counts]) -> Counts:
    every = list(found)
    return Counts(*(sum(getattr(one, name) for one in every) for name in COUNTED))
