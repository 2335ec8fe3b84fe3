"""Content codings undone, also where the header lies."""

import gzip
import random
import time
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as some

from archive.contentcoding import Bounds, Content, decode

PAGE = b"<p>The ferry runs again.</p>" * 400
RAW = zlib.compressobj(wbits=-15)
RAW_DEFLATE = RAW.compress(PAGE) + RAW.flush()


@pytest.mark.parametrize(
    ("encodings", "data"),
    [
        ((), PAGE),
        (("identity",), PAGE),
        (("gzip",), gzip.compress(PAGE)),
        (("x-gzip",), gzip.compress(PAGE[:100]) + gzip.compress(PAGE[100:])),
        (("gzip",), gzip.compress(PAGE) + b"\0\0\0"),
        (("deflate",), zlib.compress(PAGE)),
        (("deflate",), RAW_DEFLATE),
        (("br",), brotli.compress(PAGE)),
        (("gzip", "br"), brotli.compress(gzip.compress(PAGE))),
        (("gzip", "gzip"), gzip.compress(gzip.compress(PAGE))),
    ],
)
def test_codings_are_undone_the_last_first(encodings, data):
    assert decode(data, encodings=encodings) == Content(data=PAGE)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_an_empty_body_is_empty_whatever_its_coding(encoding):
    assert decode(b"", encodings=(encoding,)) == Content(data=b"")


def test_an_empty_page_packed_is_empty():
    assert decode(gzip.compress(b""), encodings=("gzip",)) == Content(data=b"")


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_a_coding_that_the_server_only_claims_leaves_the_page(encoding):
    assert decode(PAGE, encodings=(encoding,)) == Content(data=PAGE, problem="wrong-encoding")


def test_a_coding_nobody_offered_leaves_the_bytes():
    assert decode(b"(\xb5/\xfd", encodings=("zstd",)) == Content(data=b"(\xb5/\xfd", problem="unknown-encoding")


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_of_a_cut_body_what_came_is_read(encoding, pack):
    text = random.Random(1).randbytes(50_000).hex().encode()
    content = decode(pack(text)[:-2000], encodings=(encoding,))
    assert content.problem == "cut"
    assert len(content.data) > 40_000
    assert text.startswith(content.data)


def test_a_cut_br_body_is_told():
    text = random.Random(1).randbytes(50_000).hex().encode()
    content = decode(brotli.compress(text)[:-5000], encodings=("br",))
    assert (content.problem, text.startswith(content.data), len(content.data) > 10_000) == ("cut", True, True)


def test_a_wrong_checksum_does_not_matter():
    packed = gzip.compress(PAGE)
    content = decode(packed[:-8] + bytes(8), encodings=("gzip",))
    assert content == Content(data=PAGE)


def test_a_gzip_header_with_all_its_options_is_read():
    options = b"\x1f\x8b\x08\x1e\0\0\0\0\0\xff" + b"\x03\0abc" + b"name\0" + b"comment\0" + b"\x12\x34"
    assert decode(options + RAW_DEFLATE + bytes(8), encodings=("gzip",)) == Content(data=PAGE)


def test_of_a_damaged_body_what_stands_before_the_damage_is_read():
    stream = zlib.compressobj(wbits=31)
    no_such_block = b"\x07"
    text = random.Random(1).randbytes(20_000).hex().encode()
    packed = stream.compress(text) + stream.flush(zlib.Z_FULL_FLUSH) + no_such_block * 3000
    content = decode(packed, encodings=("gzip",))
    assert content.problem == "cut"
    assert text.startswith(content.data)
    assert len(content.data) > len(text) - 4096


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("br", lambda data: brotli.compress(data, quality=4))]
)
def test_a_bomb_is_stopped_at_the_bound(encoding, pack):
    content = decode(pack(bytes(30 << 20)), encodings=(encoding,), bounds=Bounds(size=4 << 20, ratio=10**6))
    assert (len(content.data), content.problem) == (4 << 20, "too-large")
    content = decode(pack(bytes(30 << 20)), encodings=(encoding,), bounds=Bounds(ratio=20))
    assert content.problem == "too-large"
    assert len(content.data) <= 2 << 20


def test_more_layers_than_anyone_needs_are_not_undone():
    assert decode(b"x", encodings=("gzip",) * 5).problem == "too-large"


_CODING = some.sampled_from(["gzip", "x-gzip", "deflate", "br", "zstd", "identity", "", "GZIP", "gzip "])
_BEGINNING = some.sampled_from([b"", b"\x1f\x8b\x08\x00", b"\x1f\x8b\x08\x1e", b"\x78\x9c", gzip.compress(PAGE)[:60]])


@given(beginning=_BEGINNING, data=some.binary(max_size=80), encodings=some.lists(_CODING, max_size=6).map(tuple))
def test_garbage_raises_nothing(beginning, data, encodings):
    content = decode(beginning + data, encodings=encodings, bounds=Bounds(size=1 << 20))
    assert len(content.data) <= 1 << 20


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
@pytest.mark.parametrize(
    "data",
    [
        b"\x1f\x8b\x08\x00" * 250_000,
        b"\x1f\x8b\x08\x1e" + b"x" * 1_000_000,
        gzip.compress(b"") * 50_000,
        gzip.compress(b"x") * 50_000,
        b"\0" * 1_000_000,
        b"\xff" * 1_000_000,
        random.Random(3).randbytes(1_000_000),
    ],
)
def test_a_million_bytes_of_garbage_take_no_time(encoding, data):
    started = time.process_time()
    decode(data, encodings=(encoding,))
    assert time.process_time() - started < 10


@pytest.mark.parametrize("size", [99_036, 220_036, 5_500_036])
def test_a_br_page_is_read_whole_however_well_it_was_packed(size):
    page = (b"<p>text</p>" * 500_004)[:size]
    assert decode(brotli.compress(page), encodings=("br",), bounds=Bounds(ratio=10**6)) == Content(data=page)
