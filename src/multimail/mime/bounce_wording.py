"""How the mail of delivery systems begins: subjects and sentences that say a mail did not arrive, or did, or not yet.

These tell that a mail is a return; `bounce_texts` tells why it came back. Only believed of machines: people use the
same words.
"""

# ruff: noqa: RUF001 - letters of other scripts are meant
from __future__ import annotations

import re
from typing import Final

from multimail.core.patterns import late

FAILED_SUBJECT: Final = late(
    r"\W*(?:(?:auto(?:matic)?|system|warning|error|notice|note|e?mail|message"
    r"|postmaster notify)\W+)*(?:"
    r"undeliver(?:able|ed)|non-?deliver(?:able|y|ed)|not? delivered|un-?deliverable|ndr\b"
    r"|delivery (?:status )?(?:notification|report|failure|failed|error|problem|has failed|incomplete)"
    r"|delivery status|(?:mail|message|e-?mail)s? (?:delivery (?:failed|failure|error|problem|report"
    r"|system|status|subsystem|notification|warning)|(?:was |is |has been |you sent "
    r"|could )?(?:not (?:be )?delivered|undeliver\w+|rejected|returned|bounced|blocked|refused)"
    r"|(?:non-?delivery|system error|status|error|failure|not delivered|rejection)|return(?:ed)?"
    r"|to \S+ (?:failed|could not be delivered|was not delivered))"
    r"|returned (?:mail|message|e-?mail|to sender)|returning (?:message|mail) to sender|メールエラー"
    r"|failure (?:notice"
    r"|notification|delivery)|failed (?:mail|message|delivery|to deliver)|failed:|delivery (?:to|of"
    r"|for) \S+ .{0,30}fail|could(?: not|n't) (?:be )?deliver|unable to deliver|(?:permanent"
    r"|fatal) (?:delivery )?(?:failure|error)"
    r"|user unknown|unknown user|unknown (?:address|recipient)|no such user|mailbox (?:full|unavailable"
    r"|unknown|over quota|does not exist)|address (?:not found|unknown)|(?:your )?(?:message|mail"
    r"|e-?mail)\b.{0,60}(?:not (?:be )?delivered|undeliver|rejected|blocked|bounced|returned)|bounce(?:d"
    r"| notif| message| mail)?|quota exceeded"
    r"|rejected:|blocked:|(?:returned|rejected) (?:mail|message)"
    r"|(?:nachricht |e?-?mail )?(?:unzustellbar|nicht zustellbar|zustell(?:ung|fehler|bericht)\S*"
    r"|konnte nicht zugestellt|fehler bei der (?:zustellung|nachrichtenzustellung)|rückläufer"
    r"|unzustellbarkeit)|(?:ihre |die )?(?:nachricht|e?-?mail)\b.{0,60}(?:nicht zugestellt|unzustellbar"
    r"|nicht zustellbar)"
    r"|(?:votre |le )?(?:message|courriel|mail|e-mail)\b.{0,40}(?:non (?:remis|délivré|distribué|livré)"
    r"|n'a pas pu|non distribuable)|non remis|(?:avis|notification|échec|echec|rapport|erreur) (?:de |d'"
    r"|à )?(?:la )?(?:non[- ]?)?(?:remise|distribution|livraison|délivrance|réception|l'envoi|envoi"
    r"|échec)|(?:notification d'état de (?:remise|distribution))|échec|impossible de (?:remettre"
    r"|distribuer|délivrer)"
    r"|(?:no se (?:puede|pudo|ha podido)|imposible) entregar|(?:su |el )?(?:mensaje"
    r"|correo)\b.{0,30}(?:no (?:entregado|se (?:pudo|ha podido))|devuelto|rechazado)|no se puede entregar"
    r"|error (?:de|en la) entrega|notificaci[oó]n (?:del? )?(?:estado|error|fallo)\b.{0,20}entrega"
    r"|fallo (?:en|de) la entrega|correo devuelto|devuelto al remitente"
    r"|(?:mancat[ao]|impossibile|errore|fallit[ao]|notifica (?:di )?(?:mancat[ao]|stato)) (?:di |la "
    r"|nella )?(?:consegna|recapit\w+|mancato|recapito)|messaggio (?:non (?:consegnat|recapitat)"
    r"|respinto)|non recapitabile|non consegnat|notifica di mancat"
    r"|(?:falha|erro|problema) (?:na|de|ao) entreg\w+|(?:mensagem|e-?mail|correio) (?:não entregue"
    r"|devolvid|rejeitad|que não)|não entregue|notificação d[eo] (?:status|estado|falha)|devolução"
    r"|não foi possível entregar"
    r"|onbestelbaar|niet (?:bezorgd|afgeleverd|bestelbaar)|(?:fout"
    r"|mislukt\w*) (?:bij )?(?:het )?(?:bezorg|aflever)|bezorging mislukt|(?:uw )?(?:bericht"
    r"|e-?mail)\b.{0,30}niet (?:bezorgd|afgeleverd|worden)|aflever(?:ing|fout)"
    r"|(?:går inte att leverera|ej levererat|olevererat|kunde inte leverer|leveransfel"
    r"|leveransmisslyckande|ikke leveret|kan ikke leveres|kunne ikke leveres|ikke levert|leveringsfejl"
    r"|leveringsfeil|uleverbar|toimitus epäonnistui|ei voitu toimittaa|viestiä ei)"
    r"|(?:nie (?:można |udało się )?dostarczy|niedostarczon|zwrot|błąd (?:dostarcz|dorecz|doręcz)|nedoruč"
    r"|nelze doručit|zpráva nebyla|kézbesíthetetlen|sikertelen kézbesítés|mesaj nelivrat|nelivrat"
    r"|teslim edilemedi|iletilemedi|iletilmedi|αποτυχία παράδοσης|недоставлен|не доставлен"
    r"|не удалось доставить|невозможно доставить|ошибка доставки|сообщение не доставлено|возврат"
    r"|уведомление о (?:недоставке|невозможности))"
    r"|(?:来自\S{1,60}的退信|退信|系统退信|系統退信|退件|邮件(?:无法|投递|未能|被退)|無法(?:投遞|傳遞|送達)|无法(?:投递|送达"
    r"|传递|传送)|未送达|未傳遞|投递失败|传送失败|遞送失敗"
    r"|配信(?:不能|できません|エラー|失敗)|送信(?:エラー|できません|失敗)|メール(?:が|は)?(?:配信|送信"
    r"|届)\S{0,8}(?:でき|エラー|失敗|ません)|不達|반송"
    r"|배달(?:되지|할 수|\s?실패)|전송(?:되지|할 수|\s?실패)|발송\s?실패|메일\S{0,4} (?:반송|배달|전송"
    r"|발송)\S{0,10}(?:실패|않|없)|לא נמסר"
    r"|تعذر (?:تسليم|التسليم)|فشل)"
    r")",
    re.IGNORECASE,
)
PLAIN_SUBJECT: Final = late(
    r"\W*(?:undeliverable(?: mail| message)?\s*(?::.*)?$|undelivered (?:mail"
    r"|message)(?: returned to sender)?\s*$"
    r"|delivery status notification|(?:delivery|mail) (?:failure|error)\s*(?::.*)?$"
    r"|non-?delivery(?: report| notification)?\s*(?::.*)?$"
    r"|(?:returned|failed|bounced|undelivered) mail\b.{0,40}$|mail (?:delivery )?(?:failed|failure|error"
    r"|problem)\s*(?:[:(].*)?$"
    r"|mail system error|failure notice\s*$|(?:message )?delivery (?:failure|report|problem|delay)\s*$"
    r"|delivery notification: |mail could not be delivered\s*$"
    r"|(?:unzustellbar|non remis|onbestelbaar|no se puede entregar|impossibile recapitare|não entregue"
    r"|недоставленное сообщение)\b\s*(?::.*)?$|系统退信)",
    re.IGNORECASE,
)
"""Subjects of mail systems to the letter; people who write about returned mail word them otherwise."""
DELAY_SUBJECT: Final = late(
    r"\W*(?:(?:warning|mail|message|email|e-mail|delivery status notification"
    r"|automatic)\W+)*(?:(?:message|mail|delivery)?\s?(?:\S+ )?(?:is |was |has been )?(?:delayed|delay\b)"
    r"|could not (?:send|deliver) message for|(?:\S+ ){0,2}still (?:being|not|trying|undelivered)"
    r"|(?:not )?yet (?:un)?delivered|warning: could not"
    r"|(?:zustellung |nachricht )?verzögert|verzögerung|(?:remise|distribution|message) (?:retardée?"
    r"|différée?)|retard|(?:entrega|mensaje) (?:retrasad|demorad|aplazad)|retraso|(?:consegna"
    r"|recapito) (?:ritardat|in ritardo)|ritardo|(?:entrega|mensagem) atrasada|atraso|vertraag|vertraging"
    r"|försenad|forsinket|opóźni|задержка|доставка (?:\S+ )?(?:задерж|отлож)|延迟|延遲|配信(?:の)?遅延|遅延"
    r"|지연)",
    re.IGNORECASE,
)
ARRIVED_SUBJECT: Final = late(
    r"\W*(?:delivered|relayed|expanded|read|gelesen|lu|leído|letto|lido|gelezen|läst|læst|lest|zugestellt"
    r"|weitergeleitet|remis|distribué|relayé|entregado|retransmitid[oa]|consegnato|inoltrato|entregue"
    r"|bezorgd|levererat|dostarczono|przeczytane|прочтено|прочитано|доставлено|已读|已讀|已送达|開封済み"
    r"|읽음)\s?:"
    r"|.{0,40}(?:delivery status notification|delivery report|mail)\W{0,3}\(?(?:success|relay|delivered)"
    r"|success\w* (?:mail )?deliver|(?:mail |message )?success\w* (?:mail )?(?:delivery|delivered)"
    r"|(?:return|read|delivery) receipt|(?:message|mail) delivered|disposition notification"
    r"|lesebestätigung|empfangsbestätigung|zustellbestätigung|accusé de (?:lecture|réception)"
    r"|confirmación de (?:lectura|entrega)|conferma di (?:lettura|consegna|recapito)"
    r"|confirmação de (?:leitura|entrega)|leesbevestiging",
    re.IGNORECASE,
)
NO_RETURN_SUBJECT: Final = late(
    r"\W*postfix smtp server: errors|\W*postmaster copy|.{0,40}\b(?:bounce|delivery|mail|queue|daily"
    r"|weekly|monthly"
    r"|log)\w* (?:summary|statistics|digest)|.{0,40}queue\w* alert|.{0,30}\b(?:your (?:mailbox|inbox"
    r"|account|quota|storage)|(?:almost|nearly) full|quota (?:warning|usage|report|notification)"
    r"|ihr postfach)|.{0,30}\b(?:undelivered|pending|blocked|held|quarantined"
    r"|incoming)\b.{0,30}\b(?:messages|mails|e-?mails)\b(?!.*returned)|.{0,30}(?:awaits|waiting for"
    r"|requires) (?:moderator |your )?(?:approval|moderation)|.{0,20}uncaught bounce|.{0,40}quarantine"
    r"|report domain:",
    re.IGNORECASE,
)
"""Mail of machines to the people who run them."""

