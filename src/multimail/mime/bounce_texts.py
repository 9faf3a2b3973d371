"""What mail servers say when they return mail: phrases and RFC 3463 codes, each with the reason they stand for.

Tables and look-ups only. What a reason means for an address (hard or soft) is decided here and nowhere else.
"""

from __future__ import annotations

import re
from typing import Final, Literal

Kind = Literal["hard", "soft", "not_a_bounce"]

REASONS: Final[dict[str, tuple[Kind, str]]] = {
    "no_such_user": ("hard", "The address has no mailbox."),
    "no_such_domain": ("hard", "The domain is not there or takes no mail."),
    "mailbox_disabled": ("hard", "The mailbox is closed."),
    "bad_address": ("hard", "The address cannot be one."),
    "moved": ("hard", "The recipient has another address."),
    "undeliverable": ("hard", "The mail was refused for good and nobody says why."),
    "mailbox_full": ("soft", "The mailbox has no room."),
    "too_large": ("soft", "The mail is larger than what is taken."),
    "spam_block": ("soft", "The mail or its sender was taken for spam."),
    "content": ("soft", "Something in the mail is not taken: a virus, a kind of file, a form."),
    "policy": ("soft", "A rule of the other side forbids it."),
    "greylisted": ("soft", "A first attempt is always put off there."),
    "rate_limited": ("soft", "Too much mail in a short time."),
    "unreachable": ("soft", "The other side could not be reached."),
    "system": ("soft", "The other side is out of order."),
    "loop": ("soft", "The mail went in circles."),
    "expired": ("soft", "It was tried for days."),
    "delayed": ("soft", "It is still being tried."),
    "temporary": ("soft", "It failed for the time being and nobody says why."),
    "delivered": ("not_a_bounce", "A report that the mail arrived or was passed on."),
    "read_receipt": ("not_a_bounce", "A report about reading (RFC 8098)."),
    "complaint": ("not_a_bounce", "A recipient called the mail spam (RFC 5965)."),
    "out_of_office": ("not_a_bounce", "The recipient is away."),
    "auto_reply": ("not_a_bounce", "A machine answers for the recipient."),
    "challenge": ("not_a_bounce", "The sender is asked to prove something first."),
    "calendar": ("not_a_bounce", "An answer to an invitation."),
    "report": ("not_a_bounce", "A machine's report that returns no mail."),
    "mail": ("not_a_bounce", "Mail like any other."),
}
"""Every reason code, whether it is held against the address for good, for a time or not at all, and its meaning."""

STATUS: Final = re.compile(r"(?<![\d.])([245])\.([0-7])\.(\d{1,3})(?!\.?\d)")
"""An enhanced status code (RFC 3463), but no version and no part of an IP address."""
REPLY: Final = re.compile(
    r"(?<![\w.:/+-])(4[2357]\d|5[0-7]\d)(?=$|[\s:,;<)\]]|-[\s\w])(?![ \t]*(?:bytes|kb|mb|msgs?|messages|x)\b)", re.IGNORECASE
)
"""An SMTP reply code of a refusal."""

ADDRESS: Final = re.compile(r"[^\s<>\"'()\[\],;:=|@]{1,100}@[\w.-]{1,255}")
"""An address within text; what stands in it is a name and says nothing."""

_WHOM: Final = (
    r"(?:user|recipient|mail-?box|account|address(?:ee)?|e-?mail(?: address| account)?|alias|person|rcpt|name|student|member"
    r"|customer|login|inbox|list|group|email address)"
)
_GONE: Final = (
    r"(?:does(?:n'?t| not) (?:(?:currently |appear to |seem to )?exist|have an? [^\n]{0,40}(?:account|mailbox))|do(?:n'?t| not) exist"
    r"|(?:was |is |were |could |can )?not (?:be )?(?:found|known|recogni[sz]ed|listed|registered|valid|located)"
    r"|cannot be found|couldn'?t be found|wasn'?t found|isn'?t (?:known|valid)|unknown|is invalid|non-?existent|no longer exists?"
    r"|not in (?:our|the) (?:database|directory)|looks? up failed|lookup failure|is not a (?:known|valid) (?:user|address))"
)

