"""People ask for no more mail in their own language, and write about other things in it."""

from __future__ import annotations

import pytest

from multimail.mime.unsubscribe import says_unsubscribe
from multimail.mime.unsubscribe_words import asks

REQUESTS = """
Bitte abmelden
Abmeldung
Newsletter abbestellen, danke
Bitte nehmen Sie mich aus Ihrem Verteiler.
Sehr geehrte Damen und Herren, bitte streichen Sie mich von der Liste
Ich möchte keine weiteren E-Mails erhalten
Guten Tag, ich möchte mich vom Newsletter abmelden
Bitte keine E-Mails mehr
Désinscription
Merci de me désinscrire de votre liste
Veuillez me retirer de la liste
Bonjour, je souhaite ne plus recevoir vos mails
Désabonnez-moi s'il vous plaît
Je voudrais me désabonner
Ne m'envoyez plus de mails
BAJA
Por favor, denme de baja
Quiero darme de baja de la lista
No me envíen más correos
Cancelar suscripción, gracias
Disiscrivetemi
Vorrei cancellarmi dalla newsletter
Non inviatemi più email, grazie
Per favore rimuovetemi dalla lista
Uitschrijven graag
Graag afmelden
Ik wil me uitschrijven voor de nieuwsbrief
Meld mij af alstublieft
Haal mij van de lijst
Cancelar inscrição
Por favor, me remova da lista
Não quero mais receber e-mails
Proszę o wypisanie mnie z listy
Wypisz mnie
Nie chcę otrzymywać newslettera
Avregistrera mig
Jag vill inte längre ha era mejl
Ta bort mig från listan
Meld meg av, takk
Fjern mig fra listen
Отписаться
Пожалуйста, отпишите меня от рассылки
Больше не пишите мне
Abonelikten çık
Lütfen beni listeden çıkarın
Odhlásit odběr
Leiratkozás
Dezabonare
配信停止
配信停止をお願いします
退订
请退订
수신거부
구독 취소
إلغاء الاشتراك
הסר
Poista minut postituslistalta
""".strip().splitlines()

OTHERS = """
Bitte melden Sie sich bei mir
Ich möchte zwei Karten bestellen
Abmelden kann man sich unten auf der Seite, oder?
Keine Frage, das passt
Nehmen Sie Platz
Merci de me rappeler demain
Je souhaite recevoir votre catalogue
Veuillez me confirmer la commande
Bonjour, merci de votre message
Quiero recibir más información
La baja temporada empieza en mayo
Por favor, confirme el pedido
Vorrei ordinare due libri
Cancellazione del volo: a chi mi rivolgo?
Ik wil graag twee kaartjes
Meld je aan voor de cursus
Quero comprar dois livros
Proszę o fakturę
Jag vill ha två biljetter
Meld deg på kurset
Хочу заказать две книги
Пожалуйста, пришлите счёт
Lütfen bana fatura gönderin
お世話になっております
请发给我报价单
견적서 부탁드립니다
شكرا جزيلا على الرسالة
Hallo, wann öffnen Sie?
Liebe Grüße, Anna
Ich möchte fragen, ob keine Mails angekommen sind
Ich will keine Zeit verlieren
Schicken Sie mir bitte keine Rechnung
Quero cancelar o pedido
Ik wil geen koffie meer
Jeg vil ikke ha melk
Jag vill inte ha melk
Beni arar musun
""".strip().splitlines()


@pytest.mark.parametrize("text", REQUESTS)
def test_a_request_is_heard_in_the_subject_and_in_the_text(text: str) -> None:
    assert says_unsubscribe("Re: News", text)
    assert says_unsubscribe(text, "")


@pytest.mark.parametrize(
    "text",
    [*REQUESTS, "L\u0130STEDEN \u00c7IKARIN", "\u0391\u03a0\u0395\u0393\u0393\u03a1\u0391\u03a6\u0389"],
)
def test_a_request_in_capitals_is_the_same(text: str) -> None:
    assert says_unsubscribe("", text.upper())


@pytest.mark.parametrize("text", OTHERS)
def test_anything_else_is_none(text: str) -> None:
    assert not says_unsubscribe("Re: News", text)
    assert not says_unsubscribe(text, "")


def test_a_long_line_of_anything_ends_soon() -> None:
    for text in ("bitte " * 40_000, "ich möchte " * 20_000, "je souhaite " + "a" * 100_000):
        assert not asks(text)
