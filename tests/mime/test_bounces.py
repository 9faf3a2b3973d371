"""Returned mail is told from all other mail: agreement with a corpus of mails as many servers write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multimail.mime import bounce_texts
from multimail.mime.bounces import classify, detect
from multimail.mime.parse import parse
from tools.returns import CORPUS, ENOUGH, KINDS, Label, agreement, judge, labels, table, wronged


def raw_of(label: Label) -> bytes:
    return (CORPUS / f"{label.name}.eml").read_bytes()


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_nearly_all_mails_are_what_they_are_labelled(line_end: bytes) -> None:
    judged = judge(CORPUS, line_end)
    print(f"\n{table(judged)}")
    assert len(judged) >= 200
    assert agreement(judged) >= ENOUGH


def test_nothing_but_bounces_is_held_against_an_address() -> None:
    assert wronged(judge(CORPUS)) == []


def test_reasons_are_those_of_the_labels() -> None:
    named = [one for one in judge(CORPUS) if one.label.reason]
    wrong = [(label, found.reason) for label, found in named if found.reason != label.reason]
    assert len(wrong) <= len(named) * (1 - ENOUGH), wrong


def test_each_mail_of_the_corpus_has_one_label() -> None:
    names = [one.name for one in labels(CORPUS)]
    assert sorted(names) == sorted(path.stem for path in CORPUS.glob("*.eml"))
    assert {one.reason for one in labels(CORPUS)} <= {"", *bounce_texts.REASONS}


def test_a_persons_mail_that_shows_a_bounce_is_none_whatever_it_shows() -> None:
    bounces = [one for one in labels(CORPUS) if one.kind != "not_a_bounce"]
    for one in bounces:
        text = parse(raw_of(one)).text
        mail = f"From: Ann <ann@example.org>\nSubject: Look what I got\n\nWhat is this?\n\n{text}".encode()
        shown = b"From: Ann <ann@example.org>\nSubject: Fwd: x\nContent-Type: message/rfc822\n\n" + raw_of(
            one
        )
        assert (one.name, classify(mail).kind, classify(shown).kind) == (
            one.name,
            "not_a_bounce",
            "not_a_bounce",
        )


def test_who_passes_a_report_on_has_written_a_mail() -> None:
    raw = (CORPUS / "postfix-unknown-user.eml").read_bytes()
    head, _, rest = raw.partition(b"\n\n")
    kept = b"\n".join(one for one in head.split(b"\n") if one.startswith((b"Content-Type", b"\t", b" ")))
    passed = classify(b"From: Ann <ann@example.org>\nSubject: FW: look\n" + kept + b"\n\n" + rest)
    assert (passed.kind, passed.reason, passed.automatic) == ("not_a_bounce", "mail", False)


def test_a_bounce_names_its_recipient_and_the_mail_it_returns() -> None:
    found = detect(parse((CORPUS / "postfix-unknown-user.eml").read_bytes()))
    assert found is not None
    assert [one.address for one in found.recipients] == ["lena@nordwind.example"]
    assert found.original_message_id == "<order-77@shop.example>"


def test_an_old_notice_names_its_recipients_in_a_header() -> None:
    raw = b"From: Mailer-Daemon@x.org\nX-Failed-Recipients: a@b.c, d@e.f\nIn-Reply-To: <m@x>\n\n550 5.1.1 unknown user"
    found = classify(raw)
    assert (found.kind, found.known_by, found.is_final) == ("hard", "header", True)
    assert found.bounce is not None
    assert [one.address for one in found.bounce.recipients] == ["a@b.c", "d@e.f"]
    assert found.bounce.original_message_id == "<m@x>"


def test_a_delay_is_not_final() -> None:
    delayed = classify((CORPUS / "postfix-delayed.eml").read_bytes())
    expired = classify((CORPUS / "postfix-expired.eml").read_bytes())
    assert (delayed.kind, delayed.is_final, expired.kind, expired.is_final) == ("soft", False, "soft", True)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\n", b"Subject: Undelivered Mail\n\n550 5.1.1", b"From: a@b\nSubject: Undeliverable\n\n"],
)
def test_an_ordinary_mail_is_no_bounce(raw: bytes) -> None:
    assert not classify(raw).is_bounce
    assert detect(parse(raw)) is None


def report_about(diagnostics: list[str]) -> bytes:
    fields = "\n".join(
        f"Final-Recipient: rfc822; u{index}@x.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; {said}\n"
        for index, said in enumerate(diagnostics)
    )
    return (
        "From: MAILER-DAEMON@x.example\nContent-Type: multipart/report; boundary=b\n\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n{fields}\n--b--\n"
    ).encode()


def test_words_that_are_the_same_for_all_recipients_are_read_once() -> None:
    before = bounce_texts._told.cache_info().misses
    found = classify(
        report_about([f"550 <u{index}@x.example> gone for ever and ever" for index in range(900)])
    )
    assert found.bounce is not None
    assert len(found.bounce.recipients) == 900
    assert bounce_texts._told.cache_info().misses - before <= 2


def test_a_report_about_very_many_is_judged_by_what_it_says_first() -> None:
    wordy = [f"552 {index} full mailbox {'x' * 900}" for index in range(100)]
    assert classify(report_about([*wordy[:3], "550 no such user"])).kind == "hard"
    before = bounce_texts._told.cache_info().misses
    assert classify(report_about(wordy)).reason == "mailbox_full"
    assert bounce_texts._told.cache_info().misses - before <= 30


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_it_is_total_on_damaged_mail(data: st.DataObject) -> None:
    raw = raw_of(data.draw(st.sampled_from(labels(CORPUS))))
    cut = data.draw(st.integers(0, len(raw)))
    noise = data.draw(st.binary(max_size=60))
    at = data.draw(st.integers(0, cut))
    found = classify(raw[:at] + noise + raw[at:cut], data.draw(st.sampled_from([None, "", "a@b"])))
    assert found.kind == bounce_texts.kind_of(found.reason)


@settings(max_examples=100, deadline=None)
@given(raw=st.binary(max_size=400))
def test_it_is_total_on_anything(raw: bytes) -> None:
    head = b"From: MAILER-DAEMON\nSubject: failure notice\n\n"
    assert classify(raw).kind in KINDS
    assert classify(head + raw, "").kind in KINDS
