"""What a URL promises to be, judged by its shape alone, in many languages.

A shape is a hint, never the last word: the page itself is judged by `archive.articles.judging.verdict`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from archive.articles.markup.text import words


class Shape(StrEnum):
    """What a URL looks like: an article, a list of articles of some sort, a file, or unknown."""

    ARTICLE = "article"
    SECTION = "section"
    TAG = "tag"
    AUTHOR = "author"
    SEARCH = "search"
    PAGINATION = "pagination"
    HOME = "home"
    MEDIA = "media"
    OTHER = "other"


_TAG = words("""
    tag tags tagged hashtag keyword keywords label labels schlagwort schlagworte schlagwoerter stichwort stichworte
    etiqueta etiquetas etichetta etichette mot-cle mots-cles motcle motscles mot-clef trefwoord trefwoorden etikett
    etiketter avainsana tagi slowo-kluczowe stitek stitky cimke тег теги tegs 标签 標籤 タグ 태그 وسم وسوم टैग etiket
""")
_TOPIC = words("""
    topic topics thema themen tema temas temi sujet sujets onderwerp emne emner amne dossier dossiers argomento
    argomenti tematy aihe aiheet тема темы topik konu
""")
_AUTHOR = words("""
    author authors autor autoren autorin autores autora auteur auteurs autore autori auteure redakteur redakteure
    redattore contributor contributors writer writers reporter reporters journalist journalists journaliste
    journalistes byline columnist columnists skribent skribenter forfatter kirjoittaja toimittaja szerzo autorzy
    автор авторы yazar 作者 著者 기자 كاتب लेखक profile profiles profil staff-member
""")
_SECTION = words("""
    category categories cat section sections channel ressort ressorts rubrik rubriken rubrique rubriques seccion
    secciones sezione sezioni secao categoria categorias categorie categorieen kategorie kategorien kategoria
    kategori kategorija rubriek sectie osio rovat archive archives archiv archivo archivi arkiv archief arkisto
    рубрика рубрики категория раздел 分类 カテゴリー カテゴリ 카테고리 تصنيف श्रेणी
""")
_SEARCH = words("""
    search suche suchen suchergebnisse buscar busca busqueda recherche rechercher zoeken cerca ricerca sok sog haku
    szukaj hledat kereses поиск пошук arama 搜索 検索 검색 بحث खोज
""")
_SEARCH_QUERY = words("s q query search suche keywords searchword search_query")
_PAGE = words("page seite pagina pag side sida strona strana sivu oldal страница sayfa p")
_PAGE_QUERY = words("page paged seite pagina pag start offset pageno pagenum page_num p_page")
_ID_QUERY = words("""
    p id idx article article_id articleid aid artid art story storyid story_id newsid news_id nid node idx post post_id
    postid artikel arid
""")
_NO_PAGE = words("feed feeds rss atom wp-json wp-admin wp-content xmlrpc.php wp-login.php cdn-cgi api oembed trackback")
_FILES = words("""
    jpg jpeg png gif webp avif svg ico bmp tif tiff pdf doc docx xls xlsx ppt pptx odt zip gz rar 7z mp3 m4a ogg wav
    mp4 webm mov avi mpg m3u8 css js mjs json xml rss atom txt csv woff woff2 ttf eot ics apk exe epub
""")
_STATIC = words("""
    about about-us aboutus contact contact-us contacts kontakt imprint impressum datenschutz datenschutzerklaerung
    privacy privacy-policy terms terms-of-use terms-of-service terms-and-conditions tos legal legal-notice login
    logout signin sign-in signup sign-up register registration registrieren subscribe subscription abo abonnement
    newsletter newsletters cookies cookie-policy agb advertise advertising werbung mediadaten jobs karriere careers
    help hilfe faq faqs sitemap ueber-uns uber-uns wir-ueber-uns mentions-legales nous-contacter a-propos
    qui-sommes-nous aviso-legal quienes-somos contacto politica-de-privacidad chi-siamo contatti redazione over-ons
    colofon om-oss om-os kontakta-oss о-нас контакты donate spenden shop account my-account profile settings weather
    wetter epaper e-paper accessibility barrierefreiheit team redaktion masthead staff ethics corrections
    unsubscribe cart checkout
