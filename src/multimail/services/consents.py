"""Consent on record: what people agreed to is written down with its proof, and taken back at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from multimail.contract.consent import (
    ConsentList,
    ConsentResult,
    ConsentView,
    ListConsents,
    RecordConsent,
    WithdrawConsent,
)
from multimail.core.consent import EVIDENCE, WITHDRAWAL, Record
from multimail.core.consent_regions import within
from multimail.core.errors import Problem
from multimail.core.message_class import clean_region, clean_topic
from multimail.core.text import typed_line
from multimail.core.times import Micros, from_datetime, to_datetime
from multimail.ports.consent import ConsentSearch, StoredConsent
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import contact_fields, convert, cursors, people
from multimail.services.context import Call
from multimail.services.people import Person

_PREFIX: Final = "consent"
BY_AGENT: Final = "Written down as an agent's word, which opens nothing: an operator has to record it."
TAKEN_BACK: Final = "Consent was taken back later than this was given, and stays taken back."


def record_consent(tx: Tx, call: Call, request: RecordConsent) -> ConsentResult:
    """Add a record. The same once more, while it holds, is the same answer."""
    person = people.named(tx, call, request.email, request.contact_id)
    record = _given(tx, call, request)
    source = typed_line(request.source.strip(), "source")
    earlier = _same(tx, person, record, call.now)
    if earlier is not None:
        return _result(tx, call, earlier, repeated=True)
    made = added(tx, call, person, StoredConsent("", b"", record, None, source, request.evidence))
    data = {"basis": record.basis, "topic": record.topic, "region": record.region, "by": record.provenance}
    tx.events.add(_event(call, "consent.recorded", made, **data))
    return _result(tx, call, made)


def _given(tx: Tx, call: Call, request: RecordConsent) -> Record:
    at = from_datetime(request.given_at) if request.given_at else call.now
    until = from_datetime(request.expires_at) if request.expires_at else None
    if at > call.now:
        raise Problem(
            "invalid_time", "Consent cannot be given in the future.", field="given_at", advice="Leave it out for now."
        )  # fmt: skip
    if until is not None and until <= at:
        raise Problem("invalid_time", "It would end before it begins.", field="expires_at")
    return Record(
        seq=0,
        topic=clean_topic(request.topic),
        region=clean_region(request.region),
        basis=request.basis,
        provenance=contact_fields.source_of(call.principal).value,
        given_at=at,
        expires_at=until,
    )


def withdraw_consent(tx: Tx, call: Call, request: WithdrawConsent) -> ConsentResult:
    """Take back what a topic and region cover, for everybody's agents and campaigns: from the next look at it on."""
    person = people.named(tx, call, request.email, request.contact_id)
    source = typed_line(request.source.strip(), "source")
    return withdrawn(tx, call, person, clean_topic(request.topic), clean_region(request.region), source)


def withdrawn(tx: Tx, call: Call, person: Person, topic: str, region: str, source: str = "") -> ConsentResult:
    """The withdrawal, unless nothing was given since the same one."""
    records = tx.consents.records([person.key]).get(person.key, [])
    last = next((one for one in reversed(records) if _is_withdrawal(one, topic, region)), None)
    covered = [one for one in records if _runs(one, call.now) and _within(one, topic, region)]
    if last is not None and not covered:
        found = _search(tx, person, "withdrawal", topic, region)
        return _result(tx, call, found[0], repeated=True)
    tx.consents.end([one.seq for one in covered], call.now)
    provenance = contact_fields.source_of(call.principal).value
    gone = Record(0, topic, region, WITHDRAWAL, provenance, call.now, call.now)
    made = added(tx, call, person, StoredConsent("", b"", gone, None, source))
    tx.events.add(_event(call, "consent.withdrawn", made, topic=topic, region=region, ended=len(covered)))
    return _result(tx, call, made).model_copy(update={"ended": len(covered)})


def _is_withdrawal(one: Record, topic: str, region: str) -> bool:
    return (one.basis, one.topic, one.region) == (WITHDRAWAL, topic, region)


def _within(one: Record, topic: str, region: str) -> bool:
    return topic in ("", one.topic) and (not region or (bool(one.region) and within(one.region, region)))


def _runs(one: Record, now: Micros) -> bool:
    """Whether it has not ended yet, whoever said it."""
    return one.basis != WITHDRAWAL and one.withdrawn_at is None and _holds(one.expires_at, now)


