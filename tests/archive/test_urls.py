"""The frozen rules id/1, and what is asked for."""

import json
import random
from pathlib import Path

import pytest

from archive.urls import article_id, canonical, fetchable, registrable

VECTORS: dict[str, str] = json.loads(Path(__file__).with_name("id-1-vectors.json").read_text("utf-8"))


def test_there_are_enough_vectors():
    """The rules are held in place by a good number of examples."""
    assert len(VECTORS) >= 60


@pytest.mark.parametrize(("url", "key"), VECTORS.items())
def test_keys_never_change(url, key):
    """Each URL has the key it had on the first day; these vectors may be added to, never edited."""
    assert canonical(url) == key


@pytest.mark.parametrize("key", sorted(set(VECTORS.values())))
def test_a_key_is_its_own_key(key):
    """Canonicalising twice changes nothing."""
    assert canonical(key) == key


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/news/1",
        "//valley.example/a",
        "mailto:a@valley.example",
        "javascript:alert(1)",
        "ftp://valley.example/a",
        "http:/valley.example/a",
        "http://",
        "http:///a",
        "http://:80/a",
        "http://a..b/",
        "http://./",
        "http://val ley.example/",
        "http://val<ley.example/",
        "http://valley.example:port/",
        "http://valley.example:99999/",
        "http://[::1/",
        "http://[::1]]/",
        "http://[fe80::1%25eth0]/",
        "http://[not-an-address]/",
        "http://valley\x00.example/",
        "http://valley.example%2Fa/",
        "http://valley.example/\ud800",
        "http://%ff.example/",
        "http://valley.example／evil/",
        "http://" + "a" * 300 + ".example/",
        "http://valley.example/" + "a" * 9000,
        "http://" + "\u00fc" * 1_000_000,
    ],
)
def test_what_is_no_url_is_refused(url):
    """Hostile and broken input raises ValueError and nothing else."""
    for function in (canonical, fetchable, registrable):
        with pytest.raises(ValueError):  # noqa: PT011 - the messages differ, the type is the contract
            function(url)


def test_noise_raises_nothing_but_value_error():
    """Random strings of awkward characters give a key or ValueError."""
    dice = random.Random(1)
    alphabet = "ab/.:@?#&=%2e\\[]|\x00\ud800é新;＠ \t-_~+www.http://"
    for _ in range(5000):
        url = "http://" + "".join(dice.choices(alphabet, k=dice.randrange(40)))
        try:
            key = canonical(url)
        except ValueError:
            continue
        assert canonical(key) == key
        assert fetchable(fetchable(url)) == fetchable(url)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://www.valley.example", "http://www.valley.example/"),
        ("http://www.valley.example/a/?b=2&a=1#top", "http://www.valley.example/a/?b=2&a=1"),
        ("https://valley.example/a?utm_source=rss", "https://valley.example/a"),
        ("https://valley.example/a?x=1&fbclid=9&x=1", "https://valley.example/a?x=1&x=1"),
        ("https://valley.example/größe?q=ä b", "https://valley.example/gr%C3%B6%C3%9Fe?q=%C3%A4%20b"),
        ("https://valley.example/a%2fb%7e/%e4", "https://valley.example/a%2fb%7e/%e4"),
        ("https://valley.example/a;jsessionid=1", "https://valley.example/a;jsessionid=1"),
        ("https://me:secret@valley.example:8443/a", "https://valley.example:8443/a"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ],
)
def test_what_is_asked_for(url, target):
    """Only fragments, user information and tracking go; what no request line may hold is encoded."""
    assert fetchable(url) == target


def test_an_id_is_the_head_of_a_digest():
    """The id is 32 hex digits of sha256 over the site, a line feed and the key."""
    assert article_id("valley", "https://valley.example/a") == "70e10e5553f0dfa07060f7f2d05cf46c"
    assert article_id("valley", "https://valley.example/a") != article_id("hill", "https://valley.example/a")


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.news.valley.co.uk/a", "valley.co.uk"),
        ("https://valley.com", "valley.com"),
        ("http://anna.blogspot.com/2020/", "anna.blogspot.com"),
        ("http://bob.blogspot.com/", "bob.blogspot.com"),
        ("https://github.io/", "github.io"),
        ("http://127.0.0.1:8000/a", "127.0.0.1:8000"),
        ("http://[::1]:8080/a", "[::1]:8080"),
        ("http://localhost/", "localhost:80"),
        ("https://intranet/", "intranet:443"),
        ("https://www.valley.example/", "valley.example"),
    ],
)
def test_politeness_domains(url, domain):
    """Who is behind a URL: the registrable domain, private suffixes counted; host and port where there is none."""
    assert registrable(url) == domain
