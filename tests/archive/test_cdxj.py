"""Index lines. The expected ones are what cdxj-indexer 1.5.0 (with --post-append) prints for the same records."""

import json
import random

import pytest
import surt

from archive import cdxj
from archive.cdxj import Capture
from archive.errors import ArchiveError
from archive.records import iter_records
from archive.warc import WarcWriter
from tests.archive.exchanges import STARTED, exchange

HELLO = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def _capture(**changes) -> Capture:
    facts = {
        "urlkey": "example,news)/ferry", "timestamp": "20240506070809", "url": "http://news.example/ferry",
        "mime": "text/html", "status": 200, "digest": HELLO, "filename": "run-1-00000.warc.gz", "offset": 343,
        "length": 451,
    }  # fmt: skip
    return Capture(**{**facts, **changes})


def test_a_line_reads_as_the_fields_own_tool_writes_it():
    line = (
        'example,news)/ferry 20240506070809 {"url": "http://news.example/ferry", "mime": "text/html", "status": "200", '
        f'"digest": "{HELLO}", "length": "451", "offset": "343", "filename": "run-1-00000.warc.gz"}}'
    )
    assert _capture().line() == line
    assert Capture.parse(f"{line}\n") == _capture()


def test_a_post_has_its_method_and_body_last():
    line = _capture(method="POST", request_body="a=b").line()
    assert line.endswith('"filename": "run-1-00000.warc.gz", "requestBody": "a=b", "method": "POST"}')
    assert Capture.parse(line) == _capture(method="POST", request_body="a=b")


def test_what_has_no_status_or_type_has_no_such_field():
    line = _capture(status=None, mime="").line()
    assert set(json.loads(line.split(" ", 2)[2])) == {"url", "digest", "length", "offset", "filename"}
    assert Capture.parse(line) == _capture(status=None, mime="")


def test_numbers_may_stand_without_quotes():
    line = '{"url": "u", "digest": "d", "length": 1, "offset": 2, "filename": "f", "status": 404}'
    capture = Capture.parse(f"k 20240506070809 {line}")
    assert (capture.length, capture.offset, capture.status) == (1, 2, 404)


@pytest.mark.parametrize("line", ["", "a b", "a b {", "a b []", "a b {}", 'a b {"url": "x"}', "a b 7", "\x00"])
def test_what_is_no_line_is_refused(line):
    with pytest.raises(ArchiveError, match="no CDXJ line"):
        Capture.parse(line)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://news.example/ferry", "example,news)/ferry"),
        ("https://www.News.example:443/A/../b?z=1&a=2&utm_source=x", "example,news)/b?a=2&utm_source=x&z=1"),
        ("http://127.0.0.1:8000/2024/", "1,0,0,127:8000)/2024"),
        ("http://news.example/gr%C3%BCn?q=a%20b", "example,news)/gr%c3%bcn?q=a%20b"),
        ("urn:dom:http://news.example/ferry", "urn:dom:http://news.example/ferry"),
    ],
)
def test_keys_are_surts(url, key):
    assert cdxj.urlkey(url) == key


def test_keys_of_plain_urls_are_what_surt_makes_of_the_whole_url():
    """Most URLs of articles take a shortcut."""
    rng = random.Random(2)
    hosts = [
        "news.example",
        "www.news.example:8080",
        "127.0.0.1:80",
        "www2.a-b.co.uk",
        "localhost",
        "1.2",
        "a..b",
    ]
    parts = ["index.html", "default.asp", "2026", "a", "story-1.html", "...", "a..b", "a.", "_", "jsessionid", "A", ""]
    for _ in range(2000):
        url = f"http://{rng.choice(hosts)}{''.join('/' + part for part in rng.choices(parts, k=rng.randint(0, 4)))}"
        assert cdxj.urlkey(url) == surt.surt(url)


