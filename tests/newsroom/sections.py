"""The desks of the newspaper: which section writes in which language, wears which theme and has which URLs."""

from dataclasses import KW_ONLY, dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """One section.

    `home` is the path of its first page, `path` the pattern of its articles' paths (decoded, perhaps with a query),
    `paging` that of its further pages. `weight` is its share of all articles; `until` is the last year it was written
    for. `charset` is what its pages are encoded in. `needs_browser` says that its articles come by scripts alone.
    """

    name: str
    home: str
    theme: str
    path: str
    paging: str
    _: KW_ONLY
    language: str = "en"
    weight: int
    until: int = 9999
    kind: str = "article"
    charset: str = "utf-8"
    needs_browser: bool = False


DATED = "/{y}/{m}/{d}/{slug}.html"
SECTIONS: tuple[Section, ...] = (
    Section("News", "/news/", "press", DATED, "/news/page/{page}/", weight=14),
    Section("Sport", "/sport/", "press", DATED, "/sport/page/{page}/", weight=8),
    Section("Opinion", "/opinion/", "press", DATED, "/opinion/page/{page}/", weight=4, kind="opinion"),
    Section("Culture", "/culture", "modern", "/culture/{slug}-{number}", "/culture/page/{page}", weight=8),
    Section("Business", "/business", "modern", "/business/{slug}-{number}", "/business/page/{page}", weight=7),
    Section("Community", "/community", "drupal", "/community/{slug}", "/community?page={page}", weight=8),
    Section(
        "Local History",
        "/history/index.html",
        "bare",
        "/article?id={id}",
        "/history/index.html?page={page}",
        weight=4,
        until=2021,
    ),
    Section(
        "Lokales",
        "/de/lokales/",
        "modern",
        "/de/lokales/{slug}-{number}.html",
        "/de/lokales/?page={page}",
        language="de",
        weight=6,
    ),
    Section(
        "Archiv",
        "/de/archiv/",
        "bare",
        "/de/archiv/{y}/{slug}.html",
        "/de/archiv/?page={page}",
        language="de",
        weight=2,
        until=2021,
        charset="iso-8859-1",
    ),
    Section(
        "Actualités",
        "/fr/actualites/",
        "press",
        "/fr/{y}/{m}/{slug}/",
        "/fr/actualites/page/{page}/",
        language="fr",
        weight=5,
    ),
    Section(
        "Culture", "/fr/culture/", "press", "/fr/{y}/{m}/{slug}/", "/fr/culture/page/{page}/", language="fr", weight=3
    ),
    Section(
        "Noticias", "/es/noticias", "drupal", "/es/noticias/{slug}", "/es/noticias?page={page}", language="es", weight=5
    ),
    Section(
        "Deportes", "/es/deportes", "drupal", "/es/deportes/{slug}", "/es/deportes?page={page}", language="es", weight=3
    ),
    Section(
        "Новости",
        "/ru/novosti/",
        "bare",
        "/ru/novosti/{slug}.html",
        "/ru/novosti/?page={page}",
        language="ru",
        weight=5,
        charset="windows-1251",
    ),
    Section(
        "Культура",
        "/ru/культура/",
        "modern",
        "/ru/культура/{slug}",
        "/ru/культура/page/{page}/",
        language="ru",
        weight=3,
    ),
    Section(
        "أخبار محلية",
        "/ar/محليات/",
        "modern",
        "/ar/محليات/{slug}-{number}",
        "/ar/محليات/?page={page}",
        language="ar",
        weight=6,
    ),
    Section(
        "ニュース", "/ja/news/", "drupal", "/ja/news/{y}/{number}", "/ja/news/?page={page}", language="ja", weight=4
    ),
    Section("地域", "/ja/地域/", "modern", "/ja/地域/{slug}", "/ja/地域/?page={page}", language="ja", weight=3),
    Section(
        "समाचार", "/hi/समाचार/", "press", "/hi/{y}/{m}/{slug}/", "/hi/समाचार/page/{page}/", language="hi", weight=5
    ),
)


def _scripted(name: str, theme: str, *, language: str = "en") -> Section:
    """Returns a section whose articles are nothing without scripts."""
    home = f"/{theme}/"
    return Section(
        name,
        home,
        theme,
        f"{home}story/{{slug}}-{{number}}",
        f"{home}page/{{page}}",
        language=language,
        weight=0,
        needs_browser=True,
    )


SCRIPTED: tuple[Section, ...] = (
    _scripted("App", "app"),
    _scripted("Live", "shell"),
    _scripted("Graphiques", "graph", language="fr"),
    _scripted("Magazin", "state", language="de"),
    _scripted("Long Reads", "stream"),
    _scripted("Componentes", "element", language="es"),
    _scripted("Скрипты", "packed", language="ru"),
    _scripted("عمال", "worker", language="ar"),
    _scripted("モジュール", "module", language="ja"),
)
"""The sections that a paper with `scripts` has besides, and below those that only look as if they needed a browser."""
LADEN: tuple[Section, ...] = (
    Section("Science", "/science/", "served", "/science/{slug}-{number}", "/science/page/{page}/", weight=0),
    Section("Markets", "/markets/", "laden", "/markets/{y}/{slug}.html", "/markets/page/{page}/", weight=0),
    Section(
        "Wissen",
        "/de/wissen/",
        "redrawn",
        "/de/wissen/{slug}-{number}",
        "/de/wissen/page/{page}/",
        language="de",
        weight=0,
    ),
)