""")
_SECTION_NAMES = words("""
    news local world international national politics business economy sport sports culture arts opinion opinions
    comment health science tech technology education travel lifestyle entertainment environment weather life money
    region regional nachrichten lokales politik wirtschaft kultur wissen meinung panorama gesundheit reise welt
    inland ausland noticias politica economia deportes cultura mundo sociedad opinion locales actualite actualites
    politique economie societe monde culture sante notizie cronaca esteri nieuws binnenland buitenland economie
    cultuur nyheter kultur новости политика экономика спорт культура общество мир
    新闻 政治 经济 体育 文化 政治 経済 スポーツ 社会 国際 地域
    أخبار سياسة اقتصاد رياضة ثقافة समाचार राजनीति खेल व्यापार संस्कृति latest features
""")
_FORMATS = words("aside audio chat gallery image link quote status video standard")
_EXTENSION = re.compile(r"\.(?:x?html?|php\d?|aspx?|jsp|shtml|cms|ece|do|cfm|amp)$")
_YEAR = re.compile(r"/(?:19|20)\d\d(?:/(?:0?[1-9]|1[0-2]))?(?:/(?:0?[1-9]|[12]\d|3[01]))?(?=/|$)")
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DATED = re.compile(r"(?:^|[/_-])(?:19|20)\d\d(?:[/_-]?)(?:0[1-9]|1[0-2])(?:[/_-]?)(?:0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<![a-z])[0-9a-f]{24,40}(?![a-z])")
_NUMBERED = re.compile(
    r"(?:^|[-_.,])[a-z]{0,4}\d{4,}$|^\d{4,}(?:[-_]|$)|^(?:article|artikel|story|art|a|id)[-_]?\d{2,}$"
)


@dataclass(frozen=True, slots=True)
class _Address:
    """A URL taken apart for judging: lower case, percent-decoded."""

    segments: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    slashed: bool

    @property
    def path(self) -> str:
        return "/" + "/".join(self.segments)

    @property
    def last(self) -> str:
        return self.segments[-1] if self.segments else ""

    @property
    def slug(self) -> str:
        return _EXTENSION.sub("", self.last)


def shape(url: str, *, article: str | None = None) -> Shape:
    """Judge a URL by its shape; `article`, the site's own pattern for path and query, decides for or against ARTICLE.

    Any string is judged; a broken pattern raises re.error.
    """
    address = _address(url[:8192])
    if article is not None:
        target = _target(url)
        if re.search(article, target):
            return Shape.ARTICLE
    found = _shape(address)
    return Shape.OTHER if article is not None and found is Shape.ARTICLE else found


def _target(url: str) -> str:
    """Return path and query, as written."""
    return re.sub(r"^[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*", "", url).partition("#")[0] or "/"


def _address(url: str) -> _Address:
    path, _, query = _target(url).partition("?")
    segments = tuple(part for part in unquote(path).casefold().split("/") if part)
    if segments and segments[-1] in {"amp", "index.html", "index.htm", "index.php", "default.aspx"}:
        segments = segments[:-1]
    pairs = (piece.partition("=") for piece in unquote(query).casefold().split("&") if piece)
    return _Address(segments, tuple((name, value) for name, _, value in pairs), path.endswith("/"))


def folders(url: str) -> tuple[str, ...]:
    """Return the folders of a URL's path, percent-decoded and caseless; of any string."""
    return _address(url[:8192]).segments[:-1]


def _shape(address: _Address) -> Shape:
    for judge in (_no_page, _listed, _identified, _home, _written, _short):
        found = judge(address)
        if found is not None:
            return found
    return Shape.OTHER


def _no_page(address: _Address) -> Shape | None:
    """A file, a feed or an interface for programs is no page."""
    if address.last.rpartition(".")[2] in _FILES and "." in address.last:
        return Shape.MEDIA
    if address.segments and (address.segments[0] in _NO_PAGE or address.last in _NO_PAGE):
        return Shape.MEDIA
    return Shape.MEDIA if any(name in {"feed", "rest_route"} for name, _ in address.query) else None