def test_no_url_makes_a_key_with_white_space():
    rng = random.Random(2)
    parts = [
        "http://",
        "https:",
        "//",
        "a.example",
        " ",
        "\n",
        "\t",
        "%",
        "%0A",
        "?",
        "#",
        "[",
        "]",
        ":",
        "@",
        "é",
        "\0",
    ]
    for _ in range(3000):
        key = cdxj.urlkey("".join(rng.choices(parts, k=8)))
        assert not any(char.isspace() or ord(char) < 33 for char in key)


@pytest.mark.parametrize(
    ("content_type", "body", "query"),
    [
        ("application/x-www-form-urlencoded", b"a=b&c=%20d+e", "a=b&c= d e"),
        ("application/x-www-form-urlencoded; charset=utf-8", b"a=\xff", "__wb_post_data=YT3/"),
        (
            "application/json",
            b'{"a":1,"b":{"c":[1,2,{"d":true}]},"a2":null,"c":"x y"}',
            "a=1&c=1&c.2_=2&d=True&a2=None&c.3_=x+y",
        ),
        ("application/json", b'{"a":1,', ""),
        ("application/json", b'{"a":1}\n{"b":2}', "a=1&b=2"),
        ("text/plain", b"hello", "__wb_post_data=aGVsbG8="),
        ("text/plain", b'{"q":"z"}', "q=z"),
        ("", b"", "__wb_post_data="),
        ("application/octet-stream", b"\0\1" * 4000, ("__wb_post_data=" + "AAEA" + "AQAB" + "AAEAAQAB" * 600)[:4096]),
    ],
)
def test_a_posted_body_becomes_a_query(content_type, body, query):
    assert cdxj.request_query(content_type, body) == query


def test_a_post_is_found_by_its_method_and_body():
    assert cdxj.lookup_url("http://a/", method="POST", query="x=1") == "http://a/?__wb_method=POST&x=1"
    assert cdxj.lookup_url("http://a/?b", method="PUT", query="") == "http://a/?b&__wb_method=PUT"
    assert cdxj.lookup_url("http://a/", method="HEAD", query="") == "http://a/"


def test_an_index_made_anew_from_the_records_is_the_one_that_was_written(tmp_path):
    writer = WarcWriter(tmp_path, prefix="run-1", info={})
    posted = b"POST /p HTTP/1.1\r\nHost: news.example\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n"
    writer.append(exchange())
    writer.append(exchange("http://news.example/gone", head=b"HTTP/1.1 410 Gone\r\nContent-Type: a/b; c\r\n\r\n"))
    writer.append(exchange("http://news.example/none", head=b"", body=b""))
    writer.append(exchange("http://news.example/untyped", head=b"HTTP/1.1 200 OK\r\n\r\n"))
    writer.append(exchange("http://news.example/cut", head=b"HTTP/1.1 200 OK\r\nContent-Ty", body=b""))
    writer.append(exchange("http://news.example/p", method="POST", request_head=posted, request_body=b'{"a":1}'))
    writer.append(exchange("http://news.example/early", informational=b"HTTP/1.1 103 Early\r\n\r\n"))
    writer.append_resource("urn:dom:http://news.example/", content_type="text/html", payload=b"<p>", date=STARTED)
    writer.append_metadata("http://news.example/", content_type="application/json", payload=b"{}", date=STARTED)
    (path,) = writer.seal()
    written = writer.index.read_text().splitlines()
    with path.open("rb") as file:
        assert [capture.line() for capture in cdxj.index(iter_records(file), filename=path.name)] == written
    captures = [Capture.parse(line) for line in written]
    assert [capture.status for capture in captures] == [200, 410, 200, 200, 200, 200, None]
    assert captures[4].urlkey == "example,news)/p?__wb_method=post&a=1"


def test_lines_are_shipped_by_key_then_time_each_once(tmp_path):
    path = tmp_path / "run-1.cdxj"
    lines = [
        _capture(timestamp="20240101000000").line(),
        _capture(urlkey="example,news)/").line(),
        _capture(timestamp="20230101000000").line(),
        _capture(urlkey="example,news)/ferry/x").line(),
    ]
    path.write_text("\n".join([*lines, lines[0], ""]))
    assert cdxj.sorted_lines(path) == [lines[1], lines[2], lines[0], lines[3]]
