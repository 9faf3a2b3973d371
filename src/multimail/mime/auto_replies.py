"""Mail that no person wrote for this occasion (RFC 3834): answers of machines, and machines' mail at large.

What is recognised here is no reply: it neither ends a wait for an answer nor shows that somebody reads.
"""

# ruff: noqa: RUF001 - letters of other scripts are meant
from __future__ import annotations

import re
from typing import Final, Literal

from multimail.core.threading import is_forward_subject, is_reply_subject
from multimail.mime.bounce_reports import STATUS_TYPES
from multimail.mime.model import ParsedMail

AutoReply = Literal["", "out_of_office", "auto_reply", "challenge"]

_ROBOTS: Final = re.compile(
    r"(?:mailer-daemon|no-?reply|do-?not-?reply|auto-?reply)(?:[+=-].*)?@", re.IGNORECASE
)
_ANSWERING_HEADERS: Final = (
    "x-autoreply",
    "x-auto-reply",
    "x-autorespond",
    "x-autoresponder",
    "x-autoreply-from",
    "x-auto-reply-from",
    "x-mail-autoreply",
    "x-vacation",
    "x-vacation-id",
    "x-autorespond-from",
)
_AWAY: Final = re.compile(
    r"\W*(?:(?:re|aw|sv|rv|auto\w*)\W+)?(?:out of (?:the )?office|ooo\b|away from|(?:i am |i'm "
    r"|currently )?(?:on|away) (?:on )?(?:vacation|holiday|leave|annual leave|parental|maternity)"
    r"|vacation (?:reply|message|notice|response|notif\w+|auto)|holiday (?:notice|message|reply)|absence"
    r"|abwesen\S*|(?:nicht |nicht mehr )?(?:im )?(?:büro|urlaub)\b|urlaubs\S*|ich bin (?:nicht|im"
    r"|abwesend|bis)|absen[ct]\S*|(?:je suis |en )?(?:congés?|vacances)\b|fuera de (?:la )?oficina"
    r"|ausen[ct]\w+|ausência|estoy (?:de|fuera)|fuori (?:sede|ufficio)|assen\w+|in ferie"
    r"|fora d[oe] escrit[oó]rio|estou (?:de|fora|ausente)|férias"
    r"|afwezig\S*|niet aanwezig|op vakantie|frånvar\S*|semester\b|fravær\S*|ferie\b|poissa\S*|lomalla"
    r"|nieobecn\S*|urlop\S*|poza biurem|nepřítom\S*|mimo kancelář|dovolená|házon kívül|szabadság\S*"
    r"|plecat|în concediu|ofis dışı\S*|izinde\S*|εκτός γραφείου|απουσία|в отпуск\S*|отсутств\S*|вне офиса"
    r"|нет на месте|不在|休假|外出|休暇|부재|휴가|מחוץ למשרד|خارج المكتب)",
    re.IGNORECASE,
)
_AUTOMATIC: Final = re.compile(
    r"\W*(?:(?:re|aw|sv|rv)\W+)?(?:auto(?:mat\w+|mated)?[\s-]?(?:reply|response|respon\w+|acknowledg\w+"
    r"|e?mail reply|replied)|auto:|autoreply|autosvar|autorespon\w+|automat\w* (?:antwort\S*|antwoord"
    r"|svar|odpově\S*|odpoved\S*|odpowied\S*|válasz|vastaus|rückmeldung|yanıt)"
    r"|automatisch\w* (?:antwort\S*|antwoord\S*|beantwoord\S*|eingangs\S*)|automatiskt? svar"
    r"|automaattinen vastaus|odpowiedź automatyczna|automatikus válasz|réponse automatique"
    r"|respuesta autom[aá]tica|contestaci[oó]n autom[aá]tica|risposta automatica|resposta autom[aá]tica"
    r"|răspuns automat|otomatik (?:yanıt|cevap)|αυτόματη (?:απάντηση|απόκριση)|автоматическ\w+ ответ"
    r"|автоответ\w*|自动(?:答复|回复|回覆)|自動(?:回覆|回復|応答|返信)|자동\s?(?:회신|응답|답장)|מענה אוטומטי|رد تلقائي"
    r"|(?:your )?(?:e-?mail|message|request|inquiry|enquiry|ticket) (?:has been |was )?received"
    r"|(?:we(?:'ve| have) )?received your (?:message|e?mail|request)|thank(?:s| you) for (?:contacting"
    r"|your (?:e?mail|message|inquiry|request)|reaching|getting in touch|writing)|\[?(?:ticket|case"
    r"|request) (?:#?\S+ )?(?:created|received|opened)|eingangsbestätigung|empfangsbestätigung"
    r"|accusé de réception)",
    re.IGNORECASE,
)
_CHALLENGE: Final = re.compile(
    r"(?:please |to |you must )?(?:confirm|verify|prove) (?:that )?(?:you(?:r| are)?|this"
    r"|the) (?:\S+ ){0,4}(?:message|e-?mail|human|person|sender|address|identity|real)|(?:sender|e-?mail"
    r"|message) (?:address )?(?:verification|confirmation|authentication) (?:required|request|needed)"
    r"|waiting (?:for|on) your (?:confirmation|verification)"
    r"|\[?(?:boxbe|spam ?arrest|bluebottle|mailblocks|tmda|spamlion|qurb|uol antispam|choicemail"
    r"|earthlink)\b|challenge[ -/]response|anti-?spam (?:verification|confirmation|challenge)"
    r"|whitelist(?:ed)?|guest ?list|bestätigen sie (?:\S+ ){0,4}(?:nachricht|e-?mail|absender)"
    r"|confirmez (?:\S+ ){0,4}(?:message|envoi|expéditeur)",
    re.IGNORECASE,
)
_CHALLENGE_HEADERS: Final = ("x-boxbe-confirmation", "x-spamarrest", "x-tmda-confirm-append", "x-challenge")
_CHALLENGING_SUBJECT: Final = 200
_CHALLENGING_TEXT: Final = 1500


