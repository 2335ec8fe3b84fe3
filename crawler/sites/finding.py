"""Finding a site by what a person types: its name, or the address of its home page."""

import difflib
from collections.abc import Sequence

from archive.errors import ConfigError
from archive.urls import canonical
from crawler.config import Config
from crawler.sites.site import Site, load_site, load_sites, site_from_url


def find_site(word: str, *, config: Config) -> Site:
    """The configured site of that name or home page; an address that no file names is a site made on the spot.

    Raises:
        ConfigError: there is no such site, or its file is wrong.
    """
    if "://" in word:
        made = site_from_url(word)
        return next((site for site in load_sites(config.crawl.sites) if _same(site.home, made.home)), made)
    path = config.crawl.sites / f"{word}.toml"
    if path.is_file():
        return load_site(path)
    names = [found.stem for found in sorted(config.crawl.sites.glob("*.toml"))]
    near = difflib.get_close_matches(word, names, n=1)
    advice = f"did you mean {near[0]}?" if near else "write one with: microfiche site add URL, or give a full address"
    raise ConfigError(f"no site named {word!r} in {config.crawl.sites}; {advice}")


def find_sites(words: Sequence[str], *, config: Config) -> list[Site]:
    """The sites named, or all configured ones when none is named; each once."""
    found = [find_site(word, config=config) for word in words] if words else load_sites(config.crawl.sites)
    unique = {site.name: site for site in found}
    if not unique:
        folder = config.crawl.sites.absolute()
        raise ConfigError(f"no site given, and no TOML file in {folder}; give an address, or: microfiche site add URL")
    return list(unique.values())


def _same(one: str, other: str) -> bool:
    return canonical(one) == canonical(other)
