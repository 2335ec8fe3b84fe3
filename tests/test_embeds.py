"""What pages need to be seen again: fetched once, wherever it lies, and listed a page."""

import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from archive.embedded import services
from archive.records import Record, iter_records
from archive.store import Store
from tests.archive.conftest import open_store
from tests.crawler.talk import Answer, Server
from tests.machine import Machine
from tests.newsroom import Newsroom
from tests.ports import closed_port

HTML = {"Content-Type": "text/html; charset=utf-8"}
PNG = {"Content-Type": "image/png"}
CSS = {"Content-Type": "text/css"}
STORY = "/2026/11/20/the-ferry-runs-again.html"
LONG = "<p>" + "The ferry to the north bank runs again from Monday, and the harbour office sells the tickets. " * 6


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    machine = Machine(tmp_path_factory.mktemp("embeds"))
    with services(machine.folder / "microfiche-data"):
        yield machine


def store_of(machine: Machine) -> Store:
    with services(machine.folder / "microfiche-data", postgres=False) as running:
        return open_store(running, prefix="")


def runs(machine: Machine, *, site: str) -> list[dict[str, Any]]:
    """The commits of a site, the oldest first."""
    store = store_of(machine)
    commits = [json.loads(store.get(key)) for key in store.keys(f"runs/site={site}/")]
    return sorted(commits, key=lambda commit: str(commit["started_at"]))


def records(machine: Machine, *, site: str) -> list[Record]:
    """All records of a site, run by run."""
    store = store_of(machine)
    names = [one["key"] for commit in runs(machine, site=site) for one in commit["objects"]]
    files = [store.get(name) for name in names if name.endswith(".warc.gz")]
    return [record for file in files for record in iter_records(io.BytesIO(file))]


def infos(machine: Machine, *, site: str) -> dict[str, dict[str, Any]]:
    """The newest pageinfo of each page."""
    found = [record for record in records(machine, site=site) if record.uri.startswith("urn:pageinfo:")]
    assert {(record.type, record.field("Content-Type")) for record in found} == {("resource", "application/json")}
    return {record.uri.removeprefix("urn:pageinfo:"): json.loads(record.block) for record in found}


@dataclass(frozen=True)
class Crawled:
    """A newspaper crawled twice: what was asked of it by each crawl, and the lists of its pages after each."""

    paper: Newsroom
    asked: tuple[Counter[str], Counter[str]]
    pages: tuple[Mapping[str, dict[str, Any]], Mapping[str, dict[str, Any]]]
    counts: tuple[Mapping[str, Any], ...]
    records: list[Record]


@pytest.fixture(scope="module")
def crawled(machine: Machine) -> Iterator[Crawled]:
    with Newsroom(articles=60, seed=1) as paper:
        paper.heal()
        machine.site("courier", paper.url)
        machine.crawl("courier")
        first = Counter(hit.path for hit in paper.log)
        pages = infos(machine, site="courier")
        machine.crawl("courier")
        second = Counter(hit.path for hit in paper.log) - first
        counts = tuple(run["counts"]["embeds"] for run in runs(machine, site="courier"))
        again = infos(machine, site="courier")
        yield Crawled(paper, (first, second), (pages, again), counts, records(machine, site="courier"))


def assets(asked: Counter[str]) -> Counter[str]:
    return Counter({path: times for path, times in asked.items() if path.startswith(("/assets/", "/favicon"))})


def test_every_embed_of_the_newspaper_is_fetched_exactly_once(crawled: Crawled) -> None:
    """What the pages list is what the access log shows, each path once."""
    asked = assets(crawled.asked[0])
    base = crawled.paper.url.rstrip("/")
    listed = {url.removeprefix(base) for page in crawled.pages[0].values() for url in page["urls"]}
    assert set(asked.values()) == {1}
    assert {path for path in listed if path.startswith(("/assets/", "/favicon"))} == set(asked)
    assert crawled.counts[0] == {"fetched": len(asked), "known": 0, "due": 0, "failed": {}}