_PHRASES: Final[tuple[tuple[str, str], ...]] = (
    (
        "mailbox_full",
        r"(?:mail-?box|inbox|quota|account|storage|folder|maildir|postfach)[:'\"]? (?:\S+ ){0,4}?"
        r"(?:is |are |was |has been |ist |)(?:already |currently |almost |)(?:full|over ?quota|exceeded|voll|überfüllt)"
        r"|over(?:drawn|\s?the)?[\s_-]?(?:his |her |their |its |the |allotted |disk |mailbox |storage |allowed )*quota"
        r"|(?:exceed(?:s|ed|ing)?|beyond) (?:\w+ ){0,4}(?:quota|storage)|quota[\s_-]?(?:exceeded|full|violation|usage)|overquota"
        r"|mailbox\W(?:\w+\W){0,4}(?:exceeds|exceeded) (?:\w+ ){0,3}(?:limit|size|space)|insufficient (?:disk )?(?:quota|mailbox)"
        r"|(?:no|not enough|insufficient|out of) (?:\w+ ){0,2}(?:space|storage)(?: left)?(?: (?:in|for|on) (?:\w+ ){0,2}(?:mailbox|user|account|recipient))?"
        r"|mailfolder is full|disk quota|too many messages (?:in|on) (?:the |this )?(?:mailbox|maildrop|inbox)|full mailbox|QuotaExceeded"
        r"|boîte (?:\S+ ){0,5}(?:est )?pleine|quota (?:\S+ ){0,4}(?:dépassé|atteint|superad[oa]|excedid[oa]|überschritten)|dépassé son quota"
        r"|buz[oó]n (?:\S+ ){0,6}llen[oa]|casella (?:\S+ ){0,6}piena|caixa (?:\S+ ){0,6}(?:cheia|lotada)|(?:mailbox|postvak) (?:\S+ ){0,4}vol\b"
        r"|(?:postfach|speicherplatz)\S* (?:\S+ ){0,4}(?:voll|überfüllt|erschöpft|überschritten|aufgebraucht)|superad[oa] (?:\S+ ){0,3}cuota"
        r"|ящик\S* (?:\S+ ){0,4}(?:переполнен|полон|заполнен)|переполнен\S* (?:\S+ )?ящик|превышен\S* (?:\S+ ){0,3}(?:квот|лимит|размер почтового)\S*"
        r"|skrzynka (?:\S+ ){0,4}(?:pełna|przepełniona)|schránka (?:\S+ ){0,4}plná|posta kutusu (?:\S+ ){0,3}dolu|(?:brevlåda|postlåda|inkorg)\S* (?:\S+ ){0,2}full"
        r"|邮箱(?:空间)?(?:已满|不足|容量)|信箱(?:空間)?已滿|容量(?:を超|が不足|超過)|メールボックスが(?:一杯|いっぱい|満杯)|메일함(?:이|의)? ?(?:가득|용량)",
    ),
    (
        "rate_limited",
        r"(?:receiving|received) (?:mail|messages?|email) (?:at a rate|too quickly)|too many (?:\w+ ){0,2}(?:connections|recipients"
        r"|messages|emails|mails|sessions)(?! (?:in|on) (?:the |this )?(?:mailbox|inbox))|rate[\s-]?limit|throttl|sending (?:rate|limit)|exceeded (?:the )?"
        r"(?:\w+ ){0,3}(?:messages|emails|connections|sending|hourly|daily|rate)|unusual rate|try again (?:later )?.{0,30}slow(?:er)? down",
    ),
    (
        "greylisted",
        r"gr[ea]y-?list|temporarily deferred due to|please (?:re)?try (?:again )?(?:in|after) \d+ ?(?:sec|min)|come back later|postgrey",
    ),
    (
        "too_large",
        r"(?:message|mail|e-?mail|size|attachments?|content|data)[:']? (?:\S+ ){0,5}?(?:is |are |was )?(?:too (?:big|large|long)|exceeds?"
        r" (?:\S+ ){0,5}(?:size|limit|maximum))|exceed(?:s|ed)? (?:\w+ ){0,4}(?:message|mail|maximum|max|fixed)[\w\s]{0,20}(?:size|length)|message size (?:exceed|limit)"
        r"|larger than (?:the )?(?:\w+ ){0,4}(?:limit|size|allowed|permitted)|too (?:big|large) (?:for|to)|SendSizeLimit|RecipSizeLimit"
        r"|nachricht (?:\S+ ){0,4}zu groß|message (?:\S+ ){0,3}trop (?:volumineux|grand|gros)|mensaje (?:\S+ ){0,4}demasiado grande"
        r"|messaggio (?:\S+ ){0,4}troppo grande|mensagem (?:\S+ ){0,4}muito grande|письмо (?:\S+ ){0,3}слишком большо",
    ),
    (
        "loop",
        r"too many hops|hop ?count (?:was )?exceed|mail (?:forwarding )?loop|loops? back to (?:my|it)self|routing loop|loop(?:ing)? (?:was )?detected"
        r"|(?:contains?|with) (?:\w+ ){0,3}received:? (?:headers|lines)|mail for \S+ loops back|already (?:been )?delivered-to|Hop count exceeded",
    ),
    (
        "no_such_domain",
        r"(?:host|domain)(?: or domain)? (?:name )?(?:not found|lookup failed|does(?:n'?t| not) exist|unknown)|unknown (?:mail )?(?:host|domain)"
        r"|(?:can'?t|cannot|couldn'?t|could not|unable to) (?:find|resolve|locate) (?:\w+ ){0,4}(?:host|domain|mail server|mx|name)(?! server (?:is )?busy)"
        r"|no such (?:domain|host)|domain (?:\S+ )?(?:name )?(?:is )?(?:does(?:n'?t| not) exist|not found|not exist|invalid|couldn'?t be found|has no mx)|NXDOMAIN|ENOTFOUND|null ?mx"
        r"|(?:does not|doesn'?t) accept (?:any )?(?:mail|e-?mail)(?: \(nullMX\))|no mail (?:server|exchanger|host)s? (?:for|found)|name or service not known"
        r"|unrouteable mail domain|unroutable mail domain|all relevant MX records point to non-?existent|(?:recipient )?domain (?:\S+ ){0,3}not (?:exist|found|hosted)"
        r"|(?:die )?domain(?:ain)? (?:\S+ ){0,4}(?:existiert nicht|nicht gefunden|konnte nicht gefunden)|domaine (?:\S+ ){0,4}(?:n'existe pas|introuvable|inconnu)"
        r"|dominio (?:\S+ ){0,4}(?:no existe|inexistente|non esiste|no (?:se )?(?:ha )?(?:encontr))|domínio (?:\S+ ){0,4}(?:não existe|inexistente)"
        r"|домен\S* (?:\S+ ){0,4}не (?:существует|найден)|域名(?:不存在|无法|錯誤)|ドメイン(?:\S*)(?:存在し|見つか)",
    ),
    (
        "mailbox_disabled",
        rf"{_WHOM}(?: \S+){{0,4}}? (?:is|has been|was|are)?\s?(?:currently |temporarily |permanently |been |now |)(?:disabled|inactive|deactivated|suspended"
        r"|closed|terminated|discontinued|blocked for inactivity|locked|expired|cancelled|canceled|deleted|retired|dormant|not active|no longer (?:active"
        r"|available|valid|in use|accept\w*|monitored and))|(?:disabled|inactive|deactivated|suspended|closed|terminated) (?:user|mailbox|account|recipient|address)"
        r"|no longer (?:works? (?:here|at|for)|with (?:the|this|us)|on server|employed|active|in service|accept(?:s|ing) (?:mail|e-?mail|messages))|not (?:been )?(?:logged in|active) for"
        r"|account (?:\S+ ){0,3}(?:gesperrt|deaktiviert|geschlossen|désactivé|fermé|desactivada|bloqueada|disattivat[oa]|sospes[oa])|compte (?:\S+ ){0,4}(?:désactivé|fermé|suspendu|clôturé)"
        r"|cuenta (?:\S+ ){0,4}(?:desactivad|deshabilitad|suspendid|cancelad)|conta (?:\S+ ){0,4}(?:desativad|inativ|suspens)|casella (?:\S+ ){0,4}(?:disattivat|disabilitat|sospes|chius)"
        r"|konto (?:\S+ ){0,4}(?:zablokowan|nieaktywn|gesperrt|deaktiviert)|ящик\S* (?:\S+ ){0,4}(?:заблокирован|отключ|удал)|(?:邮箱|帐号|账号|用户)(?:\S{0,6})(?:停用|禁用|冻结|注销)",
    ),
    (
        "no_such_user",
        rf"(?:no|unknown|invalid|bad|non-?existent|unrecogni[sz]ed|illegal|wrong|not a (?:valid|known)) (?:such )?(?:local |e-?mail |final |destination |mail )?{_WHOM}\b(?! (?:database|server|service|list lookup))"
        rf"|{_WHOM}\b[^\n.]{{0,80}}?\s{_GONE}|no such (?:user|person|recipient|mailbox|address|account|local user|name|object|alias|id|email)"
        rf"|(?:user|address|recipient|mailbox|account|email|rcpt)[-_ ]?(?:unknown|not[-_ ]?found|does not exist|doesnt exist|rejected: (?:undeliverable|unknown|user))"
        r"|there is no (?:one|user|mailbox|account|such|recipient|email)|no (?:mailbox|account|user|one|recipient|valid recipients?)\b[^\n.]{0,20} (?:here|by that name|with that|found|named|of that name)"
        r"|(?:no|any) mailbox (?:here )?by that name|unrouteable address|unroutable address|unknown or illegal alias|not (?:a |our )(?:valid )?(?:customer|mailbox|local (?:user|address))"
        r"|not listed in|(?:could|can)(?: ?not|n'?t) (?:find|locate) (?:\w+ ){0,3}(?:user|mailbox|recipient|account|address)|RecipientNotFound|RecipNotFound|OrgNotFound|NoSuchUser"
        r"|requested action not taken: mailbox unavailable|mailbox unavailable|mailbox not available|isn'?t (?:a valid|one of our)|doesn'?t have an? \S+ (?:account|mailbox)"
        r"|user (?:account )?(?:is )?unavailable|delivery to (?:the|this) (?:recipient|address) (?:is )?not possible|unknown in (?:local|virtual|relay) (?:recipient|alias|mailbox|user)\w* table"
        r"|undeliverable address|verification failed for <|all recipients (?:are |were )?(?:invalid|rejected)|wasn'?t found at|(?:the )?group you tried to contact|misspelled"
        r"|(?:adressat|empfänger\S*|benutzer\S*|adresse|postfach|mailadresse)\b[^\n.]{0,60}(?:unbekannt|existiert nicht|nicht gefunden|nicht bekannt|nicht vorhanden|ungültig)|unbekannter (?:empfänger|benutzer)|kein(?:en)? (?:benutzer|postfach|empfänger)"
        r"|(?:destinataire|utilisateur|adresse|boîte|compte)\b[^\n.]{0,60}(?:inconnue?|n'existe p(?:as|lus)|introuvable|non valide|invalide|n'a pas été trouvée?)"
        r"|(?:usuario|destinatario|direcci[oó]n|buz[oó]n|cuenta|casilla)\b[^\n.]{0,60}(?:desconocid[oa]|no existe|inexistente|no (?:es )?v[aá]lid[oa]|no (?:se )?(?:ha )?(?:podido )?(?:sido )?encontr\w+)"
        r"|(?:utente|destinatario|indirizzo|casella)\b[^\n.]{0,60}(?:sconosciut[oa]|non esiste|inesistente|non (?:è )?(?:stat[oa] )?(?:trovat[oa]|valid[oa]))"
        r"|(?:usuário|destinatário|endereço|caixa)\b[^\n.]{0,60}(?:desconhecid[oa]|não existe|inexistente|não (?:foi )?(?:encontrad[oa]|localizad[oa])|inválid[oa])"
        r"|(?:gebruiker|ontvanger|adres|mailbox|postbus)\b[^\n.]{0,60}(?:onbekend|bestaat niet|niet gevonden|ongeldig)|onbekende (?:gebruiker|ontvanger)"
        r"|(?:användare\w*|mottagare\w*|adress\w*|bruger\w*|modtager\w*|bruker\w*|mottaker\w*)\b[^\n.]{0,50}(?:okänd|finns inte|hittades inte|ukendt|findes ikke|ukjent|finnes ikke|eksisterer ikke)"
        r"|(?:użytkownik|odbiorc[ay]|adres\w*|skrzynk[ai]|konto)\b[^\n.]{0,60}(?:nieznany|nie istnieje|nie znaleziono|nieprawidłowy)|(?:uživatel|příjemce|adresa|schránka)\b[^\n.]{0,50}(?:neexistuje|nebyl[ao]? nalezen|neznám)"
        r"|(?:пользовател\w*|получател\w*|адрес\w*|ящик\w*)[^\n.]{0,60}(?:не существует|не найден|неизвест|не зарегистрирован)|нет такого (?:пользователя|адреса|ящика)|несуществующ\w+ (?:адрес|ящик|пользовател)"
        r"|(?:kullanıcı|alıcı|adres|hesap)\w*\b[^\n.]{0,40}(?:bulunamadı|mevcut değil|bilinmiyor|geçersiz)|käyttäjää ei|vastaanottajaa ei|tuntematon (?:käyttäjä|vastaanottaja)"
        r"|(?:收件人|用户|用戶|邮箱|郵箱|地址|帐号|账号|信箱|使用者|邮件地址|收信人)\S{0,24}(?:不存在|未找到|找不到|无效|無效|不可用|错误)|查无此人|不存在(?:的|该)(?:用户|邮箱)"
        r"|(?:宛先|ユーザー?|アドレス|受信者|メールボックス)\S{0,24}(?:見つか|存在し|不明|ありません)|(?:사용자|수신자|주소|받는 사람|메일 ?주소|계정)\S{0,4}[^\n]{0,20}(?:없습니다|존재하지|찾을 수 없|알 수 없)",
    ),
    (
        "moved",
        r"has moved (?:to|,)|new (?:e-?mail )?address (?:is|for)|user (?:not local|has moved)|address (?:has )?changed",
    ),
    (
        "policy",
        r"unauthenticated|\bSPF\b|\bDKIM\b|\bDMARC\b|sender not authenticated",
    ),
    (
        "spam_block",
        r"\bspam|\bjunk\b|black-?list|block-?list|deny-?list|\b(?:rbl|dnsbl|sbl|xbl|pbl)\b|spamhaus|spamcop|barracudacentral|uribl|surbl|sorbs|cloudmark|senderscore"
        r"|poor reputation|(?:low|bad) reputation|reputation|unsolicited|bulk mail|\bUBE\b|\bUCE\b|listed (?:at|in|on|by)\b|phish"
        r"|blocked (?:using|by|due|because)|has been blocked|block(?:ed)? list|banned sending|not accepted from (?:this|your)|nicht akzeptiert|S3140|S3150|AS\(\d+\)",
    ),
    (
        "content",
        r"virus|malware|infected|trojan|(?:attachment|file|content)s?(?: \S+){0,4} (?:not (?:allowed|permitted|accepted)|rejected|blocked|prohibited|forbidden|banned)|banned (?:content|file|attachment)"
        r"|(?:blocked|prohibited|forbidden|illegal|dangerous|executable) (?:attachment|file|content)|content (?:rejected|filter|restriction)|message content|malformed|bare (?:lf|cr)|illegal header"
        r"|line too long|(?:message|mail) rejected due to content|8bit",
    ),
    (
        "policy",
        r"polic(?:y|ies)|relay(?:ing)? (?:access )?(?:denied|not (?:permitted|allowed)|is not)|relaying|unable to relay|not (?:permitted|allowed|authori[sz]ed) to (?:send|relay|post|submit|deliver)|unauthenticated|authenticat|not authorized|unauthori[sz]ed"
        r"|\bSPF\b|\bDKIM\b|\bDMARC\b|access denied|administrative(?:ly)? prohibit|prohibited|permission|not accept(?:ed|ing)? (?:mail )?from|sender (?:address )?(?:rejected|verify|verification|denied|not|is)|(?:only|restricted to) (?:members|internal)"
        r"|reverse (?:dns|mapping|lookup)|(?:no|missing|invalid) (?:ptr|rdns|reverse)|helo|TLS (?:is )?required|STARTTLS|(?:moderat|member)|rejected by (?:the )?(?:recipient|user|rule|administrator|your)|refused by|delivery not authorized|message refused|blocked",
    ),
    (
        "unreachable",
        r"connection (?:timed out|refused|reset|lost|dropped|failed|was dropped|timeout|closed)|lost connection|no route to host|network (?:is )?unreachable|(?:host|server|mx|site)(?: \S+){0,3} (?:is |did |was )?(?:unreachable|down|not respond\w*|not available|unavailable)"
        r"|(?:not|n't) respond(?:ing)?|time(?:d)?[- ]?out|(?:could|can)(?: ?not|n'?t|) (?:connect|be reached|reach|establish|contact)|(?:establish|open) (?:an |a )?(?:smtp )?(?:connection|conversation)|no answer from|name ?server|dns (?:error|failure|query|lookup)|temporary (?:lookup|dns|failure in name)"
        r"|host name lookup failure|Zeitüberschreitung|nicht erreichbar|injoignable|no (?:se )?(?:ha )?(?:podido|pudo) (?:conectar|contactar)|impossibile (?:conn|contatt)|не отвечает|невозможно (?:соединиться|подключиться)",
    ),
    (
        "expired",
        r"(?:message|mail|delivery|queue|time|it)?[\s-]?(?:has )?expired|in (?:the )?queue (?:too long|for)|retry time(?:out)? (?:not reached|exceeded)|(?:retry|delivery) time(?:out)? exceeded|(?:maximum|max) (?:time|age|retries)|giving up|given up after|gave up"
        r"|delivery time|too old|could not be delivered (?:for|within|in)|unable to deliver (?:it |this message )?(?:for|within|after)|(?:tried|trying) (?:\w+ ){0,4}(?:for|to deliver it for) (?:\S+ ){1,3}(?:days|hours)",
    ),
    (
        "system",
        r"(?:system|server|local|internal|configuration|disk|storage|database|lookup|i/o|processing|mail) (?:configuration |server |delivery |processing |storage |i/o )?(?:error|failure|problem|fault|overload|maintenance|busy)|resources? (?:temporarily )?(?:unavailable|exhausted)|insufficient (?:system|resources)"
        r"|service (?:currently |temporarily )?(?:un|not )available|too busy|out of memory|cannot (?:open|create|write|update|append)|can'?t create|under maintenance|not accepting (?:network )?messages|temporar(?:y|ily)",
    ),
)
"""Ordered from what is plainest to what is said about almost anything: the first that is found counts."""

