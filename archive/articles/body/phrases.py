"""Phrases of chrome in many languages: lines about sharing, comments, consent, promotion and bylines."""

import re
from collections.abc import Iterable

from archive.articles.markup.text import letters

# Whole lines that are chrome, as are the headings below, whatever page they stand on; letters and digits alone count.
_LISTED = """
Posted on
Published on
Updated on
Order reprints
Print article
Scroll Top
Scroll to top
Back to top
Nach oben
Zurück nach oben
Haut de page
Volver arriba
Torna su
Related
Read more
Read also
See also
More on this story
Most read
Most popular
Trending
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
광고
공유
댓글
اقرأ أيضا
اقرأ أيضاً
إعلان
شارك
التعليقات
यह भी पढ़ें
विज्ञापन
शेयर करें
टिप्पणियाँ
Yorum yap
Paylaş
"""
# Headings that what is none of the article follows: who wrote it, what else there is, what others say.
_ENDS_LISTED = """
About the author
About the authors
About the writer
About the contributor
About the reviewer
Meet the author
Über den Autor
Über die Autorin
Zum Autor
Zur Autorin
À propos de l'auteur
Sobre el autor
Sobre la autora
Sobre o autor
Sull'autore
Over de auteur
Om författaren
Об авторе
Related Posts
Related Articles
Related Stories
Related Content
Related Reading
Related News
Related Resources
More stories
More articles
More from the blog
Recent posts
Latest posts
Latest articles
Read next
Read this next
Up next
You might also like
You may also like
You might also enjoy
You may also enjoy
Recommended for you
Recommended reading
Recommended articles
Popular posts
Leave a comment
Leave a reply
Post a comment
Das könnte Sie auch interessieren
Ähnliche Artikel
Articles similaires
Articles liés
Noticias relacionadas
Artículos relacionados
Artigos relacionados
Notícias relacionadas
Articoli correlati
Potrebbe interessarti
Gerelateerde artikelen
Relaterade artiklar
Powiązane artykuły
Похожие статьи
Материалы по теме
関連記事
相关文章
관련기사
مواضيع ذات صلة
İlgili Haberler
"""
_ENDS = frozenset(map(letters, _ENDS_LISTED.splitlines())) - {""}
_LINES = _ENDS.union(map(letters, _LISTED.splitlines()))
_PATTERNS = re.compile(
    r"^(?:"
    r"you must be (?:logged|signed) in to (?:post|leave|write) a (?:comment|reply)|"
    r"privacy preferences?\W+when you visit|when you visit (?:our|any) (?:web)?site,? it may (?:store|retrieve)|"
    r"(?:we|this (?:web)?site|our (?:web)?site) uses? (?:\w+ ){0,4}cookies|"
    r"by (?:continuing|using|clicking|browsing)\b.{0,120}\bcookies|"
    r"(?:wir|diese (?:web)?seite) (?:verwende[nt]|nutz[te]n?|setz[te]n?) (?:\w+ ){0,4}cookies|"
    r"(?:ce site|nous) utilis(?:e|ons) (?:\w+ ){0,3}cookies|"
    r"(?:este sitio|esta web|utilizamos|usamos) (?:\w+ ){0,4}cookies|"
    r"(?:questo sito|utilizziamo) (?:\w+ ){0,4}cookie|"
    r"your email address will not be published|required fields are marked|save my name, email|"
    r"(?:sign up|subscribe)(?: here| now)? (?:for|to) (?:our|the|receive|get)\b.{0,120}(?:newsletter|inbox|e-?mail)|"
    r"(?:get|receive) (?:the|our|your)\b.{0,80}(?:in|to) your inbox|"
    r"(?:click|tap) (?:here|to) (?:to )?(?:share|print|e-?mail|tweet)\b|"
    r"share (?:this|on) (?:\w+ )?(?:facebook|twitter|x|whatsapp|linkedin)|"
    r"all rights reserved|alle rechte vorbehalten|tous droits réservés|copyright ©|© (?:19|20)\d\d|"
    r"(?:photo|photograph|image|picture|foto|bild|fotograf(?:ía|ie)|crédit|credit)s?\s*(?:by|credit|von|de|par)?\s*"
    r"[:：]\s*\S.{0,80}$|"
    r"(?:read also|read more|also read|lesen sie auch|lire aussi|à lire aussi|lee también|leggi anche|leia também|"
    r"lees ook|läs också|czytaj także|читайте также|"
    r"相关阅读|関連記事|اقرأ أيض[اًا]+|यह भी पढ़ें|"
    r"ayrıca bak|see also|mehr dazu|auch interessant|"
    r"читать также|прочитайте также)\s*[:：]|"
    r"empfohlener (?:redaktioneller|externer) inhalt|an dieser stelle (?:finden|findest)\b.{0,80}\bexterne|"
    r"ich bin (?:damit )?einverstanden, dass mir\b.{0,20}\bexterne|"
    r"to (?:view|see|watch) this (?:content|embed|video|post)\b.{0,80}\b(?:cookies|consent|settings|preferences)|"
    r"ce contenu (?:est bloqué|n'a pas pu être affiché)|"
    r"\(?(?:additional )?reporting by\b.{0,200}\bediting by\b|"
    r"(?:stand:? .{1,30})?(?:lesedauer|lesezeit|reading time|read time|temps de lecture|tiempo de lectura|"
    r"tempo di lettura|leestijd|lästid)\s*:?\s*(?:ca\.?\s*)?\d+.{0,20}$|\d{1,3}[ -]min(?:ute)?s? read\W*$|"
    r"\W{0,2}(?:(?:last )?(?:updated|published|posted)|aktualisiert|veröffentlicht|publié|mis à jour|publicado|"
    r"actualizado|pubblicato|aggiornato)(?: on| at| am| le| el| il)?\s*[:：]?\s.{0,30}\d[\d:.]{1,5}.{0,12}$"
    r")",
    re.IGNORECASE,
)
_DATE_LINE = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:,?[\sT]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)?(?:\s*(?:Uhr|[ap]\.?m\.?|h))?"
)
_BYLINE_LINE = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|од|автор:?|文[:：]|作者[:：]|記者[:：]?|بقلم:?)\s+", re.IGNORECASE
)


def is_chrome(line: str, *, names: Iterable[str] = ()) -> bool:
    """Tell whether a paragraph is chrome: a phrase of sharing, comments, consent or promotion, or a bare byline.

    `names` are what may stand in a byline beside "by", as letters alone.
    """
    folded = letters(line)
    if not folded or folded in _LINES or _DATE_LINE.fullmatch(line):
        return True
    if len(line) < 400 and _PATTERNS.match(line):
        return True
    return _is_byline(line, folded=folded, names=names)


def ends_article(line: str) -> bool:
    """Tell whether a line is a heading of what follows an article: its author, related articles, comments."""
    return len(line) < 50 and letters(line) in _ENDS


def _is_byline(line: str, *, folded: str, names: Iterable[str]) -> bool:
    """A short line that says nothing but who wrote it."""
    if len(line) > 120:
        return False
    rest = letters(_BYLINE_LINE.sub("", line))
    for name in names:
        rest = rest.replace(name, "")
    return len(rest) < 6 and rest != folded