def _listed(address: _Address) -> Shape | None:
    """Lists say what they are: by a word of the path, or by a parameter."""
    names = {name for name, value in address.query if value}
    if set(address.segments) & _SEARCH or (names & _SEARCH_QUERY and len(address.segments) <= 1):
        return Shape.SEARCH
    if _identified(address) is None and (names & _PAGE_QUERY or _is_numbered_page(address)):
        return Shape.PAGINATION
    if set(address.segments[:-1]) & _TAG:
        return Shape.TAG
    if set(address.segments[-3:-1]) & _AUTHOR and not re.search(r"\d{8}", address.last):
        return Shape.AUTHOR
    if address.last in _AUTHOR and len(address.segments) == 1:
        return Shape.AUTHOR
    if set(address.segments[:-1]) & _TOPIC and not _has_identity(address) and address.slug.count("-") < 2:
        return Shape.TAG
    if address.last in _TAG | _TOPIC:
        return Shape.TAG
    # Quirk: WordPress lists the posts of a post format under /type/<format>/
    if address.segments[-2:-1] == ("type",) and address.last in _FORMATS:
        return Shape.SECTION
    if set(address.segments) & _SECTION and not _is_written(address) and not _has_identity(address):
        return Shape.SECTION
    return None


def _is_numbered_page(address: _Address) -> bool:
    if len(address.segments) >= 2 and address.segments[-2] in _PAGE and address.last.isdigit():
        return len(address.last) <= 4
    return re.fullmatch(r"(?:page|seite|pagina)[-_]?\d{1,4}", address.slug) is not None


def _identified(address: _Address) -> Shape | None:
    """A parameter that holds a number by a name such as `p` or `article_id` names one thing."""
    for name, value in address.query:
        if name in _ID_QUERY and re.fullmatch(r"\d{1,12}", value):
            return Shape.ARTICLE
    return None


def _home(address: _Address) -> Shape | None:
    if not address.segments or (
        len(address.segments) == 1 and re.fullmatch(r"[a-z]{2}(?:[-_][a-z]{2})?", address.last)
    ):
        return Shape.HOME
    return Shape.HOME if address.segments in {("home",), ("index",), ("start",), ("startseite",)} else None


def _written(address: _Address) -> Shape | None:
    if address.slug in _STATIC or _is_static_page(address):
        return Shape.OTHER
    return Shape.ARTICLE if _is_written(address) or _has_identity(address) else None


def _is_static_page(address: _Address) -> bool:
    """A page of a site generator's own folder for them, or a short slug that begins with 'about'."""
    if len(address.segments) > 2 or re.search(r"\d{3,}", address.path):
        return False
    about = address.slug.startswith("about-") and address.slug.count("-") < 4
    return about or (len(address.segments) == 2 and address.segments[0] == "pages")


def _is_written(address: _Address) -> bool:
    """A headline made into a slug, in any script."""
    slug = address.slug
    parts = [part for part in re.split(r"[-_+\s]+", slug) if part]
    if len(parts) >= 4 or (len(parts) >= 3 and len(slug) >= 18):
        return True
    if not slug.isascii():
        return len(parts) >= 3 or len(slug) >= 10 or len(_DENSE.findall(slug)) >= 6
    dated = _YEAR.search(address.path)
    return dated is not None and dated.end() < len(address.path) and not slug.isdigit() and slug not in _SECTION_NAMES


def _has_identity(address: _Address) -> bool:
    """A date with something behind it, a number or a hash that names one article."""
    if _DATED.search(address.path) and not re.fullmatch(r"[\d/_.-]+", address.path[address.path.find("/", 1) :]):
        return _DATED.search(address.path + "/") is not None and not _ends_with_date(address)
    if (
        address.segments[-2:-1]
        and address.segments[-2] in _ID_QUERY | {"artikel", "noticia", "nota"}
        and re.fullmatch(r"\d{2,}", address.slug)
    ):
        return True
    if _UUID.search(address.last) or _NUMBERED.search(address.slug):
        return not _is_calendar(address)
    return address.last != address.slug and bool(re.search(r"\d{3,}|-.*-", address.slug))


def _ends_with_date(address: _Address) -> bool:
    """The archive page of a day ends with its date."""
    return re.search(r"/(?:19|20)\d\d[/-]\d{1,2}[/-]\d{1,2}$", address.path) is not None


def _is_calendar(address: _Address) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", address.slug) is not None or _ends_with_date(address)


def _short(address: _Address) -> Shape | None:
    """Short paths of known words, and bare dates, are sections."""
    if re.search(r"/(?:19|20)\d\d(?:[/-]\d{1,2}){0,2}$", address.path):
        return Shape.SECTION
    if address.query or not address.segments or len(address.segments) > 3:
        return None
    if address.last in _SECTION_NAMES:
        return Shape.SECTION
    plain = re.fullmatch(r"[^\W\d_]{2,12}", address.last) is not None
    return Shape.SECTION if plain and address.segments[0] in _SECTION_NAMES else None
