"""crawler.sites.site: a site's TOML is read strictly, explained in one line, and written for a person."""

import re
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from archive.errors import ConfigError
from crawler.sites.site import (
    Layout,
    Site,
    format_duration,
    load_site,
    load_sites,
    parse_duration,
    site_from_url,
    to_toml,
)

WHOLE = r"""
name = "valley-courier"
home = "https://valley-courier.example/"
feeds = []
sitemaps = ["https://valley-courier.example/map.xml"]
sections = ["https://valley-courier.example/sport/"]
article = '^/\d{4}/\d{2}/'
render = "never"
embeds = false
delay = 2
every = "90m"
revisit = ["1h", "1d"]
consent = "leave"
backfill = "all"
budget = "10m"
timezone = "Europe/Berlin"
language = "de"
max_pages = 500
max_bytes = "500MB"
max_depth = 3

[[layout]]
until = 2027-01-01
body = "div.story"
"""


def written(folder, text, *, name="a"):
    path = folder / f"{name}.toml"
    path.write_text(text)
    return path


def test_every_key_of_the_contract_is_read(tmp_path):
    assert load_site(written(tmp_path, WHOLE, name="valley-courier")) == Site(
        name="valley-courier",
        home="https://valley-courier.example/",
        feeds=(),
        sitemaps=("https://valley-courier.example/map.xml",),
        sections=("https://valley-courier.example/sport/",),
        article=r"^/\d{4}/\d{2}/",
        render="never",
        embeds=False,
        delay=2.0,
        every=timedelta(minutes=90),
        revisit=(timedelta(hours=1), timedelta(days=1)),
        consent="leave",
        backfill="all",
        budget=timedelta(minutes=10),
        timezone="Europe/Berlin",
        language="de",
        max_pages=500,
        max_bytes=500_000_000,
        max_depth=3,
        layout=(Layout(until=date(2027, 1, 1), body="div.story"),),
    )


def test_name_and_home_suffice(tmp_path):
    site = load_site(written(tmp_path, 'name = "a"\nhome = "https://a.example"\n'))
    assert (site.home, site.feeds, site.sitemaps, site.article) == ("https://a.example/", None, None, None)
    assert (site.render, site.embeds, site.delay, site.consent) == ("auto", True, 1.0, "reject")
    assert (site.every, site.backfill, site.budget) == (timedelta(hours=1), timedelta(days=30), timedelta(minutes=30))
    assert site.revisit == (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7))


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("delya = 1", "`delya` is no key of a site; did you mean `delay`?"),
        ("Feeds = []", "`Feeds` is no key of a site; did you mean `feeds`?"),
        ("zzz = 1", "`zzz` is no key of a site; the keys are name, home, feeds,"),
        ('every = "1x"', "`every`: '1x' is no duration: write 30s, 10m, 1h or 7d"),
        ('every = "0h"', "`every`: '0h' is no duration"),
        ("budget = 30", "`budget`: 30 is no duration"),
        ('revisit = ["1h", "soon"]', "`revisit.2`: 'soon' is no duration"),
        ('backfill = "ever"', "`backfill`: 'ever' is no duration"),
        ('delay = "1"', "`delay`: it should be a valid number"),
        ("delay = -1", "`delay`: it should be greater than or equal to 0"),
        ('render = "perhaps"', "`render`: it should be 'auto', 'always' or 'never'"),
        ('embeds = "yes"', "`embeds`: it should be a valid boolean"),
        ('feeds = "x"', "`feeds`: it should be a valid list"),
        ('feeds = ["/feed"]', "`feeds.1`: '/feed' is no http or https address"),
        ("article = '('", "`article`: is no regular expression: missing ), unterminated subpattern at position 0"),
        ("article = '(a+)+$'", "`article`: takes too long on an address of"),
        (f"article = '{'x' * 501}'", "`article`: it should have at most 500 characters"),
        ('timezone = "Berlin"', "`timezone`: 'Berlin' is no time zone: write one such as Europe/Berlin"),
        ('timezone = "../../etc/passwd"', "`timezone`: '../../etc/passwd' is no time zone"),
        ('language = "german"', "`language`: 'german' is no language tag: write one such as de or pt-BR"),
        ('max_bytes = "2TB"', "`max_bytes`: '2TB' is no size: write 500MB or 2GB"),
        ("max_pages = 0", "`max_pages`: it should be greater than 0"),
        ('[[layout]]\nbdy = "p"', "`layout.1.bdy` is no key of a layout; did you mean `body`?"),
        ('[[layout]]\nbody = "div..story"', "`layout.1.body`: 'div..story' is no CSS selector: Expected ident, got"),
        ('[[layout]]\nbody = "div:hover(a)"', "`layout.1.body`: 'div:hover(a)' is no CSS selector: "),
        ('[[layout]]\nuntil = "soon"', "`layout.1.until`: it should be a valid date"),
        ('name = "b"', "no valid TOML: Cannot overwrite a value (at line 3, column 11)"),
        ("= 1", "no valid TOML: Invalid statement (at line 3, column 1)"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path, lines, complaint):
    path = written(tmp_path, f'name = "a"\nhome = "https://a.example/"\n{lines}\n')
    with pytest.raises(ConfigError) as error:
        load_site(path)
    assert str(error.value).startswith(f"{path}: {complaint}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('home = "https://a.example/"', "`name` is missing"),
        ('name = "a"', "`home` is missing"),
        ('name = "a"\nhome = "ftp://a.example/"', "`home`: 'ftp://a.example/' is no http or https address"),
        ('name = "a"\nhome = "https://a.example:x/"', "`home`: 'https://a.example:x/' is no http or https address"),
        ('name = "a"\nhome = 7', "`home`: must be a string with an address such as"),
        ('name = "A b"\nhome = "https://a.example/"', "`name`: 'A b' is no name: use a-z, 0-9 and -"),
        ('name = "b"\nhome = "https://a.example/"', "`name` is 'b'; rename the file to b.toml or the site to 'a'"),
    ],
)
def test_a_site_without_name_or_home_is_none(tmp_path, text, complaint):
    with pytest.raises(ConfigError, match=re.escape(complaint)):
        load_site(written(tmp_path, text))