FAILED_TEXT: Final = late(
    r"(?:could|can|did|does|was|were|is|has|have|had)(?: ?not|n't)(?: \w+){0,3}? (?:deliver(?:ed|able)?"
    r"|reach(?:ed)?|be reached|accept\w* (?:your|the|this) (?:message|mail))"
    r"|cannot (?:be )?(?:deliver|reach|send|forward)|(?:un|not )(?:able|possible) to (?:deliver|send"
    r"|forward|process|relay|complete)|fail(?:ed|ure|s)? (?:to|in) deliver|deliver\w* (?:has "
    r"|have )?(?:\S+ ){0,6}?fail|fail\w* (?:\S+ ){0,3}(?:deliver|address|recipient)|undeliver"
    r"|non-?deliver"
    r"|not (?:yet )?(?:been )?delivered|return(?:ed|ing) (?:\S+ ){0,4}(?:to (?:the )?sender|mail|message"
    r"|undelivered)|(?:permanent|fatal|transient|delivery) (?:\S+ ){0,2}(?:errors?|failures?)|(?:rejected"
    r"|refused|blocked|bounced|returned|denied)\b|error(?:s)? (?:\S+ ){0,6}(?:deliver|sending|recipient"
    r"|address|mail)"
    r"|(?:message|mail)\b.{0,60}(?:not (?:be )?(?:sent|accepted|processed)|undeliver|bounced)"
    r"|transcript of session|no longer (?:exists|valid|available)|the following (?:address|recipient"
    r"|user)|message (?:delay|is being delayed)|delivery (?:\S+ ){0,4}delay|delayed|will (?:continue|keep"
    r"|be retried|try)|still trying|said:|responded:|reason for (?:the )?(?:problem|failure|return)"
    r"|nicht (?:\S+ ){0,3}?(?:zugestellt|zustellbar|ausgeliefert|übermittelt|erreicht|angenommen)"
    r"|unzustellbar|zustell\w* (?:\S+ ){0,5}?(?:fehlgeschlagen|fehler|gescheitert|verzögert|nicht)"
    r"|abgelehnt|zurückgewiesen"
    r"|(?:pas|non|n'a|impossible) (?:\S+ ){0,4}?(?:remis|distribu|délivr|livr|remettre|achemin|transmis"
    r"|parven)|échec|échoué|rejeté|refusé|inconnu"
    r"|no (?:\S+ ){0,4}?(?:entreg|enviar|enviad|lleg)|imposible (?:\S+ )?(?:entreg|enviar)|rechazad"
    r"|devuelt|fallid|fall[oó]"
    r"|non (?:\S+ ){0,4}?(?:consegn|recapit|inviat|inoltr)|impossibile (?:\S+ ){0,2}?(?:consegn|recapit)"
    r"|respint|rifiutat|mancat|fallit"
    r"|não (?:\S+ ){0,4}?(?:entreg|envi)|falha|falhou|rejeitad|devolvid"
    r"|niet (?:\S+ ){0,4}?(?:bezorgd|afgeleverd|verzonden|bestel|verstuurd|afleveren|bezorgen)"
    r"|onbestelbaar|mislukt|geweigerd|(?:inte|ej|ikke|ikkje) (?:\S+ ){0,3}?(?:lever|nå|send)|misslyckades"
    r"|mislykkedes|mislyktes|epäonnistui|ei voi(?:tu|da)"
    r"|nie (?:\S+ ){0,4}?(?:dostarcz|doręcz|wysł)|niedostarcz|odrzucon|neb?ylo? (?:\S+ ){0,3}?doruč"
    r"|nelze (?:\S+ )?doruč|nedoruč|kézbesít|nu a putut fi|edilemedi|iletilemedi|ulaştırılamadı"
    r"|δεν (?:\S+ ){0,3}παραδοθ"
    r"|не (?:\S+ ){0,4}?(?:доставл|достав|отправл|было|может)|недоставл|невозможно|отклонен|отвергнут|退信"
    r"|退回|无法(?:投递|送达|传递|发送|到达|传送|將|将)|無法(?:投遞|送達|傳遞|寄達)|未能|投递失败|拒收"
    r"|配信(?:でき|不能|エラー|失敗)|送信(?:でき|エラー|失敗)"
    r"|届(?:きません|けられ|ける)|お届け|배달|전송|전달|반송|발송|לא (?:נמסר|ניתן)|تعذر|لم يتم",
    re.IGNORECASE,
)
DELAY_TEXT: Final = late(
    r"(?:will|does) (?:\S+ ){0,3}?(?:continue|keep|be re-?tri|try(?:ing)? again|retry|be attempted"
    r"|attempt) ?(?:\S+ ){0,3}(?:to (?:deliver|try|be)|trying|deliver|for|until|attempt|re-?tr)"
    r"|still (?:trying|being|in the (?:mail )?queue|undelivered|has not)|not yet (?:been )?(?:delivered"
    r"|able)|(?:just |only )a warning|(?:do not|don't|no) need to re-?send|delivery (?:\S+ ){0,6}(?:is "
    r"|has been |was )?delayed"
    r"|(?:has been|is|was|being) delayed|delivery attempts will (?:continue|be)|will be (?:retried"
    r"|tried again|re-?attempted)|no action (?:is )?required on your part|more attempts|keep trying"
    r"|next (?:delivery )?attempt|temporar(?:y|ily) (?:\S+ ){0,3}(?:problem"
    r"|delay)\w* (?:\S+ ){0,3}delivering"
    r"|verzögert|(?:weitere|erneut|weiterhin) (?:\S+ ){0,4}(?:versuch|zugestellt|zuzustellen)|retardée?"
    r"|différée?|nouvelle tentative|(?:seguirá|continuará|se seguirá) intentando|retrasad|in ritardo"
    r"|ritardat|ulteriori tentativi|continuará (?:a )?tenta|atrasad|vertraagd|försenad|forsinket|opóźnion"
    r"|будут продолж|попытки доставки продолж|задержива|отложен|继续尝试|延迟|延遲|遅延|遅れ|재시도|지연",
    re.IGNORECASE,
)
ARRIVED_TEXT: Final = late(
    r"(?:was|were|has been|have been|is) (?:successfully|now) (?:delivered|relayed|sent|forwarded)"
    r"|successfully (?:delivered|relayed) to|delivery (?:to (?:\S+ ){1,6})?(?:is complete|was successful"
    r"|completed|notification was sent)|no delivery (?:status )?notification (?:was sent|will be)"
    r"|erfolgreich zugestellt|(?:a été|été) (?:remis|distribué|relayé) (?:\S+ )?(?:aux?|à)"
    r"|entregado (?:correctamente|con éxito)|consegnato (?:correttamente|con successo)",
    re.IGNORECASE,
)
_COPY: Final = late(
    r"^[\s>*|]{0,6}(?:[-=_*#+.]{2,}\s?)?(?:(?:this is|below (?:this line )?is|here is|what follows is"
    r"|the following is|following is|included is|attached is) (?:a |the )?(?:copy|text|header|original"
    r"|message|start|beginning)|(?:the )?(?:original|unsent|returned|undelivered|your|rejected"
    r"|failed)(?: e?-?mail)? (?:message|mail|text|headers?)\b(?! (?:to|was|could|has|is|for|of|from|sent"
    r"|did|with|you|wasn|couldn|not|cannot|can|that|delivery|subject|rejected|exceed|below could|failed"
    r"|delay)\b)"
    r"|(?:original|message) headers?\b|received: |return-path: |ursprüngliche nachricht"
    r"|kopie der nachricht|copie (?:du|de votre|de) message|message d'origine|en-têtes|copia (?:del"
    r"|de su) mensaje|mensaje original|messaggio originale|intestazioni|mensagem original"
    r"|oorspronkelijk bericht|исходное сообщение|копия (?:письма|сообщения)|原始邮件内容|元のメッセージ"
    r"|원본 메시지"
    r"|dkim-signature: |delivered-to: |mime-version: |x-[a-z-]{3,40}: |headers follow|the headers? (?:and|of))",
    re.IGNORECASE | re.MULTILINE,
)


def own_words(text: str) -> str:
    """What the delivery system says itself: the text up to the copy of the mail it returns."""
    for found in _COPY.finditer(text):
        if text[: found.start()].strip():
            return text[: found.start()]
    return text
