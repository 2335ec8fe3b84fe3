"""What servers do, and what the archive says of it afterwards: the table behind `test_records`.

Each row is one server behaviour: the bytes it sends, then what our record of it must hold. A row says only what is
out of the ordinary; by default the response record's block is exactly what was sent, and the URL counts as captured.
"""

import gzip
import re
import zlib
from dataclasses import dataclass, field
from typing import Any

import brotli

from tests.crawler.fetch.wire_server import Act, Script

PAGE = b"<html><title>Ferry runs again</title><p>It does.</p></html>" * 20
LONG_PAGE = PAGE * 300  # more than one read of a socket brings
_RAW = zlib.compressobj(wbits=-15)
RAW_DEFLATE = _RAW.compress(PAGE) + _RAW.flush()
HELLO = b"hello"


def head(*lines: bytes, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return b"\r\n".join([status, *lines, b"", b""])


def sized(body: bytes, *lines: bytes, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return head(*lines, b"Content-Length: %d" % len(body), status=status) + body


def chunked(data: bytes, *, sizes: tuple[int, ...] = (1, 7, 301), trailers: bytes = b"") -> bytes:
    parts = []
    for size in sizes:
        parts.append(b"%X\r\n%s\r\n" % (size, data[:size]))
        data = data[size:]
    return b"".join([*parts, b"%x\r\n%s\r\n0\r\n%s\r\n" % (len(data), data, trailers)])


@dataclass(frozen=True, kw_only=True)
class Row:
    """`block` None: there is no response record. `says`: "captured", or the reason why not."""

    sends: Script
    says: str = "captured"
    status: int | None = 200
    block: bytes | None = b"<as sent>"
    payload: bytes | None = None
    content: bytes | None = None
    truncated: str | None = None
    note: str | None = None
    ask: dict[str, Any] = field(default_factory=dict)

    @property
    def sent(self) -> bytes:
        return b"".join(part for part in self.sends if isinstance(part, bytes))

    @property
    def drips(self) -> bool:
        return Act.DRIP in self.sends

    @property
    def expected_block(self) -> bytes | None:
        return self.sent if self.block == b"<as sent>" else self.block


IMPATIENT = {"meta": {"download_timeout": 5.0}}  # seconds; a busy machine takes two to send what comes before
CHUNKED = b"Transfer-Encoding: chunked"
EARLY_HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"

HEADS = {
    "header case, order and repeats": Row(
        sends=[
            sized(
                HELLO,
                b"server: tiny",
                b"SET-COOKIE: a=1; path=/",
                b"Set-Cookie: b=2",
                b"X-Odd:no space",
                b"set-cookie: c=3",
                b"X-Empty:",
                b"x-odd:  two ",
            )
        ],
    ),
    "header in UTF-8": Row(sends=[sized(HELLO, "X-Title: voilà, grün".encode())]),
    "header in Latin-1": Row(sends=[sized(HELLO, b"X-Title: voil\xe0")]),
    "header of control characters": Row(sends=[sized(HELLO, b"X-Bell: \x07\x1b[31m\x7f")]),
    "header with a NUL": Row(sends=[sized(HELLO, b"X-Nul: a\0b")]),
    "header of 30 kB": Row(sends=[sized(HELLO, b"X-Long: " + b"y" * 30_000)]),
    "header of 100 kB": Row(sends=[sized(HELLO, b"X-Long: " + b"y" * 100_000)]),
    "header of 600 kB": Row(
        sends=[sized(HELLO, b"X-Long: " + b"y" * 600_000), Act.CLOSE], says="header-too-large", truncated="length"
    ),
    "300 headers": Row(sends=[sized(HELLO, *[b"X-%d: y" % n for n in range(300)])]),
    "5000 headers": Row(sends=[sized(HELLO, *[b"X-%d: y" % n for n in range(5000)])]),
    "headers without end": Row(
        sends=[b"HTTP/1.1 200 OK\r\n", *[b"X-Endless: %s\r\n" % (b"y" * 900)] * 1000],
        says="header-too-large",
        truncated="length",
    ),
    "folded header": Row(sends=[sized(HELLO, b"X-Folded: one", b"  two", b"\tthree")]),
    "line without a colon": Row(sends=[sized(HELLO, b"this is no header", b"X-Is: one")]),
    "blank before the colon": Row(sends=[sized(HELLO, b"X-Blank : one")]),
    "header without a name": Row(sends=[sized(HELLO, b": one")]),
    "types and names of garbage": Row(
        sends=[
            sized(
                HELLO,
                b"Content-Type: \xff\xfe;;;=\x00x"[:-2],
                b'Content-Disposition: attachment; filename="../../\xe2\x80\xae\x1b[31m',
                b"Content-Language: \xff",
                b"Content-Range: bytes x-y/z",
                b"Last-Modified: never",
                b"Age: -1",
            )
        ]
    ),
    "a charset that is none": Row(sends=[sized(HELLO, b"Content-Type: text/html; charset=\xe2\x80\xaenone\x07")]),
    "no headers at all": Row(sends=[b"HTTP/1.1 200 OK\r\n\r\n" + HELLO, Act.CLOSE]),
    "bare line feeds": Row(sends=[b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"]),
    "blank lines before the answer": Row(sends=[b"\r\n\r\n" + sized(HELLO)], block=sized(HELLO)),
    "odd reason": Row(sends=[sized(HELLO, status=b"HTTP/1.1 200 Sch\xc3\xb6n, wirklich")]),
    "empty reason": Row(sends=[sized(HELLO, status=b"HTTP/1.1 200 ")]),
    "no reason": Row(sends=[sized(HELLO, status=b"HTTP/1.1 200")]),
    "reason of 100 kB": Row(sends=[sized(HELLO, status=b"HTTP/1.1 200 " + b"y" * 100_000)]),
    "status 999": Row(sends=[sized(b"", status=b"HTTP/1.1 999 Request denied")], status=999, says="http-999"),
    "status 600": Row(sends=[sized(b"", status=b"HTTP/1.1 600 Odd")], status=600, says="http-600"),
    "status of four digits": Row(
        sends=[sized(HELLO, status=b"HTTP/1.1 2000 OK"), Act.CLOSE], block=None, says="bad-response"
    ),
    "status of letters": Row(
        sends=[sized(HELLO, status=b"HTTP/1.1 abc OK"), Act.CLOSE], block=None, says="bad-response"
    ),
    "version 2 in words": Row(
        sends=[sized(HELLO, status=b"HTTP/2 200 OK"), Act.CLOSE], block=None, says="bad-response"
    ),
    "ICY": Row(sends=[sized(HELLO, status=b"ICY 200 OK"), Act.CLOSE], block=None, says="bad-response"),
    "HTTP/0.9": Row(sends=[PAGE, Act.CLOSE], block=None, says="bad-response"),
    "HTTP/1.0": Row(
        sends=[head(b"Content-Type: text/plain", status=b"HTTP/1.0 200 OK") + b"to the ", b"end", Act.CLOSE]
    ),
    "HTTP/1.0, kept alive": Row(sends=[sized(HELLO, b"Connection: keep-alive", status=b"HTTP/1.0 200 OK")]),
    "101 unasked": Row(
        sends=[
            head(b"Upgrade: websocket", b"Connection: Upgrade", status=b"HTTP/1.1 101 Switching Protocols"),
            b"\x81\x05hello",
            Act.CLOSE,
        ],
        status=101,
        says="http-101",
    ),
    "1xx before the answer": Row(
        sends=[EARLY_HINTS, b"HTTP/1.1 100 Continue\r\n\r\n", sized(HELLO)],
        block=sized(HELLO),
        note="informational: HTTP/1.1 103 Early Hints\r\ninformational: HTTP/1.1 100 Continue\r\n",
    ),
    "1xx and no answer": Row(
        sends=[EARLY_HINTS, Act.CLOSE],
        block=None,
        says="connection-lost",
        note="informational: HTTP/1.1 103 Early Hints\r\n",
    ),
    "1xx without end": Row(
        sends=[b"HTTP/1.1 102 Processing\r\nX: " + b"y" * 900 + b"\r\n\r\n"] * 1000, block=None, says="header-too-large"
    ),
}

BODILESS = {
    "204 with headers": Row(sends=[b"HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n"], status=204, says="http-204"),
    "204 without headers": Row(sends=[b"HTTP/1.1 204 No Content\r\n\r\n"], status=204, says="http-204"),
    "204 with a length": Row(
        sends=[b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"], status=204, says="http-204"
    ),
    "304 with headers": Row(
        sends=[b"HTTP/1.1 304 Not Modified\r\nETag: x\r\nContent-Length: 100\r\n\r\n"], status=304, says="http-304"
    ),
    "304 without headers": Row(sends=[b"HTTP/1.1 304 Not Modified\r\n\r\n"], status=304, says="http-304"),
    "HEAD": Row(sends=[head(b"Content-Length: 500")], ask={"method": "HEAD"}),
    "HEAD, chunked": Row(sends=[head(CHUNKED)], ask={"method": "HEAD"}),
    "HEAD with a body": Row(sends=[sized(HELLO)], block=head(b"Content-Length: 5"), ask={"method": "HEAD"}),
    "empty": Row(sends=[sized(b"")]),
}

LENGTHS = {
    "no length": Row(sends=[head(b"Content-Type: text/html"), PAGE, Act.CLOSE]),
    "length too small": Row(
        sends=[head(b"Content-Length: 5") + b"helloEXTRA"], block=head(b"Content-Length: 5") + HELLO
    ),
    "two answers": Row(sends=[sized(HELLO) + sized(b"evil")], block=sized(HELLO)),
    "length too large": Row(
        sends=[head(b"Content-Length: 500") + HELLO, Act.CLOSE], says="cut-short", truncated="disconnect"
    ),
    "length negative": Row(sends=[head(b"Content-Length: -5"), LONG_PAGE, Act.CLOSE]),
    "length no number": Row(sends=[head(b"Content-Length: five"), LONG_PAGE, Act.CLOSE]),
    "length empty": Row(sends=[head(b"Content-Length:"), LONG_PAGE, Act.CLOSE]),
    "length of 5000 digits": Row(
        sends=[head(b"Content-Length: " + b"9" * 5000), HELLO, Act.CLOSE], says="cut-short", truncated="disconnect"
    ),
    "length in a list": Row(sends=[head(b"Content-Length: 5, 5") + HELLO]),
    "length twice": Row(
        sends=[head(b"Content-Length: %d" % len(LONG_PAGE), b"Content-Length: %d" % len(LONG_PAGE)), LONG_PAGE]
    ),
    "two different lengths": Row(
        sends=[head(b"Content-Length: 5", b"Content-Length: 10") + b"hello you!", Act.CLOSE],
        says="bad-response",
        truncated="unspecified",
    ),
    "length and chunks": Row(sends=[head(b"Content-Length: 2", CHUNKED) + chunked(LONG_PAGE)], payload=LONG_PAGE),
}

CHUNKS = {
    "chunks": Row(sends=[head(CHUNKED) + chunked(PAGE)], payload=PAGE),
    "chunks with trailers": Row(
        sends=[head(CHUNKED) + chunked(PAGE, trailers=b"X-Trailer: done\r\nX-More: 1\r\n")], payload=PAGE
    ),
    "chunks with extensions": Row(sends=[head(CHUNKED) + b'5;a=b;c="d"\r\nhello\r\n0;last\r\n\r\n'], payload=HELLO),
    "chunks byte by byte": Row(
        sends=[bytes([byte]) for byte in head(CHUNKED) + chunked(PAGE[:200], sizes=(1, 2, 3))], payload=PAGE[:200]
    ),
    "chunks of one byte": Row(sends=[head(CHUNKED) + chunked(PAGE, sizes=(1,) * 1000)], payload=PAGE),
    "chunks with blanks": Row(sends=[head(CHUNKED) + b"5  \r\nhello\r\n0\r\n\r\n"], payload=HELLO),
    "chunks with bare line feeds": Row(sends=[head(CHUNKED) + b"5\nhello\n0\n\n"], payload=HELLO),
    "Transfer-Encoding: Chunked": Row(sends=[head(b"TRANSFER-ENCODING: Chunked") + chunked(PAGE)], payload=PAGE),
    "Transfer-Encoding: identity": Row(
        sends=[head(b"Transfer-Encoding: identity", b"Content-Length: 5") + HELLO, Act.CLOSE]
    ),
    "Transfer-Encoding: gzip": Row(sends=[head(b"Transfer-Encoding: gzip"), gzip.compress(PAGE), Act.CLOSE]),
    "chunked twice": Row(sends=[head(CHUNKED, CHUNKED) + chunked(PAGE)], payload=PAGE),
    "chunked in HTTP/1.0": Row(
        sends=[head(CHUNKED, status=b"HTTP/1.0 200 OK") + chunked(PAGE), Act.CLOSE], payload=PAGE
    ),
    "chunk size no number": Row(
        sends=[head(CHUNKED) + b"3\r\nabc\r\nzz\r\nfoo"], payload=b"abc", says="bad-response", truncated="unspecified"
    ),
    "chunk too long": Row(
        sends=[head(CHUNKED) + b"3\r\nabcdef\r\n0\r\n\r\n"],
        payload=b"abc",
        says="bad-response",
        truncated="unspecified",
    ),
    "chunk size negative": Row(
        sends=[head(CHUNKED) + b"-3\r\nabc\r\n0\r\n\r\n", Act.CLOSE], says="bad-response", truncated="unspecified"
    ),
    "chunk size of 17 digits": Row(
        sends=[head(CHUNKED) + b"10000000000000000\r\nabc\r\n", Act.CLOSE], says="bad-response", truncated="unspecified"
    ),
    "chunked only in words": Row(
        sends=[head(CHUNKED), PAGE, Act.CLOSE], payload=PAGE, says="bad-response", truncated="unspecified"
    ),
    "chunk cut": Row(
        sends=[head(CHUNKED) + b"5\r\nhel", Act.CLOSE], payload=b"hel", says="cut-short", truncated="disconnect"
    ),
    "last chunk missing": Row(
        sends=[head(CHUNKED) + b"5\r\nhello\r\n", Act.CLOSE], payload=HELLO, says="cut-short", truncated="disconnect"
    ),
    "trailers cut": Row(
        sends=[head(CHUNKED) + b"5\r\nhello\r\n0\r\nX-T: ", Act.CLOSE],
        payload=HELLO,
        says="cut-short",
        truncated="disconnect",
    ),
    "chunk extension without end": Row(
        sends=[head(CHUNKED) + b"5;", *[b"e" * 65_536] * 80], says="bad-response", truncated="length"
    ),
    "trailers without end": Row(
        sends=[head(CHUNKED) + b"5\r\nhello\r\n0\r\n", *[b"X-T: %s\r\n" % (b"e" * 900)] * 6000],
        payload=HELLO,
        says="bad-response",
        truncated="length",
    ),
    "chunks of nothing but extension": Row(
        sends=[head(CHUNKED), *[b"1;%s\r\nx\r\n" % (b"e" * 9000)] * 600], says="bad-response", truncated="length"
    ),
}

ENDS = {
    "closed before anything": Row(sends=[Act.CLOSE], block=None, says="connection-lost",
                                  note="outcome: no-response\r\nreason: disconnect\r\n"),
    "reset before anything": Row(sends=[Act.RESET], block=None, says="connection-lost",
                                 note="outcome: no-response\r\nreason: disconnect\r\n"),
    "closed in the status line": Row(sends=[b"HTTP/1.1 20", Act.CLOSE], block=None, says="connection-lost",
                                     note="outcome: no-response\r\nreason: disconnect\r\nreceived: HTTP/1.1%2020\r\n"),
    "closed in the headers": Row(sends=[b"HTTP/1.1 200 OK\r\nContent-Le", Act.CLOSE], says="cut-short",
                                 truncated="disconnect"),
    "closed in the body": Row(sends=[head(b"Content-Length: 90000"), PAGE, Act.CLOSE], says="cut-short",
                              truncated="disconnect"),
    "reset in the body": Row(sends=[head(b"Content-Length: 500") + HELLO, Act.RESET], says="cut-short",
                             truncated="disconnect"),
    "reset in a body without length": Row(sends=[head() + HELLO, Act.RESET], says="cut-short", truncated="disconnect"),
    "garbage": Row(sends=[b"what is this\r\n\r\n", Act.CLOSE], block=None, says="bad-response"),
    "hang before headers": Row(sends=[Act.HANG], block=None, says="timeout", ask=IMPATIENT,
                               note="outcome: no-response\r\nreason: time\r\n"),
    "hang in headers": Row(sends=[b"HTTP/1.1 200 OK\r\nContent-Le", Act.HANG], says="timeout", truncated="time",
                           ask=IMPATIENT),
    "hang after headers": Row(sends=[head(b"Content-Length: 500"), Act.HANG], says="timeout", truncated="time",
                              ask=IMPATIENT),
    "hang in the body": Row(sends=[head(b"Content-Length: 500") + HELLO, Act.HANG], says="timeout", truncated="time",
                            ask=IMPATIENT),
    "hang in a body without length": Row(sends=[head() + HELLO, Act.HANG], says="timeout", truncated="time",
                                         ask=IMPATIENT),
    "slow drip": Row(sends=[head(b"Content-Length: 500"), Act.DRIP], says="timeout", truncated="time",
                     ask=IMPATIENT),
    "announced too large": Row(sends=[head(b"Content-Length: 9000000") + b"x" * 1000, Act.HANG], says="too-large",
                               truncated="length"),
    "too large": Row(sends=[head(), *[b"x" * 65_536] * 80], says="too-large", truncated="length"),
    "too large in chunks": Row(sends=[head(CHUNKED), *[b"10000\r\n" + b"x" * 65_536 + b"\r\n"] * 80],
                               says="too-large", truncated="length"),
}  # fmt: skip


def _encoded(data: bytes, coding: bytes, content: bytes | None = PAGE, **more: Any) -> Row:
    return Row(sends=[sized(data, b"Content-Type: text/html", b"Content-Encoding: " + coding)], content=content, **more)


CODINGS = {
    "gzip": _encoded(gzip.compress(PAGE), b"gzip"),
    "x-gzip": _encoded(gzip.compress(PAGE), b"X-GZIP"),
    "gzip in chunks": Row(
        sends=[head(b"content-encoding: gzip", CHUNKED) + chunked(gzip.compress(PAGE), sizes=(2, 3))],
        payload=gzip.compress(PAGE),
        content=PAGE,
    ),
    "gzip, empty": _encoded(gzip.compress(b""), b"gzip", b""),
    "gzip without a byte": _encoded(b"", b"gzip", b""),
    "gzip with garbage behind it": _encoded(gzip.compress(PAGE) + b"<!-- cached -->", b"gzip"),
    "gzip only in words": _encoded(PAGE, b"gzip"),
    "gzip, cut, and its length right": _encoded(gzip.compress(PAGE)[:-20], b"gzip", None),
    "gzip unannounced": Row(sends=[sized(gzip.compress(PAGE))], content=gzip.compress(PAGE)),
    "deflate as zlib": _encoded(zlib.compress(PAGE), b"deflate"),
    "deflate, raw": _encoded(RAW_DEFLATE, b"deflate"),
    "br": _encoded(brotli.compress(PAGE), b"br"),
    "br only in words": _encoded(PAGE, b"br"),
    "gzip, then br": _encoded(brotli.compress(gzip.compress(PAGE)), b"gzip, br"),
    "gzip twice": _encoded(gzip.compress(gzip.compress(PAGE)), b"gzip, gzip"),
    "gzip twice, told once": _encoded(gzip.compress(gzip.compress(PAGE)), b"gzip", gzip.compress(PAGE)),
    "gzip called br": _encoded(gzip.compress(PAGE), b"br", None),
    "unknown coding": _encoded(b"(\xb5/\xfd", b"zstd", b"(\xb5/\xfd"),
    "coding utf-8": _encoded(PAGE, b"utf-8"),
}

TABLE = {**HEADS, **BODILESS, **LENGTHS, **CHUNKS, **ENDS, **CODINGS}


def path_of(name: str) -> str:
    """The path under which a behaviour is served."""
    return "/" + re.sub(r"[^a-z0-9.]+", "-", name.lower())
