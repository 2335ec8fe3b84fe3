"""What is a consent banner, and what to press in it."""

from dataclasses import replace

import pytest

from crawler.consent.judging import Press, Way, banner, next_press
from crawler.consent.sight import Container, Control, Switch

COOKIES = "We use cookies and similar technologies to measure our audience and to show personalised ads."


def container(
    text: str, *labels: str, how: str = "fixed", fields: tuple[str, ...] = (), switches: tuple[bool, ...] = ()
) -> Container:
    controls = tuple(Control(number=number, label=label) for number, label in enumerate(labels, 1))
    return Container(
        number=0,
        how=how,
        text=f"{text} {' '.join(labels)}",
        controls=controls,
        switches=tuple(Switch(number=100 + at, label="Statistics", on=on) for at, on in enumerate(switches)),
        fields=frozenset(fields),
    )


def pressed(one: Container, *, policy: str = "reject", is_told: bool = False) -> tuple[str, Way] | None:
    found = banner([one])
    assert found is not None
    press: Press | None = next_press(found, policy=policy, is_told=is_told)
    return press and (press.control.label, press.way)


@pytest.mark.parametrize(
    ("labels", "switches", "wanted"),
    [
        (("Accept all", "Settings", "Reject all"), (), ("Reject all", Way.REJECT)),
        (("Accept all", "Only necessary", "Settings"), (), ("Only necessary", Way.REJECT)),
        (("Accept all", "Manage options"), (), ("Manage options", Way.SETTINGS)),
        (("Accept all", "Save my choices"), (True, False), ("Save my choices", Way.SAVE)),
        (("Accept all", "Learn more"), (), ("Learn more", Way.SETTINGS)),
        (("OK", "Learn more"), (), ("OK", Way.SEEN)),
        (("Got it",), (), ("Got it", Way.SEEN)),
        (("Accept", "×"), (), None),
        (("I agree",), (), None),
        (("Accept all", "Save my choices"), (), None),
    ],
)
def test_refusing_goes_before_all_else_and_agreeing_never_happens(
    labels: tuple[str, ...], switches: tuple[bool, ...], wanted: tuple[str, Way] | None
) -> None:
    """What closes a notice is pressed only where there is no choice; what saves, only where there is what to untick."""
    assert pressed(container(COOKIES, *labels, switches=switches)) == wanted


def test_who_accepts_presses_what_agrees() -> None:
    assert pressed(container(COOKIES, "Accept all", "Reject all"), policy="accept") == ("Accept all", Way.ACCEPT)
    assert pressed(container(COOKIES, "OK"), policy="accept") == ("OK", Way.SEEN)


def test_a_banner_that_stands_after_the_choice_is_saved_or_closed() -> None:
    one = container(COOKIES, "Allow", "Deny", "Save", "Close")
    assert pressed(one, is_told=True) == ("Save", Way.SAVE)


def test_what_takes_its_closing_for_agreement_is_not_closed() -> None:
    text = "We use cookies for advertising. By closing this message you agree to all of them."
    assert pressed(container(text, "×")) is None


@pytest.mark.parametrize(
    ("text", "label", "wanted"),
    [
        ("We use cookies for advertising. By clicking OK you consent to all of them.", "OK", None),
        ("Wir verwenden Cookies. Mit Klick auf „OK“ stimmen Sie der Nutzung zu.", "OK", None),
        ("Używamy plików cookie do reklam. Klikając „Rozumiem”, wyrażasz na to pozwolenie.", "Rozumiem", None),
        ("We use cookies for advertising. By clicking OK you consent to all of them.", "×", ("×", Way.SEEN)),
        ("We use cookies to count readers. Find out more by clicking on the link below.", "OK", ("OK", Way.SEEN)),
    ],
)
def test_what_agrees_by_the_text_is_not_pressed(text: str, label: str, wanted: tuple[str, Way] | None) -> None:
    """Where the text says that pressing something agrees, or names the button and says what it does."""
    assert pressed(container(text, label)) == wanted


def test_what_says_aloud_that_it_agrees_is_not_pressed() -> None:
    for label in ("OK", "Reject all"):
        control = Control(number=1, label=label, aloud="Accept all cookies")
        assert pressed(Container(number=0, how="fixed", text=f"{COOKIES} {label}", controls=(control,))) is None
    control = Control(number=1, label="Reject all", aloud="Reject all cookies")
    assert pressed(Container(number=0, how="fixed", text=COOKIES, controls=(control,))) == ("Reject all", Way.REJECT)


def test_who_accepts_may_press_it() -> None:
    text = "We use cookies for advertising. By clicking OK you consent to all of them."
    assert pressed(container(text, "OK"), policy="accept") == ("OK", Way.ACCEPT)


