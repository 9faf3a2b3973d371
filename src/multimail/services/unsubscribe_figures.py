"""How requests to stop were honoured: how many, by which way, how long each took until it held."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import Final

from multimail.contract.suppression import UnsubscribeFigures, UnsubscribeReport, UnsubscribeRow
from multimail.core.business_days import TO_HONOUR, is_late
from multimail.core.times import DAY, SECOND, to_datetime
from multimail.ports.store import Tx
from multimail.ports.suppression import UnsubscribeRequest
from multimail.services import access
from multimail.services.context import Call

_NEWEST: Final = 20


def unsubscribe_figures(tx: Tx, call: Call, request: UnsubscribeFigures) -> UnsubscribeReport:
    """Of the mailboxes that the caller may use, since the beginning of a day, UTC."""
    within = access.mailbox_ids(tx, call.principal, request.mailbox)
    since = max(call.now // DAY - request.days, 0) * DAY
    asked = tx.unsubscribes.since(since, within)
    took = [(honoured - requested) / SECOND for _, requested, honoured in asked]
    return UnsubscribeReport(
        since=to_datetime(since),
        requests=len(asked),
        by_way=dict(sorted(Counter(way for way, _, _ in asked).items())),
        median_seconds=round(median(took), 3) if took else None,
        slowest_seconds=round(max(took), 3) if took else None,
        late=sum(is_late(requested, honoured) for _, requested, honoured in asked),
        limit_business_days=TO_HONOUR,
        newest=[_row(one) for one in tx.unsubscribes.newest(within, _NEWEST)],
    )


def _row(one: UnsubscribeRequest) -> UnsubscribeRow:
    return UnsubscribeRow(
        mailbox_id=one.mailbox_id,
        topic=one.topic or None,
        way=one.way,
        message_id=one.message_id,
        requested_at=to_datetime(one.requested_at),
        honoured_at=to_datetime(one.honoured_at),
        seconds=round((one.honoured_at - one.requested_at) / SECOND, 3),
    )
