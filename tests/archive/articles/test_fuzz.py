"""Pages that nobody wrote: nothing raises, nothing takes long, and what comes out is what the schema says."""

import json
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.articles import Refusal, publish, read, validate
from tests.archive.articles.fixtures import CAPTURE, FIXTURES, Fixture
from tests.archive.articles.test_hostile import MACHINE, SECONDS

KEY = "https://gazette.example/2026/03/10/gulls"
PIECES = (
    "<html>", "<head>", "<title>", "</title>", "<body>", "</body>", "<article>", "</article>", "<main>", "<p>", "</p>",
    "<div>", "</div>", "<h1>", "</h1>", "<table>", "<td>", "<template shadowrootmode=open>", "<noscript>", "<svg/>",
    "<!--", "-->", "<![CDATA[", "<?xml version='1.0' encoding='utf-7'?>", "<script type='application/ld+json'>",
    "</script>",
    '{"@type":"LiveBlogPosting","liveBlogUpdate":[{"articleBody":"x","datePublished":"2026-01-01T00:00:00+99:99"}]}',
    '{"@type":"NewsArticle","headline":["a",{"@value":"b"}],"author":[[{"name":["x"]}]],"@graph":{"@id":"#x"}}',
    '{"@type":"NewsArticle","isAccessibleForFree":{"@value":false},"hasPart":"x","inLanguage":{},"keywords":[1,null]}',
    "<meta name=author content='Ada Quill'>", "<meta property=article:published_time content='0000-00-00T99:99'>",
    "<meta property=og:image content='http://[::1/x.jpg'>", "<meta property=og:image content='/\ud800.jpg'>",
    "<link rel=canonical href='http://[x'>", "<link rel=canonical href='/\udfff'>", "<base href='//\x00'>",
    "<meta charset=punycode>", "<div class=live-blog>", "<time datetime='2026-03-10T24:61:00Z'>", "<time>", "</time>",
    "<div class='paywall'>", "Subscribe to continue reading", "<form><input type=password>", "<h1>Log in</h1>",
    "<div class='g-recaptcha'>", "Are you a robot?", "We use cookies", "<button>Accept all</button>", "<div hidden>",
    "<div itemprop='author liveBlogUpdate' itemscope itemtype='x/LiveBlogPosting'>", "By Ada Quill and Tom Reed",
    "&#xD800;", "&#0;", "&amp", "\x00", "\x1b$B", "\ufffe", "\ud800", "\u202e", "\U0010ffff", "10 March 2026", "٣ مارس",
    "The gulls of the harbour won in court on Monday, for now, and celebrated on the roof of the fish market. ",
)  # fmt: skip
CHARSETS = (
    None,
    "utf-8",
    "latin1",
    "shift_jis",
    "gb18030",
    "utf-16",
    "iso-2022-jp",
    "punycode",
    "idna",
    "rot13",
    "\ud800",
)
loose = settings(
    derandomize=True, database=None, deadline=None, max_examples=100, suppress_health_check=list(HealthCheck)
)


def checked(page: bytes | str, *, url: str | None = KEY, charset: str | None = None) -> None:
    """Read a page; what comes of it is valid, survives JSON and UTF-8, and came in time."""
    begun = time.process_time()
    found = read(page, url, charset=charset)
    assert time.process_time() - begun < MACHINE * SECONDS
    if isinstance(found, Refusal):
        assert found.reason != "failed", found
        return
    line = publish(found, site="gazette", key=KEY, url=KEY, capture=CAPTURE)
    assert json.loads(json.dumps(line, ensure_ascii=False).encode()) == line
    assert validate(line) == []


@loose
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=60).map("".join))
def test_pieces_of_pages_in_any_order(page: str) -> None:
    """Markup, data, words of gates and walls, broken dates and addresses, each in the wrong place."""
    checked(page)


@loose
@given(st.binary(max_size=3_000), st.sampled_from(CHARSETS), st.text(max_size=40))
def test_any_bytes_under_any_charset_and_url(page: bytes, charset: str | None, url: str) -> None:
    """Also those that are no charset at all."""
    checked(b"<html><body><p>" + page, charset=charset, url=url)


def mutated(page: bytes, *, dice: random.Random) -> bytes:
    """Cut, double, flip and sprinkle a page."""
    for _ in range(dice.randrange(1, 12)):
        at, size = dice.randrange(len(page)), dice.randrange(1, 200)
        match dice.randrange(6):
            case 0:
                page = page[:at] + page[at + size :]
            case 1:
                page = page[:at] + dice.randbytes(size) + page[at:]
            case 2:
                page = page[:at] + page[at : at + size] * dice.randrange(2, 9) + page[at:]
            case 3:
                page = page[:at]
            case 4:
                page = page[:at] + bytes([page[at] ^ 1 << dice.randrange(8)]) + page[at + 1 :]
            case _:
                page = page[:at] + dice.choice(PIECES).encode("utf-8", "surrogatepass") + page[at:]
        page = page or b" "
    return page


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.name)
def test_mutated_pages(fixture: Fixture) -> None:
    """Each hand-written page, cut anywhere, bytes flipped, pieces doubled and strewn in, three times."""
    dice = random.Random(fixture.name)
    for _ in range(3):
        checked(mutated(fixture.html, dice=dice), url=fixture.url)


def test_a_page_cut_anywhere_is_read() -> None:
    """As when a server hangs up in the middle of a tag or of a character."""
    page = next(fixture.html for fixture in FIXTURES if fixture.name == "languages/japanese")
    for end in range(0, len(page), 37):
        checked(page[:end])
