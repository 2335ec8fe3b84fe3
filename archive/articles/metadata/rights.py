"""What the page reserves or grants."""

from lxml.etree import XPath

from archive.articles.markup import jsonld
from archive.articles.markup.page import Page
from archive.articles.markup.text import fold, select
from archive.articles.model import Rights

_ROBOTS = ("robots", "googlebot", "googlebot-news", "bingbot", "gptbot", "ccbot", "tdmbot")
_CREATIVE_COMMONS = XPath(
    "descendant::a[contains(@href, 'creativecommons.org/licenses/')"
    " or contains(@href, 'creativecommons.org/publicdomain/')]"
)


def rights(page: Page) -> Rights:
    """Gather robots directives, the TDM reservation (W3C TDM Reservation Protocol) and the licence."""
    reserved = _header(page, "tdm-reservation") or page.meta("tdm-reservation")
    return Rights(
        robots=_robots(page),
        tdm_reservation={"1": True, "0": False}.get(reserved or ""),
        tdm_policy=page.absolute(_header(page, "tdm-policy") or page.meta("tdm-policy")),
        licence=_licence(page),
    )


def _header(page: Page, wanted: str) -> str | None:
    return next((fold(value) for name, value in page.headers if name.lower() == wanted), None)


def _robots(page: Page) -> tuple[str, ...]:
    """Return directives in lower case, each once; those for one robot as `robot: directive`."""
    found: dict[str, None] = {}
    for name in _ROBOTS:
        for content in page.metas.get(name, []):
            prefix = "" if name == "robots" else f"{name}: "
            found.update(dict.fromkeys(prefix + part for part in _directives(content)))
    for name, value in page.headers:
        if name.lower() == "x-robots-tag":
            found.update(dict.fromkeys(_directives(value)))
    return tuple(found)


def _directives(content: str) -> list[str]:
    return [part for part in (fold(piece).lower() for piece in content.split(",")) if part]


def _licence(page: Page) -> str | None:
    if page.main is not None:
        named = page.absolute(jsonld.first(page.main.data.get("license")))
        if named:
            return named
    if "license" in page.links:
        return page.links["license"]
    for element in [*page.relations.get("license", []), *select(_CREATIVE_COMMONS, tree=page.tree)]:
        target = page.absolute(element.get("href"))
        if target:
            return target
    return page.absolute(page.meta("dcterms.license", "dc.rights", "license"))
