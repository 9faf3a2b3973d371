"""How people ask to receive no more, in languages other than English: words that stand alone, and how such sentences
begin. Total.
"""

from __future__ import annotations

import re
from typing import Final

from multimail.core.patterns import late
from multimail.mime.openings import opening, openings

_GREETING: Final = (
    r"(?:(?:bonjour|salut|hola|buenos d[ií]as|ciao|buongiorno|salve|guten (?:tag|morgen|abend)|hallo|moin"
    r"|gr[üu][ßs]+ gott|sehr geehrte[rs]?|liebe[rs]?|hej|hei|ol[áa]|bom dia|dzień dobry|szanowni|witam"
    r"|здравствуйте|добрый день|merhaba|dobrý den|geachte|beste|goedendag"
    r"|estimad[oa]s?)\b[^,.!?]{0,40}[,.!]\s*)?"
)
_PLEASE: Final = (
    r"(?:(?:bitte|s'il vous pla[iî]t|s'il te pla[iî]t|svp|stp|merci de|veuillez|por favor|per favore"
    r"|per piacere|prego|graag|a\.?u\.?b\.?|alstublieft|gelieve|proszę(?: o)?|vänligen|snälla|vennligst"
    r"|venligst|пожалуйста|прошу(?: вас)?|lütfen|kérem|prosím|vă rog|παρακαλώ)[\s,:]+)*"
)
_THANKS: Final = (
    r"(?:[\s,.!]+(?:bitte|danke|merci|svp|s'il vous pla[iî]t|gracias|por favor|grazie|per favore|obrigad[oa]"
    r"|bedankt|graag|dank u|dziękuję|tack|takk|tak|спасибо|пожалуйста|teşekkürler|köszönöm|děkuji))*[\s.!,]*"
)
_ALONE: Final = (
    # German, French, Spanish
    r"(?:mich |vom newsletter |newsletter )?(?:abmelden|abbestellen|austragen)|abmeldung|abbestellung"
    r"|keine (?:weiteren )?(?:e-?mails?|newsletter|werbung)(?: mehr)?|(?:me |se |nous )?(?:désinscrire"
    r"|désabonner|desinscrire|desabonner)|d[ée]sinscription|d[ée]sabonnement|baja|(?:dar(?:me|nos)? |la "
    r"|solicito (?:la )?)(?:de )?baja|(?:cancelar|anular) (?:la |mi )?suscripción|desuscribir(?:me|se)?"
    r"|no m[áa]s (?:correos|e-?mails|mensajes)"
    # Italian, Dutch, Portuguese
    r"|disiscri(?:vimi|vetemi|zione)|cancella(?:mi|temi|zione)|(?:annulla|cancella)(?:re)? (?:l')?iscrizione"
    r"|uitschrijven|afmelden|geen (?:e-?)?mails? meer|descadastrar(?:-me)?|descadastro|(?:cancelar"
    r"|anular) (?:a |minha )*(?:inscrição|assinatura|subscrição)|sair da lista"
    # Polish, Czech, Hungarian, Romanian
    r"|wypisz(?: mnie)?|wypisać(?: się)?|rezygnuję|odhlásit(?: se| odběr)*|leiratkoz(?:ás|om)|dezabonare"
    r"|dezabonați-mă"
    # Swedish, Norwegian, Danish, Finnish
    r"|av(?:registrera|prenumerera|beställ)(?: mig)?|avsluta prenumeration(?:en)?|avmeld(?:ing)?|afmeld(?:ing)?"
    r"|frameld|avslutt abonnement(?:et)?|peru(?:uta)? tilaus|poista minut"
    # Russian, Ukrainian, Greek, Turkish, Arabic, Hebrew, Hindi
    r"|отпис(?:аться|ка|ать|аться от рассылки)|відписатися|απεγγραφή|διαγραφή|(?:abonelikten"
    r"|listeden) çık(?:ar(?:ın)?|mak)?|إلغاء الاشتراك|إلغاء|הסר(?:ה|ו אותי)?|सदस्यता समाप्त(?: करें)?"  # noqa: RUF001 - another alphabet
)
_MAIL_DE: Final = r"(?:e-?mails?|newsletter|post|werbung|nachrichten)\b"
_MAIL_NORDIC: Final = r"(?:e-?post|e-?mail|mejl|mail|nyhetsbrev|nyhedsbrev|utskick|reklam)"
_ASKS: Final = (
    # German
    r"(?:nehmen|streichen|löschen|entfernen) sie (?:mich|uns|meine \S+|diese \S+)\b"
    r"|nehmt mich (?:bitte )?(?:aus|von)\b|hören sie auf,? (?:mir|uns)\b"
    r"|(?:melden|tragen) sie (?:mich|uns)\b.{0,60}\b(?:ab|aus)\b"
    rf"|schicken sie (?:mir|uns) (?:bitte )?keine (?:\S+ ){{0,3}}{_MAIL_DE}"
    r"|ich (?:möchte|will) (?:mich|uns)\b.{0,60}\b(?:abmelden|austragen)"
    r"|ich (?:möchte|will)\b.{0,30}\bnewsletter\b.{0,20}\babbestellen"
    rf"|ich (?:möchte|will|wünsche) (?:bitte |künftig |in zukunft |ab sofort )*keine (?:\S+ ){{0,3}}{_MAIL_DE}"
    # French
    r"|(?:désinscri(?:vez|s)|désabonne[zr]?|retire[zr]?|supprime[zr]?|enleve[zr]?|enlève)-moi\b"
    r"|(?:me|nous) (?:désinscrire|désabonner|retirer|supprimer|rayer) (?:de|du)\b"
    r"|(?:je|nous) (?:souhaite|veux|voudrais|désire|souhaitons|voulons)\S* (?:(?:me|nous) (?:désinscrire|désabonner)"
    r"|ne plus recevoir)|(?:ne )?m'(?:envoyez|écrivez) plus\b|arrêtez de m'(?:écrire|envoyer)\b"
    # Spanish
    r"|(?:de?n?me|dadme|dénme) de baja\b|(?:elim[ií]n|qu[ií]t|b[óo]rr)(?:en|a)me de\b"
    r"|(?:quiero|quisiera|deseo|solicito|necesito) (?:que me den de baja|darme de baja|cancelar (?:la|mi) suscripción"
    r"|(?:dejar de|no) recibir)|no (?:me )?(?:env[ií]en|env[ií]es|manden|escriban|quiero recibir) más"
    # Italian
    r"|(?:vorrei|voglio|desidero) (?:cancellarmi|disiscrivermi|annullare l'iscrizione|non ricevere più"
    r"|essere (?:rimoss|cancellat)[oa])|(?:rimuovetemi|rimuovimi|toglietemi|toglimi)\b"
    r"|non (?:inviatemi|mandatemi|scrivetemi|mi scrivete|inviarmi) più"
    # Dutch
    r"|(?:meld|schrijf) (?:mij|me|ons)\b.{0,40}\b(?:af|uit)\b|(?:haal|verwijder) (?:mij|me|ons) (?:van|uit)\b"
    r"|ik wil\b.{0,60}\b(?:uitschrijven|afmelden|geen\b.{0,20}\b(?:e-?mails?|nieuwsbrie\S+|post)\b)"
    r"|stuur (?:mij|me) geen\b"
    # Portuguese
    r"|(?:me )?remov(?:am?|er?)(?:-me)? d[ao]\b|não (?:quero|desejo)(?: mais)? receber|(?:quero|gostaria de|desejo)"
    r" (?:cancelar (?:a |minha )*(?:inscrição|assinatura|subscrição)|sair da lista|(?:me )?descadastrar"
    r"|deixar de receber|não receber)|não (?:me )?envi(?:e|em)(?:-me)? mais"
    # Polish, Czech, Hungarian
    r"|(?:wypisanie|usunięcie|wypisać|usunąć) mnie\b|usuń(?:cie)? mnie\b"
    r"|(?:nie chcę|rezygnuję z)\b.{0,40}(?:newslettera|maili|wiadomości|subskrypcji)"
    r"|odhlaste mě\b|nechci (?:už )?dostávat\b|nem (?:kérek|szeretnék)\b.{0,40}(?:e-?mailt|hírlevelet|levelet)"
    # Swedish, Norwegian, Danish, Finnish
    r"|ta bort mig\b|sluta (?:skicka|mejla|maila)\b|jag vill (?:avregistrera|avprenumerera)"
    rf"|jag vill inte\b.{{0,40}}{_MAIL_NORDIC}|jeg (?:ønsker|vil) ikke\b.{{0,40}}{_MAIL_NORDIC}"
    r"|meld (?:meg|mig) (?:av|ut|af|ud|fra)\b|fjern (?:meg|mig) fra\b"
    r"|en halua enää\b.{0,40}(?:posti|viest|uutiskir)|poista minut\b"
    # Russian, Ukrainian, Turkish
    r"|отпишите (?:меня|нас)|(?:удалите|исключите|уберите) меня из|(?:я )?хочу отписаться|отписать меня"
    r"|(?:больше )?не (?:присылайте|пишите|шлите) мне|прекратите (?:присылать|рассылку)|відпишіть мене"
    r"|beni .{0,30}liste\S* çıkar"  # noqa: RUF001 - another alphabet
    # Japanese, Chinese, Korean, Arabic
    r"|(?:メール|メルマガ)?(?:の)?配信(?:を)?(?:停止|解除|中止)|(?:購読|登録)(?:を)?解除"
    r"|メールを(?:送らないで|停止)|退会|(?:请|請)?(?:退订|退訂|取消订阅|取消訂閱)"
    r"|(?:请|請)?不要再(?:给我)?(?:发|發|寄)|(?:이메일 |메일 )?수신\s?거부|구독\s?(?:취소|해지)"
    r"|(?:أرجو |الرجاء )?(?:إلغاء اشتراكي|إزالتي من)"
)

