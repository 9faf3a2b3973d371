"""The operation `review_email`: one waiting mail with everything a person needs to decide on it.

Looking serves the revision, as `list_pending` does, and the moment of the first look is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from multimail.contract.desk import (
    Leaving,
    LeavingLine,
    QueuePlace,
    ReviewEmail,
    ReviewView,
    RiskReason,
    Warn,
)
from multimail.contract.reviews import ListPending
from multimail.core import caution
from multimail.core.caution import HIGHEST, Caution
from multimail.core.errors import Problem
from multimail.core.lifecycle import HELD
from multimail.mime.parse import parse
from multimail.ports.desk import QueueSearch, Waiting
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, cautions, convert, desk_cards, likeness, pending
from multimail.services.context import Call
from multimail.services.convert import shown
from multimail.services.desk_order import ALL, UNDECIDED, arranged, queue

_NOT_SHOWN: Final = frozenset({"mime-version", "content-type", "content-transfer-encoding", "date"})
"""How the mail is packed, and the one line that is written at hand-over."""
_COMPARED: Final = (*sorted(HELD), "pending_inbound_approval")


def review_email(tx: Tx, call: Call, request: ReviewEmail) -> ReviewView:
    """The newest revision of a mail that waits; `conflict` when nothing waits any more."""
    message = access.message(tx, call.principal, request.message_id)
    if message.status not in ALL:
        raise Problem(
            "conflict", f"{message.id} is {message.status}: it does not wait for anybody.", field="message_id",
            advice="get_message_history tells what became of it.",
        )  # fmt: skip
    listed = pending.list_pending(
        tx, call, ListPending(message_id=message.id, max_bytes=request.max_bytes)
    ).pending
    examined = cautions.examine(tx, message)
    search = QueueSearch(
        call.principal.mailboxes, not call.principal.is_agent, _COMPARED, {}, with_sketches=True
    )
    waiting = queue(tx, call, search, [examined.kept(message)])
    similar, count = likeness.similar(tx, message, examined.sketch, waiting, request.max_bytes)
    call.after.append(lambda writing: _looked(writing, call, message, examined))
    return ReviewView(
        item=listed[0],
        leaving=_leaving(tx, message, request.max_bytes),
        warnings=[_warn(one) for one in examined.found],
        risk=examined.risk,
        risk_level=caution.level(examined.risk),
        risk_reasons=reasons(examined.found),
        contacts=desk_cards.cards(tx, call, message, examined.people),
        similar=similar,
        similar_count=count,
        position=_position(message, waiting),
    )


def _looked(tx: Tx, call: Call, message: StoredMessage, examined: cautions.Examination) -> None:
    """What was found a moment ago is what the queue shows from now on."""
    tx.desk.looked(call.principal.id, message.id, message.digest or "", call.now)
    tx.desk.keep(examined.kept(message), call.now)


def reasons(found: Sequence[Caution]) -> list[RiskReason]:
    """What the risk is made of; the last one counts as far as there is room."""
    left = HIGHEST
    made = []
    for one in found:
        points = min(one.points, left)
        left -= points
        made.append(RiskReason(code=one.code, points=points, text=caution.CODES[one.code]))
    return made


def _warn(one: Caution) -> Warn:
    where = [shown(place) for place in one.where]
    return Warn(code=one.code, level=one.level, text=shown(one.text), where=where, more=one.more or None)


def _leaving(tx: Tx, message: StoredMessage, max_bytes: int) -> Leaving | None:
    raw = tx.revisions.raw(message.id, message.revision)
    if raw is None:
        return None
    mail = parse(raw)
    body = convert.body(mail.text, max_bytes)
    lines = [
        LeavingLine(name=shown(name), value=shown(value))
        for name, value in mail.headers
        if name.lower() not in _NOT_SHOWN
    ]
    return Leaving(headers=lines, text=body.text, text_cut=body.cut or None, html_available=bool(mail.html))


def _position(message: StoredMessage, waiting: Sequence[Waiting]) -> QueuePlace:
    """Among all that is undecided in the mailboxes of this principal; elsewhere it has no neighbours before it."""
    ids = [one.id for one in arranged([one for one in waiting if one.status in UNDECIDED], "risk")]
    if message.id not in ids:
        return QueuePlace(total=len(ids), next=ids[0] if ids else None)
    at = ids.index(message.id)
    return QueuePlace(
        number=at + 1,
        total=len(ids),
        previous=ids[at - 1] if at else None,
        next=ids[at + 1] if at + 1 < len(ids) else None,
    )
