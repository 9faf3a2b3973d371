"""The operation `list_reviews`: the queue of a person, riskiest first, grouped where that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from multimail.contract.desk import MOST_GROUPS, ListReviews, ReviewGroup, ReviewList, ReviewRow
from multimail.core import caution
from multimail.core.caution import HIGHEST
from multimail.core.likeness import groups as grouped_by_likeness
from multimail.core.model import RecipientKind
from multimail.core.tags import read_tags
from multimail.core.times import to_datetime
from multimail.ports.desk import Examined, Listed, QueueSearch, Waiting
from multimail.ports.store import Tx
from multimail.services import access, cautions, convert, cursors
from multimail.services.context import Call
from multimail.services.convert import shown
from multimail.services.decision_views import name_of
from multimail.services.desk_order import ALL, UNDECIDED, arranged, examined, place

_NEW: Final = frozenset({"new_recipient", "new_domain", "first_answer"})
_QUICK: Final = 50_000
"""Bytes of a mail that is examined again while a page is made."""


def list_reviews(tx: Tx, call: Call, request: ListReviews) -> ReviewList:
    """A page of what waits. Mail that was not examined yet is, and stands in its place from the next call on."""
    search = _search(tx, call, request)
    waiting, found = examined(tx, call, tx.desk.waiting(search))
    keys = _keys(request, waiting)
    if request.group_key is not None:
        waiting = [one for one in waiting if keys[one.id] == request.group_key]
    standing = arranged(waiting, request.order, keys if request.group != "none" else {})
    rest = _after(tx, call, request, search, standing)
    page = [one.id for one in rest[: request.limit]]
    groups = _groups(tx, request, standing, keys) if request.group != "none" else []
    listed = [_with(one, found.get(one.message.id)) for one in tx.desk.listed(page)]
    rows = _rows(tx, call, listed, keys if request.group != "none" else {}, groups)
    return ReviewList(
        reviews=rows,
        groups=groups[:MOST_GROUPS],
        count=len(rows),
        total=len(waiting),
        totals_by_status=tx.desk.totals(QueueSearch(search.mailbox_ids, search.see_held, ALL, {})),
        oldest_at=to_datetime(min(one.created_at for one in waiting)) if waiting else None,
        cursor=cursors.after(request, page[-1]) if len(rest) > request.limit else None,
    )


def _search(tx: Tx, call: Call, request: ListReviews) -> QueueSearch:
    named = {"undecided": UNDECIDED, "all": ALL}
    return QueueSearch(
        mailbox_ids=access.mailbox_ids(tx, call.principal, request.mailbox),
        see_held=not call.principal.is_agent,
        statuses=named.get(request.status, (request.status,)),
        tags=read_tags(request.tags),
        group=request.group if request.group in {"recipient", "tag", "batch"} else "",
        with_sketches=request.group == "similarity",
    )


def _keys(request: ListReviews, waiting: Sequence[Waiting]) -> dict[str, str]:
    """What each mail is grouped by."""
    if request.group == "similarity":
        return grouped_by_likeness((one.id, one.sketch) for one in waiting)
    return {one.id: one.key for one in waiting}


def _after(
    tx: Tx, call: Call, request: ListReviews, search: QueueSearch, standing: list[Waiting]
) -> list[Waiting]:
    """What comes behind the last row of the page before, which may have been decided meanwhile."""
    last = cursors.last_id(request, "msg")
    if not last:
        return standing
    for number, one in enumerate(standing):
        if one.id == last:
            return standing[number + 1 :]
    message = tx.messages.get(last)
    if message is None or not access.sees(call.principal, message):
        raise cursors.refused()
    gone = tx.desk.waiting(replace(search, statuses=(), tags={}, message_id=last))
    return [one for one in standing if gone and place(one, request.order) > place(gone[0], request.order)]


def _with(one: Listed, found: Examined | None) -> Listed:
    return one if found is None else replace(one, risk=found.risk, codes=found.codes, outdated=False)


def _rows(
    tx: Tx, call: Call, page: Sequence[Listed], keys: dict[str, str], groups: Sequence[ReviewGroup]
) -> list[ReviewRow]:
    boxes = {box.id: box.address for box in tx.mailboxes.all(call.principal.mailboxes)}
    labels = {one.key: one.label for one in groups}
    names: dict[str, str] = {}
    rows = []
    for one in page:
        author = one.message.principal_id or ""
        if author and author not in names:
            names[author] = name_of(tx, author)
        risk, codes = _risk(tx, call, one)
        row = _row(one, boxes.get(one.message.mailbox_id, ""), names.get(author, ""), risk, codes)
        key = keys.get(one.message.id)
        label = None if key is None else labels.get(key, key)
        rows.append(row.model_copy(update={"group_key": key, "group_label": label}))
    return rows


def _risk(tx: Tx, call: Call, one: Listed) -> tuple[int, Sequence[str]]:
    """What was found in it. Mail to somebody who is new no more is examined again; that is kept after the answer."""
    if one.risk is None:
        return HIGHEST, ("unexamined",)
    if not (one.outdated and _NEW & {*one.codes} and one.message.size <= _QUICK):
        return one.risk, one.codes
    made = cautions.examine(tx, one.message).kept(one.message)
    call.after.append(lambda writing: writing.desk.keep(made, call.now))
    return made.risk, made.codes


def _row(one: Listed, mailbox: str, author: str, risk: int, codes: Sequence[str]) -> ReviewRow:
    message = one.message
    to = [
        shown(each.address) for each in one.recipients if each.kind is RecipientKind.TO and not each.automatic
    ]
    return ReviewRow(
        message_id=message.id,
        thread_id=message.thread_id,
        digest=message.digest or "",
        revision=message.revision,
        mailbox=mailbox,
        mailbox_id=message.mailbox_id,
        direction=message.direction,
        status=message.status,
        sender=shown(message.sender),
        subject=shown(message.subject),
        to=to,
        recipients_count=len(one.recipients),
        bcc_count=sum(each.kind is RecipientKind.BCC for each in one.recipients),
        preview=shown(message.preview),
        reasons=[shown(reason) for _, reason in message.verdict.get("hits", ())],
        risk=risk,
        risk_level=caution.level(risk),
        warnings=list(codes),
        submitted_by=shown(author),
        created_at=to_datetime(message.created_at),
        expires_at=convert.moment(message.expires_at),
        scheduled_at=convert.moment(message.scheduled_at),
        attachments_count=one.attachments,
        tags=list(one.tags),
        batch_id=message.batch_id,
    )


def _groups(
    tx: Tx, request: ListReviews, standing: Sequence[Waiting], keys: dict[str, str]
) -> list[ReviewGroup]:
    """The groups in the order of the queue."""
    members: dict[str, list[Waiting]] = {}
    for one in standing:
        members.setdefault(keys[one.id], []).append(one)
    labels = _labels(tx, request, [(key, ones[0].id) for key, ones in members.items()])
    return [
        ReviewGroup(
            key=key,
            label=labels[key],
            count=len(ones),
            risk=max(one.risk or 0 for one in ones),
            oldest_at=to_datetime(min(one.created_at for one in ones)),
        )
        for key, ones in members.items()
    ]


def _labels(tx: Tx, request: ListReviews, firsts: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What a group is called: by likeness and in batches by the subject of its first mail."""
    if request.group in {"recipient", "tag"}:
        return {key: shown(key) for key, _ in firsts}
    subjects = {one.message.id: shown(one.message.subject) for one in tx.desk.listed([i for _, i in firsts])}
    return {key: subjects.get(message_id, "") for key, message_id in firsts}
