"""What we know of a news site: its TOML file, read strictly, and written for a person to edit.

A site needs a name and a home page; everything else is discovered or judged. A wrong key or value ends in one line
that names the file, the key, what is wrong with it and, for a slip of the pen, the key that was meant.
"""

import contextlib
import difflib
import ipaddress
import json
import re
import time
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from archive.errors import ConfigError
from crawler.fetch.addresses import Place
from crawler.sites.selectors import check_selector

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
LONGEST_REGEX = 500  # characters; longer ones are not meant for one site's URLs
LONGEST_URL = 2048  # characters; also what an article regex is ever matched against
_DURATION = re.compile(r"(\d{1,6})\s*([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SIZE = re.compile(r"(\d{1,6})\s*(kB|MB|GB)", re.IGNORECASE)
_SIZES = {"kb": 10**3, "mb": 10**6, "gb": 10**9}


def parse_duration(value: object) -> timedelta:
    """Read a duration such as `30s`, `10m`, `1h` or `7d`.

    Raises:
        ValueError: It is anything else, or zero.
    """
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or not int(match[1]):
        raise ValueError(f"{value!r} is no duration: write 30s, 10m, 1h or 7d")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def format_duration(value: timedelta) -> str:
    """Write a duration in its largest whole unit: one hour is `1h`, ninety minutes are `90m`."""
    seconds = int(value.total_seconds())
    unit, size = next((unit, size) for unit, size in reversed(_UNITS.items()) if seconds % size == 0)
    return f"{seconds // size}{unit}"


def _parse_size(value: object) -> object:
    match = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    if isinstance(value, str) and match is None:
        raise ValueError(f"{value!r} is no size: write 500MB or 2GB")
    return int(match[1]) * _SIZES[match[2].lower()] if match else value


def _check_url(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("must be a string with an address such as https://valley-courier.example/")
    parts = _split(value)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or len(value) > LONGEST_URL:
        raise ValueError(f"{value!r} is no http or https address")
    if parts.username is not None:
        raise ValueError("has a user name in it, which would stand in every record: leave it out")
    return value if parts.path else urlunsplit(parts._replace(path="/"))


def _split(url: str) -> Any:
    try:
        parts = urlsplit(url.strip())
        parts.port  # noqa: B018 (reading it is the check)
    except ValueError:
        return None
    return parts


def _check_host(value: object) -> object:
    try:
        place = Place.parse(value) if isinstance(value, str) else None
    except ValueError:
        place = None
    if place is None or not isinstance(value, str):
        raise ValueError(f"{value!r} is no host:port: write one such as images.example:8080")
    return value.lower()


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Size = Annotated[int, BeforeValidator(_parse_size), Field(gt=0)]
Url = Annotated[str, BeforeValidator(_check_url)]
Host = Annotated[str, BeforeValidator(_check_host)]


class Layout(BaseModel):
    """CSS selectors for the pages a site served up to a date; captures older than `until` are read with them."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    until: date | None = None
    title: str | None = None
    authors: str | None = None
    published: str | None = None
    modified: str | None = None
    section: str | None = None
    body: str | None = None
    drop: tuple[str, ...] = Field(default=(), strict=False)

    @field_validator("title", "authors", "published", "modified", "section", "body", "drop")
    @classmethod
    def _selectors_are_css(cls, value: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        for selector in (value,) if isinstance(value, str) else value or ():
            check_selector(selector)
        return value


class Site(BaseModel):
    """One news site, as its TOML file describes it.

    Lists that are None are discovered; `article` None means that URLs are judged by their shape. `delay` is in seconds,
    `max_bytes` in bytes received, and the caps are a run's. A delay of one second takes 1,800 pages within the default
    budget of half an hour, several days of a regional paper, and is what a brisk reader asks of a server; AutoThrottle
    and robots.txt only ever lengthen it. `max_depth` counts the links followed from the home page, pagination included:
    twenty reaches the eighteenth page of a section. `embed_hosts` are places
    ("host:port") on private networks from which images and the like may come.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    home: Url
    feeds: tuple[Url, ...] | None = None
    sitemaps: tuple[Url, ...] | None = None
    sections: tuple[Url, ...] | None = None
    article: str | None = Field(default=None, max_length=LONGEST_REGEX)
    render: Literal["auto", "always", "never"] = "auto"
    embeds: bool = Field(default=True, strict=True)
    embed_hosts: tuple[Host, ...] = ()
    delay: float = Field(default=1.0, ge=0, le=3600, strict=True)
    every: Duration = timedelta(hours=1)
    revisit: tuple[Duration, ...] = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7))
    consent: Literal["reject", "accept", "leave"] = "reject"
    backfill: Literal["all"] | Duration = timedelta(days=30)
    budget: Duration = timedelta(minutes=30)
    timezone: str | None = None
    language: str | None = None
    max_pages: int = Field(default=10_000, gt=0, strict=True)
    max_bytes: Size = 2 * 10**9
    max_depth: int = Field(default=20, gt=0, le=1000, strict=True)
    layout: tuple[Layout, ...] = ()

    @field_validator("name")
    @classmethod
    def _name_is_a_key(cls, value: str) -> str:
        if NAME.fullmatch(value) is None:
            raise ValueError(f"{value!r} is no name: use a-z, 0-9 and -, at most 63, not beginning with -")
        return value

    @field_validator("article")
    @classmethod
    def _article_is_a_regex(cls, value: str | None) -> str | None:
        if value is not None:
            check_regex(value)
        return value

    @field_validator("timezone")
    @classmethod
    def _timezone_is_known(cls, value: str | None) -> str | None:
        if value is not None:
            _check_timezone(value)
        return value

    @field_validator("language")
    @classmethod
    def _language_is_a_tag(cls, value: str | None) -> str | None:
        if value is not None and _LANGUAGE.fullmatch(value) is None:
            raise ValueError(f"{value!r} is no language tag: write one such as de or pt-BR")
        return value

    @field_validator("backfill", mode="before")
    @classmethod
    def _backfill_is_one_of_two(cls, value: object) -> object:
        return value if value == "all" else parse_duration(value)

    def horizon(self, now: datetime) -> datetime | None:
        """Tell before when nothing is fetched any more; None when `backfill` is all."""
        return None if self.backfill == "all" else now - self.backfill


