"""WARC files as they are written, and read back by us and by others."""

import gzip
import hashlib
import io
import random
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import RFC_4122, UUID

import pytest
from fastwarc.warc import ArchiveIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from archive.errors import ArchiveError
from archive.warc import WarcWriter, iter_records, read_record
from tests.archive.exchanges import REQUEST, STARTED, exchange, records, write

BIN = Path(sys.executable).parent
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n"


def _sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def test_an_exchange_becomes_warcinfo_response_and_request(tmp_path):
    info, response, request = records(write(tmp_path, exchange()))
    assert [info.type, response.type, request.type] == ["warcinfo", "response", "request"]
    assert info.block.decode().splitlines() == [
        "software: microfiche/test",
        "format: WARC File Format 1.1",
        "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    ]
    assert info.field("WARC-Filename") == "run-1-00000.warc.gz"
    assert response.field("WARC-Date") == request.field("WARC-Date") == "2024-05-06T07:08:09.123456Z"
    assert response.field("WARC-Concurrent-To") == request.id
    assert request.field("WARC-Concurrent-To") == response.id
    assert {response.field("WARC-Warcinfo-ID"), request.field("WARC-Warcinfo-ID")} == {info.id}
    assert (response.uri, request.uri) == ("http://news.example/ferry", "http://news.example/ferry")
    assert response.field("Content-Type") == "application/http; msgtype=response"
    assert request.field("Content-Type") == "application/http; msgtype=request"
    assert len({info.id, response.id, request.id}) == 3


def test_head_and_body_stand_in_the_block_as_they_came(tmp_path):
    odd = "HTTP/1.1 200 Schön\r\nserver:x\r\nSet-Cookie: a\r\nX-Ü: grün\r\nset-cookie: b\r\n".encode()
    head = odd + b"X-Latin: \xfc\r\nX-Long: " + b"y" * 70_000 + b"\r\nNoColon\r\n\r\n"
    body = bytes(range(256)) * 40 + b"\r\n\r\n"
    _, response, request = records(write(tmp_path, exchange(head=head, body=body)))
    assert (response.block, response.http_head, response.body) == (head + body, head, body)
    assert request.block == REQUEST


def test_digests_are_of_the_payload_and_of_the_block(tmp_path):
    packed = gzip.compress(b"page", mtime=0)
    body = b"3\r\n%s\r\n%x\r\n%s\r\n0\r\nX-T: 1\r\n\r\n" % (packed[:3], len(packed) - 3, packed[3:])
    head = CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")
    _, response, request = records(write(tmp_path, exchange(head=head, body=body)))
    assert response.digest == _sha256(packed)
    assert response.field("WARC-Block-Digest") == _sha256(head + body)
    assert (response.payload, response.content().data) == (packed, b"page")
    assert request.digest == _sha256(b"")
    assert request.field("WARC-Block-Digest") == _sha256(REQUEST)


def test_the_connection_is_told_in_both_records(tmp_path):
    path = write(
        tmp_path, exchange(protocols=("http/1.1", "tls/1.3"), cipher="TLS_AES_128_GCM_SHA256", peer="2001:db8::1")
    )
    for record in records(path)[1:]:
        assert [value for name, value in record.headers if name == "WARC-Protocol"] == ["http/1.1", "tls/1.3"]
        assert record.field("WARC-Cipher-Suite") == "TLS_AES_128_GCM_SHA256"
        assert record.field("WARC-IP-Address") == "2001:db8::1"


@pytest.mark.parametrize("reason", ["length", "time", "disconnect", "unspecified"])
def test_a_cut_answer_is_marked(tmp_path, reason):
    _, response, request = records(write(tmp_path, exchange(head=CHUNKED, body=b"5\r\nhel", truncated=reason)))
    assert (response.field("WARC-Truncated"), request.field("WARC-Truncated")) == (reason, None)
    assert response.digest == _sha256(b"hel")


def test_a_date_in_another_zone_is_written_in_utc(tmp_path):
    started = datetime(2024, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    assert records(write(tmp_path, exchange(started=started)))[1].field("WARC-Date") == "2023-12-31T22:30:00.000000Z"


def test_no_answer_leaves_the_request_and_a_note_why(tmp_path):
    _, request, note = records(write(tmp_path, exchange(head=b"what? \xff\r\n", body=b"", truncated="disconnect")))
    assert (request.type, note.type) == ("request", "metadata")
    assert note.field("WARC-Concurrent-To") == request.id
    assert note.block == b"outcome: no-response\r\nreason: disconnect\r\nreceived: what%3F%20%FF%0D%0A\r\n"


def test_1xx_heads_are_noted_beside_the_answer(tmp_path):
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    _, response, request, note = records(write(tmp_path, exchange(informational=early)))
    assert response.http_head.startswith(b"HTTP/1.1 200")
    assert (request.type, note.type, note.field("WARC-Concurrent-To")) == ("request", "metadata", response.id)
    assert note.block == b"informational: HTTP/1.1 103 Early Hints\r\n"


def test_credentials_never_reach_a_record(tmp_path):
    head = (
        b"GET http://me:secret@news.example/ HTTP/1.1\r\nHost: news.example\r\nauthorization: Basic c2VjcmV0\r\n"
        b"X-A: 1\r\nProxy-Authorization:\r\n folded secret\r\nCookie: a=b\r\n\r\n"
    )
    path = write(tmp_path, exchange("http://me:secret@news.example/#part", request_head=head))
    _, response, request = records(path)
    assert request.block == (
        b"GET http://news.example/ HTTP/1.1\r\nHost: news.example\r\nX-A: 1\r\nCookie: a=b\r\n\r\n"
    )
    assert response.uri == request.uri == "http://news.example/"
    assert "secret" not in (tmp_path / "run-1.cdxj").read_text()


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("http://news.example/a b", "http://news.example/a%20b"),
        ("http://news.example/\r\nWARC-Type: evil", "http://news.example/%0D%0AWARC-Type:%20evil"),
        ("http://news.example/grün", "http://news.example/gr%C3%BCn"),
        ("http://news.example/\ud800", "http://news.example/%ED%A0%80"),
        ("http://news.example/<x>", "http://news.example/%3Cx%3E"),
        ("http://news.example/a%20b?c=%2F", "http://news.example/a%20b?c=%2F"),
    ],
)
def test_a_hostile_url_breaks_neither_header_nor_index(tmp_path, url, uri):
    path = write(tmp_path, exchange(url))
    assert [record.uri for record in records(path)] == ["", uri, uri]
    (line,) = (tmp_path / "run-1.cdxj").read_text().splitlines()
    assert len(line.split(" ", 2)[0].split()) == 1


