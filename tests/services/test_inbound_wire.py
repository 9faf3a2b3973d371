"""An arrival as plain values: whatever mail it was read from, the same arrival comes out."""

from __future__ import annotations

import pickle
import pickletools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.envelope import Envelope
from multimail.services.inbound_mail import read
from multimail.services.inbound_wire import arrival, plain, plain_envelope
from tests.support.desk import BOX
from tests.support.letters import ANN, envelope

CORPUS = sorted((Path(__file__).parents[1] / "mime").rglob("*.eml"))
REPORT = (
    b"From: MAILER-DAEMON@example.org\r\nTo: agent@example.com\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/report; report-type=%s; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n%s\r\n--b--\r\n"
)
BOUNCE = REPORT % (
    b"delivery-status",
    (
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        b"Final-Recipient: rfc822; bob@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    ),
)
COMPLAINT = REPORT % (
    b"feedback-report",
    b"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n",
)


def travels(one: Envelope) -> None:
    """Read, made plain, sent, made again: the same; and nothing on the way but plain values."""
    found = read(one)
    frame = pickle.dumps((plain_envelope(one), plain(found)))
    assert not {"GLOBAL", "STACK_GLOBAL", "REDUCE"} & {
        operation.name for operation, *_ in pickletools.genops(frame)
    }
    sent = pickle.loads(frame)
    assert arrival(Envelope(*sent[0]), sent[1]) == found


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_every_mail_of_the_corpora_travels(path: Path) -> None:
    raw = path.read_bytes()
    travels(envelope(raw))
    travels(envelope(raw, sender=""))


def test_a_bounce_travels_with_its_recipients() -> None:
    one = envelope(BOUNCE, sender="")
    assert read(one).bounce is not None
    travels(one)


def test_a_complaint_travels() -> None:
    one = envelope(COMPLAINT)
    assert read(one).returned.complaint is not None
    travels(one)


@given(st.binary(max_size=300))
def test_whatever_bytes_came_travel(raw: bytes) -> None:
    travels(Envelope(ANN, (BOX,), raw, "", "", smtputf8=True))