def test_a_page_lists_what_its_theme_needs(crawled: Crawled) -> None:
    """Styles and what they import, the font and texture within them, script, icon, and the images of each theme."""
    shared = {"css/main.css", "css/type.css", "css/layout.css", "img/paper.svg", "fonts/ornaments.ttf", "js/site.js"}
    images = {
        "press": {"-40.png", "-800.png", "-400.png"},
        "modern": {"-800.jpg", "-800.webp", "-400.jpg"},
        "drupal": {"-800.svg"},
        "bare": set(),
    }
    seen = set()
    for truth in crawled.paper.truth:
        page = crawled.pages[0].get(truth.url)
        if page is None:
            continue
        seen.add(truth.theme)
        listed = {url.partition("/assets/")[2] for url in page["urls"] if "/assets/" in url}
        own = {f"-{name.rpartition('-')[2]}" for name in listed - shared}
        assert page["missing"] == {}
        assert shared & listed == (set() if truth.theme == "bare" else shared)
        assert own <= images[truth.theme], (truth.url, own)
        assert bool(own) == bool(images[truth.theme])
    assert seen == {"press", "modern", "drupal", "bare"}


def test_every_page_has_a_list_that_agrees_with_the_records(crawled: Crawled) -> None:
    """Each URL with status, media type, date and digest of a record; the page itself is the document."""
    held = {
        (record.uri, record.field("WARC-Date"), record.digest)
        for record in crawled.records
        if record.type == "response"
    }
    pages = [
        record
        for record in crawled.records
        if record.type == "response" and record.http and record.http.status == 200 and _is_html(record)
    ]
    assert {record.uri for record in pages} <= set(crawled.pages[0])
    for page in crawled.pages[0].values():
        for url, told in page["urls"].items():
            assert (url, told["date"], told["digest"]) in held, (url, told)
            assert told["status"] == 200
        assert page["urls"][page["url"]]["type"] == "document"
        assert page["urls"][page["url"]]["date"] == page["ts"]


def _is_html(record: Record) -> bool:
    return bool(record.http) and (record.http.first("content-type") or "").startswith("text/html")


def test_a_second_crawl_fetches_none_that_is_fresh_and_lists_them_all_the_same(crawled: Crawled) -> None:
    """Nothing is asked again; the lists name the captures of the first run, what stylesheets need included."""
    assert assets(crawled.asked[1]) == Counter()
    assert (crawled.counts[1]["fetched"], crawled.counts[1]["due"]) == (0, 0)
    assert crawled.counts[1]["known"] > 0
    before, after = (pages[crawled.paper.url] for pages in crawled.pages)
    assert after["ts"] > before["ts"]
    without = [{url: told for url, told in page["urls"].items() if url != page["url"]} for page in (before, after)]
    assert without[0] == without[1]
    assert any(url.endswith("/fonts/ornaments.ttf") for url in without[1])


def test_what_is_stale_is_asked_whether_it_changed(crawled: Crawled, machine: Machine) -> None:
    """Each embed once, with its validator; a 304 keeps it listed, what a stylesheet needs too, as seen now."""
    with services(machine.folder / "microfiche-data") as running, psycopg.connect(running.dsn or "") as connection:
        connection.execute("UPDATE resources SET fresh_until = now() WHERE site = 'courier'")
    before = len(crawled.paper.log)
    machine.crawl("courier")
    asked = [hit for hit in crawled.paper.log[before:] if hit.path.startswith(("/assets/", "/favicon"))]
    assert {hit.status for hit in asked} == {304}
    assert len({hit.path for hit in asked}) == len(asked)
    old = crawled.pages[1][crawled.paper.url]["urls"]
    new = infos(machine, site="courier")[crawled.paper.url]["urls"]
    assert {url: told["digest"] for url, told in new.items()} == {url: told["digest"] for url, told in old.items()}
    assert all(new[url]["date"] > told["date"] and new[url]["status"] == 200 for url, told in old.items())
    assert any(url.endswith("/fonts/ornaments.ttf") for url in new)


def page(body: str, *, title: str = "The Ferry Runs Again", head: str = "") -> Answer:
    link = f'<a href="{STORY}">The ferry</a>'
    return 200, HTML, f"<!doctype html><title>{title}</title>{head}<h1>{title}</h1>{body}{link}{LONG}".encode()


