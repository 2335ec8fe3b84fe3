"""Which kind of article a page holds: what its data calls it, else how it is named, addressed and laid out.

Signs are gathered from the whole page, the surest first; the first that the length of the text allows is believed.
"""
# ruff: noqa: E501 -- lists of words keep their lines

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.etree import XPath
from lxml.html import HtmlElement

from archive.articles.judging import access
from archive.articles.judging.kinds import folders
from archive.articles.markup import jsonld
from archive.articles.markup.chrome import is_called
from archive.articles.markup.page import Page, is_foreign, own
from archive.articles.markup.text import fold, select, words
from archive.articles.model import Kind

_ANY = 1_000_000
_SHORT = 150  # words of a page whose pictures, film or sound are the thing itself
_BRIEF = 120
_TYPES: tuple[tuple[str, Kind], ...] = (
    ("LiveBlogPosting", "live"),
    ("OpinionNewsArticle", "opinion"),
    ("ImageGallery", "gallery"),
    ("MediaGallery", "gallery"),
    ("VideoObject", "video"),
    ("PodcastEpisode", "audio"),
    ("RadioEpisode", "audio"),
    ("AudioObject", "audio"),
)
_GALLERIES = frozenset({"ImageGallery", "MediaGallery"})
_OPINION = (
    r"opinions?|op-?eds?|editorials?|columns?|columnists?|comment|commentary|leaders?|leading articles?|letters? to the editor|"
    r"guest (?:column|comment|essay)|(?:gast)?kommentare?|meinung(?:en)?|leitartikel|kolumnen?|glossen?|standpunkte?|gastbeitr[aä]ge?|"
    r"leserbriefe?|tribunes?|éditos?|éditorial|éditoriaux|chroniques?|billets? d[’']humeur|point de vue|"
    r"opini[oó]n(?:es)?|opinião|editorial(?:es)?|editoriais|columnas?|colunas?|tribuna|opinioni?|editorial[ei]|commento|commenti|"
    r"opinie|commentaar|debatt|ledare|krönikor?|kronikk|meninger|leder|debat|mielipide|pääkirjoitus|kolumni|felietony?|"
    r"komentarze?|komentář|názory?|komentár|vélemény|jegyzet|opinii|editoriale|yorum|köşe yazıları|мнени[ея]|колонка|"
    r"авторские колонки|думка|мнения|γνώμη|γνώμες|άρθρα γνώμης|رأي|آراء|مقالات الرأي|דעות|יادداشت|社説|論説|コラム|评论|社論|社评|"
    r"사설|칼럼|오피니언|विचार|संपादकीय|ความคิดเห็น|บทความ"
)
_BRIEFS = (
    r"(?:news )?(?:in )?briefs?|news in brief|newsbriefs?|in short|short news|kurz gemeldet|kurzmeldung(?:en)?|kurz notiert|"
    r"kurznachrichten|kurz und knapp|meldungen|(?:en )?br[eè]ves?|en bref|breves?|en breve|notas? breves?|em resumo|in breve|brevi|"
    r"kort nieuws|kortnytt|notiser|kort nytt|kort fortalt|w skrócie|krótko|stručně|zprávy krátce|röviden|hírek röviden|"
    r"коротко|кратко|новости коротко|σύντομες ειδήσεις|باختصار|بإيجاز|短信|短讯|短訊|단신"
)
_SECTIONS: tuple[tuple[re.Pattern[str], Kind, int], ...] = (
    (re.compile(_OPINION, re.IGNORECASE), "opinion", _ANY),
    (re.compile(_BRIEFS, re.IGNORECASE), "brief", _BRIEF),
)
_PREFIX = re.compile(
    r"(?:opinion|op-ed|comment|editorial|leader|kommentar|gastkommentar|meinung|leitartikel|kolumne|glosse|édito|éditorial|"
    r"tribune|opini[oó]n|columna|opinião|editoriale|opinie|commentaar|ledare|krönika|kronikk|leder|pääkirjoitus|kolumni|"
    r"felieton|komentarz|мнение|колонка)\s*[:|]\s+\S",
    re.IGNORECASE,
)
_PATHS: dict[str, Kind] = {
    **dict.fromkeys(
        words("""opinion opinions op-ed editorial editorials columns columnists comment commentary commentisfree
              kommentar kommentare meinung leitartikel kolumne kolumnen tribune tribunes edito editos opiniones columna
              columnas opiniao colunas editoriali opinie debatt ledare kronikk pääkirjoitus mielipide felietony"""),
        "opinion",
    ),
    **dict.fromkeys(
        words("""gallery galleries photos photo-gallery photogallery pictures in-pictures slideshow slideshows
              bilder bildergalerie bildergalerien fotostrecke fotostrecken fotos diaporama diaporamas galeria galerias
              fotogaleria fotogalerias galleria fotogallery fotoreeks bildspel galerie fotogalerie foto"""),
        "gallery",
    ),
    **dict.fromkeys(words("video videos watch mediathek vídeo vídeos wideo видео video-clips"), "video"),
    **dict.fromkeys(words("audio podcast podcasts listen episodes"), "audio"),
    **dict.fromkeys(words("brief briefs in-brief news-in-brief kurz-gemeldet kurzmeldungen breves en-bref notiser"), "brief"),
}  # fmt: skip
_LIMITS: dict[Kind, int] = {"opinion": _ANY, "brief": _BRIEF}
_GALLERY_TITLE = re.compile(
    r"\bin (?:pictures|photos)\b|photo gallery|fotostrecke|bildergalerie|\bin bildern\b|diaporama|en images\b|en (?:fotos|imágenes)\b"
    r"|fotogaler[ií]a|galeria de fotos|em imagens\b|fotogallery|in foto\b|in beeld\b|i bilder\b|w obiektywie|фоторепортаж|写真特集|图集",
    re.IGNORECASE,
)
_MANY = 4  # pictures of a gallery, at the least
_KICKERS = words("""
    kicker overline topline spitzmarke dachzeile surtitre antetitulo occhiello eyebrow rubric rubrik vignette
    articlelabel articletype contenttype storytype flag
""")
_SEVERAL = 6  # figures with captions, or slides, that make a gallery of a page without much prose
_MOST = 60  # of them that are looked at
_BOXES = frozenset({"li", "div"})
_SLIDE = re.compile(r"(?<![a-z])(?:slide|gallery[-_]+item|galleryitem)(?![a-z])", re.IGNORECASE)
_FEW = 80  # words of an agency's item, told whole
_LINE = 80  # characters; a longer run is a paragraph
_DATELINE = re.compile(
    r"(?:[^\W\d_][^\d:;!?()\[\]]{1,40}[,\s]\s*)?[(\[](?:[A-Z]{2,6}|[a-z]{3}|[A-Z][a-z]{3,8})(?:/[A-Za-z]{2,8})?[)\]]\s*[-–—.:]\s*\S"
    r"|[A-ZÀ-Þ][A-ZÀ-Þ .'-]{2,30}, \w{3,9}\.? \d{1,2}(?: [(][A-Za-z]{2,8}[)])?\s*[-–—]"
)
_NEAR = 12  # elements before a headline among which its kicker stands
_PICTURES = XPath(
    "descendant::*[contains(@class, 'gallery') or contains(@class, 'slideshow') or contains(@class, 'Gallery')"
    " or contains(@class, 'fotostrecke') or contains(@class, 'galerie') or contains(@class, 'galeria')]//img"
)
_FILMS = XPath(
    "descendant::video | descendant::iframe[contains(@src, 'video') or contains(@src, 'player') or contains(@src, 'embed')]"
)
_SOUNDS = XPath("descendant::audio | descendant::iframe[contains(@src, 'podcast') or contains(@src, 'audio')]")


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason to take an article for a kind, where it was seen, and the most words that it holds for."""

    kind: Kind
    source: str
    most: int = _ANY


def signs(page: Page, *, section: str | None, title: str | None) -> tuple[Sign, ...]:
    """Return what speaks for a kind, the surest first. Needs the page's whole tree."""
    return (
        *_typed(page),
        *_microdata(page),
        *_filmed(page),
        *_sectioned(page, section=section),
        *_headed(page, title=title),
        *_addressed(page, title=title),
        *_laid_out(page),
        *_dated(page),
    )