PHRASES: Final = tuple((code, re.compile(pattern, re.IGNORECASE)) for code, pattern in _PHRASES)

_CODES: Final = {
    "1.0": "no_such_user", "1.1": "no_such_user", "1.2": "no_such_domain", "1.3": "bad_address", "1.4": "bad_address",
    "1.5": "delivered", "1.6": "moved", "1.7": "policy", "1.8": "policy", "1.9": "policy", "1.10": "no_such_domain",
    "2.0": "undeliverable", "2.1": "mailbox_disabled", "2.2": "mailbox_full", "2.3": "too_large", "2.4": "system",
    "3.0": "system", "3.1": "mailbox_full", "3.2": "system", "3.3": "content", "3.4": "too_large", "3.5": "system",
    "4.1": "unreachable", "4.2": "unreachable", "4.3": "unreachable", "4.4": "no_such_domain", "4.5": "rate_limited",
    "4.6": "loop", "4.7": "expired", "4.14": "loop", "4.300": "expired", "4.310": "no_such_domain", "4.312": "unreachable",
    "4.316": "unreachable", "4.317": "unreachable",
}  # fmt: skip
_SUBJECTS: Final = {"1": "no_such_user", "3": "system", "4": "unreachable", "5": "undeliverable", "6": "content", "7": "policy"}
WEAK: Final = frozenset({"undeliverable", "policy", "system", "temporary", "unreachable", "expired", "content"})
"""Reasons that other words beside them may be more precise than."""
LONGEST: Final = 4_000