def check_regex(pattern: str) -> None:
    """Refuse a pattern that does not compile, or that takes ages on an unlucky URL.

    It is tried on URLs of growing length, each a little longer than the last, so that backtracking which explodes is
    seen before it hurts.

    Raises:
        ValueError: One of the two.
    """
    try:
        regex = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"is no regular expression: {error}") from None
    for url in _unlucky_urls():
        started = time.process_time()
        regex.search(url)
        if time.process_time() - started > 0.1:
            raise ValueError(
                f"takes too long on an address of {len(url)} characters: avoid nested repeats such as (a+)+"
            )


def _unlucky_urls() -> Iterator[str]:
    length = 4.0
    while length <= LONGEST_URL / 2:
        for pump in ("a", "1", "-", "/", "a-", "/a", "/1", "a1"):
            yield f"/{(pump * int(length))[: int(length)]}\x7f"
        length *= 1.15


def _check_timezone(value: str) -> None:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{value!r} is no time zone: write one such as Europe/Berlin") from None


def load_site(path: Path) -> Site:
    """Read one site's TOML file; its name must be that of the file.

    Raises:
        ConfigError: The file cannot be read, is no TOML, or says something a site cannot be.
    """
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: no valid TOML: {error}") from None
    try:
        site = Site.model_validate(table)
    except ValidationError as error:
        raise ConfigError(f"{path}: {_explain(error)}") from None
    if site.name != path.stem:
        raise ConfigError(
            f"{path}: `name` is {site.name!r}; rename the file to {site.name}.toml or the site to {path.stem!r}"
        )
    return site


def load_sites(folder: Path) -> list[Site]:
    """Read every `*.toml` of a folder, in the order of their names; none when there is no such folder.

    A file is named like its site, so no two sites of a folder share a name.

    Raises:
        ConfigError: One of the files is wrong.
    """
    return [load_site(path) for path in sorted(folder.glob("*.toml"))]