def kickers(page: Page) -> tuple[str, ...]:
    """Return the words above the headline that name a kind or a section; they are no text."""
    return tuple(text for element in _kickers(page) if (text := fold(element.text_content()[:200])))


def chosen(signs: Sequence[Sign], *, words: int) -> tuple[Kind, str | None]:
    """Return the kind of the first sign that a text of so many words allows, and its source."""
    believed = next((sign for sign in signs if words <= sign.most), None)
    return (believed.kind, believed.source) if believed else ("article", None)


def _typed(page: Page) -> Iterator[Sign]:
    """Read the type of the page's own object; where it has none, a film or a sound beside an article is no sign of it."""
    known = page.main.types if page.main is not None else frozenset[str]()
    beside = {name for node in page.nodes if not node.listed for name in node.types} - known
    for name, kind in _TYPES:
        if name in known or (page.main is None and name in beside):
            yield Sign(kind, f"json-ld {name}", 200 if name in {"VideoObject", "AudioObject"} else _ANY)
    if page.main is not None and beside & _GALLERIES:
        yield Sign("gallery", f"json-ld {min(beside & _GALLERIES)}", _SHORT)


def _microdata(page: Page) -> Iterator[Sign]:
    for element in page.tree.iter("main", "article", "div", "section", "body", "html"):
        name = (element.get("itemtype") or "").rpartition("/")[2]
        if name == "LiveBlogPosting":
            yield Sign("live", f"microdata {name}")
            return
        if name in _GALLERIES and not is_foreign(element):
            yield Sign("gallery", f"microdata {name}", 2 * _SHORT)
            return


