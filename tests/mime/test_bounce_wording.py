"""How mail systems put it that mail did not arrive, and where their own words end."""

from __future__ import annotations

import pytest

from multimail.mime.bounce_wording import (
    ARRIVED_SUBJECT,
    DELAY_SUBJECT,
    FAILED_SUBJECT,
    NO_RETURN_SUBJECT,
    PLAIN_SUBJECT,
    own_words,
)


@pytest.mark.parametrize(
    "subject",
    [
        "Undelivered Mail Returned to Sender", "Mail delivery failed: returning message to sender",
        "Delivery Status Notification (Failure)", "failure notice", "Undeliverable: Hello",
        "Postmaster notify: Delivery failure.", "来自qq.example的退信",
        "Returned mail: see transcript for details", "DELIVERY FAILURE: User x not listed", "Unzustellbar: Angebot",
        "Non remis : Devis", "Mensaje no entregado", "Onbestelbaar: Offerte", "系统退信", "不達メール",
    ],
)  # fmt: skip
def test_a_subject_says_that_mail_did_not_arrive(subject: str) -> None:
    assert FAILED_SUBJECT.match(subject)


@pytest.mark.parametrize(
    "subject", ["Lunch?", "Your invoice", "About delivery times", "My mail to Bob", "Quarterly report", ""]
)
def test_other_subjects_do_not(subject: str) -> None:
    patterns = (FAILED_SUBJECT, DELAY_SUBJECT, ARRIVED_SUBJECT, NO_RETURN_SUBJECT, PLAIN_SUBJECT)
    assert not any(one.match(subject) for one in patterns)


@pytest.mark.parametrize(
    ("pattern", "subject"),
    [
        (DELAY_SUBJECT, "Warning: could not send message for past 4 hours"),
        (DELAY_SUBJECT, "Delayed Mail (still being retried)"),
        (ARRIVED_SUBJECT, "Relayed: Offer"),
        (ARRIVED_SUBJECT, "Successful Mail Delivery Report"),
        (NO_RETURN_SUBJECT, "Postfix SMTP server: errors from unknown[203.0.113.77]"),
        (NO_RETURN_SUBJECT, "Your mailbox is almost full"),
        (PLAIN_SUBJECT, "Undeliverable Mail"),
    ],
)
def test_subjects_tell_delays_arrivals_and_notices_apart(pattern: object, subject: str) -> None:
    assert pattern.match(subject)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "separator",
    [
        "--- Below this line is a copy of the message.",
        "------ This is a copy of the message, including all the headers. ------",
        "Original message follows.",
        "Received: from app.example",
        "-- The header and top 20 lines of the message follows --",
    ],
)
def test_the_returned_mail_is_not_the_systems_own_words(separator: str) -> None:
    assert own_words(f"No such user.\n\n{separator}\n\nmailbox full").strip() == "No such user."


def test_words_are_kept_where_nothing_stands_before_the_copy() -> None:
    text = "Your message could not be delivered.\nThe following message to a@b failed."
    assert own_words(text) == text
