"""The desks of the newspaper: which section writes in which language, wears which theme and has which URLs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section.

    `home` is the path of its first page. `path` is the pattern of its articles' paths, with {date} parts, {slug},
    {number}. `paging` is the pattern of its further pages. `weight` is its share of all articles; `until` is the last
    year it was written for. `charset` is what its pages are encoded in.
    """

    slug: str
    name: str
    language: str = "en"
    theme: str
    home: str
    path: str
    paging: str
    weight: int
    until: int = 9999
    kind: str = "article"
    charset: str = "utf-8"


SECTIONS: tuple[Section, ...] = (
    Section(slug="news", name="News", theme="press", home="/news/", path="/{y}/{m}/{d}/{slug}.html",
            paging="/news/page/{page}/", weight=14),
    Section(slug="sport", name="Sport", theme="press", home="/sport/", path="/{y}/{m}/{d}/{slug}.html",
            paging="/sport/page/{page}/", weight=8),
    Section(slug="opinion", name="Opinion", theme="press", home="/opinion/", path="/{y}/{m}/{d}/{slug}.html",
            paging="/opinion/page/{page}/", weight=4, kind="opinion"),
    Section(slug="culture", name="Culture", theme="modern", home="/culture", path="/culture/{slug}-{number}",
            paging="/culture/page/{page}", weight=8),
    Section(slug="business", name="Business", theme="modern", home="/business", path="/business/{slug}-{number}",
            paging="/business/page/{page}", weight=7),
    Section(slug="community", name="Community", theme="drupal", home="/community", path="/community/{slug}",
            paging="/community?page={page}", weight=8),
    Section(slug="history", name="Local History", theme="bare", home="/history/index.html", path="/article?id={id}",
            paging="/history/index.html?page={page}", weight=4, until=2021),
)  # fmt: skip
