"""What buttons mean, by their labels."""

import pytest

from crawler.consent.labels import Meaning, is_foreign, meaning
from crawler.consent.vocabulary import fold, spoken


@pytest.mark.parametrize(
    ("language", "label", "meant"),
    [
        ("de", "Weiter ohne Zustimmung", Meaning.REJECT),
        ("de", "Alle akzeptieren", Meaning.ACCEPT),
        ("de", "Nur notwendige akzeptieren", Meaning.NEEDED),
        ("de", "Auswahl erlauben", Meaning.SAVE),
        ("de", "Einstellungen", Meaning.SETTINGS),
        ("de", "Einverstanden", Meaning.ACCEPT),
        ("de", "Verstanden", Meaning.SEEN),
        ("de", "Für 3,99 € im Monat abonnieren", Meaning.PAY),
        ("fr", "Continuer sans accepter", Meaning.REJECT),
        ("fr", "Tout accepter", Meaning.ACCEPT),
        ("fr", "Paramétrer mes choix", Meaning.SETTINGS),
        ("fr", "Je n'accepte pas", Meaning.REJECT),
        ("fr", "J'ai compris", Meaning.SEEN),
        ("en", "Do not sell my personal information", Meaning.REJECT),
        ("en", "Accept all", Meaning.ACCEPT),
        ("en", "I agree", Meaning.ACCEPT),
        ("en", "Disagree", Meaning.REJECT),
        ("en", "Got it!", Meaning.SEEN),
        ("en", "OK", Meaning.SEEN),
        ("en", "Manage options", Meaning.SETTINGS),
        ("en", "Accept only essential cookies", Meaning.NEEDED),
        ("en", "Save & exit", Meaning.SAVE),
        ("en", "Confirm my choices", Meaning.SAVE),
        ("ja", "同意しない", Meaning.REJECT),
        ("ja", "すべて同意する", Meaning.ACCEPT),
        ("ja", "設定", Meaning.SETTINGS),
        ("ar", "رفض الكل", Meaning.REJECT),
        ("ar", "قبول الكل", Meaning.ACCEPT),
        ("hi", "सभी अस्वीकार करें", Meaning.REJECT),
        ("hi", "सभी स्वीकार करें", Meaning.ACCEPT),
        ("ru", "Отклонить все", Meaning.REJECT),
        ("ru", "Принять все", Meaning.ACCEPT),
        ("ru", "Только необходимые", Meaning.NEEDED),
        ("el", "Απόρριψη όλων", Meaning.REJECT),
        ("el", "ΑΠΟΔΟΧΗ ΟΛΩΝ", Meaning.ACCEPT),
        ("he", "דחה הכל", Meaning.REJECT),
        ("he", "אשר הכל", Meaning.ACCEPT),
        ("ko", "모두 거부", Meaning.REJECT),
        ("ko", "모두 동의", Meaning.ACCEPT),
        ("zh", "拒绝全部", Meaning.REJECT),
        ("zh", "全部接受", Meaning.ACCEPT),
        ("th", "ปฏิเสธทั้งหมด", Meaning.REJECT),
        ("th", "ยอมรับทั้งหมด", Meaning.ACCEPT),
        ("tr", "Tümünü Reddet", Meaning.REJECT),
        ("tr", "TÜMÜNÜ KABUL ET", Meaning.ACCEPT),
        ("pl", "Nie zgadzam się", Meaning.REJECT),
        ("pl", "Akceptuję wszystkie", Meaning.ACCEPT),
        ("hu", "Nem fogadom el", Meaning.REJECT),
        ("fi", "Vain välttämättömät", Meaning.NEEDED),
        ("fi", "Hylkää kaikki", Meaning.REJECT),
        ("sv", "Avvisa alla", Meaning.REJECT),
        ("nl", "Alles weigeren", Meaning.REJECT),
        ("nl", "Akkoord", Meaning.ACCEPT),
        ("es", "Rechazar todo", Meaning.REJECT),
        ("it", "Rifiuta tutto", Meaning.REJECT),
        ("pt", "Rejeitar tudo", Meaning.REJECT),
        ("cs", "Odmítnout vše", Meaning.REJECT),
        ("ro", "Respinge toate", Meaning.REJECT),
        ("bg", "Отхвърляне на всички", Meaning.REJECT),
        ("uk", "Відхилити всі", Meaning.REJECT),
        ("vi", "Từ chối tất cả", Meaning.REJECT),
        ("id", "Tolak semua", Meaning.REJECT),
        ("en", "×", Meaning.SEEN),
        ("en", "Not now", Meaning.OTHER),
        ("en", "Reject and pay", Meaning.PAY),
        ("de", "Ab\u00adleh\u00adnen", Meaning.REJECT),
        ("en", "Re\u200bject all", Meaning.REJECT),
        ("es", "Está bien", Meaning.ACCEPT),
        ("de", "Nein, lieber nicht", Meaning.REJECT),
        ("nl", "Nee, toch accepteren", Meaning.ACCEPT),
        ("en", "No, take me to settings", Meaning.SETTINGS),
        ("en", "Continue with my selection", Meaning.SAVE),
    ],
)
def test_a_label_means_what_its_readers_take_it_for(language: str, label: str, meant: Meaning) -> None:
    """In each language, also where one label holds the word of another meaning: "weiter ohne Zustimmung"."""
    assert meaning(label, spoken=spoken(label, declared=language)) is meant


