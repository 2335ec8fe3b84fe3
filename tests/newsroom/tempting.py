"""Pages without any consent banner but with buttons that look like one: /tempting/<name>.html, each click is told.

`TEMPTING` has each by its name, in the same form as the walls; a click shows as `Choice(wall="tempting-<name>", …)`.
"""
# ruff: noqa: E501 -- HTML, CSS and scripts stay in one piece

from html import escape

from tests.newsroom.walls.shapes import BOTTOM, FULL, MODAL
from tests.newsroom.walls.wall import Wall


class Tempting(Wall):
    """A page on which nothing may be pressed."""

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/tempting/{self.name.removeprefix('tempting-')}.html"


TOLD = "document.addEventListener('click', (event) => Wall.tell('clicked', { label: event.target.textContent || '' }), true);\n"
CLOSING = "document.querySelectorAll('.bnr button, .veil button, dialog button').forEach((b) => b.addEventListener('click', () => b.closest('.bnr, .veil, dialog').remove()));"


def _page(
    name: str, about: str, inner: str, *, css: str = "bnr", style: str = MODAL, language: str = "en", script: str = "",
    paragraphs: int = 5,
) -> Tempting:  # fmt: skip
    """Returns a page with that box over or beside its article."""
    box = inner if inner.startswith("<") and not css else f'<div class="{css}" role="dialog">{inner}</div>'
    return Tempting(
        f"tempting-{name}", about, language=language, layer=0, outcomes=("none",), accepts=False, paragraphs=paragraphs,
        style=style, markup=box, static=True, script=TOLD + script + CLOSING,
    )  # fmt: skip


def _buttons(*labels: str) -> str:
    return " ".join(f'<button type="button">{escape(label)}</button>' for label in labels)


RECIPE = (
    '<aside class="bnr"><h3>Oat cookies with walnuts</h3><p>Our readers love cookies. Store these cookies in a tin; our partners '
    "at the mill recommend rye. You may accept or reject any ingredient.</p>"
    f"{_buttons('Accept the recipe', 'Reject the walnuts', 'Save', 'Cookie settings for your oven')}</aside>"
)
LAW = (
    '<div class="bnr share"><span>Share this article about cookies and privacy</span> '
    f"{_buttons('Agree 120', 'Disagree 14', 'Accept', 'Save for later')}</div>"
)
LAW_TEXT = (
    "<section><h2>What the new cookie law says</h2><p>Whoever stores cookies on a device must ask for consent first, the court "
    "held, and a button to reject all of them must be as easy to find as the one to accept them. Our privacy is at stake, said "
    "the advocate.</p></section>"
)