def test_a_file_that_cannot_be_read_says_so(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read \(No such file or directory\)"):
        load_site(tmp_path / "none.toml")
    (tmp_path / "a.toml").write_bytes(b'name = "\xff"')
    with pytest.raises(ConfigError, match=r"byte 8 is not UTF-8"):
        load_site(tmp_path / "a.toml")


def test_a_folder_is_read_in_the_order_of_names(tmp_path):
    for name in ("b", "a"):
        written(tmp_path, f'name = "{name}"\nhome = "https://{name}.example/"\n', name=name)
    (tmp_path / "notes.txt").write_text("not a site")
    assert [site.name for site in load_sites(tmp_path)] == ["a", "b"]
    assert load_sites(tmp_path / "none") == []


def test_one_broken_file_fails_the_folder(tmp_path):
    written(tmp_path, 'name = "a"\nhome = "https://a.example/"\n')
    written(tmp_path, "nothing", name="b")
    with pytest.raises(ConfigError, match=r"b\.toml: no valid TOML"):
        load_sites(tmp_path)


@pytest.mark.parametrize(
    ("url", "name", "delay"),
    [
        ("https://www.valley-courier.example/", "valley-courier-example", 1.0),
        ("https://Valley-Courier.example/news/", "valley-courier-example", 1.0),
        ("http://127.0.0.1:8123", "127-0-0-1-8123", 0.0),
        ("http://localhost:80/", "localhost-80", 0.0),
        ("http://[::1]:8080/", "1-8080", 0.0),
        ("https://münchner-bote.example/", "xn--mnchner-bote-dlb-example", 1.0),
        ("http://192.0.2.1/", "192-0-2-1", 1.0),
        (f"https://{'a' * 60}.{'b' * 60}.example/", f"{'a' * 60}-bb", 1.0),
    ],
)
def test_a_site_on_the_spot_is_named_after_its_host(url, name, delay):
    site = site_from_url(url)
    assert (site.name, site.delay) == (name, delay)


@pytest.mark.parametrize(
    "url", ["valley-courier.example", "ftp://a.example/", "http://", "", "http://a.example:99999/", "file:///etc"]
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ConfigError, match="no address of a news site; write it in full"):
        site_from_url(url)


def test_what_is_written_is_read_back_the_same(tmp_path):
    for site in (load_site(written(tmp_path, WHOLE, name="valley-courier")), site_from_url("http://a.example/")):
        assert load_site(written(tmp_path, to_toml(site), name=site.name)) == site


def test_defaults_are_written_as_comments():
    text = to_toml(Site(name="a", home="https://a.example/", every=timedelta(hours=2)))
    assert 'every = "2h"\n' in text
    assert '\n# revisit = ["1h", "6h", "1d", "7d"]\n' in text
    assert "\n# article = '^/\\d{4}/\\d{2}/'\n" in text


def test_commented_defaults_are_valid_when_uncommented(tmp_path):
    text = re.sub(r"^# (\w+ = )", r"\1", to_toml(site_from_url("https://a.example/")), flags=re.MULTILINE)
    site = load_site(written(tmp_path, text, name="a-example"))
    assert (site.budget, site.timezone) == (timedelta(minutes=30), "Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("10m", 600), ("1h", 3600), ("7d", 604800), ("90m", 5400), (" 2 h ", 7200)]
)
def test_durations_are_read(text, seconds):
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("seconds", "text"), [(30, "30s"), (5400, "90m"), (3600, "1h"), (86400, "1d"), (1209600, "14d")]
)
def test_durations_are_written_in_their_largest_whole_unit(seconds, text):
    assert format_duration(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    "pattern", [r"^/\d{4}/\d{2}/", r"/(?:news|sport)/[a-z0-9-]+-\d+\.html$", r"(?:/[a-z-]+)+/\d+$", r".*-\d{5,}"]
)
def test_ordinary_regular_expressions_are_quick_to_check(pattern):
    started = time.process_time()
    assert Site(name="a", home="https://a.example/", article=pattern).article == pattern
    assert time.process_time() - started < 1.0


def test_the_horizon_is_the_backfill_bound():
    now = datetime(2026, 3, 31, tzinfo=UTC)
    site = site_from_url("https://a.example/")
    assert site.horizon(now) == datetime(2026, 3, 1, tzinfo=UTC)
    assert site.model_copy(update={"backfill": "all"}).horizon(now) is None
