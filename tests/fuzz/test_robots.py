"""robots.txt is read for one robot: what it says to others costs nothing and changes nothing."""

from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from crawler.manners.robots import TOKEN, read_robots
from tests.fuzz.costs import within

AGENTS = [
    "*",
    "microfiche",
    "Microfiche",
    "micro",
    "micro*",
    "microfiche/1.0",
    "googlebot",
    "bot # microfiche",
    "",
    "a b",
]
LINES = st.one_of(
    st.builds(
        "{}{}".format,
        st.sampled_from(["User-agent: ", "user-agent:", "Useragent ", "USER AGENT: "]),
        st.sampled_from(AGENTS),
    ),
    st.builds(
        "{} {}".format,
        st.sampled_from(["Disallow:", "Allow:", "disallow"]),
        st.sampled_from(["/", "/a", "/*b", "/a$", ""]),
    ),
    st.sampled_from(
        ["", "# nothing", "Crawl-delay: 3", "Sitemap: https://courier.example/s.xml", "Host: x", "nonsense"]
    ),
)


@given(st.lists(LINES, max_size=25))
def test_leaving_out_the_others_changes_no_answer(lines: list[str]) -> None:
    """What is allowed, and how slowly, is what the whole file says."""
    told = "\n".join(lines)
    whole, ours = Protego.parse(told), read_robots(200, body=told.encode(), url="https://courier.example/robots.txt")
    for path in ("/", "/a", "/ab", "/xb", "/c"):
        assert ours.allows(f"https://courier.example{path}") == whole.can_fetch(f"https://courier.example{path}", TOKEN)
    assert ours.crawl_delay == (whole.crawl_delay(TOKEN) or None)
    assert list(ours.sitemaps) == list(dict.fromkeys(whole.sitemaps))


def test_ten_thousand_robots_before_ten_thousand_rules() -> None:
    """Each rule for each of them would be a hundred million."""
    agents = b"".join(b"User-agent: bot%d\n" % number for number in range(10_000))
    rules = b"".join(b"Disallow: /p%d\n" % number for number in range(10_000))
    with within(5):
        others = read_robots(200, body=agents + rules, url="https://courier.example/robots.txt")
        all_of_us = read_robots(200, body=agents + b"User-agent: *\n" + rules, url="https://courier.example/robots.txt")
    assert others.refusal("https://courier.example/p7") is None
    assert all_of_us.refusal("https://courier.example/p7") == "robots-disallowed"