def kind_of(reason: str) -> Kind:
    """What a reason code means for the address."""
    return REASONS[reason][0]


def by_phrase(text: str) -> str:
    """The reason that the words give, `""` when they give none. Reads the first 4,000 characters."""
    said = " ".join(ADDRESS.sub("@", text[:LONGEST].replace("\u2019", "'")).split())
    return next((code for code, pattern in PHRASES if pattern.search(said)), "")


def by_status(status: str) -> str:
    """The reason that an enhanced status code gives, `""` for one that says nothing (`x.0.0`, none at all)."""
    match = STATUS.fullmatch(status)
    if match is None:
        return ""
    subject, detail = match[2], str(int(match[3]))
    return _CODES.get(f"{subject}.{detail}") or _SUBJECTS.get(subject, "")


_GATEWAY: Final = re.compile(r"\b5\.1\.0 - Unknown address error\b", re.IGNORECASE)
"""How one maker's gateways begin, whatever the other side said."""


def reason_of(action: str, status: str, diagnostic: str, remarks: str = "") -> str:
    """The reason code for one recipient. What the refusing server said counts more than the status the reporting
    server made of it, and both more than the words written for people (`remarks`)."""
    if action in {"delivered", "relayed", "expanded"}:
        return "delivered"
    if _GATEWAY.search(diagnostic):
        diagnostic, status = _GATEWAY.sub("", diagnostic), "" if status.startswith("5") else status
    phrase = by_phrase(diagnostic)
    said = STATUS.search(diagnostic)
    code = said.group() if said else status
    if action == "delayed" or _is_temporary(said.group() if said else "", status, diagnostic):
        return _soft(action, code, phrase or by_phrase(remarks))
    return _final(code, phrase, remarks)


def _is_temporary(said: str, status: str, diagnostic: str) -> bool:
    reply = REPLY.search(diagnostic[:200])
    if reply and reply[1].startswith("4"):
        return True
    if said or reply:
        return said.startswith("4")
    return status.startswith("4")


def _soft(action: str, code: str, phrase: str) -> str:
    for reason in (phrase, by_status(code)):
        if reason and kind_of(reason) == "soft":
            return reason
    return "delayed" if action == "delayed" else "temporary"


def _final(code: str, phrase: str, remarks: str) -> str:
    if phrase and phrase not in WEAK:
        return phrase
    coded = by_status(code)
    if coded and coded not in WEAK:
        return coded
    if code == "5.4.1" and phrase == "policy":
        return "no_such_user"  # Microsoft's edge denies access to whom the directory does not list
    told = by_phrase(remarks)
    if told and told not in WEAK and (not phrase or kind_of(told) != kind_of(phrase)):
        return told
    return phrase or coded or told or "undeliverable"