def test_a_text_is_no_label() -> None:
    """What says more than a button can is not pressed, whatever words are in it."""
    assert meaning("We reject the view that " + "this is a label at all, " * 5, spoken=spoken("")) is Meaning.OTHER


def test_words_are_compared_without_case_accents_and_punctuation() -> None:
    """Greek capitals have no accents, Turkish has two letters i."""
    assert fold("  «ΑΠΟΔΟΧΉ  όλων»! ") == " αποδοχη ολων "
    assert fold("TANIMLAMA tanımlama") == " tanimlama tanimlama "
    assert fold("स्वीकार करें") == " स्वीकार करें "


@pytest.mark.parametrize(
    "label",
    [
        "Accept all (you can still reject later)",
        "Accept settings",
        "Save and accept all",
        "Alle akzeptieren und speichern",
        "Allow non-essential cookies",
        "Accept necessary and optional cookies",
        "Alle bestätigen",
    ],
)
def test_in_doubt_a_button_agrees(label: str) -> None:
    """So it is never pressed where one refuses."""
    assert meaning(label, spoken=spoken(label)) is Meaning.ACCEPT


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("en", "Don't reject"),
        ("en", "Refuse nothing"),
        ("en", "Turn off tracking protection"),
        ("en", "Continue without limits"),
        ("en", "No, keep cookies on"),
        ("en", "Not only necessary"),
        ("de", "Nicht ablehnen"),
        ("de", "Nein, kein Problem"),
        ("de", "Mehr als notwendig"),
        ("fr", "Ne rien refuser"),
        ("es", "No rechazar"),
        ("es", "No solo necesarias"),
        ("it", "Nessun problema"),
        ("nl", "Niets weigeren"),
        ("pt", "Não recusar"),
        ("pl", "Nie odrzucaj"),
        ("sv", "Avvisa inte"),
        ("ru", "Не отклонять"),
        ("ja", "拒否しない"),
    ],
)
def test_who_refuses_to_refuse_agrees(language: str, label: str) -> None:
    assert meaning(label, spoken=spoken(label, declared=language)) is Meaning.ACCEPT


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("es", "No, rechazar"),
        ("pl", "Nie, odrzucam"),
        ("en", "No, decline"),
        ("it", "No, rifiuto"),
        ("de", "Nein, nichts"),
    ],
)
def test_a_no_before_a_refusal_only_says_it_twice(language: str, label: str) -> None:
    assert meaning(label, spoken=spoken(label, declared=language)) is Meaning.REJECT


@pytest.mark.parametrize("label", ["Manage consent", "Zustimmung verwalten", "Gérer le consentement", "同意の設定"])
def test_consent_may_be_managed_not_only_given(label: str) -> None:
    assert meaning(label, spoken=spoken(label)) is Meaning.SETTINGS


@pytest.mark.parametrize(
    "label",
    ["Accept the recipe", "Reject the walnuts", "Accept all quests", "Agree 120", "Save for later", "Save basket"],
)
def test_a_label_about_something_else_is_foreign(label: str) -> None:
    assert is_foreign(label, spoken=spoken("We use cookies on this website", declared="en"))


@pytest.mark.parametrize(
    "label",
    [
        "Accept all cookies",
        "Reject all",
        "Nur notwendige Cookies akzeptieren",
        "Continuer sans accepter",
        "すべて拒否",
        "×",
        "Save my choices",
        "Weiter ohne Zustimmung",
        "Rechazar todas las cookies",
        "OK",
    ],
)
def test_labels_of_consent_banners_are_not_foreign(label: str) -> None:
    assert not is_foreign(label, spoken=spoken(label))


@pytest.mark.parametrize(
    "label", ["Reject all cookies", "Refuser tous les cookies", "Rechazar todas las cookies", "Alle Cookies ablehnen"]
)
def test_all_cookies_can_be_refused(label: str) -> None:
    assert meaning(label, spoken=spoken(label)) is Meaning.REJECT


def test_short_words_of_another_language_say_nothing() -> None:
    """Finnish "estä" refuses; in an English banner it may be Spanish for anything."""
    assert meaning("Estä", spoken=spoken("We use cookies", declared="en")) is Meaning.OTHER
    assert meaning("Kieltäydyn", spoken=spoken("We use cookies", declared="en")) is Meaning.REJECT