def test_links_that_lead_away_and_what_is_disabled_are_not_pressed() -> None:
    one = Container(
        number=0,
        how="fixed",
        text=f"{COOKIES} Accept Reject Refuse",
        controls=(
            Control(number=1, label="Accept"),
            Control(number=2, label="Reject", leaves=True),
            Control(number=3, label="Refuse", off=True),
        ),
    )
    assert pressed(one) is None


def test_pay_or_agree_is_recognised_and_nothing_pressed() -> None:
    one = container(f"{COOKIES} Or subscribe for 3.99 € a month.", "Accept and continue for free", "Subscribe")
    found = banner([one])
    assert found is not None
    assert found.is_pay_wall
    assert next_press(found, policy="reject") is None


def test_a_free_refusal_makes_it_no_pay_wall() -> None:
    one = container(f"{COOKIES} Or subscribe.", "Accept", "Subscribe", "Reject all")
    assert pressed(one) == ("Reject all", Way.REJECT)


@pytest.mark.parametrize(
    ("text", "labels", "fields"),
    [
        ("Get our newsletter. We use cookies to measure it.", ("Subscribe", "No thanks"), ()),
        ("We use cookies to keep you signed in.", ("Accept", "Reject"), ("password",)),
        ("Your inbox deserves news. We use cookies.", ("Accept", "Reject"), ("email",)),
        ("Are you over 18? By entering you accept our cookies.", ("Accept", "Reject"), ()),
        ("Would you like notifications? We store a cookie for that.", ("Allow", "Don't allow"), ()),
        ("Our readers love cookies. Our partners bake them.", ("Accept the recipe", "Reject the walnuts", "Save"), ()),
        ("What should the town do about the bridge?", ("Accept", "Reject"), ()),
        ("", ("Cookie settings", "Privacy policy", "Reject all cookies"), ()),
        ("You have read your last article. We use cookies to count.", ("Subscribe for £1", "No thanks"), ()),
        ("What do you know about cookies? Which law asks before tracking cookies are set?", ("Reject", "Submit"), ()),
        ("Three boxes of butter cookies for the price of two!", ("Accept offer", "No thanks"), ()),
        ("We ask for your consent to take part in a study.", ("I consent", "I do not consent"), ()),
        ("New: dark colours, next to your privacy preferences.", ("Got it", "Settings"), ()),
        ("Delete your account? Your personal data will be erased.", ("Confirm", "Cancel"), ()),
        ("Are you still there? It is for your data protection.", ("Continue", "Log out"), ()),
        ("GDPR in practice: a webinar on how to write a cookie policy.", ("Register", "No thanks"), ()),
        ("Cookies are disabled in your browser.", ("How to enable cookies", "Dismiss"), ()),
        ("Accept the request? Jo will see your personal information.", ("Accept", "Decline"), ()),
    ],
)
def test_other_dialogs_are_no_consent_banners(text: str, labels: tuple[str, ...], fields: tuple[str, ...]) -> None:
    """However tempting their buttons are, and though they speak of cookies too."""
    assert banner([container(text, *labels, fields=fields)]) is None


def test_a_refusal_that_nothing_else_can_be_paid_by_is_paid_for() -> None:
    text = f"{COOKIES} You may reject them with a subscription for 3.99 € a month."
    found = banner([container(text, "Accept all", "Reject")])
    assert found is not None
    assert found.is_pay_wall
    assert next_press(found, policy="reject") is None
    assert pressed(container(text, "Accept all", "Reject", "Subscribe")) == ("Reject", Way.REJECT)


def test_what_a_banner_stood_in_is_no_banner_once_it_is_gone() -> None:
    links = tuple(Control(number=number, label=label, leaves=True) for number, label in enumerate(("Sport", "Culture")))
    footer = Container(number=9, how="sticky", text="Sport Culture", controls=links, met=True)
    assert banner([footer]) is None
    assert banner([replace(footer, text="Thank you.", controls=())]) is not None


def test_a_refusal_beside_something_else_refuses_that() -> None:
    for labels in (("Start lesson", "No thanks"), ("Save recipe", "Decline")):
        assert banner([container("Here you store a cookie in the browser.", *labels)]) is None


def test_in_a_language_that_nobody_reads_cookies_over_the_page_are_a_banner_without_a_press() -> None:
    found = banner([container("Ojú-ìwé yìí ń lo cookies.", "Gba gbogbo rẹ̀", "Kọ gbogbo rẹ̀")], language="yo")
    assert found is not None
    assert next_press(found, policy="reject") is None


def test_of_a_list_the_option_is_chosen_that_allows_least_and_languages_are_left() -> None:
    tongues = (
        Switch(number=7, label="English", on=True, kind="option"),
        Switch(number=8, label="Deutsch", on=False, kind="option"),
    )
    labels = ("All cookies", "Necessary and statistics", "Only necessary")
    levels = tuple(Switch(number=4 + at, label=one, on=at == 0, kind="option") for at, one in enumerate(labels))
    found = banner([replace(container("We use cookies on this website.", "Save"), lists=(tongues, levels))])
    assert found is not None
    assert (found.refusing, [found.is_harmless(one) for one in ("English", *labels)]) == (
        [6],
        [True, False, False, True],
    )


