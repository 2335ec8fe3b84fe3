"""Whatever a page calls a URL: it breaks no index line, no key, no file name, no WARC header, and no run."""

import contextlib
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive import cdxj, members
from archive.articles.judging.kinds import shape
from archive.cdxj import Capture
from archive.errors import ArchiveError
from archive.keys import AttemptName, is_commit
from archive.urls import MAX_LENGTH, article_id, canonical, fetchable, registrable
from crawler.discovery.dates import date_in_url
from crawler.discovery.problems import Problems, absolute
from crawler.discovery.traps import TrapGuard
from tests.fuzz.costs import within

ANY = st.text(st.characters())  # surrogates too
ODD = st.text(
    st.sampled_from("/?#%&=;:@[]\\.-_~!$'()*+, \t\r\n\0\x7f\x85\u2028\u200b\ufeffaZ09éß日\U0001f600\ud800%2e%2F")
)
HOST = st.one_of(st.text(string.ascii_letters + string.digits + ".-_[]:@%éß。", max_size=60), ODD, ANY)
URL = st.one_of(
    st.builds("{}{}/{}".format, st.sampled_from(["http://", "https://", "HTTP:\\\\", "//", "ftp://", ""]), HOST, ODD),
    st.builds("https://courier.example/{}?{}#{}".format, ODD, ODD, ODD),
    ANY,
)
DIGITS = st.from_regex(r"[0-9]{14}", fullmatch=True)
CAPTURES = st.builds(
    Capture,
    urlkey=URL.map(cdxj.urlkey),
    timestamp=DIGITS,
    url=URL,
    mime=st.one_of(st.just(""), ODD, ANY),
    status=st.one_of(st.none(), st.integers(100, 999)),
    digest=ANY,
    filename=ANY,
    offset=st.integers(0, 2**63),
    length=st.integers(0, 2**63),
    method=st.sampled_from(["GET", "POST", "PUT"]),
    request_body=st.just(""),
)


@given(CAPTURES, ANY)
def test_an_index_line_is_read_back_as_it_was(capture: Capture, body: str) -> None:
    """It is one line of ASCII but for its key, which has no white space; and sorting cannot take it apart."""
    if capture.method != "GET":
        capture = Capture(**{name: getattr(capture, name) for name in Capture.__slots__} | {"request_body": body})
    line = capture.line()
    assert line.encode().splitlines() == line.encode().split(b"\n") == [line.encode()]
    assert line.splitlines() == [line]
    assert Capture.parse(line) == Capture.parse(f"{line}\n") == capture


@given(st.one_of(ANY, st.builds("{} {} {}".format, ANY, DIGITS, st.one_of(ANY, st.just('{"url": 1}'), st.just("[]")))))
def test_what_is_no_index_line_is_refused(text: str) -> None:
    """With an error of ours, whatever it is."""
    with contextlib.suppress(ArchiveError):
        Capture.parse(text)


@given(URL)
@example("https://courier.example/\u2028line")
@example("https://courier.example/?q=\x85")
@example("\ud800")
def test_a_key_has_no_white_space(url: str) -> None:
    """Nor is it empty of what can be encoded; a URL without a SURT is its own key."""
    key = cdxj.urlkey(url)
    assert key.split() in ([key], [])
    assert key.encode().decode() == key


@given(st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain", "", "x/y"]), st.binary())
@example("application/json", b"[" * 100_000)
@example("application/json", b'{"a":' * 50_000)
@example("text/plain", b"\xe2\x80\xa8=\xe2\x80\xa8")
def test_a_body_that_was_posted_makes_a_query_and_a_key(content_type: str, body: bytes) -> None:
    """Bounded, and with no line break in the key."""
    query = cdxj.request_query(content_type, body)
    assert len(query) <= 4096
    key = cdxj.urlkey(cdxj.lookup_url("https://courier.example/", method="POST", query=query))
    assert key.split() == [key]


@given(URL)
def test_keys_of_articles_are_keys_of_themselves(url: str) -> None:
    """id/1 refuses with ValueError alone; what it gives is a URL of ASCII that gives itself."""
    try:
        key = canonical(url)
    except ValueError:
        return
    assert key.isascii()
    assert key.isprintable()
    assert " " not in key
    assert canonical(key) == key
    assert len(article_id("courier", key)) == 32


@given(URL)
def test_what_is_asked_for_fits_into_a_request_line(url: str) -> None:
    """A URL to ask for is ASCII without white space, and stays as it is when it is made so again."""
    try:
        asked = fetchable(url)
    except ValueError:
        return
    assert asked.isascii()
    assert asked.split() == [asked]
    assert "#" not in asked
    assert fetchable(asked) == asked
    assert registrable(asked)
    assert canonical(asked) == canonical(url)


@given(URL)
def test_a_url_breaks_no_warc_header(url: str) -> None:
    """One line of ASCII, without brackets and credentials."""
    written = members.warc_uri(url)
    assert written.isascii()
    assert not set(written) & set(" \t\r\n<>\0")
    assert members.header_text(f"{url}\r\nWARC-Type: response").splitlines() != []
    assert not set(members.header_text(url)) & {chr(code) for code in (*range(32), 127)}


@given(URL)
def test_judging_a_url_never_fails(url: str) -> None:
    """Its shape, its date, what it resolves to, whether it is a trap."""
    shape(url)
    with contextlib.suppress(ValueError):
        date_in_url(url)
    found = absolute(url, base="https://courier.example/", problems=Problems())
    if found is not None:
        TrapGuard().admits(found)


@given(ANY, ANY, st.integers(-5, 10**6))
def test_a_name_makes_a_key_or_is_refused(site: str, run: str, attempt: int) -> None:
    """No slash, no dot, no control character gets into an object's key or the spool's folder names."""
    for name in (site, f"courier{site}", f"courier{site}/"):
        with contextlib.suppress(ArchiveError):
            AttemptName(site=name, dt="2026-11-22", run=f"20261122105500{run}", attempt=attempt)
            assert set(name) <= set(string.ascii_lowercase + string.digits + "-")
    for key in (site, f"runs/site=courier/dt=2026-11-22/{run}.json", f"runs/site={site}/dt=2026-11-22/x-1.json"):
        assert is_commit(key) in (True, False)


@pytest.mark.parametrize(
    "unit", ["a", "/", "%", "%2", ".", "/.", "/..", "?", "&", "=", ";", "a.", "-", "é", "日", "1:", "@", "\\"]
)
@pytest.mark.parametrize("prefix", ["https://courier.example/", "https://courier.example/?", "https://", "https://["])
def test_a_long_url_takes_no_time(prefix: str, unit: str) -> None:
    """As long as any may be, of one thing repeated."""
    url = (prefix + unit * MAX_LENGTH)[:MAX_LENGTH]
    with within(1.0):
        for judge in (canonical, fetchable, registrable, shape, date_in_url, cdxj.urlkey, members.warc_uri):
            with contextlib.suppress(ValueError):
                judge(url)