def list_consents(tx: Tx, call: Call, request: ListConsents) -> ConsentList:
    """A page of records."""
    key = None
    if request.email or request.contact_id:
        key = people.named(tx, call, request.email, request.contact_id, make=False).key
    search = ConsentSearch(
        key=key,
        topic=None if request.topic is None else clean_topic(request.topic),
        region=None if request.region is None else clean_region(request.region),
        basis=request.basis,
        live_at=call.now if request.live else None,
        before=cursors.last_id(request, _PREFIX),
        limit=request.limit + 1,
    )
    found = tx.consents.search(search)
    page = found[: request.limit]
    more = len(found) > len(page)
    return ConsentList(
        consents=[view(one, call.now) for one in page],
        count=len(page),
        cursor=cursors.after(request, page[-1].id) if more else None,
    )


def of_person(person: Person, limit: int) -> ConsentSearch:
    """Everything on record about somebody."""
    return ConsentSearch(person.key, limit=limit)


def view(one: StoredConsent, now: Micros) -> ConsentView:
    """A record as it is shown."""
    record = one.record
    return ConsentView(
        consent_id=one.id,
        email=one.address,
        contact_id=one.contact_id,
        topic=record.topic or None,
        region=record.region or None,
        basis=record.basis,
        counts=record.live(now) or record.basis == WITHDRAWAL,
        provenance=record.provenance,
        source=convert.shown(one.source) or None,
        evidence=dict(one.evidence) or None,
        given_at=to_datetime(record.given_at),
        recorded_at=to_datetime(one.recorded_at),
        withdrawn_at=convert.moment(record.withdrawn_at),
        expires_at=convert.moment(record.expires_at),
        by=one.by or None,
    )


def _same(tx: Tx, person: Person, record: Record, now: Micros) -> StoredConsent | None:
    """What says the same already, and nothing took it back."""
    for one in _search(tx, person, record.basis, record.topic, record.region):
        old = one.record
        alike = (old.provenance, old.expires_at) == (record.provenance, record.expires_at)
        if (
            _runs(old, now)
            and alike
            and old.given_at <= record.given_at
            and not _ended_since(tx, person, old)
        ):
            return one
    return None


def _ended_since(tx: Tx, person: Person, old: Record) -> bool:
    records = tx.consents.records([person.key]).get(person.key, [])
    return any(
        one.basis == WITHDRAWAL and one.about(old.topic, old.region) and one.given_at >= old.given_at
        for one in records
    )


def _search(tx: Tx, person: Person, basis: str, topic: str, region: str) -> list[StoredConsent]:
    return tx.consents.search(ConsentSearch(person.key, topic, region, basis, limit=100))


def added(tx: Tx, call: Call, person: Person, given: StoredConsent) -> StoredConsent:
    """Write down what somebody said, as the caller's word, now."""
    made = replace(
        given,
        id=call.new_id(_PREFIX),
        key=person.key,
        contact_id=person.contact_id,
        recorded_at=call.now,
        by=call.principal.id,
        address=person.address,
    )
    tx.consents.add(made)
    return made


def _result(tx: Tx, call: Call, made: StoredConsent, *, repeated: bool = False) -> ConsentResult:
    return ConsentResult(
        consent=view(made, call.now),
        contact_id=made.contact_id,
        repeated=repeated or None,
        note=_note(tx, made, call.now),
    )


def _note(tx: Tx, made: StoredConsent, now: Micros) -> str | None:
    """What somebody who just recorded this has to know."""
    record = made.record
    if record.basis == WITHDRAWAL:
        return None
    if record.provenance not in EVIDENCE:
        return BY_AGENT
    later = [
        one
        for one in tx.consents.records([made.key]).get(made.key, [])
        if one.basis == WITHDRAWAL
        and one.about(record.topic, record.region)
        and one.given_at > record.given_at
    ]
    if later:
        return TAKEN_BACK
    barred = sorted({one.reason for one in tx.suppressions.unlifted(made.key) if _holds(one.expires_at, now)})
    if barred:
        return f"They are suppressed all the same ({', '.join(barred)}): unsuppress_address lifts that."
    return None


def _holds(expires_at: Micros | None, now: Micros) -> bool:
    return expires_at is None or now < expires_at


def _event(call: Call, kind: str, made: StoredConsent, **data: object) -> Event:
    told = {name: value for name, value in data.items() if value not in ("", None)}
    return Event(kind, call.now, contact_id=made.contact_id, principal_id=call.principal.id, data=told)
