"""Which promised URLs are worth fetching as articles, and in which order."""

from datetime import datetime

from archive.articles.judging.kinds import Shape
from archive.promise import Promise, Source
from crawler.discovery.dates import date_in_url
from crawler.sites.scope import ALLOWED, Verdict, refused, shape_of
from crawler.sites.site import Site

_CERTAIN = frozenset({Source.SEED, Source.FEED, Source.NEWS_SITEMAP})
_LISTS = frozenset({Shape.SECTION, Shape.TAG, Shape.AUTHOR, Shape.SEARCH, Shape.PAGINATION, Shape.MEDIA, Shape.HOME})


def is_candidate(promise: Promise, *, site: Site) -> Verdict:
    """Judge a promise that is in scope already; the reason if not is `not-article:<shape>`.

    What a feed or a news sitemap promised always is; what a sitemap promised, unless its URL is plainly a list or a
    file, or not what the site's own `article` says; a mere link only if its URL looks like an article's.
    """
    if promise.source in _CERTAIN:
        return ALLOWED
    kind = shape_of(promise.url, article=site.article)
    if kind is Shape.ARTICLE:
        return ALLOWED
    if promise.source is Source.SITEMAP and site.article is None and kind not in _LISTS:
        return ALLOWED
    return refused(f"not-article:{kind.value}")


def dated(promise: Promise) -> datetime | None:
    """Tell how new a promise is: published, else modified, else the date in its URL; None when nothing says."""
    return promise.published or promise.modified or date_in_url(promise.url)