def test_the_innermost_container_with_something_to_decide_is_taken() -> None:
    """A sticky title within a modal has no buttons; the modal has."""
    title = container(COOKIES)
    modal = container(COOKIES, "Accept", "Reject", how="dialog")
    found = banner([title, modal])
    assert found is not None
    assert found.container is modal


def test_a_notice_without_any_button_is_a_banner_too() -> None:
    """It is hidden; a tab that opens the settings again is not."""
    assert banner([container(COOKIES)]) is not None
    assert banner([container("Cookie policy")]) is None


def test_what_settings_open_need_not_speak_of_consent() -> None:
    layer = container("Statistics Marketing", "Save", switches=(True, True))
    assert banner([layer]) is None
    found = banner([layer], second=True)
    assert found is not None
    assert next_press(found, policy="reject") == Press(Control(number=1, label="Save"), Way.SAVE)


@pytest.mark.parametrize(
    ("language", "text", "labels", "wanted"),
    [
        ("da", "Vi indsamler statistik ved hjælp af cookies.", ("Det er helt fint", "Kun de nødvendige"), 1),
        ("es", "Usamos cookies para mejorar tu experiencia.", ("Está bien", "Ahora no"), 1),
        ("es", "Usamos cookies para mejorar tu experiencia.", ("Está bien", "Xyz"), None),
        ("fr", "Les cookies nous permettent de mesurer notre audience.", ("OK pour moi", "Non, pas pour moi"), 1),
        ("en", "We use cookies to see what works.", ("OK", "Hmpf"), None),
        ("be", "Мы выкарыстоўваем файлы cookie.", ("Прыняць усе", "Адхіліць"), 1),
        ("kk", "Біз cookie файлдарын пайдаланамыз.", ("Барлығын қабылдау", "Бас тарту"), 1),
        ("te", "మేము కుక్కీలను ఉపయోగిస్తాము.", ("అన్నీ అంగీకరించండి", "తిరస్కరించండి"), 1),
        ("am", "ኩኪዎችን (cookies) እንጠቀማለን።", ("ሁሉንም ተቀበል", "አትቀበል"), 1),
        ("gl", "Empregamos cookies propias e de terceiros.", ("Aceptar", "Rexeitar"), 1),
        ("en", "We use cookies. Ad-free for £3.99 a month.", ("Accept", "Continue without tracking"), None),
    ],
)
def test_refusals_are_found_in_many_tongues_and_never_guessed(
    language: str, text: str, labels: tuple[str, str], wanted: int | None
) -> None:
    """What is read in one language must not be taken for a word of another, nor what is paid for for a refusal."""
    found = banner([container(text, *labels)], language=language)
    assert found is not None
    press = next_press(found, policy="reject")
    assert (press and press.control.label) == (None if wanted is None else labels[wanted])


def test_refusals_one_by_one_are_all_given_before_they_are_saved() -> None:
    """Also where what saves does not work before."""
    labels = ("Refuse", "Accept", "Refuse", "Accept")
    controls = [Control(number=number, label=label) for number, label in enumerate(labels, 1)]
    saving = Control(number=5, label="Save", off=True)
    found = banner([Container(number=0, how="fixed", text=COOKIES, controls=(*controls, saving))])
    assert found is not None
    assert (next_press(found, policy="reject"), found.refusing) == (Press(saving, Way.SAVE), [1, 3])


def test_ok_beneath_switches_keeps_them_and_a_cross_does_not() -> None:
    assert pressed(container(COOKIES, "OK", switches=(True, True))) == ("OK", Way.SAVE)
    assert pressed(container(COOKIES, "×", switches=(True, True))) is None


def test_buttons_that_stay_pressed_are_switches_unless_they_answer() -> None:
    kinds = {1: ("Advertising", True), 2: ("Statistics", False), 3: ("Accept", True)}
    switches = tuple(Switch(number=at, label=label, on=on, kind="pressed") for at, (label, on) in kinds.items())
    found = banner([Container(number=0, how="fixed", text=COOKIES, switches=switches)])
    assert found is not None
    assert ([one.label for one in found.switches], found.refusing) == (["Advertising", "Statistics"], [1])


def test_what_a_press_left_standing_is_still_the_banner_unless_it_is_something_new() -> None:
    """It need not speak of consent any more: "Are you sure?" A newsletter in the same place is another matter."""
    sure = container("Are you sure?", "Go back")
    letter = container("Get our newsletter.", "No thanks")
    assert [banner([replace(one, met=met)]) is not None for one in (sure, letter) for met in (False, True)] == [
        False,
        True,
        False,
        False,
    ]
