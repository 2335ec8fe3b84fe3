"""What a site is called, by what its page says and by its host: such a name is no headline and no person."""

import re
from urllib.parse import urlsplit

from archive.articles.markup import jsonld
from archive.articles.markup.page import Page
from archive.articles.markup.text import letters


def called(page: Page) -> frozenset[str]:
    """Return every name of the site that the page tells, folded: those it gives itself, and those of its host."""
    names = [*page.metas.get("og:site_name", []), *page.metas.get("application-name", []), *page.site_names]
    for node in page.nodes:
        if node.types & {"WebSite", "NewsMediaOrganization", "Organization"}:
            names += jsonld.texts(node.data.get("name")) + jsonld.texts(node.data.get("alternateName"))
    if page.main is not None:
        names += jsonld.texts(page.main.data.get("publisher"))
    return frozenset(letters(name) for name in names if letters(name)) | hosts(page)


def hosts(page: Page) -> frozenset[str]:
    """Return what the site's host says of its name, folded."""
    host = re.sub(r"^www\.", "", _host(page.url))
    labels = host.split(".")
    names = [host, host.rpartition(".")[0], labels[0], *_brand(labels)] if host else []
    return frozenset(letters(name) for name in names if letters(name))


def _brand(labels: list[str]) -> list[str]:
    """Return what a host's name says of whose it is: 'gazette' of news.gazette.example, and 'gazette.example'."""
    own = next((place for place in (-2, -3) if len(labels) >= -place and len(labels[place]) > 3), None)
    return [] if own is None else [labels[own], ".".join(labels[own:])]


def _host(url: str | None) -> str:
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""
