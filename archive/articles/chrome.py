"""What is on an article's page and is no article text: told by structure first, by phrases after.

`prune` cuts containers out of the tree before the body is read; `is_chrome` judges a line that came through.
"""

import re
from collections.abc import Iterable

from lxml import etree
from lxml.html import HtmlElement

from archive.articles.text import fold, letters

_GONE = (
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "svg",
    "button",
    "dialog",
    "nav",
    "select",
    "input",
    "textarea",
)
_CONSENT = re.compile(
    r"cookie-?(?:banner|bar|consent|law|notice|modal|popup|message|info|hint|overlay|dialog|wall|settings|preferences|policy)|"
    r"(?:^|[\s_-])(?:gdpr|dsgvo|ccpa|cmp|consent|privacy-(?:banner|modal|preferences|popup|center|manager|overlay))(?:$|[\s_-])|"
    r"consent-?(?:banner|manager|modal|popup|wall|overlay|dialog|layer)|cookieconsent|onetrust|borlabs|cmplz|cookiebot|"
    r"didomi|usercentrics|klaro|tarteaucitron|qc-cmp|sp_message|truste|osano|iubenda|moove_?gdpr|cookielaw|cky-|cc-window|"
    r"gdprmodal|privacymodal|privacy-preference",
    re.IGNORECASE,
)
_WORDS = r"(?:^|[\s_-])(?:{})(?:$|[\s_-])"
_CHROME = re.compile(
    _WORDS.format(
        r"share|sharing|sharedaddy|share-?(?:bar|buttons?|links?|tools?|icons?|this)|social-?(?:share|sharing|links|icons|media|bar|buttons?)|sharethis|addtoany\w*|"
        r"addthis\w*|related|related-?(?:posts?|articles?|stories|news|content|links?|items?)|jp-relatedposts|yarpp\w*|"
        r"recommend(?:ed|ations?)?|recommended-\w+|more-(?:from|news|stories|articles)|read-?(?:more|also|next)|most-?(?:read|popular)|"
        r"popular-?posts?|trending|also-?like|you-?may-?\w+|outbrain|taboola|"
        r"comments?|comments?-?(?:area|list|section|form|respond|wrap|container|link|count|box)|commentlist|respond|disqus\w*|"
        r"newsletter|newsletter-?\w+|subscribe|subscription-?\w*|signup|sign-?up|mailchimp|mc4wp\S*|optin\w*|"
        r"scroll-?(?:to-?)?top|back-?to-?top|to-?top|backtotop|scrolltop|"
        r"breadcrumbs?|crumbs?|pagination|pager|nav-?links|post-?navigation|page-?nav\w*|site-?(?:header|footer)|"
        r"author-?(?:bio|box|info|card|description|about)|about-?(?:the-)?author|post-?author-?bio|"
        r"byline|by-line|post-?meta|entry-?meta|article-?meta|meta-?data|dateline|timestamp|"
        r"tags?-?(?:list|links|cloud|container)|tagcloud|post-?tags|entry-?tags|article-?tags|cat-?links|entry-?footer|post-?footer|"
        r"caption|wp-caption-text|image-?caption|photo-?caption|figcaption|image-?credit|photo-?credit|"
        r"advert|advertisement|ad-?(?:container|wrapper|slot|unit|block|label)|ads|sponsored|promo|promo-?\w+|"
        r"teaser-?list|skip-?link\w*|screen-?reader-?text|visually-?hidden|sr-only|print-?only|toolbar|sidebar|widget-area|modal|popup|lightbox"
    ),
    re.IGNORECASE,
)
_BODY = re.compile(
    r"article-?_*body|entry-?content|post-?content|articlebody|story-?body|article-?content|post-?body|content-?body|article__text",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    "div section ul ol aside footer header p span form a h2 h3 h4 h5 h6 dl table figcaption li details".split()
)  # noqa: SIM905
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def prune(tree: HtmlElement) -> None:
    """Cut out, in place, what is no article text by its element, role, class or id; never what holds the article."""
    etree.strip_elements(tree, *_GONE, with_tail=False)
    whole = _length(tree)
    for element in list(tree.iter(*_BLOCKS)):
        if (
            element.getparent() is not None
            and _is_container_of_chrome(element)
            and not _holds_article(element, whole=whole)
        ):
            element.drop_tree()