def test_embeds_of_other_servers_and_the_reasons_of_what_is_missing(machine: Machine) -> None:
    """Other hosts are asked as their robots.txt allows; what is not there is listed with its reason."""

    def shelf(path: str, _: int) -> Answer:
        return {
            "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /no/\n"),
            "/a.css": (200, CSS, b"@import 'b.css'; @font-face{src:url(f.woff2)} p{background:url(/no/p.png)}"),
            "/b.css": (200, CSS, b"b{background:url('q.png')}"),
            "/f.woff2": (200, {"Content-Type": "font/woff2"}, b"font"),
            "/q.png": (200, PNG, b"png"),
            "/moved.png": (302, {"Location": "/q.png"}, b""),
            "/page.png": page("", title="A Page In Place Of An Image"),
        }.get(path, (404, {}, b"none"))

    with Server(shelf) as other, Server(lambda *_: (200, PNG, b"secret")) as private:

        def paper(path: str, _: int) -> Answer:
            if path == "/":
                urls = ["/q.png", "/no/x.png", "/moved.png", "/page.png", "/gone.png"]
                images = "".join(f'<img src="{other.url(url)}">' for url in urls)
                frames = f'<iframe src="{private.url("/frame")}"></iframe><img src="{private.url("/x.png")}">'
                return page(
                    images + frames + '<video src="/big.mp4">',
                    head=f'<link rel=stylesheet href="{other.url("/a.css")}">',
                )
            if path == "/big.mp4":
                return 200, {"Content-Type": "video/mp4", "X-Big": "1"}, b"v" * 20_100_000
            return 404, {}, b""

        with Server(paper) as home:
            machine.site("ferry", home.url(), embed_hosts=[other.url().split("/")[2]], sitemaps=[], feeds=[])
            summary = machine.crawl("ferry")
            asked = [path for _, path in other.hits]
        assert private.hits == []
    info = infos(machine, site="ferry")[home.url()]
    statuses = {url.removeprefix(other.url("")): told["status"] for url, told in info["urls"].items()}
    assert statuses == {
        home.url(): 200, "/a.css": 200, "/b.css": 200, "/f.woff2": 200, "/q.png": 200, "/moved.png": 302,
        "/gone.png": 404,
    }  # fmt: skip
    assert info["missing"] == {
        private.url("/frame"): "frame",
        other.url("/no/x.png"): "robots-disallowed",
        other.url("/no/p.png"): "robots-disallowed",
        other.url("/page.png"): "not-an-embed",
        private.url("/x.png"): "private-address",
        home.url("/big.mp4"): "too-large",
    }
    assert {path: asked.count(path) for path in ("/q.png", "/b.css", "/page.png", "/no/x.png")} == {
        "/q.png": 1, "/b.css": 1, "/page.png": 1, "/no/x.png": 0,
    }  # fmt: skip
    assert runs(machine, site="ferry")[0]["counts"]["embeds"]["failed"] == {
        "http-404": 1, "not-an-embed": 1, "private-address": 1, "robots-disallowed": 2, "too-large": 1,
    }  # fmt: skip
    assert "  embeds    5 fetched, failed 6: 2 robots-disallowed, 1 http-404," in summary
    assert [line for line in machine.json_lines("articles", "--site", "ferry") if "page.png" in line["url"]] == []