def _filmed(page: Page) -> Iterator[Sign]:
    said = (page.meta("og:type") or "").lower()
    if said.startswith("video"):
        yield Sign("video", f"opengraph og:type={said[:40]}", 2 * _SHORT)
    if "gallery" in said:
        yield Sign("gallery", f"opengraph og:type={said[:40]}", 2 * _SHORT)


def _sectioned(page: Page, *, section: str | None) -> Iterator[Sign]:
    named = jsonld.texts(page.main.data.get("articleSection")) if page.main is not None else []
    genres = jsonld.texts(page.main.data.get("genre")) if page.main is not None else []
    for text in dict.fromkeys(filter(None, [section, *named, *genres])):
        yield from _of_words(text, source="section")


def _of_words(text: str, *, source: str) -> Iterator[Sign]:
    for pattern, kind, most in _SECTIONS:
        if pattern.fullmatch(text.strip(" :|")):
            yield Sign(kind, f"{source} {text[:60]}", most)


def _headed(page: Page, *, title: str | None) -> Iterator[Sign]:
    """Read the word above the headline, and the one before it."""
    for element in _kickers(page):
        yield from _of_words(fold(element.text_content())[:80], source="dom")
    for text in filter(None, (title, page.title, page.meta("og:title"))):
        if _PREFIX.match(text):
            yield Sign("opinion", f"title {text[:60]}")


def _kickers(page: Page) -> Iterator[HtmlElement]:
    headline = next((heading for heading in page.tree.iter("h1") if not is_foreign(heading)), None)
    if headline is None:
        return
    for element in (*headline.iter("span"), *islice(_before(headline), _NEAR)):
        names = (element.get("class") or "").split()
        if any(is_called(name, cores=_KICKERS) for name in names) and not is_foreign(element):
            yield element


def _before(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield what stands before an element, the nearest first, with what is inside of it."""
    for one in (element, *islice(element.iterancestors("header", "div", "section", "hgroup"), 4)):
        for sibling in one.itersiblings(preceding=True):
            yield from (inside for inside in islice(sibling.iter("p", "span", "div", "a", "strong"), _NEAR))


def _addressed(page: Page, *, title: str | None) -> Iterator[Sign]:
    """Read the folders of the address; for what is to be seen or heard, it must stand on the page too."""
    named = (_PATHS[folder] for folder in folders(page.url or "") if folder in _PATHS)
    kinds: dict[Kind, None] = dict.fromkeys(named)
    if title and _GALLERY_TITLE.search(title):
        kinds["gallery"] = None
    for kind in kinds:
        if kind in _LIMITS:
            yield Sign(kind, "url", _LIMITS[kind])
        elif _shows(page, kind=kind):
            yield Sign(kind, "url dom", _SHORT)


def _laid_out(page: Page) -> Iterator[Sign]:
    """Read what a page without much prose is made of: pictures with captions, or slides."""
    pictures = set()
    for frame in islice(_frames(page), _MOST):
        picture = frame.find(".//img")
        if picture is not None and picture not in pictures and not is_foreign(frame):
            pictures.add(picture)
        if len(pictures) == _SEVERAL:
            yield Sign("gallery", "dom figures", _SHORT)
            return


def _frames(page: Page) -> Iterator[HtmlElement]:
    yield from (figure for figure in page.tree.iter("figure") if figure.find(".//figcaption") is not None)
    yield from (element for element, name in page.classed if _may_be_slide(name) and element.tag in _BOXES)


def _may_be_slide(name: str) -> bool:
    return ("lide" in name or "allery" in name) and _SLIDE.search(name) is not None


def _dated(page: Page) -> Iterator[Sign]:
    """Read the dateline of an agency: an item of a few sentences is all that it sent, unless a wall hides the rest."""
    runs = (run for run in page.runs[page.near.start : page.near.stop + _NEAR] if len(run.text) > _LINE)
    if any(_DATELINE.match(run.text[:120]) for run in runs) and access.access(page)[0] in {"free", "unknown"}:
        yield Sign("brief", "dom dateline", _FEW)


def _shows(page: Page, *, kind: Kind) -> bool:
    if kind == "gallery":
        return len(list(own(select(_PICTURES, tree=page.tree)))) >= _MANY
    return bool(select(_FILMS if kind == "video" else _SOUNDS, tree=page.tree))