def _is_container_of_chrome(element: HtmlElement) -> bool:
    if element.tag == "figcaption":
        return True
    role = element.get("role")
    if role in {"dialog", "alertdialog", "navigation", "search", "banner", "contentinfo", "complementary", "menu"}:
        return True
    if element.get("aria-modal") == "true":
        return True
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"
    if len(marks) > 2 and (_CONSENT.search(marks) or (_CHROME.search(marks) and not _BODY.search(marks))):
        return True
    return element.tag == "a" and _is_top_link(element)


def _is_top_link(element: HtmlElement) -> bool:
    return element.get("href") in {"#", "#top", "#page", "#header"} and len(fold(element.text_content())) < 30


def _holds_article(element: HtmlElement, *, whole: int) -> bool:
    """A container with the heading, or with most of the page's text in paragraphs, is the page and no chrome."""
    if element.get("role") in {"dialog", "alertdialog"} or element.get("aria-modal") == "true":
        return element.find(".//article") is not None
    if element.tag == "header":
        return element.find(".//p") is not None and _paragraph_length(element) * 3 > whole
    own = _paragraph_length(element)
    return own > 400 and own * 3 > whole


def _paragraph_length(element: HtmlElement) -> int:
    return sum(_length(paragraph) for paragraph in element.iter("p"))


def _length(element: HtmlElement) -> int:
    return sum(len(text.strip()) for text in element.itertext())