def test_frames_and_modules_are_fetched_with_what_they_need_and_are_no_articles(machine: Machine) -> None:
    """Also where a redirect leads to one, on servers that `embed_hosts` names, and what a later run has of an earlier.

    Frames within frames and those of other sites are missing, and told. What is not there is asked for once.
    """

    def framed(path: str, _: int) -> Answer:
        image = "<img src=/f.png><iframe src=/deeper></iframe>"
        return (200, PNG, b"f") if path == "/f.png" else page(image, title="A Timetable Within A Page")

    with Server(framed) as other, Server(framed) as stranger:

        def paper(path: str, _: int) -> Answer:
            if path == "/":
                urls = ["/map", "/moved", other.url("/times"), stranger.url("/ad")]
                frames = "".join(f'<iframe src="{url}"></iframe>' for url in urls)
                return page(f"{frames}<img src=/gone.png>", head="<script type=module src=/m.js></script>")
            if path == "/map":
                style = "<link rel=stylesheet href=/map.css>"
                return page("<img src=/map.png><iframe src=/deep></iframe>", title="A Map Of The Ferry", head=style)
            return {
                "/moved": (302, {"Location": stranger.url("/led-away")}, b""),
                "/map.css": (200, CSS, b"p{background:url(/sea.png)}"),
                "/map.png": (200, PNG, b"map"),
                "/m.js": (200, {"Content-Type": "text/javascript"}, b"import {n} from './n.js'"),
                "/n.js": (200, {"Content-Type": "text/javascript"}, b"import '/o.js'"),
                "/o.js": (200, {"Content-Type": "text/javascript"}, b"export const o = 1"),
                "/sea.png": (200, PNG, b"sea"),
            }.get(path, (404, {}, b""))

        with Server(paper) as home:
            hosts = [other.url().split("/")[2]]
            machine.site("framed", home.url(), embed_hosts=hosts, sitemaps=[], feeds=[], sections=[])
            machine.crawl("framed")
            first = infos(machine, site="framed")[home.url()]
            machine.crawl("framed")
            again = infos(machine, site="framed")[home.url()]
            asked = Counter(path for _, path in home.hits)
        assert stranger.hits == []
    own = {home.url(path) for path in ("/", "/map", "/moved", "/map.css", "/map.png", "/sea.png")}
    own |= {home.url(path) for path in ("/m.js", "/n.js", "/o.js", "/gone.png")}
    assert set(first["urls"]) == own | {other.url("/times"), other.url("/f.png")}
    assert {first["urls"][url]["type"] for url in (home.url("/map"), other.url("/times"))} == {"document"}
    frames = [home.url("/deep"), other.url("/deeper"), stranger.url("/ad"), stranger.url("/led-away")]
    assert first["missing"] == dict.fromkeys(frames, "frame")
    assert (set(again["urls"]), again["missing"]) == (set(first["urls"]), first["missing"])
    assert {path for path, times in asked.items() if times > 1} == {"/", "/robots.txt"}
    assert {"/map", "/map.css", "/map.png", "/sea.png", "/m.js", "/n.js", "/o.js", "/moved", "/gone.png"} <= set(asked)
    assert [line["url"] for line in machine.json_lines("articles", "--site", "framed")] == []


def many(path: str, _: int) -> Answer:
    """A site of eleven articles, each with an image of its own, and forty images on its home page."""
    if path == "/":
        links = "".join(f'<a href="/2026/11/20/ferry-story-number-{n}.html">Story {n}</a>' for n in range(10))
        return page(links + "".join(f"<img src=/home-{n}.png>" for n in range(40)))
    if path.endswith(".html"):
        return page(f"<img src={path}.png>", title=f"Ferry Story {path[-6]}")
    return (200, PNG, b"png of " + path.encode()) if path.endswith(".png") else (404, {}, b"")


def test_a_cap_on_pages_still_gives_these_pages_what_they_need(machine: Machine) -> None:
    """--max-pages counts pages alone; the embeds of those that were captured are fetched."""
    with Server(many) as home:
        machine.site("capped", home.url(), sitemaps=[], feeds=[])
        assert "ended at the cap on pages" in machine.crawl("capped", "--max-pages", "4")
        asked = Counter(path for _, path in home.hits)
    stories = {path for path in asked if path.endswith(".html")}
    assert len(stories) == 3
    assert {path for path in asked if path.endswith(".html.png")} == {f"{path}.png" for path in stories}
    assert sum(path.startswith("/home-") for path in asked) == 40
    assert all(not one["missing"] for one in infos(machine, site="capped").values())