def answer_kind(mail: ParsedMail, envelope_sender: str | None = None) -> AutoReply:
    """Which kind of automatic answer a mail is, `""` for any other mail.

    A subject alone counts only where the mail does not answer one: a person who answers an automatic mail keeps
    its subject behind a Re.
    """
    by_header = _answers(mail)
    subject = mail.subject.strip()[:_CHALLENGING_SUBJECT]
    machine = by_header or _is_null(mail, envelope_sender)
    if (machine or any(map(mail.header, _CHALLENGE_HEADERS))) and (
        _CHALLENGE.search(subject) or _CHALLENGE.search(mail.text[:_CHALLENGING_TEXT])
    ):
        return "challenge"
    quoted = not machine and (is_reply_subject(subject) or is_forward_subject(subject))
    if not quoted and _AWAY.match(subject) and (machine or _AUTOMATIC.match(subject) or _alone(mail)):
        return "out_of_office"
    if not quoted and _AUTOMATIC.match(subject) and (machine or _alone(mail)):
        return "out_of_office" if _AWAY_TEXT.search(mail.text[:_CHALLENGING_TEXT]) else "auto_reply"
    if by_header:
        return "out_of_office" if _AWAY_TEXT.search(mail.text[:_CHALLENGING_TEXT]) else "auto_reply"
    return ""


_AWAY_TEXT: Final = re.compile(
    r"out of (?:the )?office|(?:on|from) (?:\w+ )?(?:vacation|holiday|leave)\b|away (?:from|until|on)"
    r"|urlaub|nicht im (?:büro|haus)|abwesend|en congés?|en vacances|absent|fuera de la oficina"
    r"|vacaciones|de baja|fuori (?:sede|ufficio)|in ferie|assente|de férias|ausente|fora do escritório"
    r"|afwezig|vakantie|semester|frånvar|ferie|poissa|lomalla|urlop|nieobecn|dovolen|szabadság|отпуск"
    r"|отсутств|休假|休暇|不在|휴가|부재",
    re.IGNORECASE,
)


def is_automatic(mail: ParsedMail, envelope_sender: str | None = None) -> bool:
    """Whether no person wrote this mail, by what its sender says of it. People's mail through a list is not meant.

    `envelope_sender` is `""` for the null sender `<>` and None where it is not known.
    """
    return (
        _is_null(mail, envelope_sender)
        or _answers(mail)
        or any(_ROBOTS.match(author.address) for author in mail.from_)
        or any(each.content_type in STATUS_TYPES for each in mail.attachments)
    )


def says_automatic(mail: ParsedMail) -> bool:
    """Whether its Auto-Submitted field says that a machine sent it (RFC 3834 section 5)."""
    said = re.split(r"[;(\s]", mail.auto_submitted.strip(), maxsplit=1)[0]
    return bool(said) and said != "no"


def _answers(mail: ParsedMail) -> bool:
    """Whether a field of its header says that a machine answers."""
    if mail.auto_submitted.startswith(("auto-replied", "auto-reply")) or mail.precedence in {
        "auto_reply",
        "auto-reply",
    }:
        return True
    names = {name.lower(): value.strip().lower() for name, value in mail.headers}
    if any(names.get(one, "no") not in {"no", ""} for one in _ANSWERING_HEADERS):
        return True
    return (
        "rules agent" in names.get("x-ms-exchange-generated-message-source", "")
        or names.get("x-autogenerated", "") == "reply"
        or "autoresponder" in names.get("delivered-to", "")
        or "autorespon" in names.get("x-mailer", "")
        or "vacation" in names.get("x-mailer", "")
        or "autoreply" in names.get("x-pm-message-type", "")
    )


def _is_null(mail: ParsedMail, envelope_sender: str | None) -> bool:
    known = mail.return_path if envelope_sender is None else envelope_sender
    return known == "" or says_automatic(mail)


def _alone(mail: ParsedMail) -> bool:
    """Whether the subject is the machine's own rather than a person's who writes about being away: it stands in
    front of the subject that is answered, as in `Automatic reply: Invoice 12`, or the mail names what it answers."""
    if mail.in_reply_to or mail.references:
        return True
    subject = mail.subject.strip()
    found = _AUTOMATIC.match(subject)
    return found is not None and subject[found.end() :].lstrip()[:1] in {":", "\uff1a", "]"}
