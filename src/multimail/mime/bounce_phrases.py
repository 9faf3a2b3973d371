"""What mail servers say when they return mail, in many languages: words that give a reason. Data only."""

from __future__ import annotations

import re
from typing import Final

from multimail.core.patterns import late
from multimail.mime.bounce_phrases_users import NO_SUCH_USER

ADDRESS: Final = late(r"[^\s<>\"'()\[\],;:=|@]{1,100}@[\w.-]{1,255}")
"""An address within text; what stands in it is a name and says nothing."""

_BOX: Final = r"\b(?:user|recipient|mail-?box|account|address|alias|customer|login|student|member)\b"

_PHRASES: Final[tuple[tuple[str, str], ...]] = (
    (
        "policy",
        (
            r"(?:domain of |unrout(?:e)?able |invalid |your )sender|sender (?:address|domain|e-?mail|rejected"
            r"|verif|denied)"
            r"|in reply to MAIL FROM|after MAIL FROM|your domain(?: name)? (?:could|can|does|has|is|was)\b"
        ),
    ),
    (
        "rate_limited",
        r"(?:daily|hourly|relay|sending|outgoing|outbound) (?:\w+ )?(?:quota|limit)",
    ),
    (
        "unreachable",
        (
            r"host not found,? try again|(?:malformed|unexpected) (?:\w+ ){0,2}name ?server|servfail"
            r"|temporary failure in name"
        ),
    ),
    (
        "mailbox_full",
        (
            r"(?:mail-?box|inbox|quota|account|storage|folder|maildir|postfach)[:'\"]? (?:\S+ ){0,4}?"
            r"(?:is |are |was |has been |ist |)(?:already |currently |almost |)(?:full|over ?quota|exceeded"
            r"|voll|überfüllt)"
            r"|over(?:drawn|\s?the)?[\s_-]?(?:his |her |their |its |the |allotted |disk |mailbox |storage "
            r"|allowed )*quota"
            r"|(?:exceed(?:s|ed|ing)?|beyond) (?:\w+ ){0,4}(?:quota|storage)|quota[\s_-]?(?:exceeded|full"
            r"|violation|usage)|overquota"
            r"|mailbox\W(?:\w+\W){0,4}(?:exceeds|exceeded) (?:\w+ ){0,3}(?:limit|size|space)"
            r"|insufficient (?:disk )?(?:quota|mailbox)"
            r"|(?:no|not enough|insufficient|out of) (?:\w+ ){0,2}(?:space|storage)(?: left)?(?: (?:in|for"
            r"|on) (?:\w+ ){0,2}(?:mailbox|user|account|recipient))?"
            r"|mailfolder is full|disk quota|too many messages (?:in|on) (?:the |this )?(?:mailbox|maildrop"
            r"|inbox)|full mailbox|QuotaExceeded"
            r"|boîte (?:\S+ ){0,5}(?:est )?pleine|quota (?:\S+ ){0,4}(?:dépassé|atteint|superad[oa]"
            r"|excedid[oa]|überschritten)|dépassé son quota"
            r"|buz[oó]n (?:\S+ ){0,6}llen[oa]|casella (?:\S+ ){0,6}piena|caixa (?:\S+ ){0,6}(?:cheia|lotada)"
            r"|(?:mailbox|postvak) (?:\S+ ){0,4}vol\b"
            r"|(?:postfach|speicherplatz)\S* (?:\S+ ){0,4}(?:voll|überfüllt|erschöpft|überschritten"
            r"|aufgebraucht)|superad[oa] (?:\S+ ){0,3}cuota"
            r"|ящик\S* (?:\S+ ){0,4}(?:переполнен|полон|заполнен)|переполнен\S* (?:\S+ )?ящик"
            r"|превышен\S* (?:\S+ ){0,3}(?:квот|лимит|размер почтового)\S*"
            r"|skrzynka (?:\S+ ){0,4}(?:pełna|przepełniona)|schránka (?:\S+ ){0,4}plná"
            r"|posta kutusu (?:\S+ ){0,3}dolu|(?:brevlåda|postlåda|inkorg)\S* (?:\S+ ){0,2}full"
            r"|邮箱(?:空间)?(?:已满|不足|容量)|信箱(?:空間)?已滿|容量\S{0,4}(?:超|不足|オーバー)"
            r"|メールボックスが(?:一杯|いっぱい|満杯)|메일함(?:이|의)? ?(?:가득|용량)"
        ),
    ),
    (
        "rate_limited",
        (
            r"(?:receiving|received) (?:mail|messages?|email) (?:at a rate|too quickly)"
            r"|too many (?:\w+ ){0,2}(?:connections|recipients"
            r"|messages|emails|mails|sessions)(?! (?:in|on) (?:the |this )?(?:mailbox|inbox))|rate[\s-]?limit"
            r"|throttl|sending (?:rate|limit)|exceeded (?:the )?"
            r"(?:\w+ ){0,3}(?:messages|emails|connections|sending|hourly|daily|rate)|unusual rate"
            r"|try again (?:later )?.{0,30}slow(?:er)? down"
        ),
    ),
    (
        "greylisted",
        (
            r"gr[ea]y-?list|temporarily deferred due to|please (?:re)?try (?:again )?(?:in|after) \d+ ?(?:sec"
            r"|min)|come back later|postgrey"
        ),
    ),
    (
        "too_large",
        (
            r"(?:message|mail|e-?mail|size|attachments?|content|data)[:']? (?:\S+ ){0,5}?(?:is |are "
            r"|was )?(?:too (?:big|large|long)|exceeds?"
            r" (?:\S+ ){0,5}(?:size|limit|maximum))|exceed(?:s|ed)? (?:\w+ ){0,4}(?:message|mail|maximum|max"
            r"|fixed)[\w\s]{0,20}(?:size|length)|message size (?:exceed|limit)"
            r"|(?:size|line)[- ]limits? (?:\w+ )?exceeded|larger than (?:the )?(?:\w+ ){0,4}(?:limit|size"
            r"|allowed|permitted)|too (?:big|large) (?:for"
            r"|to)|SendSizeLimit|RecipSizeLimit"
            r"|nachricht (?:\S+ ){0,4}zu groß|message (?:\S+ ){0,3}trop (?:volumineux|grand|gros)"
            r"|mensaje (?:\S+ ){0,4}demasiado grande"
            r"|messaggio (?:\S+ ){0,4}troppo grande|mensagem (?:\S+ ){0,4}muito grande"
            r"|письмо (?:\S+ ){0,3}слишком большо"
        ),
    ),
    (
        "loop",
        (
            r"too many hops|hop ?count (?:was )?exceed|mail (?:forwarding )?loop|loops? back to (?:my|it)self"
            r"|routing loop|loop(?:ing)? (?:was )?detected"
            r"|(?:contains?|with) (?:\w+ ){0,3}received:? (?:headers|lines)|mail for \S+ loops back"
            r"|already (?:been )?delivered-to|Hop count exceeded"
        ),
    ),
    (
        "no_such_domain",
        (
            r"(?:host|domain)(?: or domain)? (?:name )?(?:not found|lookup failed|does(?:n'?t| not) exist"
            r"|unknown)|unknown (?:mail )?(?:host|domain)"
            r"|(?:can'?t|cannot|couldn'?t|could not|unable to) (?:find|resolve|locate) (?:\w+ ){0,4}(?:host"
            r"|domain|mail server|mx|name)(?! server (?:is )?busy)"
            r"|no such (?:domain|host)|host \S+ not found"
            r"|domain (?:\S+ )?(?:name )?(?:is )?(?:does(?:n'?t| not) exist|not found"
            r"|not exist|invalid|couldn'?t be found|has no mx)|NXDOMAIN|ENOTFOUND|null ?mx"
            r"|(?:does not|doesn'?t) accept (?:any )?(?:mail|e-?mail)(?: \(nullMX\))|no mail (?:server"
            r"|exchanger|host)s? (?:for|found)|name or service not known"
            r"|unrouteable mail domain|unroutable mail domain|all relevant MX records point to non-?existent"
            r"|(?:recipient )?domain (?:\S+ ){0,3}not (?:exist|found|hosted)"
            r"|(?:die )?domain(?:ain)? (?:\S+ ){0,4}(?:existiert nicht|nicht gefunden|konnte nicht gefunden)"
            r"|domaine (?:\S+ ){0,4}(?:n'existe pas|introuvable|inconnu)"
            r"|dominio (?:\S+ ){0,4}(?:no existe|inexistente|non esiste|no (?:se )?(?:ha )?(?:encontr))"
            r"|domínio (?:\S+ ){0,4}(?:não existe|inexistente)"
            r"|домен\S* (?:\S+ ){0,4}не (?:существует|найден)|域名(?:不存在|无法|錯誤)"
            r"|ドメイン(?:\S*)(?:存在し|見つか)"
        ),
    ),
    (
        "mailbox_disabled",
        (
            rf"{_BOX}(?: \S+){{0,4}}? (?:is|has been|was|are)?\s?(?:currently |temporarily |permanently "
            rf"|been |now |)(?:disabled|inactive|deactivated|suspended"
            r"|closed|terminated|discontinued|blocked for inactivity|locked|expired|cancelled|canceled"
            r"|deleted|retired|dormant|not active|no longer (?:active"
            r"|available|valid|in use|accept\w*|monitored and))|(?:disabled|inactive|deactivated|suspended"
            r"|closed|terminated) (?:user|mailbox|account|recipient|address)"
            r"|no longer (?:works? (?:here|at|for)|with (?:the|this|us)|on server|employed|active|in service"
            r"|accept(?:s|ing) (?:mail|e-?mail|messages))|not (?:been )?(?:logged in|active) for"
            r"|(?:postfach|konto|e-?mail-?adresse|mailbox|adresse) (?:\S+ ){0,4}(?:gesperrt|deaktiviert"
            r"|geschlossen|gelöscht|gekündigt|stillgelegt)|boîte (?:\S+ ){0,5}(?:désactivée|fermée|supprimée"
            r"|suspendue)|(?:account|mailbox|postvak|adres) (?:\S+ ){0,4}(?:gesloten|opgeheven|geblokkeerd"
            r"|uitgeschakeld|verwijderd)"
            r"|account (?:\S+ ){0,3}(?:gesperrt|deaktiviert|geschlossen|désactivé|fermé|desactivada|bloqueada"
            r"|disattivat[oa]|sospes[oa])|compte (?:\S+ ){0,4}(?:désactivé|fermé|suspendu|clôturé)"
            r"|ha expirado por falta de uso|cuenta (?:\S+ ){0,4}(?:desactivad|deshabilitad|suspendid|cancelad)"
            r"|conta (?:\S+ ){0,4}(?:desativad|inativ|suspens)|casella (?:\S+ ){0,4}(?:disattivat|disabilitat"
            r"|sospes|chius)"
            r"|konto (?:\S+ ){0,4}(?:zablokowan|nieaktywn|gesperrt|deaktiviert)"
            r"|ящик\S* (?:\S+ ){0,4}(?:заблокирован|отключ|удал)|(?:邮箱|帐号|账号|用户)(?:\S{0,6})(?:停用"
            r"|禁用|冻结|注销)"
        ),
    ),
    (
        "no_such_user",
        NO_SUCH_USER,
    ),
    (
        "moved",
        (
            r"has moved (?:to|,)|new (?:e-?mail )?address (?:is|for)|user (?:not local|has moved)"
            r"|address (?:has )?changed"
        ),
    ),
    (
        "policy",
        r"unauthenticated|\bSPF\b|\bDKIM\b|\bDMARC\b|sender not authenticated",
    ),
    (
        "spam_block",
        (
            r"\bspam|\bjunk\b|black-?list|block-?list|deny-?list|\b(?:rbl|dnsbl|sbl|xbl|pbl)\b|spamhaus"
            r"|spamcop|barracudacentral|uribl|surbl|sorbs|cloudmark|senderscore"
            r"|poor reputation|(?:low|bad) reputation|reputation|unsolicited|bulk mail|\bUBE\b|\bUCE\b"
            r"|listed (?:at|in|on|by)\b|phish"
            r"|\((?:CON|DNS|DYN|HVU|RLY|RTR|SND):\w{1,4}\)"
            r"|blocked (?:using|by|due|because)|has been blocked|block(?:ed)? list|banned sending"
            r"|not accepted from (?:this|your)|nicht akzeptiert|S3140|S3150|AS\(\d+\)"
        ),
    ),
    (
        "content",
        (
            r"virus|malware|infected|trojan|(?:attachment|file|content)s?(?: \S+){0,4} (?:not (?:allowed"
            r"|permitted|accepted)|rejected|blocked|prohibited|forbidden|banned)|banned (?:content|file"
            r"|attachment)"
            r"|(?:blocked|prohibited|forbidden|illegal|dangerous|executable) (?:attachment|file|content)"
            r"|content (?:rejected|filter|restriction)|message content|malformed|bare (?:lf|cr)"
            r"|illegal header"
            r"|line too long|(?:message|mail) rejected due to content|8bit"
        ),
    ),
    (
        "policy",
        (
            r"not verified|network not allowed|client ip|invalid ip|"
            r"polic(?:y|ies)|relay(?:ing)? (?:access )?(?:denied|not (?:permitted|allowed)|is not)|relaying"
            r"|unable to relay|not (?:permitted|allowed|authori[sz]ed) to (?:send|relay|post|submit|deliver)"
            r"|unauthenticated|authenticat|not authorized|unauthori[sz]ed"
            r"|\bSPF\b|\bDKIM\b|\bDMARC\b|access denied|administrative(?:ly)? prohibit|prohibited|permission"
            r"|not accept(?:ed|ing)? (?:mail )?from|sender (?:address )?(?:rejected|verify|verification"
            r"|denied|not|is)|(?:only|restricted to) (?:members|internal)"
            r"|reverse (?:dns|mapping|lookup)|(?:no|missing|invalid) (?:ptr|rdns|reverse)|helo"
            r"|TLS (?:is )?required|STARTTLS|(?:moderat|member)|rejected by (?:the )?(?:recipient|user|rule"
            r"|administrator|your)|refused by|delivery not authorized|message refused|blocked"
        ),
    ),
    (
        "unreachable",
        (
            r"not reachable|have been failing|not accept(?:ing)? (?:\w+ ){0,3}connect|socket error"
            r"|no gateway|find a gateway|connection (?:timed out|refused|reset|lost|dropped|failed"
            r"|was dropped|timeout|closed)"
            r"|lost connection|no route to host|network (?:is )?unreachable|(?:host|server|mx"
            r"|site)(?: \S+){0,3} (?:is |did |was )?(?:unreachable|down|not respond\w*|not available"
            r"|unavailable)"
            r"|(?:not|n't) respond(?:ing)?|time(?:d)?[- ]?out|(?:could|can)(?: ?not|n'?t|) (?:connect"
            r"|be reached|reach|establish|contact)|(?:establish|open) (?:an |a )?(?:smtp )?(?:connection"
            r"|conversation)|no answer from|name ?server|dns (?:error|failure|query|lookup)"
            r"|temporary (?:lookup|dns|failure in name)"
            r"|host name lookup failure|Zeitüberschreitung|nicht erreichbar|injoignable"
            r"|no (?:se )?(?:ha )?(?:podido|pudo) (?:conectar|contactar)|impossibile (?:conn|contatt)"
            r"|не отвечает|невозможно (?:соединиться|подключиться)"
        ),
    ),
    (
        "expired",
        (
            r"(?:message|mail|delivery|queue|time|it)?[\s-]?(?:has )?expired|in (?:the )?queue (?:too long"
            r"|for)|retry time(?:out)? (?:not reached|exceeded)|(?:retry|delivery) time(?:out)? exceeded"
            r"|(?:maximum|max) (?:time|age|retries)|giving up|given up after|gave up"
            r"|delivery time|too old|could not be delivered (?:for|within|in)|unable to deliver (?:it "
            r"|this message )?(?:for|within|after)|(?:tried|trying) (?:\w+ ){0,4}(?:for"
            r"|to deliver it for) (?:\S+ ){1,3}(?:days|hours)"
        ),
    ),
    (
        "system",
        (
            r"protocol (?:violation|error)|command parameter|improper sequence|(?:un)?known mailer error"
            r"|mailer error|"
            r"(?:system|server|local|internal|configuration|disk|storage|database|lookup|i/o|processing"
            r"|mail) (?:configuration |server |delivery |processing |storage |i/o )?(?:error|failure|problem"
            r"|fault|overload|maintenance|busy)|resources? (?:temporarily )?(?:unavailable|exhausted)"
            r"|insufficient (?:system|resources)"
            r"|service (?:currently |temporarily )?(?:un|not )available|too busy|out of memory|cannot (?:open"
            r"|create|write|update|append)|can'?t create|under maintenance"
            r"|not accepting (?:network )?messages|temporar(?:y|ily)"
        ),
    ),
)
"""Ordered from what is plainest to what is said about almost anything: the first that is found counts."""

PHRASES: Final = tuple((code, late(pattern, re.IGNORECASE)) for code, pattern in _PHRASES)