# Whole lines that are chrome, whatever page they stand on; compared by letters and digits alone.
_LINES = frozenset(
    letters(line)
    for line in """
    Scroll Top
    Scroll to top
    Back to top
    Nach oben
    Zurück nach oben
    Haut de page
    Volver arriba
    Torna su
    Related Posts
    Related Articles
    Related Stories
    Related
    Related News
    Read more
    Read also
    See also
    More on this story
    More stories
    You might also like
    You may also like
    Recommended for you
    Most read
    Most popular
    Trending
    Leave a comment
    Leave a reply
    Post a comment
    Add a comment
    Write a comment
    No comments
    Comments
    Comments are closed
    Share
    Share this
    Share this article
    Share this story
    Share this post
    Tweet
    Print
    Email
    Copy link
    Follow us
    Subscribe
    Sign up
    Log in
    Advertisement
    Advertisements
    Sponsored
    Continue reading
    Story continues below
    Article continues below
    Skip to content
    Your email address will not be published.
    You must be logged in to post a comment.
    Accept all
    Reject all
    Save preferences
    Manage preferences
    Privacy Preferences
    Cookie settings
    Anzeige
    Werbung
    Mehr zum Thema
    Lesen Sie auch
    Auch interessant
    Das könnte Sie auch interessieren
    Artikel teilen
    Teilen
    Kommentare
    Kommentar schreiben
    Kommentar hinterlassen
    Schreiben Sie einen Kommentar
    Artikel merken
    Drucken
    Newsletter abonnieren
    À lire aussi
    Lire aussi
    Sur le même sujet
    Partager
    Commentaires
    Laisser un commentaire
    Publicité
    Compartir
    Comentarios
    Deja un comentario
    Deja una respuesta
    Te puede interesar
    Lee también
    Leer también
    Noticias relacionadas
    Publicidad
    Compartilhar
    Comentários
    Leia também
    Leia mais
    Publicidade
    Condividi
    Commenti
    Leggi anche
    Lascia un commento
    Pubblicità
    Delen
    Reacties
    Lees ook
    Advertentie
    Läs också
    Läs mer
    Annons
    Dela
    Les også
    Læs også
    Czytaj także
    Zobacz także
    Udostępnij
    Reklama
    Čtěte také
    Lue myös
    Mainos
    Поделиться
    Комментарии
    Читайте также
    Реклама
    Оставить комментарий
    Читайте також
    関連記事
    シェア
    コメント
    広告
    続きを読む
    コメントを残す
    相关阅读
    相关新闻
    分享
    评论
    广告
    관련기사
    광고
    공유
    댓글
    اقرأ أيضا
    اقرأ أيضاً
    إعلان
    شارك
    التعليقات
    مواضيع ذات صلة
    यह भी पढ़ें
    विज्ञापन
    शेयर करें
    टिप्पणियाँ
    İlgili Haberler
    Yorum yap
    Paylaş
    """.split("\n")
    if letters(line)
)
_PATTERNS = re.compile(
    r"^(?:"
    r"you must be (?:logged|signed) in to (?:post|leave|write) a (?:comment|reply)|"
    r"privacy preferences?\W+when you visit|when you visit (?:our|any) (?:web)?site,? it may (?:store|retrieve)|"
    r"(?:we|this (?:web)?site|our (?:web)?site) uses? (?:\w+ ){0,4}cookies|by (?:continuing|using|clicking|browsing)\b.{0,120}\bcookies|"
    r"(?:wir|diese (?:web)?seite) (?:verwende[nt]|nutz[te]n?|setz[te]n?) (?:\w+ ){0,4}cookies|"
    r"(?:ce site|nous) utilis(?:e|ons) (?:\w+ ){0,3}cookies|(?:este sitio|esta web|utilizamos|usamos) (?:\w+ ){0,4}cookies|"
    r"(?:questo sito|utilizziamo) (?:\w+ ){0,4}cookie|"
    r"your email address will not be published|required fields are marked|save my name, email|"
    r"(?:sign up|subscribe)(?: here| now)? (?:for|to) (?:our|the|receive|get)\b.{0,120}(?:newsletter|inbox|e-?mail)|"
    r"(?:get|receive) (?:the|our|your)\b.{0,80}(?:in|to) your inbox|"
    r"(?:click|tap) (?:here|to) (?:to )?(?:share|print|e-?mail|tweet)\b|share (?:this|on) (?:\w+ )?(?:facebook|twitter|x|whatsapp|linkedin)|"
    r"all rights reserved|alle rechte vorbehalten|tous droits réservés|copyright ©|© (?:19|20)\d\d|"
    r"(?:photo|photograph|image|picture|foto|bild|fotograf(?:ía|ie)|crédit|credit)s?\s*(?:by|credit|von|de|par)?\s*[:：]\s*\S.{0,80}$|"
    r"(?:read also|read more|also read|lesen sie auch|lire aussi|à lire aussi|lee también|leggi anche|leia também|lees ook|läs också|czytaj także|читайте также|关联阅读|関連記事)\s*[:：]"
    r")",
    re.IGNORECASE,
)
_BYLINE_LINE = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|од|автор:?|文[:：]|作者[:：]|記者[:：]?|بقلم:?)\s+", re.IGNORECASE
)


def is_chrome(line: str, *, names: Iterable[str] = ()) -> bool:
    """Tell whether a paragraph is chrome: a phrase of sharing, comments, consent or promotion, or a bare byline."""
    folded = letters(line)
    if not folded or folded in _LINES:
        return True
    if len(line) < 400 and _PATTERNS.match(line):
        return True
    return _is_byline(line, folded=folded, names=names)


def _is_byline(line: str, *, folded: str, names: Iterable[str]) -> bool:
    """A short line that says nothing but who wrote it."""
    rest = letters(_BYLINE_LINE.sub("", line))
    for name in names:
        rest = rest.replace(letters(name), "")
    return len(line) < 120 and len(rest) < 6 and rest != folded
