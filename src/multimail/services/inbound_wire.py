"""An arrival as plain values and back: how one process hands another a mail that it has read."""

from __future__ import annotations

from dataclasses import astuple, fields
from operator import attrgetter
from typing import Any, Final

from multimail.core.envelope import Envelope
from multimail.core.model import AttachmentMeta, Recipient, RecipientKind
from multimail.mime.bounce_reports import Bounce, BouncedRecipient
from multimail.mime.bounces import Classified
from multimail.mime.complaints import Complaint
from multimail.services.inbound_mail import Arrival

_PLAIN_FROM: Final = Arrival._fields.index("packed")
_KINDS: Final = {kind.value: kind for kind in RecipientKind}


def _values(row: type) -> attrgetter[Any]:
    return attrgetter(*(one.name for one in fields(row)))


_of_envelope: Final = _values(Envelope)
_of_attachment: Final = _values(AttachmentMeta)
_of_returned: Final = _values(Classified)


def plain_envelope(envelope: Envelope) -> tuple[Any, ...]:
    """Its fields, in their order."""
    values: tuple[Any, ...] = _of_envelope(envelope)
    return values


def plain(arrival: Arrival) -> tuple[Any, ...]:
    """Strings, numbers, bytes and what holds them; the envelope is left out, since it travels anyway."""
    returned = arrival.returned
    is_mail = returned.bounce is None and returned.complaint is None
    return (
        [(one.address, one.kind.value, one.name) for one in arrival.recipients],
        [_of_attachment(one) for one in arrival.attachments],
        _of_returned(returned) if is_mail else astuple(returned),
        *arrival[_PLAIN_FROM:],
    )


def arrival(envelope: Envelope, values: tuple[Any, ...]) -> Arrival:
    """What `plain` was given."""
    recipients, attachments, returned, *rest = values
    return Arrival(
        envelope,
        tuple([Recipient(address, _KINDS[kind], name) for address, kind, name in recipients]),
        tuple([AttachmentMeta(*one) for one in attachments]),
        _returned(*returned),
        *rest,
    )


def _returned(kind: Any, reason: Any, known_by: Any, automatic: Any, *rest: Any) -> Classified:
    bounce, is_final, complaint = rest
    return Classified(
        kind,
        reason,
        known_by,
        automatic,
        Bounce(tuple(BouncedRecipient(*one) for one in bounce[0]), *bounce[1:]) if bounce else None,
        is_final,
        Complaint(*complaint) if complaint else None,
    )
