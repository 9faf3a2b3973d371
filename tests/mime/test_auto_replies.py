"""Answers of machines are told from those of people."""

from __future__ import annotations

import pytest

from multimail.mime.auto_replies import answer_kind, is_automatic
from multimail.mime.parse import parse


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-generated",
        "Auto-Submitted: auto-replied (vacation)",
        "Precedence: auto_reply",
        "X-Autoreply: yes",
        "From: MAILER-DAEMON@example.com",
        "From: No Reply <no-reply@example.com>",
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
    ],
)
def test_a_machine_is_recognised_by_its_header(field: str) -> None:
    mail = parse(f"{field}\nSubject: x\n\n".encode())
    assert is_automatic(mail, "someone@example.com") or answer_kind(mail, "someone@example.com")


def test_the_null_sender_is_a_machine_and_a_persons_mail_through_a_list_is_not() -> None:
    person = parse(b"From: ann@example.com\nAuto-Submitted: no\nList-Id: <x.y>\nPrecedence: list\n\nhello")
    assert is_automatic(person, "")
    assert not is_automatic(person, "list-bounces@example.com")
    assert not is_automatic(person, None)


def test_without_an_envelope_the_return_path_counts() -> None:
    assert is_automatic(parse(b"Return-Path: <>\nFrom: ann@example.com\n\n"), None)


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Your offer", "Auto: Your offer", "Abwesenheitsnotiz: Angebot", "Out of Office: x",
        "Automatische Antwort: Angebot", "R\u00e9ponse automatique : Devis", "Respuesta autom\u00e1tica: Oferta",
        "Risposta automatica: Offerta", "Resposta autom\u00e1tica: Oferta", "Automatisch antwoord: Offerte",
        "Autosvar: Tilbud", "[Automatyczna odpowied\u017a] Oferta",
        "AUTO: Ann is out of the office", "Automaattinen vastaus: Tarjous", "Odpowied\u017a automatyczna: Oferta",
        "\u0410\u0432\u0442\u043e\u043e\u0442\u0432\u0435\u0442: x", "\u81ea\u52d5\u5fdc\u7b54: x",
        "\u81ea\u52a8\u56de\u590d: x",
        "\uc790\ub3d9 \ud68c\uc2e0: x",
    ],
)  # fmt: skip
def test_programs_put_their_words_before_the_subject(subject: str) -> None:
    raw = f"From: ann@example.com\nAuto-Submitted: auto-replied\nSubject: {subject}\n\nUntil Monday."
    assert answer_kind(parse(raw.encode())) in {"out_of_office", "auto_reply"}
    alone = f"From: ann@example.com\nIn-Reply-To: <x@y>\nSubject: {subject}\n\nUntil Monday."
    assert answer_kind(parse(alone.encode())) in {"out_of_office", "auto_reply"}


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Automatic reply: Your offer", "AW: Abwesenheitsnotiz: Angebot", "Fwd: Out of office", "Holiday plans",
        "Out of office next week, please read", "Automatic reply feature is broken", "Vacation rental",
        "Away game on Saturday",
    ],
)  # fmt: skip
def test_a_person_may_use_the_same_words(subject: str) -> None:
    raw = f"From: ann@example.com\nSubject: {subject}\n\nI am out of office tomorrow, but yes."
    assert answer_kind(parse(raw.encode())) == ""


def test_a_machine_that_wants_something_proved_asks_a_question() -> None:
    raw = b"From: a@b\nAuto-Submitted: auto-replied\nSubject: Please confirm your message\n\nClick."
    assert answer_kind(parse(raw)) == "challenge"


@pytest.mark.parametrize(
    ("subject", "field"),
    [
        ("Out of office: Re: Invoice", "X-A: b"),
        ("Abwesenheitsnotiz: Rechnung", "X-A: b"),
        ("Fuori ufficio Re: Fattura", "X-A: b"),
        ("Message d'absence : Re: Facture", "X-A: b"),
        ("Urlaub", "X-Auto-Response-Suppress: All"),
        ("Automaatvastus: Arve", "X-A: b"),
    ],
)
def test_a_subject_that_names_an_answer_and_what_it_answers_is_a_machines(subject: str, field: str) -> None:
    assert answer_kind(parse(f"From: ann@example.com\nSubject: {subject}\n{field}\n\nx".encode()), None)


@pytest.mark.parametrize(
    "subject",
    ["Urlaub: bitte genehmigen", "Absence: my son is ill", "Out of office next week", "Fuori ufficio"],
)
def test_a_subject_that_only_speaks_of_being_away_is_a_persons(subject: str) -> None:
    assert not answer_kind(parse(f"From: ann@example.com\nSubject: {subject}\n\nx".encode()), None)


@pytest.mark.parametrize(
    ("head", "answers"),
    [
        ("Precedence: bulk\nIn-Reply-To: <a@x>", True),
        ("Precedence: junk\nSubject: Re: Hello", True),
        ("Precedence: bulk\nSubject: News", False),
        ("Precedence: bulk\nIn-Reply-To: <a@x>\nList-Id: <l.x>", False),
        ("Precedence: bulk\nIn-Reply-To: <a@x>\nSender: owner-l@x.example", False),
        ("In-Reply-To: <a@x>", False),
    ],
)
def test_what_answers_in_bulk_without_a_list_is_a_machine(head: str, answers: bool) -> None:
    mail = parse(f"From: ann@example.com\n{head}\n\nx".encode())
    assert bool(answer_kind(mail, "ann@example.com")) is answers