def test_what_the_budget_leaves_is_due_and_fetched_by_the_next_run(machine: Machine) -> None:
    """A run that ends in the middle lists what is missing as later; the next one fetches that, and nothing twice."""
    with Server(many) as home:
        machine.site("short", home.url(), sitemaps=[], feeds=[], delay=4.0, max_pages=1, max_bytes=4000)
        cut = machine.run("crawl", "short")
        assert (cut.returncode, "ended at the cap on bytes" in cut.stdout) == (3, True), cut.stdout + cut.stderr
        first = Counter(path for _, path in home.hits)
        (run,) = runs(machine, site="short")
        later = infos(machine, site="short")[home.url()]["missing"]
        assert set(later.values()) == {"later"}
        assert run["counts"]["embeds"]["due"] == len(later) == len(run["embeds_due"])
        machine.site("short", home.url(), sitemaps=[], feeds=[], max_pages=1)
        machine.crawl("short")
        asked = Counter(path for _, path in home.hits if path.startswith("/home-"))
    assert sum(path.startswith("/home-") for path in first) + len(later) == 40
    assert set(asked.values()) == {1}
    assert len(asked) == 40
    assert runs(machine, site="short")[1]["embeds_due"] == []
    assert infos(machine, site="short")[home.url()]["missing"] == {}


def test_a_server_that_is_away_gets_a_second_chance_and_no_third(machine: Machine) -> None:
    """What failed for now is due; when it fails again in the next run, it is left alone."""

    def answer(path: str, _: int) -> Answer:
        if path == "/":
            return page("")
        if path == "/broken.png":
            return 502, {}, b""
        return page(f'<img src="{image}"><img src=/broken.png>') if path == STORY else (404, {}, b"")

    with Server(answer) as home, closed_port() as port:
        image = f"http://127.0.0.1:{port}/image.png"
        hosts, maps = [image.split("/")[2]], [home.url("/sitemap.xml")]
        machine.site("away", home.url(), embed_hosts=hosts, sitemaps=maps, feeds=[], sections=[])
        machine.crawl("away")
        assert infos(machine, site="away")[home.url(STORY)]["missing"] == {image: "robots-unreachable"}
        machine.crawl("away")
    first, second = runs(machine, site="away")
    failed = {"http-502": 1, "robots-unreachable": 1}
    assert {one["url"] for one in first["embeds_due"]} == {image, home.url("/broken.png")}
    assert first["counts"]["embeds"] == {"fetched": 0, "known": 0, "due": 2, "failed": failed}
    assert (second["embeds_due"], first["embeds_missed"]) == ([], [])
    assert second["counts"]["embeds"] == {"fetched": 0, "known": 0, "due": 0, "failed": failed}
    assert {(one["url"], one["status"]) for one in second["embeds_missed"]} == {
        (image, 0),
        (home.url("/broken.png"), 502),
    }


def test_a_crawl_delay_holds_for_pages_and_embeds_together(machine: Machine) -> None:
    """Where robots.txt asks for a delay, requests to that server share it, of whatever kind.

    A request may reach a busy server late, and seem closer to the next one: all together take their time.
    """

    def answer(path: str, _: int) -> Answer:
        if path == "/robots.txt":
            return 200, {}, b"User-agent: *\nCrawl-delay: 0.3\n"
        if path == "/":
            return page("".join(f"<img src=/{n}.png>" for n in range(4)))
        return (200, PNG, b"png" + path.encode()) if path.endswith(".png") else (404, {}, b"")

    with Server(answer) as home:
        machine.site("slow", home.url(), sitemaps=[home.url("/sitemap.xml")], feeds=[], sections=[])
        machine.crawl("slow")
        times = sorted(when for when, path in home.hits if path != "/robots.txt")
        assert {"/", STORY, "/0.png", "/1.png", "/2.png", "/3.png"} <= {path for _, path in home.hits}
    assert times[-1] - times[0] > 0.3 * (len(times) - 2)


def test_a_site_may_do_without(machine: Machine) -> None:
    """With embeds = false nothing but pages is asked for, and no list is written."""
    with Server(many) as home:
        machine.site("plain", home.url(), sitemaps=[], feeds=[], embeds=False)
        machine.crawl("plain")
        assert [path for _, path in home.hits if path.endswith(".png")] == []
    assert [one.uri for one in records(machine, site="plain") if one.uri.startswith("urn:pageinfo:")] == []
