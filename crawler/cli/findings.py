"""What a look at a site found, told to a person."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import click

from archive.articles.judging.kinds import Shape
from crawler.cli.output import listed, printable
from crawler.discovery.candidates import dated
from crawler.discovery.forms import commonest
from crawler.discovery.probe import Found, Probe
from crawler.render.hollow import why_hollow
from crawler.sites.scope import shape_of
from crawler.sites.site import Site

_SHOWN = 5
_FIRST = 10


def print_found(site: Site, found: Probe) -> None:
    """Prints what a site has: robots.txt, feeds, sitemaps, sections, an example of each form of article URL."""
    click.echo(f"{site.name}: {found.home}")
    _lines("robots", [_robots(found)])
    if found.problem:
        return
    if why := _hollow(site, found):
        _lines("browser", [f"the home page is nothing without scripts ({why}); a crawl has a browser read it"])
    _lines("feeds", [_told(one) for one in found.documents if one.of == "feed"])
    _lines("sitemaps", [_told(one) for one in found.documents if one.of == "sitemap"])
    _lines("sections", [_shortened([urlsplit(url).path for url in found.sections])] if found.sections else [])
    forms = commonest(found.candidates.wanted)
    _lines("articles", [f"{number} like {example}" for _, number, example in forms[:_SHOWN]])
    if len(forms) > _SHOWN:
        _lines("", [f"and {sum(number for _, number, _ in forms[_SHOWN:])} in {len(forms) - _SHOWN} other forms"])


def print_would_fetch(found: Probe) -> None:
    """Prints what a crawl would fetch first, and what it would not and why."""
    if found.problem:
        return
    wanted = found.candidates.wanted
    first = []
    for promise in wanted[:_FIRST]:
        moment = dated(promise)
        first.append(f"{moment.date().isoformat() if moment else 'undated   '} {promise.url}")
    _lines("first", first)
    _lines("wanted", [f"{len(wanted)} URLs, as far as {found.requests} requests tell"])
    _lines("refused", [listed(found.candidates.refused)] if found.candidates.refused else [])


def wrongs(site: Site, found: Probe) -> Iterator[str]:
    """What an operator should mend."""
    if found.problem:
        yield f"{site.home} cannot be read ({found.problem}); check `home`"
        return
    configured = {*(site.feeds or ()), *(site.sitemaps or ())}
    for one in found.documents:
        if one.problem and one.url in configured:
            yield f"the {one.of} {one.url} cannot be read ({one.problem}); correct it, or leave it out"
    if not found.candidates.wanted and not _hollow(site, found):
        old = found.candidates.refused.get("backfill", 0)
        older = f"; {old} URLs are older than `backfill`" if old else ""
        yield f"nothing would be fetched{older}"
    if site.article and not _matches(site, found):
        yield f"`article` {site.article!r} matches none of the promised URLs; correct it, or leave it out"


def _hollow(site: Site, found: Probe) -> str | None:
    """Why the home page needs a browser, where one may be used."""
    return None if site.render == "never" else why_hollow(found.page, is_list=True)


def _matches(site: Site, found: Probe) -> bool:
    urls = (promise.url for one in found.documents for promise in one.promises)
    return any(shape_of(url, article=site.article) is Shape.ARTICLE for url in urls)


def _robots(found: Probe) -> str:
    status = found.policy.status
    told = f"robots.txt answers {status}" if status else "robots.txt does not answer"
    if not found.policy.reachable:
        return f"{told}: nothing may be asked for now"
    return f"{told}, asks for {found.policy.crawl_delay:g} s between requests" if found.policy.crawl_delay else told


def _told(found: Found) -> str:
    if found.problem:
        return f"{found.url} ({found.problem})"
    children = f"{len(found.children)} sitemaps" if found.children else ""
    promises = f"{len(found.promises)} URLs" if found.promises or not children else ""
    return f"{found.url} ({found.kind}, {', '.join(filter(None, (children, promises)))})"


def _shortened(paths: list[str]) -> str:
    rest = f" and {len(paths) - 2 * _SHOWN} more" if len(paths) > 2 * _SHOWN else ""
    return f"{len(paths)}: {' '.join(paths[: 2 * _SHOWN])}{rest}"


def _lines(name: str, told: list[str]) -> None:
    for number, line in enumerate(told):
        click.echo(f"  {name if not number else '':<9} {printable(line)}")