def site_from_url(url: str) -> Site:
    """Make a site on the spot, named after the host of its home page.

    `https://www.valley-courier.example/` is `valley-courier-example`, `http://127.0.0.1:8123/` is `127-0-0-1-8123`.
    A loopback address gets no delay: the only reader to disturb is the one who asked.

    Raises:
        ConfigError: It is no http or https address.
    """
    parts = _split(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(
            f"{url}: no address of a news site; write it in full, such as https://valley-courier.example/"
        )
    try:
        return Site(name=_name_of(parts.hostname, port=parts.port), home=url.strip(), delay=_delay_for(parts.hostname))
    except ValidationError as error:
        raise ConfigError(f"{url}: {_explain(error)}") from None


def _name_of(host: str, *, port: int | None) -> str:
    with contextlib.suppress(UnicodeError):
        host = host.encode("idna").decode()
    name = host.removeprefix("www.") + (f"-{port}" if port else "")
    return re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-")[:63].rstrip("-")


def _delay_for(host: str) -> float:
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    return 0.0 if loopback else 1.0


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = [part for part in first["loc"] if not (isinstance(part, str) and ("[" in part or part == "timedelta"))]
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in where)
    if first["type"] == "extra_forbidden":
        return f"`{key}` is no key of a {'layout' if len(where) > 1 else 'site'}{_meant(where)}"
    if first["type"] == "missing":
        return f"`{key}` is missing"
    message = str(first["ctx"]["error"]) if first["type"] == "value_error" else _plain(first["msg"])
    return f"`{key}`: {message}"


def _meant(where: list[Any]) -> str:
    known = list((Layout if len(where) > 1 else Site).model_fields)
    near = difflib.get_close_matches(str(where[-1]).lower(), known, n=1)
    return f"; did you mean `{near[0]}`?" if near else f"; the keys are {', '.join(known)}"


def _plain(message: str) -> str:
    for word, plain in (("Input ", "it "), ("String ", "it "), ("tuple", "list"), ("List ", "it ")):
        message = message.replace(word, plain)
    return message


_OPTIONS: tuple[tuple[str, str], ...] = (
    ("feeds", "RSS, Atom and JSON feeds. Left out: found by the site's own links and at the usual places."),
    ("sitemaps", "Sitemaps. Left out: what robots.txt names, and the usual places."),
    ("sections", "Section pages to look at on every run. Left out: chosen from the home page."),
    ("article", "Which URLs are articles: a regular expression on path and query. Left out: judged."),
    ("render", "Use a browser: auto (where plain HTTP shows no article), always, never."),
    (
        "embeds",
        "Keep images, styles, scripts and fonts, so that pages replay as they looked, wherever they are hosted.",
    ),
    ("embed_hosts", "Servers on your own network that they may come from, as host:port; public ones need no mention."),
    ("delay", "Seconds between two requests, at least; robots.txt and a slow server lengthen it."),
    ("every", "How often to look for news. Not built yet: nothing runs by itself."),
    (
        "revisit",
        "When to look at an article again, counted from its first capture; takes effect with the next capture.",
    ),
    (
        "consent",
        "What to answer a consent banner: reject, accept, leave. Settled where a page needs a browser.",
    ),
    ("backfill", 'How far back to go: a duration, or "all".'),
    ("budget", "How long one run may take; what is left stays due."),
    ("timezone", "The zone of times that name none."),
    ("language", "The language of pages that name none."),
    ("max_pages", "Caps on one run: pages, bytes received, links followed from the home page."),
    ("max_bytes", ""),
    ("max_depth", ""),
)
_EXAMPLES = {
    "embed_hosts": '["images.example:8080"]',
    "article": "'^/\\d{4}/\\d{2}/'",
    "timezone": '"Europe/Berlin"',
    "language": '"de"',
}


def to_toml(site: Site) -> str:
    """Write a site for a person to edit: what differs from the defaults, and the rest as commented explanations."""
    lines = [f"name = {_toml(site.name)}", f"home = {_toml(site.home)}"]
    for key, explanation in _OPTIONS:
        value = getattr(site, key)
        lines += ["", f"# {explanation}"] if explanation else []
        unchanged = value == Site.model_fields[key].default
        lines.append(
            f"# {key} = {_EXAMPLES.get(key) or _toml(value or ())}" if unchanged else f"{key} = {_toml(value)}"
        )
    for layout in site.layout:
        lines += ["", "[[layout]]", *(f"{key} = {_toml(value)}" for key, value in layout if value)]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case timedelta():
            return f'"{format_duration(value)}"'
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case date():
            return value.isoformat()
        case _:
            return str(value)
