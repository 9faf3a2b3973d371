"""That there is nobody under an address is understood in many words and languages."""

from __future__ import annotations

import pytest

from multimail.mime.bounce_texts import by_phrase


@pytest.mark.parametrize(
    "words",
    [
        "User unknown in local recipient table", "no such user here", "Unrouteable address",
        "Recipient not found by SMTP address lookup", "mailbox unavailable", "no mailbox here by that name",
        "does not have a mail account here: unknown user", "The email account that you tried to reach does not exist",
        "550 <a.b@c.example>: User doesn't exist", "Recipient address rejected.", "invalid recipient",
        "User x (x@y.example) not listed in Domino Directory", "This address is not a valid mailbox",
        "Der Empfänger ist unbekannt", "L'adresse du destinataire est inconnue", "la cuenta de correo no existe",
        "utente sconosciuto", "usuário inexistente", "onbekende ontvanger", "Mottagaren hittades inte",
        "użytkownik nie istnieje", "Schránka neexistuje", "пользователь не найден", "收件人邮箱地址不存在",
        "宛先が見つかりません", "수신자를 찾을 수 없습니다",
    ],
)  # fmt: skip
def test_nobody_is_there(words: str) -> None:
    assert by_phrase(words) == "no_such_user"


@pytest.mark.parametrize("words", ["The user is on holiday.", "Your account is fine", "Message accepted"])
def test_other_words_say_nothing_of_it(words: str) -> None:
    assert by_phrase(words) == ""
