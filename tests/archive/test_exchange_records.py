"""Whatever a server sends and a page links to: the records and the index line say it, and break nothing."""

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some
from warcio.archiveiterator import ArchiveIterator

from archive import cdxj
from archive.cdxj import Capture
from archive.exchange import Exchange
from archive.warc import Record, WarcWriter, iter_records
from tests.archive.exchanges import REQUEST, exchange

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n"
URLS = {
    "line ends": "http://news.example/a\r\nWARC-Type: response\r\n\r\nb",
    "encoded line ends": "http://news.example/a%0d%0aWARC-Type:%20response%0d%0a%0d%0ab",
    "a lone carriage return": "http://news.example/a\rb",
    "a line separator": "http://news.example/a\u2028b\u2029c\x85d",
    "NUL": "http://news.example/a\0b%00c",
    "control characters": "http://news.example/\x1b[31mred\x07\x7f",
    "right to left": "http://news.example/\u202egnp.exe",
    "lone surrogates": "http://news.example/\ud800\udfff",
    "an emoji as surrogates": "http://news.example/\ud83d\ude00",
    "blanks and brackets": 'http://news.example/a b<c>"d"',
    "dots and slashes": "http://news.example/../../../../etc/passwd\\..\\..",
    "JSON": 'http://news.example/"}, {"url": "http://evil.example/"',
    "100 kB": "http://news.example/" + "ä" * 17_000,
    "a host of garbage": "http://\0 \n\u202e:99999999999/",
    "no URL": "javascript:alert(1)\n",
    "nothing": "",
    "a password": "http://reader:s3cret@news.example/",
    "two passwords": "http://reader:s3cret@s3cret@news.example/",
    "a password behind a line end": "http://reader:s3c\nret@news.example/",
}
_URI = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]*")
_LINE = re.compile(r"[\x21-\x7e]+ \d{14} \{[\x20-\x7e]*\}")


def write(folder: Path, one: Exchange) -> tuple[Capture | None, list[Record], list[str]]:
    """Writes one exchange; returns what the writer said, the file's records without the first, and the index lines."""
    writer = WarcWriter(folder, prefix="run-1", info={})
    capture = writer.append(one)
    (path,) = writer.seal()
    with path.open("rb") as file:
        _, *records = iter_records(file)
    with path.open("rb") as file:
        theirs = [
            (each.rec_type, each.rec_headers.get_header("WARC-Target-URI") or "", each.raw_stream.read())
            for each in ArchiveIterator(file, no_record_parse=True)
        ]
    assert theirs[1:] == [(record.type, record.uri, record.block) for record in records]
    return capture, records, writer.index.read_text().splitlines()


def check(one: Exchange) -> None:
    """One exchange makes its records and its line, each as it should be, and no more."""
    with tempfile.TemporaryDirectory() as folder:
        capture, records, lines = write(Path(folder), one)
    types = [record.type for record in records]
    assert types[:2] == (["response", "request"] if one.answered else ["request", "metadata"])
    assert types[2:] == (["metadata"] if one.answered and one.informational else [])
    assert {record.uri for record in records} == {records[0].uri}
    assert _URI.fullmatch(records[0].uri)
    if not one.answered:
        assert (capture, lines) == (None, [])
        return
    assert records[0].block == one.response_head + one.response_body
    (line,) = lines
    assert _LINE.fullmatch(line)
    assert Capture.parse(line) == capture
    (found,) = cdxj.index(records, filename=capture.filename)
    assert found == capture


@pytest.mark.parametrize("name", URLS)
def test_no_url_breaks_a_record_or_an_index_line(name):
    check(exchange(URLS[name]))


@pytest.mark.parametrize("name", ["a password", "two passwords"])
def test_a_password_in_a_url_is_kept_nowhere(tmp_path, name):
    target = URLS[name].encode()
    one = exchange(URLS[name], request_head=b"GET " + target + b" HTTP/1.1\r\nHost: news.example\r\n\r\n")
    _, records, lines = write(tmp_path, one)
    assert "s3cret" not in "".join(lines)
    assert not [record for record in records if b"s3cret" in record.block or "s3cret" in record.uri]


@pytest.mark.parametrize(
    "field",
    [
        b"Authorization: Basic czNjcmV0",
        b"authorization:Bearer czNjcmV0",
        b"PROXY-AUTHORIZATION : Basic czNjcmV0",
        b"Proxy-Authorization: Basic\r\n czNjcmV0",
    ],
)
def test_credentials_in_a_request_are_kept_nowhere(tmp_path, field):
    request = b"GET /ferry HTTP/1.1\r\nHost: news.example\r\n" + field + b"\r\nX-Last: 1\r\n\r\n"
    _, (_, kept), _ = write(tmp_path, exchange(request_head=request))
    assert kept.block == b"GET /ferry HTTP/1.1\r\nHost: news.example\r\nX-Last: 1\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\nX: y\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: \0\x1b[31m\xe2\x80\xae\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n WARC-Type: request\r\n\r\n",
        b"HTTP/1.1 200 WARC/1.1\r\nWARC-Type: request\r\nWARC-Record-ID: <urn:uuid:x>\r\n\r\n",
        b"HTTP/1.1 200 \r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 \xb2\xb3\xb9 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
    ],
)
def test_no_head_breaks_a_record_or_an_index_line(head):
    check(exchange(head=head))


def test_a_body_that_is_itself_a_warc_record_stays_a_body():
    check(exchange(head=HEAD, body=b"\r\n\r\nWARC/1.1\r\nWARC-Type: request\r\nContent-Length: 0\r\n\r\n\r\n\r\n"))


_URL = some.text(max_size=40) | some.text(max_size=40).map(lambda text: f"http://news.example/{text}")
_HEADS = some.binary(max_size=60) | some.binary(max_size=60).map(lambda data: b"HTTP/1.1 200 OK\r\nX: " + data)


@settings(max_examples=100, deadline=None)
@given(
    url=_URL | some.text(some.characters(), max_size=40),
    head=_HEADS,
    body=some.binary(max_size=60),
    informational=some.binary(max_size=30),
)
@example(url="http://\ud800/", head=HEAD, body=b"", informational=b"HTTP/1.1 100 \x85\x0b\x0cX: y\r\n\r\n")
def test_nothing_that_anyone_sends_breaks_a_record_or_an_index_line(url, head, body, informational):
    check(exchange(url, head=head, body=body, informational=informational, request_head=REQUEST))
