"""crawler.discovery.sections: which links of a home page are its sections."""

import pytest

from crawler.discovery.pages import Link
from crawler.discovery.sections import is_section, sections
from crawler.sites.scope import Scope
from crawler.sites.site import Site

HOME = "https://valley-courier.example"
SCOPE = Scope(Site(name="a", home=f"{HOME}/"))


@pytest.mark.parametrize(
    "path",
    [
        "/sport/",
        "/news",
        "/local/hilltown/",
        "/politik",
        "/ressort/kultur",
        "/category/food/",
        "/nyheter/",
        "/новости/",
        "/スポーツ/",
        "/hilltown",
        "/history/index.html",
        "/de/",
    ],
)
def test_section_pages_are_chosen(path):
    assert is_section(HOME + path, scope=SCOPE)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/2026/03/14/the-mayor-says-no-again",
        "/the-mayor-says-no-to-everything-12345",
        "/tag/football/",
        "/author/ann-ash/",
        "/search?q=x",
        "/sport/page/2/",
        "/feed/",
        "/picture.jpg",
        "/impressum",
        "/datenschutz.html",
        "/privacy-policy/",
        "/politica-de-privacidad",
        "/mentions-legales/",
        "/aviso-legal",
        "/note-legali",
        "/contact-us",
        "/kontakt/",
        "/login",
        "/user/register",
        "/mein-konto/",
        "/abo",
        "/newsletter/",
        "/e-paper/",
        "/jobs",
        "/contacto",
        "/tietosuoja",
        "/вход/",
        "/о-нас/",
        "/calendar/2026/11",
        "/archive?sort=new",
        "/a/b/c/d/e/",
    ],
)
def test_other_pages_are_not(path):
    assert not is_section(HOME + path, scope=SCOPE)


@pytest.mark.parametrize(
    "url", ["https://hill-herald.example/sport/", "mailto:a@b.example", "https://facebook.example/valley"]
)
def test_sections_are_on_the_site(url):
    assert not is_section(url, scope=SCOPE)


def test_they_come_in_page_order_menus_first_when_there_are_many():
    links = [Link(f"{HOME}/s{number}/", navigation=number >= 5) for number in range(8)]
    assert sections(links, scope=SCOPE) == tuple(link.url for link in links)
    assert sections(links, scope=SCOPE, limit=4) == tuple(f"{HOME}/s{number}/" for number in (0, 5, 6, 7))


def test_the_sites_own_pattern_decides_what_is_an_article():
    scope = Scope(Site(name="a", home=f"{HOME}/", article="^/sport/"))
    assert not is_section(f"{HOME}/sport/", scope=scope)