def test_hostile_values_stay_in_their_header_line(tmp_path):
    writer = WarcWriter(tmp_path, prefix="run-1", info={"robots": "obey\r\nevil: 1"})
    writer.append_metadata("urn:x", content_type="text/plain\r\nEvil: 1", payload=b"x", date=STARTED)
    info, note = records(writer.seal()[0])
    assert b"robots: obey evil: 1\r\n" in info.block
    assert note.field("Content-Type") == "text/plain Evil: 1"
    assert note.field("Evil") is None


def test_resources_and_metadata_are_written(tmp_path):
    writer = WarcWriter(tmp_path, prefix="run-1", info={})
    capture = writer.append_resource("urn:site:x", content_type="application/toml", payload=b"a = 1", date=STARTED)
    writer.append_metadata(
        "urn:x", content_type="application/json", payload=b"{}", date=STARTED, concurrent_to="<urn:1>"
    )
    _, resource, metadata = records(writer.seal()[0])
    assert (resource.type, resource.uri, resource.block) == ("resource", "urn:site:x", b"a = 1")
    assert (resource.payload, resource.http, resource.content().data) == (b"a = 1", None, b"a = 1")
    assert resource.digest == _sha256(b"a = 1") == capture.digest
    assert (metadata.type, metadata.field("WARC-Concurrent-To"), metadata.block) == ("metadata", "<urn:1>", b"{}")
    assert len((tmp_path / "run-1.cdxj").read_text().splitlines()) == 1


def test_a_file_is_open_until_it_is_sealed(tmp_path):
    writer = WarcWriter(tmp_path, prefix="run-1", info={})
    beside = ["run-1.cdxj", "run-1.journal"]
    assert sorted(path.name for path in tmp_path.iterdir()) == beside
    writer.append(exchange())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run-1-00000.warc.gz.open", *beside]
    writer.sync()
    (path,) = writer.seal()
    assert path == tmp_path / "run-1-00000.warc.gz"
    assert (writer.size, writer.records) == (path.stat().st_size, 3)
    assert writer.seal() == (path,)
    with pytest.raises(ArchiveError, match="sealed"):
        writer.append(exchange())


def test_nothing_written_is_no_file(tmp_path):
    assert WarcWriter(tmp_path, prefix="run-1", info={}).seal() == ()