_ALL = (
    _page("newsletter", "a newsletter dialog", "<h2>Never miss a story</h2><p>Join 40,000 readers of our morning letter.</p>"
          '<input type="email" placeholder="you@example.org">' + _buttons("Accept and subscribe", "No thanks, reject", "×")),
    _page("newsletter-de", "a newsletter dialog with a line on data protection", "<h2>Jetzt Newsletter abonnieren</h2><p>Sie "
          "können sich jederzeit abmelden. Hinweise zum Datenschutz finden Sie hier.</p>" + _buttons("Zustimmen und abonnieren", "Ablehnen"), language="de"),
    _page("paywall", "a paywall over a locked page", "<h2>Read on with a subscription</h2><p>This article is for subscribers. First "
          "month for £1.</p>" + _buttons("Accept offer", "Continue", "Log in", "No thanks"), css="veil", style=FULL,
          script="document.documentElement.classList.add('stop');"),
    _page("age-gate", "asks for one's age", "<h2>Are you over 18?</h2><p>This page speaks of gin. By entering you agree to our terms "
          "of use and our privacy policy.</p>" + _buttons("Yes, I agree", "No, leave")),
    _page("age-gate-fr", "asks for one's age, in French", "<h2>Avez-vous plus de 18 ans ?</h2><p>L'abus d'alcool est dangereux.</p>"
          + _buttons("Accepter et entrer", "Refuser"), language="fr"),
    _page("login", "a login dialog", "<h2>Sign in to comment</h2><p>By signing in you accept our terms and our cookie and privacy "
          'policy.</p><input type="text"><input type="password">' + _buttons("Accept and sign in", "Cancel", "Reject")),
    _page("notifications", "a prompt for notifications", "<p>Would you like to be told of breaking news? You can change your "
          "preferences at any time.</p>" + _buttons("Allow", "Deny", "Not now"), style=BOTTOM),
    _page("notifications-ja", "a prompt for notifications, in Japanese", "<p>最新ニュースの通知を受け取りますか？</p>"
          + _buttons("許可する", "拒否する"), style=BOTTOM, language="ja"),
    _page("app-install", "wants its app to be installed", "<p>The Courier is better in the app.</p>" + _buttons("Accept and install", "Continue in browser", "Dismiss"), style=BOTTOM),
    _page("survey", "a survey", "<h2>Help us to improve</h2><p>We would like to store your answers to measure how our audience reads. "
          "Will you take part?</p>" + _buttons("Accept", "Decline", "Remind me")),
    _page("region", "asks for one's region", "<h2>Choose your region</h2><p>We remember it on this device.</p><label><input "
          'type="checkbox" checked> North</label><label><input type="checkbox" checked> South</label>' + _buttons("Save preferences", "Reject all", "Accept all regions")),
    _page("cookie-recipe", "a recipe for cookies, fixed to the bottom", RECIPE, css="", style=BOTTOM),
    _page("comment-form", "a moderator's form under the article", '<section id="comments"><form><textarea></textarea><label><input '
          'type="checkbox" checked> Store my name in a cookie for the next time</label>' + _buttons("Accept comment", "Reject", "Save") + "</form></section>", css="", style=""),
    _page("game", "a game", '<div class="bnr"><h2>Dragon\'s Toll</h2><p>The dragon offers you cookies for your consent to pass.</p>'
          + _buttons("Accept all quests", "Reject all quests", "Settings") + "</div>", css="", style=FULL + BOTTOM),
    _page("privacy-law", "an article about cookies and consent, with a fixed share bar", LAW_TEXT + LAW, css="", style=BOTTOM),
    _page("privacy-law-fixed", "an article about cookies in a container that is itself fixed",
          f'<div class="reader"><article>{LAW_TEXT}{"<p>Consent to cookies was the theme of the evening in the village hall.</p>" * 9}'
          f"{_buttons('Accept the verdict', 'Reject the verdict')}</article></div>", css="", style=".reader{position:fixed;inset:60px 0 0 0;overflow:auto;background:#fff;padding:2rem}"),
    _page("ad-blocker", "asks to switch the ad blocker off", "<h2>Ad blocker found</h2><p>Advertisements pay for our reporting.</p>"
          + _buttons("I have switched it off", "Continue without supporting us", "Accept ads")),
    _page("poll", "a poll on cookies", "<h3>Poll of the week</h3><p>When websites ask, what do you do? 4,127 votes so far.</p>"
          + _buttons("I reject", "I accept", "I do not care"), style=".bnr{position:sticky;bottom:0;background:#eef}"),
    _page("terms", "new terms of use", "<h2>We have changed our terms</h2><p>From January our terms of use apply to reader accounts.</p>"
          + _buttons("Accept", "I understand", "Decline"), style=BOTTOM),
    _page("donation", "asks for a donation", "<h2>Give what you can</h2><p>No partners, no advertisements.</p>" + _buttons("Give £5", "Accept all", "Maybe later")),
    _page("chat", "a chat in a frame of another site", '<iframe src="%OTHER%/tempting/frame/chat.html" style="position:fixed;right:0;bottom:0;width:300px;height:200px"></iframe>', css="", style=""),
    _page("embed-placeholder", "an embedded video that waits for a click, in the article", '<div class="embed"><p>Here the article shows a '
          "video of another site, which sets cookies when it is loaded. Privacy policy of the provider.</p>" + _buttons("Accept and load video", "Always allow external media") + "</div>", css="", style=".embed{border:1px solid;padding:2rem;max-width:44rem;margin:auto}"),
    _page("footer-links", "links to privacy settings at the foot, and no banner", '<footer><a href="#privacy">Cookie settings</a> <a href="#dns">Do not sell my '
          'personal information</a> <a href="#reject">Reject all cookies</a></footer>', css="", style=""),
    _page("settings-page", "the reader's own settings, as the page's content", '<section class="settings"><h2>Your privacy settings</h2><p>Here '
          'you decide which cookies we store.</p><label><input type="checkbox" checked> Statistics</label><label><input type="checkbox" checked> Advertising</label>'
          + _buttons("Reject all", "Accept all", "Save choices") + "</section>", css="", style=".settings{max-width:44rem;margin:auto}"),
    _page("hidden-banner", "a consent banner that is there and out of sight, since it was settled before", '<div class="bnr" style="display:none"><p>We use '
          "cookies. You may agree or refuse.</p>" + _buttons("Accept all", "Reject all") + "</div>", css="", style=BOTTOM),
    _page("offer", "asks for money, and has a line on cookies", "<h2>You have read your last free article</h2><p>£1 a month. We use cookies to "
          "count your articles.</p>" + _buttons("Subscribe for £1", "No thanks")),
    _page("cookie-quiz", "a quiz on cookies and consent, fixed to the bottom", "<h3>What do you know about cookies?</h3><p>Which law asks for consent "
          "before tracking cookies are set?</p>" + _buttons("GDPR", "Reject", "Submit answer"), style=BOTTOM),
    _page("study", "asks for consent to a study", "<h2>Informed consent</h2><p>We ask for your consent to take part in a study of our harbour air.</p>"
          + _buttons("I consent", "I do not consent")),
    _page("newsletter-fieldless", "a newsletter without a field", "<h2>Der Morgen in Ihrem Postfach</h2><p>Sie willigen in die Verarbeitung Ihrer "
          "personenbezogenen Daten und das Tracking ein.</p>" + _buttons("Einverstanden", "Nein, danke"), language="de"),
    _page("tour", "shows what is new", "<h2>New: dark colours</h2><p>You find them in the settings, next to your privacy preferences.</p>" + _buttons("Got it", "Settings")),
    _page("delete-account", "asks back", "<h2>Delete your account?</h2><p>All your personal data and privacy preferences will be erased.</p>" + _buttons("Confirm", "Cancel")),
    _page("bakery", "sells cookies", "<p>Our cookies are baked fresh each day. Order by noon!</p>" + _buttons("Accept offer", "No thanks", "Close"), style=BOTTOM),
    _page("contents", "a table of contents, fixed to the side", '<div class="bnr"><b>On this page</b><a href="#first">How we use cookies</a> <a href="#second">Reject all</a> '
          '<a href="#first">Accept cookies</a></div><h2 id="first">How we use them</h2><h2 id="second">Reject all</h2>', css="", style=".bnr{position:fixed;left:0;top:9rem;width:12rem}"),
    _page("embed-over-text", "a placeholder laid over the place of a film", '<div class="film"><div><p>With your consent, a film of another site is loaded here, which sets '
          "cookies and processes personal data. See our privacy policy.</p>" + _buttons("Accept and load", "Always allow") + "</div></div>", css="", style=".film{position:relative;height:16rem}.film div{position:absolute;inset:0;z-index:120;background:#eee}",
          script="document.querySelector('article').append(document.querySelector('.film'));"),
    _page("cart", "a basket", "<h2>Your basket: tin of cookies</h2><p>2 × cookies, oat. Delivery on Friday.</p>" + _buttons("Accept substitutes", "Reject substitutes", "Save basket"), style=BOTTOM),
)  # fmt: skip
TEMPTING: dict[str, Wall] = {page.name.removeprefix("tempting-"): page for page in _ALL}
CHAT = f"<p>Hello! I am the robot of the advertisements desk. By starting the chat you accept our privacy policy.</p>{_buttons('Accept and start chat', 'Reject')}<script>{TOLD}</script>"