COURTESIES: Final = openings(
    "a als au aub bes bit bom bon bue buo cia dob dzi est gea gel goe gra gru gut hal hei hej hol lie mer moi"
    " ola per por pre pro s sal seh stp svp sza ven veu wit"
)
REQUESTS: Final = openings(
    "abb abm abo afm ann anu arr aus avb avm avp avr avs baj ben bor can dad dar dem den des dez dis dme dnm"
    " eli en enl ent fje fra gee gos haa ich ik jag je jeg kei la lei lis m me mel mic ne nec neh nem new nie"
    " no non nou odh per poi que qui rem ret rez rim sai sch se slu sol str stu sup ta tog tra uit usu ver vog"
    " vom vor wyp"
)
"""How all of the above begins, after greeting and plea or without them."""


def _folded(text: str) -> str:
    """In lower case, without the difference that Turkish makes between two letters i. Patterns that ignore case try all
    their hundred beginnings at every line; those that need not do so look at its first letter."""
    return text.replace("\u0130", "i").lower().replace("\u0131", "i")


def _pattern(text: str) -> re.Pattern[str]:
    return late(text.replace("\u0131", "i"))


_POLITE: Final = _pattern(_GREETING + _PLEASE)
_WHOLE: Final = _pattern(rf"(?:{_ALONE}){_THANKS}")
_BEGINNING: Final = _pattern(_ASKS)


def asks(line: str) -> bool:
    """Whether a line asks for no more mail. It comes without marks around it, with straight apostrophes."""
    line = _folded(line)
    polite = _POLITE.match(line)
    request = line[polite.end() :] if polite else line
    if opening(request) not in REQUESTS:
        return False
    return _WHOLE.fullmatch(request) is not None or _BEGINNING.match(request) is not None
