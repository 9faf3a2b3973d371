"""What somebody wants to hear about, and by which ways. A no holds at once, whoever writes it down; a yes opens what
was closed, and so takes an operator."""

from __future__ import annotations

import re
from typing import Final

from multimail.contract.consent import ChannelPreference, Preferences, SetPreferences, TopicPreference
from multimail.core import consent
from multimail.core.consent import WITHDRAWAL, ConsentFacts, Record
from multimail.core.errors import Problem
from multimail.core.message_class import clean_topic
from multimail.core.provenance import Source
from multimail.core.text import typed_line
from multimail.core.times import Micros, to_datetime
from multimail.ports.consent import Channel, StoredConsent
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import access, consents, contact_fields, people, suppressing
from multimail.services.context import Call
from multimail.services.people import Person
from multimail.services.suppressing import Ban

EMAIL: Final = "email"
NOT_YOURS: Final = "A yes takes an operator, or the person's own word: left as they are: {names}."
_CHANNEL: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_REASON: Final = "unsubscribe"


def only_reads(request: SetPreferences) -> bool:
    """Whether a request changes nothing."""
    return not request.topics and not request.channels


def set_preferences(tx: Tx, call: Call, request: SetPreferences) -> Preferences:
    """Carry out what is given, and answer how it stands then."""
    box_id = access.mailbox(tx, call.principal, request.mailbox).id if request.mailbox else ""
    person = people.named(tx, call, request.email, request.contact_id, make=not only_reads(request))
    source = typed_line(request.source.strip(), "source")
    wishes = {_topic(name): wanted for name, wanted in request.topics.items()}
    wishes |= {"": request.channels[EMAIL]} if EMAIL in request.channels else {}
    changed: list[str] = []
    refused: list[str] = []
    for topic, wanted in wishes.items():
        name = topic or EMAIL
        if wanted and not _operator(call):
            refused += [] if _standing(tx, call, person, topic, box_id)[0] else [name]
        elif (_opened if wanted else _stopped)(tx, call, person, topic, box_id, source):
            changed.append(name)
    changed += _channels(tx, call, person, request.channels, refused)
    if changed:
        data = {"changed": sorted(set(changed))}
        event = Event(
            "contact.preferences", call.now, box_id or None, contact_id=person.contact_id, data=data
        )
        tx.events.add(event)
    note = NOT_YOURS.format(names=", ".join(refused)) if refused else None
    return _shown(tx, call, person, sorted(set(changed)), note)


def _operator(call: Call) -> bool:
    return contact_fields.source_of(call.principal) is Source.OPERATOR


def _topic(name: str) -> str:
    topic = clean_topic(name, field="topics")
    if not topic:
        raise Problem(
            "invalid", "A topic needs a name.", field="topics",
            advice='For all mail: {"channels": {"email": false}}.',
        )  # fmt: skip
    return topic


def _stopped(tx: Tx, call: Call, person: Person, topic: str, box_id: str, source: str) -> bool:
    """No more of it: consent ends, and mail that claims no class stops too."""
    ban = Ban(
        _REASON, "preferences", address=person.address, key=person.key, mailbox_id=box_id, topic=topic,
        by=call.principal.id,
    )  # fmt: skip
    stopped = suppressing.suppress(tx, ban, call.now)
    if box_id:
        return stopped
    return consents.withdrawn(tx, call, person, topic, "", source).repeated is None or stopped


def _opened(tx: Tx, call: Call, person: Person, topic: str, box_id: str, source: str) -> bool:
    """They want it again, by an operator's word: what they stopped is lifted and the yes recorded."""
    stopped = [
        one.seq
        for one in tx.suppressions.unlifted(person.key)
        if one.reason == _REASON and one.topic == topic and box_id in ("", one.mailbox_id)
    ]
    if stopped:
        tx.suppressions.lift(stopped, call.now, call.principal.id, source or "preferences")
    if _recorded(tx, person, topic, call.now).bases:
        return bool(stopped)
    given = Record(0, topic, "", "consent", Source.OPERATOR.value, call.now)
    consents.added(tx, call, person, StoredConsent("", b"", given, None, source or "preferences"))
    return True


def _channels(tx: Tx, call: Call, person: Person, wanted: dict[str, bool], refused: list[str]) -> list[str]:
    there = {one.name: one.wanted for one in tx.consents.channels(person.key)}
    changed = []
    for name, yes in wanted.items():
        if not _CHANNEL.fullmatch(name):
            raise Problem(
                "invalid", f"{name[:40]!a} is no channel.", field="channels", advice="Such as email, sms or phone."
            )  # fmt: skip
        if yes and name != EMAIL and there.get(name) is False and not _operator(call):
            refused.append(name)
        if there.get(name) != yes and name not in refused:
            tx.consents.set_channel(person.key, Channel(name, yes, call.now), call.principal.id)
            changed.append(name)
    return changed


def _shown(tx: Tx, call: Call, person: Person, changed: list[str], note: str | None) -> Preferences:
    records = tx.consents.records([person.key]).get(person.key, [])
    bans = [one for one in tx.suppressions.unlifted(person.key) if one.reason == _REASON]
    topics = sorted(({one.topic for one in records} | {one.topic for one in bans}) - {""})
    found = []
    for topic in topics:
        wanted, why = _standing(tx, call, person, topic, "")
        found.append(TopicPreference(topic=topic, wanted=wanted, why=why))
    channels = [
        ChannelPreference(channel=one.name, wanted=one.wanted, changed_at=to_datetime(one.changed_at))
        for one in tx.consents.channels(person.key)
    ]
    return Preferences(
        email=person.address,
        contact_id=person.contact_id,
        topics=found,
        channels=channels,
        changed=changed,
        note=note,
    )


def _standing(tx: Tx, call: Call, person: Person, topic: str, box_id: str) -> tuple[bool, str]:
    """Whether they want a topic, and what says so."""
    for ban in tx.suppressions.unlifted(person.key):
        if ban.reason == _REASON and ban.topic in ("", topic) and ban.mailbox_id in ("", box_id):
            return False, "unsubscribed"
    if _recorded(tx, person, topic, call.now).refused:
        return False, "withdrawn"
    records = tx.consents.records([person.key]).get(person.key, ())
    about = [one for one in records if one.topic in ("", topic)]
    if any(one.live(call.now) for one in about):
        return True, "recorded"
    taken_back = any(one.basis == WITHDRAWAL for one in about)
    return not taken_back, "withdrawn" if taken_back else "not asked"


def _recorded(tx: Tx, person: Person, topic: str, now: Micros) -> ConsentFacts:
    """What is on record for everywhere."""
    return consent.known(("",), tx.consents.records([person.key]).get(person.key, ()), topic, now)
