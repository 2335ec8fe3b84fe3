"""crawler.manners.robots: RFC 9309 on paper, and over the wire in real crawls."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.manners.robots import LARGEST, LONGEST_DELAY, read_robots
from tests.crawler.talk import Server, crawl
from tests.ports import closed_port

RULES = b"""\
Sitemap: https://a.example/one.xml
User-agent: *
Disallow: /private/
Allow: /private/open/
Disallow: /*.pdf$
Crawl-delay: 3

User-agent: otherbot
Disallow: /
sitemap: /two.xml
Sitemap: ftp://a.example/three.xml
"""


def allowed(body: bytes, path: str) -> bool:
    return read_robots(200, body=body, url="https://a.example/robots.txt").allows(f"https://a.example{path}")


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/", True), ("/private/x", False), ("/private/open/x", True), ("/a.pdf", False), ("/a.pdf?x", True)],
)
def test_the_longest_match_decides(path, expected):
    assert allowed(RULES, path) is expected


def test_robots_txt_itself_may_always_be_read():
    assert allowed(b"User-agent: *\nDisallow: /", "/robots.txt")


def test_our_own_group_goes_before_the_one_for_all():
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: Microfiche\nDisallow: /no/\n"
    assert allowed(rules, "/yes/")
    assert not allowed(rules, "/no/")


def test_groups_of_one_name_are_one_group():
    rules = (
        b"User-agent: microfiche\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n\nUser-agent: microfiche\nDisallow: /b\n"
    )
    assert [allowed(rules, path) for path in ("/a", "/b", "/c")] == [False, False, True]


def test_sitemaps_belong_to_no_group_and_may_be_relative():
    policy = read_robots(200, body=RULES, url="https://a.example/robots.txt")
    assert policy.sitemaps == ("https://a.example/one.xml", "https://a.example/two.xml")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (b"Crawl-delay: 3", 3.0),
        (b"Crawl-delay: 0.5", 0.5),
        (b"Request-rate: 1/10", 10.0),
        (b"Request-rate: 30/1m", 2.0),
        (b"Crawl-delay: 3\nRequest-rate: 1/10", 10.0),
        (b"Crawl-delay: 86400", LONGEST_DELAY),
        (b"Crawl-delay: inf", None),
        (b"Crawl-delay: nan", None),
        (b"Crawl-delay: -1", None),
        (b"Crawl-delay: soon", None),
        (b"Disallow:", None),
    ],
)
def test_crawl_delay_and_request_rate_are_read_within_reason(lines, expected):
    assert read_robots(200, body=b"User-agent: *\n" + lines).crawl_delay == expected


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 301, 308])
def test_no_robots_txt_means_that_all_is_allowed(status):
    policy = read_robots(status, body=b"User-agent: *\nDisallow: /")
    assert policy.allows("https://a.example/x")


@pytest.mark.parametrize("status", [None, 429, 500, 503, 599])
def test_an_unreachable_robots_txt_means_no_for_now(status):
    assert read_robots(status).refusal("https://a.example/x") == "robots-unreachable"


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /x",
        "User-agent: *\nDisallow: /x".encode("utf-16"),
        b"User-agent: *\rDisallow: /x\r",
        b"User-agent: * # all\r\n  disallow : /x  # yes\r\n",
    ],
)
def test_byte_order_marks_line_ends_and_comments_do_no_harm(body):
    assert not allowed(body, "/x")


def test_only_the_first_500_kib_are_read():
    body = b"User-agent: *\nDisallow: /early\n" + b"# filler\n" * 60_000 + b"Disallow: /late\n"
    assert len(body) > LARGEST
    assert not allowed(body, "/early")
    assert allowed(body, "/late")


@pytest.mark.parametrize(
    "body", [b"", b"\x00\xff\xfe" * 1000, b"<!doctype html><title>404</title>", b"Disallow: /", b"User-agent"]
)
def test_what_is_no_robots_txt_forbids_nothing(body):
    assert allowed(body, "/x")


def page(path, before):
    return (404, {}, b"") if path == "/robots.txt" else (200, {}, b"page")


def slow(path, before):
    return 200, {}, b"User-agent: *\nCrawl-delay: 0.4" if path == "/robots.txt" else b"page"


_LINES = some.sampled_from(
    [b"User-agent: *", b"Disallow: /", b"Crawl-delay: ", b"Request-rate: ", b"Sitemap: ", b"\n", b"\r", b":", b"1/",
     b"9" * 50, b"*", b"$", b"\0", b"\xff\xfe", b"http://", b"[::1"]
)  # fmt: skip


@given(some.lists(_LINES | some.binary(max_size=5), max_size=20).map(b"".join))
def test_whatever_stands_there_is_read(body):
    policy = read_robots(200, body=body, url="https://a.example/robots.txt")
    assert policy.refusal("https://a.example/x?y") in {None, "robots-disallowed"}
    assert policy.crawl_delay is None or 0 < policy.crawl_delay <= LONGEST_DELAY
    assert all(each.isascii() and each.isprintable() for each in policy.sitemaps)


@pytest.mark.parametrize(
    "line", [b"User-agent: *\n", b"Disallow: /" + b"*a" * 9, b"Disallow: /*a*b*c\n", b"Sitemap: http://a/\n", b"\0"]
)
def test_a_long_one_is_read_in_no_time(line):
    started = time.process_time()
    policy = read_robots(
        200, body=b"User-agent: *\n" + line * (LARGEST // len(line)), url="https://a.example/robots.txt"
    )
    policy.refusal("https://a.example/" + "a" * 2000)
    assert time.process_time() - started < 10


def test_sitemaps_are_urls_that_can_be_asked_for():
    body = b"Sitemap: http://reader:s3cret@a.example/one\nSitemap: /t\0wo\nSitemap: http://[::1\nSitemap: data:,x\n"
    policy = read_robots(200, body=body, url="https://a.example/robots.txt")
    assert policy.sitemaps == ("http://a.example/one", "https://a.example/t%00wo")


def test_rules_over_the_wire():
    """One crawl, seven servers: each robots.txt is fetched once, before anything else, and obeyed."""

    def rules(path, before):
        return 200, {}, b"User-agent: *\nDisallow: /no" if path == "/robots.txt" else b"page"

    def broken(path, before):
        return (500, {}, b"") if path == "/robots.txt" else (200, {}, b"page")

    def moving(path, before):
        if path == "/robots.txt":
            return 301, {"Location": "/moved/0"}, b""
        if path == "/moved/3":
            return 200, {}, b"User-agent: *\nDisallow: /no"
        step = path.removeprefix("/moved/")
        return (302, {"Location": f"/moved/{int(step) + 1}"}, b"") if step.isdigit() else (200, {}, b"page")

    def circling(path, before):
        return (302, {"Location": "/robots.txt"}, b"") if path == "/robots.txt" else (200, {}, b"page")

    def elsewhere(path, before):
        return (302, {"Location": a.url("/robots.txt")}, b"") if path == "/robots.txt" else (200, {}, b"page")

    with (
        Server(rules) as a,
        Server(page) as b,
        Server(broken) as c,
        Server(moving) as d,
        Server(circling) as e,
        Server(elsewhere) as f,
        closed_port() as closed,
    ):
        nobody = f"http://127.0.0.1:{closed}/x"
        result = crawl(
            *(a.url(f"/yes/{number}") for number in range(6)),
            *(server.url(path) for server in (a, b, c, d, e, f) for path in ("/yes", "/no")),
            nobody,
            policies=[a.url("/")],
        )
    outcomes, stats = result["outcomes"], result["stats"]
    assert [outcomes[server.url("/yes")] for server in (a, b, c, d, e, f)] == [
        200,
        200,
        "robots-unreachable",
        200,
        200,
        200,
    ]
    assert [outcomes[server.url("/no")] for server in (a, b, c, d, e, f)] == [
        "robots-disallowed",
        200,
        "robots-unreachable",
        "robots-disallowed",
        200,
        "robots-disallowed",
    ]
    assert outcomes[nobody] == "robots-unreachable"
    assert [len(server.asked("/robots.txt")) for server in (a, b, c, d, e, f)] == [2, 1, 1, 1, 6, 1]
    assert a.hits[0][1] == "/robots.txt"
    assert not any(path == "/no" for server in (a, c, d, f) for _, path in server.hits)
    assert result["policies"][a.url("/")] == [200, None, []]
    assert stats["robots/disallowed"] == 3
    assert stats["robots/unreachable"] == 3
    assert stats["robots/no-answer"] == 1
    assert stats["robots/redirects"] == 4 + 6 + 1


def test_crawl_delay_parts_the_requests_also_under_autothrottle():
    """AutoThrottle would shorten the delay of a quick server and vary it by half; the crawl-delay stands."""
    with Server(slow) as server, Server(page) as quick:
        result = crawl(
            *(each.url(f"/{number}") for number in range(5) for each in (server, quick)),
            AUTOTHROTTLE_ENABLED=True,
            AUTOTHROTTLE_START_DELAY=0.01,
            AUTOTHROTTLE_MAX_DELAY=0.1,
        )
    begun = min(result["queued"][server.url(f"/{number}")] for number in range(5))
    arrived = [when - begun for when, path in server.hits if path != "/robots.txt"]
    assert all(when > 0.39 * number for number, when in enumerate(arrived))
    assert quick.hits[-1][0] < server.hits[-1][0]
    assert set(result["outcomes"].values()) == {200}


def test_a_policy_is_kept_for_a_day_and_an_unreachable_one_for_ten_minutes():
    def down(path, before):
        return 500, {}, b""

    with Server(page) as server, Server(down) as broken:
        crawl(server.url("/x"), times=[0, 3600, 86_399, 86_401, 172_799])
        crawl(broken.url("/x"), times=[0, 599, 601, 1200])
    assert len(server.asked("/robots.txt")) == 2 + 1  # the last one is the middleware's own
    assert len(broken.asked("/robots.txt")) == 2 + 1