def test_files_roll_at_their_size_and_never_inside_an_exchange(tmp_path):
    rng = random.Random(3)
    writer = WarcWriter(tmp_path, prefix="run-1", info={}, max_size=100_000)
    captures = [writer.append(exchange(f"http://news.example/{n}", body=rng.randbytes(20_000))) for n in range(20)]
    paths = writer.seal()
    assert [path.name for path in paths] == [f"run-1-{n:05d}.warc.gz" for n in range(len(paths))]
    assert len(paths) > 4
    assert all(path.stat().st_size <= 100_000 for path in paths)
    for path in paths:
        types = [record.type for record in records(path)]
        assert types == ["warcinfo"] + ["response", "request"] * (len(types) // 2)
    for capture in captures:
        data = (tmp_path / capture.filename).read_bytes()[capture.offset : capture.offset + capture.length]
        assert (read_record(data).uri, read_record(data).digest) == (capture.url, capture.digest)


def test_a_folder_with_files_of_the_same_prefix_is_not_continued(tmp_path):
    write(tmp_path, exchange())
    with pytest.raises(ArchiveError, match="repair"):
        WarcWriter(tmp_path, prefix="run-1", info={})


def test_a_write_that_fails_leaves_no_trace(tmp_path):
    """The process' file size limit plays the full disk: the write that crosses it fails half-way."""
    writer = WarcWriter(tmp_path, prefix="run-1", info={})
    writer.append(exchange("http://news.example/1"))
    size, index = writer.size, writer.index.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 1000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            writer.append(exchange("http://news.example/2", body=random.Random(1).randbytes(5000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (writer.size, writer.index.read_bytes()) == (size, index)
    writer.append(exchange("http://news.example/3"))
    uris = [record.uri for record in records(writer.seal()[0]) if record.type == "response"]
    assert uris == ["http://news.example/1", "http://news.example/3"]


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    packed = gzip.compress(b"<html>packed</html>" * 50)
    gzip_head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    return write(
        folder,
        exchange(),
        exchange("http://news.example/packed", head=gzip_head, body=packed),
        exchange("http://news.example/chunked", head=CHUNKED, body=b"3\r\nabc\r\n0\r\n\r\n"),
        exchange("http://news.example/gone", head=b"HTTP/1.1 410 Gone\r\n\r\n", body=b""),
        exchange("http://news.example/nothing", head=b"", body=b"", truncated="time"),
    )


def test_other_tools_find_nothing_wrong(sample):
    for command in (["gzip", "-t"], [BIN / "fastwarc", "check", "-q"], [BIN / "warcio", "index"]):
        done = subprocess.run([*command, sample], capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b""), command


def test_other_readers_read_what_we_read(sample):
    ours = records(sample)
    with sample.open("rb") as file:
        fast = [(record.record_id, record.reader.read()) for record in ArchiveIterator(file, parse_http=False)]
    with sample.open("rb") as file:
        plain = [
            (record.rec_headers["WARC-Record-ID"], record.raw_stream.read())
            for record in WarcioIterator(file, no_record_parse=True)
        ]
    assert fast == plain == [(record.id, record.block) for record in ours]


def test_offsets_and_lengths_find_each_member(sample):
    data = sample.read_bytes()
    for record in records(sample):
        alone = read_record(data[record.offset : record.offset + record.length])
        assert (alone.id, alone.block, alone.length) == (record.id, record.block, record.length)
    assert record.offset + record.length == len(data)


def test_a_file_cut_anywhere_is_told_where(sample):
    data = sample.read_bytes()
    ends = {record.offset + record.length for record in records(sample)} | {0}
    for cut in range(0, len(data), 7):
        reading = iter_records(io.BytesIO(data[:cut]))
        if cut in ends:
            list(reading)
        else:
            with pytest.raises(ArchiveError, match="cut"):
                list(reading)


def test_a_flipped_bit_is_found_or_changes_nothing(sample):
    """A gzip header's time and system, and the bits that pad its stream, are covered by no checksum."""
    response = records(sample)[1]
    member = sample.read_bytes()[response.offset : response.offset + response.length]
    for position in range(len(member)):
        broken = bytearray(member)
        broken[position] ^= 1 << position % 8
        try:
            read = read_record(bytes(broken))
        except ArchiveError:
            continue
        assert (read.headers, read.block) == (response.headers, response.block)


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"WARC/1.1\r\nContent-Length: 5\r\n\r\nabc\r\n\r\n", "another number"),
        (b"WARC/1.1\r\nContent-Length: 3\r\n\r\nabc", "another number"),
        (b"WARC/1.1\r\nContent-Length: 2\r\n\r\nabc\r\n\r\n", "another number"),
        (b"WARC/1.1\r\nContent-Length: -1\r\n\r\n\r\n\r\n", "Content-Length"),
        (b"WARC/1.1\r\n\r\n\r\n\r\n", "Content-Length"),
        (b"<html>", "does not begin"),
        (b"", "does not begin"),
    ],
)
def test_a_member_that_holds_no_whole_record_is_damaged(content, match):
    with pytest.raises(ArchiveError, match=match):
        read_record(gzip.compress(content))


def test_two_members_are_not_one():
    member = gzip.compress(b"WARC/1.1\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n")
    assert read_record(member).block == b"abc"
    with pytest.raises(ArchiveError, match="behind"):
        read_record(member + member)
    with pytest.raises(ArchiveError):
        read_record(b"")


def test_every_record_has_a_random_id_of_its_own(tmp_path):
    path = write(tmp_path, *[exchange(f"http://news.example/{n}") for n in range(50)])
    ids = [UUID(record.id.removeprefix("<urn:uuid:").removesuffix(">")) for record in records(path)]
    assert len(set(ids)) == len(ids) == 101
    assert {(one.version, one.variant) for one in ids} == {(4, RFC_4122)}
    assert [f"<urn:uuid:{one}>" for one in ids] == [record.id for record in records(path)]


def test_members_are_found_across_read_borders(tmp_path):
    rng = random.Random(9)
    bodies = [rng.randbytes(rng.randrange(1, 150_000)) for _ in range(12)]
    path = write(tmp_path, *[exchange(f"http://news.example/{n}", body=body) for n, body in enumerate(bodies)])
    assert [record.body for record in records(path) if record.type == "response"] == bodies
    assert STARTED.astimezone(UTC) == records(path)[1].date
