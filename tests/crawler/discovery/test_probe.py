"""A look at a site by a handful of polite requests."""

from collections import Counter

from archive.promise import Promise, Source
from crawler.discovery.ask import Asker
from crawler.discovery.forms import commonest, form_of
from crawler.discovery.probe import probe
from crawler.sites.site import Site, site_from_url
from tests.newsroom import Newsroom

AGENT = "microfiche/0.1 (news archive; mailto:test@example.org)"


async def test_a_newspaper_is_found_with_ten_requests() -> None:
    """Feeds, the sitemap index and its newest children, sections, candidates; each URL asked once, under our name."""
    with Newsroom(articles=60, seed=1) as paper:
        found = await probe(site_from_url(paper.url), user_agent=AGENT, most=8)
        asked = Counter(hit.path for hit in paper.log)
        assert found.problem is None
        assert {(one.of, one.kind) for one in found.documents if one.kind} >= {
            ("feed", "rss"),
            ("sitemap", "index"),
            ("sitemap", "urlset"),
        }
        assert f"{paper.url}news/" in found.sections
        assert len(found.candidates.wanted) > 10
        assert found.requests == len(paper.log) <= 10
        assert max(asked.values()) == 1
        assert {dict(hit.headers)["User-Agent"] for hit in paper.log} == {AGENT}


async def test_what_robots_forbids_is_not_asked() -> None:
    """Nor is anything when robots.txt answers 503."""
    with Newsroom(articles=20, seed=1) as paper:
        paper.set_robots("User-agent: *\nDisallow: /feed\nDisallow: /2026/\n")
        found = await probe(site_from_url(paper.url), user_agent=AGENT, most=8)
        assert not [hit for hit in paper.log if hit.path.startswith("/feed")]
        assert found.candidates.refused["robots-disallowed"] > 0
        assert not [promise for promise in found.candidates.wanted if "/2026/" in promise.url.partition("//")[2][:25]]
        paper.set_robots(503)
        before = len(paper.log)
        refused = await probe(site_from_url(paper.url), user_agent=AGENT, most=8)
        assert (refused.problem, [hit.path for hit in paper.log[before:]]) == ("robots-unreachable", ["/robots.txt"])


async def test_only_what_was_typed_may_be_private() -> None:
    """A page that leads to another port of this machine is not followed there."""
    with Newsroom(articles=5, seed=1) as typed, Newsroom(articles=5, seed=2) as other:
        async with Asker.open(user_agent=AGENT, delay=0, typed=[typed.url]) as asker:
            assert (await asker.get(typed.url)).status == 200
            answer = await asker.get(other.url)
        assert answer.problem is not None
        assert "private address" in answer.problem
        assert other.log == []


async def test_a_server_that_does_not_answer_is_told_in_words() -> None:
    """The reason is the connection's, not robots.txt's."""
    found = await probe(site_from_url("http://127.0.0.1:1/"), user_agent=AGENT, most=8)
    assert found.problem == "Connection refused"


async def test_old_promises_are_counted_as_beyond_the_backfill() -> None:
    """They are no candidates of this site, and of one that goes back further they are."""
    with Newsroom(articles=60, seed=1) as paper:
        site = site_from_url(paper.url)
        bounded = await probe(site, user_agent=AGENT, most=30)
        whole = await probe(Site.model_validate({**site.model_dump(), "backfill": "all"}), user_agent=AGENT, most=30)
    assert bounded.candidates.refused["backfill"] > 20
    assert "backfill" not in whole.candidates.refused
    assert len(whole.candidates.wanted) > len(bounded.candidates.wanted) + 20


def test_urls_are_grouped_by_how_they_are_built() -> None:
    """Numbers, slugs and scripts are alike; words that are short stay."""
    urls = ("/2024/05/17/a-long-day.html", "/2023/01/02/another_day.html", "/news/4711", "/ru/день", "/?p=12")
    promises = [Promise(url=f"https://courier.example{url}", source=Source.LINK, found_in="") for url in urls]
    assert commonest(promises)[0] == ("/0/0/0/slug.html", 2, "https://courier.example/2024/05/17/a-long-day.html")
    assert [form_of(promise.url) for promise in promises[2:]] == ["/news/0", "/ru/slug", "/?p"]
